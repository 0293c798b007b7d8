using System.Diagnostics;

namespace Omni.Infra.Tests;

/// <summary>The CDK app as the CDK CLI starts it.</summary>
public sealed class SynthesisTests : IDisposable
{
    private readonly string _temporary = Directory.CreateTempSubdirectory("omni-synthesis-").FullName;

    public void Dispose() => Directory.Delete(_temporary, recursive: true);

    [Fact]
    public async Task The_app_leaves_nothing_in_the_temporary_folder()
    {
        var output = Path.Combine(_temporary, "out");
        using var app = Process.Start(new ProcessStartInfo("dotnet", [typeof(OmniApp).Assembly.Location])
        {
            Environment =
            {
                ["TMPDIR"] = Directory.CreateDirectory(Path.Combine(_temporary, "temporary")).FullName,
                ["CDK_OUTDIR"] = output,
                ["DOTNET_EnableDiagnostics"] = "0", // which has files there too
            },
            RedirectStandardError = true,
        })!;
        var errors = await app.StandardError.ReadToEndAsync();
        await app.WaitForExitAsync();

        Assert.True(app.ExitCode == 0, errors);
        Assert.NotEmpty(Directory.EnumerateFiles(output, "*.template.json"));
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(_temporary, "temporary")));
    }
}
