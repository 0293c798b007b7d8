namespace Omni.Infra.Tests;

/// <summary>The lines of the code: no analyser knows a bound for them, so that this test keeps it.</summary>
public sealed class LineTests
{
    private const int MaxCharacters = 140;

    [Fact]
    public void Lines_are_at_most_140_characters()
    {
        var longer =
            from file in Directory.EnumerateFiles(Repository.Root, "*.cs", SearchOption.AllDirectories)
            let name = Path.GetRelativePath(Repository.Root, file).Replace('\\', '/')
            where !name.Split('/').Any(folder => folder is "bin" or "obj")
            from line in File.ReadLines(file).Index()
            where line.Item.Length > MaxCharacters
            select $"{name}:{line.Index + 1}";

        Assert.Empty(longer);
    }
}
