namespace Omni.Infra.Tests;

/// <summary>The clone that the tests run in.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    /// <summary>The names of all projects under functions/.</summary>
    public static IReadOnlyList<string> FunctionProjects { get; } =
    [
        .. Directory.EnumerateDirectories(Path.Combine(Root, "functions"))
            .SelectMany(Directory.EnumerateDirectories)
            .Select(folder => Path.GetFileName(folder))
            .Where(name => name.StartsWith("Omni.", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>The names of the projects of processors under functions/.</summary>
    public static IReadOnlyList<string> ProcessorProjects { get; } =
    [
        .. Directory.EnumerateDirectories(Path.Combine(Root, "functions", "Conversations"))
            .Select(folder => Path.GetFileName(folder)!)
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>The names of the folders of carriers under functions/.</summary>
    public static IReadOnlyList<string> CarrierFolders { get; } =
    [
        .. Directory.EnumerateDirectories(Path.Combine(Root, "functions"))
            .Select(folder => Path.GetFileName(folder)!)
            .Where(name => name is not ("Platform" or "Conversations"))
            .Order(StringComparer.Ordinal),
    ];

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "cdk.json"))) folder = folder.Parent!;
        return folder.FullName;
    }
}
