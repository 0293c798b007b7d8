using System.Diagnostics;

namespace Omni.Publish.Tests;

/// <summary>A function that does everything wrong, in a folder of its own for each run of the tests. Restored once.</summary>
public sealed class ProbeProject : IAsyncLifetime
{
    // Inside the clone, where it finds the versions of packages.
    private readonly string _folder = Path.Combine(AppContext.BaseDirectory, "probes", Guid.NewGuid().ToString("n"));

    public string File(string name) => Path.Combine(_folder, name);

    public async Task InitializeAsync()
    {
        Directory.CreateDirectory(_folder);
        foreach (var file in Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "Probe")))
            System.IO.File.Copy(file, File(Path.GetFileName(file)));
        Assert.Equal("", await RunAsync("-t:Restore", "-v:quiet"));
    }

    public Task DisposeAsync()
    {
        Directory.Delete(_folder, recursive: true);
        return Task.CompletedTask;
    }

    /// <summary>Runs MSBuild over the function and gives what it printed, errors included.</summary>
    public Task<string> RunAsync(params string[] arguments) => RunOnAsync("Probe.csproj", arguments);

    public async Task<string> RunOnAsync(string project, params string[] arguments) => (await Command.RunAsync(
        "dotnet",
        [
            "msbuild", File(project), "-nologo", "-tl:off", "-nodeReuse:false", $"-p:Root={FunctionProject.FindRoot()}",
            "-p:RestoreLockedMode=false", .. arguments
        ],
        CancellationToken.None)).Output;
}
