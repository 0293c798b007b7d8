using System.Diagnostics;

namespace Omni.Emulators;

/// <summary>The emulators' files: found in the repository, installed from its lock file on first use.</summary>
internal static class Installation
{
    private static readonly TimeSpan LockPoll = TimeSpan.FromMilliseconds(200);

    /// <summary>The folder <c>local/emulators</c> of the repository that this program was built in or is run from.</summary>
    public static string FindFolder()
    {
        foreach (var start in new[] { AppContext.BaseDirectory, Directory.GetCurrentDirectory() })
        {
            for (var folder = new DirectoryInfo(start); folder is not null; folder = folder.Parent)
            {
                if (File.Exists(Path.Combine(folder.FullName, "Omni.sln"))) return Path.Combine(folder.FullName, "local", "emulators");
            }
        }

        throw new EmulatorException($"No folder above {AppContext.BaseDirectory} or {Directory.GetCurrentDirectory()} holds Omni.sln, "
            + "beside which local/emulators lies.");
    }

    /// <summary>Where the compiled launcher lies.</summary>
    public static string ClassFolder(string folder) => Path.Combine(folder, "node_modules", ".omni");

    /// <summary>Installs once, however many processes ask for it at the same time.</summary>
    public static Task EnsureAsync(string folder, Tools tools, IProgress<string>? progress, CancellationToken cancellation) => OnceAsync(
        folder,
        ["package-lock.json", "LoopbackDynamo.java"],
        async () =>
        {
            progress?.Report("Installing the emulators from local/emulators/package-lock.json (60 MB, once)");
            await InstallPackagesAsync(folder, tools, cancellation).ConfigureAwait(false);
            // `java LoopbackDynamo.java` would compile it at every start, which takes longer than the start itself.
            await RunAsync(
                folder,
                tools.JavaCompiler,
                ["--release", "17", "-d", ClassFolder(folder), "LoopbackDynamo.java"],
                cancellation).ConfigureAwait(false);
        },
        progress,
        cancellation);

    public static Task InstallPackagesAsync(string folder, Tools tools, CancellationToken cancellation) =>
        RunAsync(folder, tools.Npm, ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], cancellation);

    /// <summary>Installs what those files say, unless that is what stands there.</summary>
    public static async Task OnceAsync(
        string folder, string[] recipe, Func<Task> install, IProgress<string>? progress, CancellationToken cancellation)
    {
        if (IsCurrent()) return;

        await using var held = await LockAsync(Path.Combine(folder, ".install.lock"), progress, cancellation).ConfigureAwait(false);
        if (IsCurrent()) return;

        await install().ConfigureAwait(false);
        // Written when all else is in place; npm ci begins by removing node_modules, and the mark with it.
        Directory.CreateDirectory(ClassFolder(folder));
        await File.WriteAllTextAsync(Mark(), Recipe(), cancellation).ConfigureAwait(false);

        // Contents, not times: a checkout or a restored cache gives every file a new time.
        bool IsCurrent() => File.Exists(Mark()) && File.ReadAllText(Mark()) == Recipe();

        string Mark() => Path.Combine(ClassFolder(folder), "installed-from");

        string Recipe() => string.Concat(recipe.Select(file => File.ReadAllText(Path.Combine(folder, file))));
    }

    // The system gives the lock back when its holder dies, so nothing is left to clean up.
    private static async Task<FileStream> LockAsync(string path, IProgress<string>? progress, CancellationToken cancellation)
    {
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (File.Exists(path))
            {
                if (attempt == 0) progress?.Report("Another process is installing: waiting for it");
                await Task.Delay(LockPoll, cancellation).ConfigureAwait(false);
            }
        }
    }

    private static async Task RunAsync(string folder, string program, string[] arguments, CancellationToken cancellation)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        await using var stop = cancellation.Register(() => process.Kill(entireProcessTree: true)).ConfigureAwait(false);

        var output = await Task.WhenAll(
            process.StandardOutput.ReadToEndAsync(CancellationToken.None),
            process.StandardError.ReadToEndAsync(CancellationToken.None)).ConfigureAwait(false);
        await process.WaitForExitAsync(CancellationToken.None).ConfigureAwait(false);
        cancellation.ThrowIfCancellationRequested();
        if (process.ExitCode != 0)
            throw new EmulatorException(
                $"{program} {string.Join(' ', arguments)} in {folder} ended with {process.ExitCode}:\n{string.Concat(output).Trim()}");
    }
}
