using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Omni.Local.Functions;

/// <summary>What a function is started as.</summary>
internal static class FunctionExecutable
{
    /// <summary>The published native executable where there is one for this machine, otherwise what the build made.</summary>
    public static ProcessStartInfo Find(string project) => Published(project) ?? Built(project);

    /// <summary>
    /// The native executable under <c>dist/</c>, which names system and processor; null when there is none for this machine.
    /// </summary>
    public static ProcessStartInfo? Published(string project)
    {
        var file = Path.Combine(Root, "dist", $"linux-{Architecture}", project, "bootstrap");
        return OperatingSystem.IsLinux() && File.Exists(file) ? new(file) : null;
    }

    /// <summary>
    /// The build's own output, of the same configuration as this host: beside the host lies a copy that lacks what the host has from its
    /// framework.
    /// </summary>
    public static ProcessStartInfo Built(string project)
    {
        var output = Path.GetRelativePath(
            Directory.GetParent(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar))!.Parent!.FullName, AppContext.BaseDirectory);
        var folder = Directory.EnumerateDirectories(Path.Combine(Root, "functions"), project, SearchOption.AllDirectories).First();
        return new("dotnet", [Path.Combine(folder, "bin", output, project + ".dll")]);
    }

    /// <summary>The checkout that this host was built in.</summary>
    public static string Root
    {
        get
        {
            var folder = new DirectoryInfo(AppContext.BaseDirectory);
            while (!File.Exists(Path.Combine(folder.FullName, "Omni.sln")))
                folder = folder.Parent ?? throw new DirectoryNotFoundException("This is not a checkout of Omni.");
            return folder.FullName;
        }
    }

    /// <summary>This machine's processor, as .NET's runtime identifiers and <c>build/Omni.Publish</c> name it.</summary>
    public static string Architecture => RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant();
}
