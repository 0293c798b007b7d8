using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Omni.Publish.Tests;

/// <summary>What the tool takes for granted about this repository.</summary>
public sealed class RepositoryTests
{
    private static readonly string _root = FunctionProject.FindRoot();

    [Fact]
    public void Every_file_that_a_function_is_made_of_decides_whether_it_is_published_again()
    {
        Assert.All(FunctionProject.Find(_root, []), function =>
        {
            var counted = InputHash.Files(_root, function).ToHashSet(StringComparer.Ordinal);
            foreach (var project in counted.Where(
                file => file.EndsWith(".csproj", StringComparison.Ordinal) && !file.Contains("Omni.Publish", StringComparison.Ordinal)))
            {
                foreach (var path in PathsOutside(project)) Assert.Contains(path, counted);
            }
        });
    }

    [Fact]
    public void The_workflow_builds_and_tests_both_ways_and_publishes_for_both_processors()
    {
        var workflow = File.ReadAllText(Path.Combine(_root, ".github", "workflows", "ci.yml"));

        Assert.Contains("LambdaContracts: ${{ matrix.contracts }}", workflow, StringComparison.Ordinal);
        Assert.Contains("contracts: [source, package]", workflow, StringComparison.Ordinal);
        Assert.Contains("architecture: [x64, arm64]", workflow, StringComparison.Ordinal);
        Assert.Contains("dotnet run --project build/Omni.Publish -- ${{ matrix.architecture }}", workflow, StringComparison.Ordinal);
        // The gate of glibc is met by what the executables are linked with.
        Assert.Contains("container: debian:12", workflow, StringComparison.Ordinal);

        var actions = Regex.Matches(workflow, @"uses:\s*(\S+)").Select(match => match.Groups[1].Value).ToArray();
        Assert.NotEmpty(actions);
        Assert.All(actions, action => Assert.Matches("^actions/(checkout|setup-dotnet|setup-node|cache|upload-artifact)@v[0-9]+$", action));
    }

    // Includes and imports that leave the folder of their project.
    private static IEnumerable<string> PathsOutside(string project) =>
        from element in XDocument.Load(project).Descendants()
        from attribute in element.Attributes()
        where attribute.Name.LocalName is "Include" or "Project" && attribute.Value.StartsWith("..", StringComparison.Ordinal)
        from path in attribute.Value.Split(';')
        select Path.GetFullPath(path.Replace('\\', '/'), Path.GetDirectoryName(project)!);
}
