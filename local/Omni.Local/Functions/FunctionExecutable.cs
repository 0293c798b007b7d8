using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Omni.Local.Functions;

/// <summary>What a function is started as.</summary>
internal static class FunctionExecutable
{
    /// <summary>The published native executable where there is one for this machine, otherwise what the build made.</summary>
    public static ProcessStartInfo Find(string project) => Published(project) ?? Built(project);

    /// <summary>The native executable under <c>dist/</c>; null when there is none, or none for this machine.</summary>
    public static ProcessStartInfo? Published(string project)
    {
        var file = Path.Combine(Root, "dist", RuntimeInformation.OSArchitecture is Architecture.Arm64 ? "linux-arm64" : "linux-x64", project, "bootstrap");
        return File.Exists(file) && RunsHere(file) ? new(file) : null;
    }

    /// <summary>The build's own output, of the same configuration as this host: beside the host lies a copy that lacks what the host has from its framework.</summary>
    public static ProcessStartInfo Built(string project)
    {
        var output = Path.GetRelativePath(Directory.GetParent(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar))!.Parent!.FullName, AppContext.BaseDirectory);
        var folder = Directory.EnumerateDirectories(Path.Combine(Root, "functions"), project, SearchOption.AllDirectories).First();
        return new("dotnet", [Path.Combine(folder, "bin", output, project + ".dll")]);
    }

    /// <summary>The checkout that this host was built in.</summary>
    public static string Root
    {
        get
        {
            var folder = new DirectoryInfo(AppContext.BaseDirectory);
            while (!File.Exists(Path.Combine(folder.FullName, "Omni.sln"))) folder = folder.Parent ?? throw new DirectoryNotFoundException("This is not a checkout of Omni.");
            return folder.FullName;
        }
    }

    // The machine of an ELF file stands in its bytes 18 and 19: 62 for x86-64, 183 for arm64.
    private static bool RunsHere(string file)
    {
        using var stream = File.OpenRead(file);
        Span<byte> header = stackalloc byte[20];
        if (stream.ReadAtLeast(header, header.Length, throwOnEndOfStream: false) < header.Length) return false;

        var machine = header[18] | (header[19] << 8);
        return OperatingSystem.IsLinux() && machine == RuntimeInformation.OSArchitecture switch { Architecture.X64 => 62, Architecture.Arm64 => 183, _ => -1 };
    }
}
