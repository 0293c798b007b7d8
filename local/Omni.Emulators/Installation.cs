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

        throw new EmulatorException($"No folder above {AppContext.BaseDirectory} or {Directory.GetCurrentDirectory()} holds Omni.sln, beside which local/emulators lies.");
    }

    /// <summary>Installs once, however many processes ask for it at the same time.</summary>
    public static async Task EnsureAsync(string folder, Tools tools, IProgress<string>? progress, CancellationToken cancellation)
    {
        if (IsCurrent(folder)) return;

        await using var held = await LockAsync(Path.Combine(folder, ".install.lock"), progress, cancellation).ConfigureAwait(false);
        if (IsCurrent(folder)) return;

        progress?.Report("Installing the emulators from local/emulators/package-lock.json (60 MB, once)");
        await RunNpmAsync(folder, tools.Npm, cancellation).ConfigureAwait(false);
        File.Copy(LockFile(folder), Mark(folder), overwrite: true);
    }

    // Contents, not times: a checkout or a restored cache gives every file a new time.
    private static bool IsCurrent(string folder) =>
        File.Exists(Mark(folder)) && File.ReadAllText(Mark(folder)) == File.ReadAllText(LockFile(folder));

    private static string LockFile(string folder) => Path.Combine(folder, "package-lock.json");

    // A copy of the lock file, made when all of it is installed; npm ci begins by removing the folder.
    private static string Mark(string folder) => Path.Combine(folder, "node_modules", ".omni-installed.json");

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
                if (attempt == 0) progress?.Report("Another process is installing the emulators: waiting for it");
                await Task.Delay(LockPoll, cancellation).ConfigureAwait(false);
            }
        }
    }

    private static async Task RunNpmAsync(string folder, string npm, CancellationToken cancellation)
    {
        using var process = Process.Start(new ProcessStartInfo(npm, ["ci", "--ignore-scripts", "--no-audit", "--no-fund"])
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        await using var stop = cancellation.Register(() => process.Kill(entireProcessTree: true)).ConfigureAwait(false);

        var output = await Task.WhenAll(process.StandardOutput.ReadToEndAsync(CancellationToken.None), process.StandardError.ReadToEndAsync(CancellationToken.None)).ConfigureAwait(false);
        await process.WaitForExitAsync(CancellationToken.None).ConfigureAwait(false);
        cancellation.ThrowIfCancellationRequested();
        if (process.ExitCode != 0) throw new EmulatorException($"npm ci in {folder} ended with {process.ExitCode}:\n{string.Concat(output).Trim()}");
    }
}
