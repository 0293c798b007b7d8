namespace Omni.Emulators;

/// <summary>A folder's packages of npm, installed from its lock file on first use.</summary>
public static class NodePackages
{
    /// <summary>Installs them once, however many processes ask for it at the same time. Scripts of packages are not run.</summary>
    /// <param name="folder">Where <c>package-lock.json</c> lies, and <c>node_modules</c> will.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>The program that runs them.</returns>
    /// <exception cref="EmulatorException">A program is missing, or npm failed.</exception>
    public static async Task<string> EnsureAsync(string folder, CancellationToken cancellation = default)
    {
        var tools = Tools.Find();
        await Installation.OnceAsync(
            folder,
            ["package-lock.json"],
            () => Installation.InstallPackagesAsync(folder, tools, cancellation),
            progress: null,
            cancellation).ConfigureAwait(false);
        return tools.Node;
    }
}
