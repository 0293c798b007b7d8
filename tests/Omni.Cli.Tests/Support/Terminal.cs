using System.Text.Json;

namespace Omni.Cli.Tests;

/// <summary>Runs commands as a terminal would, with what they print.</summary>
internal sealed class Terminal(HttpClient http, IReadOnlyDictionary<string, string>? environment = null, string input = "")
{
    public async Task<Printed> RunAsync(IEnumerable<string> arguments, CancellationToken cancellation = default)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        World world = new(http)
        {
            Output = output,
            Error = error,
            Input = new StringReader(input),
            Environment = environment ?? new Dictionary<string, string>(),
            IsTerminal = false,
        };
        var code = await Cli.RunAsync([.. arguments], world, cancellation);
        return new(code, output.ToString(), error.ToString());
    }

    public Task<Printed> RunAsync(params string[] arguments) => RunAsync((IEnumerable<string>)arguments);
}

/// <summary>What a command printed, and how it ended.</summary>
internal sealed record Printed(int Code, string Output, string Error)
{
    /// <summary>The lines of <c>--json</c>.</summary>
    public JsonElement[] Lines =>
        [.. Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement)];
}
