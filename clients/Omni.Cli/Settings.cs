using System.Runtime.Versioning;
using System.Text.Json;

namespace Omni.Cli;

/// <summary>Where the API is and which key opens it.</summary>
internal sealed record Settings
{
    public string? Url { get; init; }

    public string? ApiKey { get; init; }

    /// <summary>The file that <c>omni configure</c> writes.</summary>
    public static string PathIn(World world)
    {
        var folder = world.Variable("XDG_CONFIG_HOME")
            ?? (OperatingSystem.IsWindows() ? world.Variable("APPDATA") : null)
            ?? Path.Combine(world.Variable("HOME") ?? ".", ".config");
        return Path.Combine(folder, "omni", "config.json");
    }

    /// <summary>The environment over the file.</summary>
    public static Settings Read(World world)
    {
        var kept = ReadFile(world);
        return new() { Url = world.Variable("OMNI_URL") ?? kept.Url, ApiKey = world.Variable("OMNI_API_KEY") ?? kept.ApiKey };
    }

    /// <summary>The file alone; without anything when there is none.</summary>
    public static Settings ReadFile(World world)
    {
        var path = PathIn(world);
        try
        {
            return File.Exists(path) ? JsonSerializer.Deserialize(File.ReadAllText(path), CliJson.Default.Settings)! : new();
        }
        catch (JsonException)
        {
            throw new UsageException($"{path} cannot be read. Remove it, and write it anew: omni configure --url …");
        }
    }

    /// <summary>Writes the file, for its owner alone.</summary>
    public string Write(World world)
    {
        var path = PathIn(world);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        FileStreamOptions options = new() { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) ForOwnerAlone(options);
        using var file = new FileStream(path, options);
        JsonSerializer.Serialize(file, this, CliJson.Default.Settings);
        return path;
    }

    [UnsupportedOSPlatform("windows")]
    private static void ForOwnerAlone(FileStreamOptions options) => options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
}
