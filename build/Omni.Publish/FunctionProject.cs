namespace Omni.Publish;

/// <summary>A function, which is a folder <c>functions/{group}/{project}</c>.</summary>
internal sealed record FunctionProject(string Name, string Folder)
{
    public string File => Path.Combine(Folder, Name + ".csproj");

    public static IReadOnlyList<FunctionProject> Find(string root, IReadOnlyList<string> only)
    {
        FunctionProject[] all =
        [
            .. Directory.EnumerateFiles(Path.Combine(root, "functions"), "*.csproj", SearchOption.AllDirectories)
                .Select(file => new FunctionProject(Path.GetFileNameWithoutExtension(file), Path.GetDirectoryName(file)!))
                .OrderBy(function => function.Name, StringComparer.Ordinal),
        ];

        var unknown = only.Except(all.Select(function => function.Name)).ToArray();
        if (unknown is not [])
            throw new ArgumentException($"There is no function {string.Join(", ", unknown)}. "
                + $"There are {string.Join(", ", all.Select(function => function.Name))}.");
        return only is [] ? all : [.. all.Where(function => only.Contains(function.Name))];
    }

    /// <summary>The clone that this tool was built in.</summary>
    public static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!System.IO.File.Exists(Path.Combine(folder.FullName, "Omni.sln")))
            folder = folder.Parent ?? throw new DirectoryNotFoundException("This is not a checkout of Omni.");
        return folder.FullName;
    }
}
