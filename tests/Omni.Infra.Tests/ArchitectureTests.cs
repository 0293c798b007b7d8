using System.Text.RegularExpressions;
using System.Xml.Linq;
using Omni.Shared;

namespace Omni.Infra.Tests;

/// <summary>Holds docs/architecture.md: who may know whom.</summary>
public sealed class ArchitectureTests
{
    /// <summary>Projects by their folder, and the folders that they may refer to. The first that fits counts.</summary>
    private static readonly (string Folder, string[] Known)[] Rules =
    [
        ("shared/Omni.Lambda", []),
        ("shared/Omni.Shared", []),
        ("shared/Omni.Aws", ["shared/Omni.Lambda", "shared/Omni.Shared"]),
        ("shared/Omni.Pipeline", ["shared/Omni.Aws"]),
        ("shared/Omni.Conversations", ["shared/Omni.Aws"]),
        ("functions/Platform", ["shared/Omni.Aws"]),
        ("functions/Conversations", ["shared/Omni.Conversations"]),
        ("functions", ["shared/Omni.Pipeline"]),
        ("infra", ["shared/Omni.Shared"]),
        ("build", []),
        ("local/Omni.Simulators", []),
        ("local/Omni.Emulators", []),
        ("local/Omni.Console", ["clients/Omni.Client"]),
        ("local/Omni.Local", ["functions", "infra", "local/Omni.Simulators", "local/Omni.Emulators", "local/Omni.Console"]),
        ("clients", ["clients"]),
        ("bench", ["bench", "local/Omni.Local", "shared/Omni.Aws", "tests/Omni.Testing"]),
        ("tests/Omni.Testing", ["shared/Omni.Conversations", "shared/Omni.Pipeline", "local/Omni.Emulators"]),
        ("tests", [""]),
    ];

    /// <summary>What may name carriers outside their own files, and why.</summary>
    private static readonly (string File, string Why)[] Named =
    [
        ("shared/Omni.Shared/Carriers/Carrier.cs", "the catalogue"),
        ("shared/Omni.Shared/Carriers/CarrierFiles.cs", "what it says of files"),
        ("local/Omni.Simulators/SimulatorEndpoints.cs", "makes the simulators"),
        ("local/Omni.Simulators/SimulatorOptions.cs", "has the options of each"),
        ("local/Omni.Simulators/SimulatedCredentials.cs", "asks each for its credentials"),
        ("local/Omni.Local/Demo/DemoPlayer.cs", "plays the demo of each"),
        ("local/Omni.Local/Demo/FailoverDemo.cs", "goes from one to another"),
        ("local/Omni.Local/Session.cs", "prints an example"),
    ];

    public static TheoryData<string> Projects() => [.. Files("*.csproj")];

    [Theory, MemberData(nameof(Projects))]
    public void A_project_refers_only_to_what_is_below_it(string project)
    {
        var rule = Rules.FirstOrDefault(rule => IsIn(project, rule.Folder));
        Assert.True(rule.Known is not null, $"docs/architecture.md has no place for {project}.");

        Assert.All(
            References(project),
            reference => Assert.True(rule.Known!.Any(folder => IsIn(reference, folder)), $"{project} must not refer to {reference}."));
    }

    [Theory, MemberData(nameof(Projects))]
    public void A_project_compiles_no_file_of_another_part(string project)
    {
        var part = string.Join('/', project.Split('/')[..2]);

        Assert.All(Paths(project, "Compile"), file => Assert.True(IsIn(file, part), $"{project} compiles {file}."));
    }

    [Fact]
    public void Every_rule_is_about_a_project_and_every_project_is_in_the_picture()
    {
        var page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "architecture.md"));
        var projects = Files("*.csproj");
        Assert.Equal(["shared/Omni.Aws/Omni.Aws.csproj"], References("shared/Omni.Pipeline/Omni.Pipeline.csproj")); // they are read

        Assert.All(Rules, rule => Assert.Contains(projects, project => IsIn(project, rule.Folder)));
        Assert.All(
            projects.Where(project => !project.StartsWith("tests/", StringComparison.Ordinal)
                && !Repository.CarrierFolders.Any(carrier => IsIn(project, "functions/" + carrier))),
            project => Assert.Contains(Path.GetFileNameWithoutExtension(project), page, StringComparison.Ordinal));
    }

    [Fact]
    public void No_code_names_a_carrier_outside_its_files()
    {
        var found = Files("*.cs").Where(IsForAll).Where(NamesCarriers).Order(StringComparer.Ordinal);

        Assert.Equal(Named.Select(named => named.File).Order(StringComparer.Ordinal), found);
    }

    [Fact]
    public void The_functions_of_carriers_start_alike()
    {
        Assert.All(
            (string[])["Inbound", "Outbound"], direction => Assert.Single(Repository.CarrierFolders.Select(carrier => string.Join('\n',
                File.ReadLines(Path.Combine(Repository.Root, "functions", carrier, $"Omni.{carrier}.{direction}", "Program.cs"))
                    .Select(line => line.Replace(carrier, "Acme", StringComparison.Ordinal)).Order(StringComparer.Ordinal))).Distinct()));
    }

    /// <summary>Whether a file is for all carriers: code of the product that is in no carrier's folder and has no carrier's name.</summary>
    private static bool IsForAll(string file) =>
        ((string[])["shared", "functions", "infra", "build", "local"]).Any(part => IsIn(file, part))
        && !CarrierCatalogue.All.Any(carrier => file.Split('/').Any(step => step.StartsWith(carrier.Name, StringComparison.Ordinal)));

    // Comments may give an example; code may not. Types of addresses have names of their own, such as whatsappUserId.
    private static bool NamesCarriers(string file) =>
        File.ReadLines(Path.Combine(Repository.Root, file))
            .Where(line => !line.TrimStart().StartsWith("//", StringComparison.Ordinal))
            .Any(line =>
                CarrierCatalogue.All.Any(carrier => Regex.IsMatch(line, $"""{carrier.Name}|{carrier.SettingPrefix}_|\b{carrier.Id}\b""")));

    private static IEnumerable<string> References(string project) => Paths(project, "ProjectReference");

    /// <summary>What the items of a project include, from the root on.</summary>
    private static IEnumerable<string> Paths(string project, string item) =>
        from element in XDocument.Load(Path.Combine(Repository.Root, project)).Descendants(item)
        from include in ((string?)element.Attribute("Include") ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries)
        select Relative(Path.GetFullPath(Path.Combine(Repository.Root, Path.GetDirectoryName(project)!, include)));

    private static string[] Files(string pattern) =>
    [
        .. Directory.EnumerateFiles(Repository.Root, pattern, SearchOption.AllDirectories).Select(Relative)
            .Where(file => !file.Split('/').Any(step => step is "bin" or "obj" or "node_modules" or "dist" || step.StartsWith('.')))
            .Order(StringComparer.Ordinal),
    ];

    private static string Relative(string path) => Path.GetRelativePath(Repository.Root, path).Replace('\\', '/');

    private static bool IsIn(string path, string folder) => folder.Length == 0 || path.StartsWith(folder + "/", StringComparison.Ordinal);
}
