using System.Diagnostics;

namespace Omni.Publish.Tests;

/// <summary>A function that does everything wrong, in a folder of its own for each run of the tests. Restored once.</summary>
public sealed class ProbeProject : IAsyncLifetime
{
    // Inside the clone, where it finds the versions of packages.
    private readonly string _folder = Path.Combine(AppContext.BaseDirectory, "probes", Guid.NewGuid().ToString("n"));

    public string Restored { get; private set; } = "";

    public string File(string name) => Path.Combine(_folder, name);

    public async Task InitializeAsync()
    {
        Directory.CreateDirectory(_folder);
        foreach (var file in Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "Probe"))) System.IO.File.Copy(file, File(Path.GetFileName(file)));
        Restored = await RunAsync("-t:Restore");
    }

    public Task DisposeAsync()
    {
        Directory.Delete(_folder, recursive: true);
        return Task.CompletedTask;
    }

    /// <summary>Runs MSBuild over the function and gives what it printed, errors included.</summary>
    public async Task<string> RunAsync(params string[] arguments) => (await Command.RunAsync(
        "dotnet",
        ["msbuild", File("Probe.csproj"), "-nologo", "-tl:off", "-nodeReuse:false", $"-p:Root={FunctionProject.FindRoot()}", "-p:RestoreLockedMode=false", .. arguments],
        CancellationToken.None)).Output;
}
