using System.Diagnostics;
using System.Text;
using System.Text.Json;

namespace Omni.Aws.Tests;

/// <summary>What a function's log looks like to those who read it: by lines, of a process whose console somebody replaced.</summary>
public sealed class JsonLoggerTests
{
    [Fact]
    public async Task A_metric_and_an_entry_are_lines_of_their_own_whatever_wraps_the_console()
    {
        var lines = await LinesAsync();

        Assert.Equal("""{"message":"plain"}""", lines[0]);
        var metric = JsonDocument.Parse(lines[1]).RootElement;
        var definition = metric.GetProperty("_aws").GetProperty("CloudWatchMetrics")[0];
        Assert.Equal("SendAccepted", definition.GetProperty("Metrics")[0].GetProperty("Name").GetString());
        Assert.Equal(("twilio", 3), (metric.GetProperty("Carrier").GetString(), metric.GetProperty("SendAccepted").GetInt32()));
        var entry = JsonDocument.Parse(lines[2]).RootElement;
        Assert.Equal(("Warning", "Named", "said"), (Text(entry, "level"), Text(entry, "event"), Text(entry, "message")));
    }

    [Fact]
    public async Task An_exception_is_logged_with_its_causes()
    {
        var entry = JsonDocument.Parse((await LinesAsync())[2]).RootElement;

        Assert.Equal(("System.InvalidOperationException", "outer"), (Text(entry, "errorType"), Text(entry, "errorMessage")));
        Assert.Contains("System.ArgumentException: why", Text(entry, "stackTrace"), StringComparison.Ordinal);
    }

    private static string? Text(JsonElement entry, string name) => entry.GetProperty(name).GetString();

    private static async Task<string[]> LinesAsync()
    {
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet")
        {
            ArgumentList = { "exec", typeof(JsonLoggerTests).Assembly.Location },
            RedirectStandardOutput = true,
        };
        start.Environment["AWS_LAMBDA_RUNTIME_API"] = "127.0.0.1:9";
        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}

/// <summary>A console whose every line becomes the message of a JSON object.</summary>
internal sealed class WrappingConsole(TextWriter inner) : TextWriter
{
    public override Encoding Encoding => inner.Encoding;

    public override void WriteLine(string? value) => inner.WriteLine($"{{\"message\":{JsonSerializer.Serialize(value)}}}");
}
