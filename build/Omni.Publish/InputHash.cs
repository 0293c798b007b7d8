using System.Security.Cryptography;
using System.Text;

namespace Omni.Publish;

/// <summary>
/// What a function is made of, as one hash: of contents, because the times that MSBuild compares lie after a checkout of an older version.
/// It takes in more than one function needs (all of <c>shared/</c>, all of the carrier's folder), so that nothing can be missed.
/// </summary>
internal static class InputHash
{
    /// <param name="root">The clone.</param>
    /// <param name="function">One of its functions.</param>
    /// <param name="target">What it is published for.</param>
    /// <param name="tools">The versions of the compilers.</param>
    public static string Of(string root, FunctionProject function, FunctionTarget target, string tools)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Add(string.Join('\n', target.Properties) + '\n' + tools);
        foreach (var file in Files(root, function))
        {
            Add(Path.GetRelativePath(root, file));
            hash.AppendData(SHA256.HashData(File.ReadAllBytes(file)));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());

        void Add(string text) => hash.AppendData(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
    }

    /// <summary>
    /// The files that count: the carrier's folder, what is shared, and what lies above both.
    /// A project that takes files from elsewhere breaks a test.
    /// </summary>
    public static IReadOnlyList<string> Files(string root, FunctionProject function) =>
    [
        .. Directory.EnumerateFiles(root)
            .Concat(Directory.EnumerateFiles(Path.Combine(root, "functions")))
            .Concat(Sources(Path.Combine(root, "shared")))
            .Concat(Sources(Path.GetDirectoryName(function.Folder)!).Where(file => IsOwn(file, function)))
            // This tool gives the compilers their arguments.
            .Concat(Sources(Path.Combine(root, "build")))
            // Prose, and what no compiler reads.
            .Where(file => Path.GetExtension(file) is not (".md" or ".sln")
                && Path.GetFileName(file) is not ("LICENSE" or "cdk.json" or ".git" or ".gitignore" or ".env"))
            .Order(StringComparer.Ordinal),
    ];

    // What lies beside the functions of a group is theirs together; in the folder of another function it is not.
    private static bool IsOwn(string file, FunctionProject function)
    {
        var group = Path.GetDirectoryName(function.Folder)!;
        var first = Path.GetRelativePath(group, file).Split(Path.DirectorySeparatorChar)[0];
        return first == function.Name || !File.Exists(Path.Combine(group, first, first + ".csproj"));
    }

    private static IEnumerable<string> Sources(string folder)
    {
        foreach (var file in Directory.EnumerateFiles(folder)) yield return file;

        foreach (var inner in Directory.EnumerateDirectories(folder).Where(inner => Path.GetFileName(inner) is not ("bin" or "obj")))
        {
            foreach (var file in Sources(inner)) yield return file;
        }
    }
}
