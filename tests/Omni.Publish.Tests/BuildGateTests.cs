using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Omni.Publish.Tests;

/// <summary>The gates that the properties of <c>functions/</c> are: they hold for every build, not only for a publish.</summary>
public sealed class BuildGateTests(ProbeProject probe) : IClassFixture<ProbeProject>
{
    [Fact]
    public async Task What_the_trimmer_the_compiler_or_the_json_generator_warn_of_breaks_the_build()
    {
        var output = await probe.RunAsync("-t:Build", "-v:minimal");

        // JSON by reflection, for the trimmer and for the compiler; a type by its name; two types of one name in one context.
        Assert.All(
            new[] { "IL2026", "IL3050", "IL2057", "SYSLIB1031" },
            code => Assert.Contains($"error {code}", output, StringComparison.Ordinal));
        Assert.DoesNotContain("warning ", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_function_that_switches_a_gate_off_does_not_build()
    {
        (string Property, string Code)[] weakened =
        [
            ("NoWarn=IL2026", "OMNI001"),
            ("NoWarn=CS1591%3BSYSLIB1031", "OMNI001"),
            ("WarningsNotAsErrors=IL3050", "OMNI001"),
            ("TreatWarningsAsErrors=false", "OMNI001"),
            ("IlcTreatWarningsAsErrors=false", "OMNI001"),
            ("SuppressTrimAnalysisWarnings=true", "OMNI001"),
            ("EnableAotAnalyzer=false", "OMNI001"),
            ("JsonSerializerIsReflectionEnabledByDefault=true", "OMNI002"),
        ];
        // In one process: each of its own takes seconds.
        var all = new XElement("Target", new XAttribute("Name", "All"), weakened.Select(one => new object[]
        {
            new XElement("Message", new XAttribute("Importance", "high"), new XAttribute("Text", $"== {one.Property}")),
            new XElement(
                "MSBuild",
                new XAttribute("Projects", "Probe.csproj"),
                new XAttribute("Targets", "CheckWarningsAreErrors"),
                new XAttribute("Properties", one.Property),
                new XAttribute("ContinueOnError", "true")),
        }));
        await File.WriteAllTextAsync(probe.File("Weakened.proj"), new XElement("Project", all).ToString());

        var output = await probe.RunOnAsync("Weakened.proj", "-t:All", "-v:minimal");

        var sections = output.Split("== ")[1..];
        Assert.Equal(weakened.Length, sections.Length);
        Assert.All(weakened.Zip(sections), one => Assert.Contains($"error {one.First.Code}", one.Second, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("native")]
    [InlineData("dotnet10")]
    public async Task As_they_are_the_properties_pass(string runtime)
    {
        Assert.Equal("", await probe.RunAsync("-t:CheckWarningsAreErrors", "-v:minimal", $"-p:FunctionRuntime={runtime}"));
    }

    [Fact]
    public void Nobody_silences_a_warning_in_the_code_of_functions()
    {
        var root = FunctionProject.FindRoot();
        var silent = new Regex(@"UnconditionalSuppressMessage|#pragma warning disable .*(IL[23]|SYSLIB1031)");

        var sources = FunctionProject.Find(root, [])
            .SelectMany(function => InputHash.Files(root, function))
            .Where(file => file.EndsWith(".cs", StringComparison.Ordinal)).Distinct().ToArray();

        Assert.NotEmpty(sources);
        Assert.DoesNotContain(
            sources, file => !file.Contains("Omni.Publish", StringComparison.Ordinal) && silent.IsMatch(File.ReadAllText(file)));
    }

    [Theory]
    [InlineData("native", "true", "", "")]
    [InlineData("dotnet10", "false", "true", "false")]
    public async Task One_property_chooses_between_an_executable_and_assemblies(
        string runtime, string aot, string readyToRun, string selfContained)
    {
        var output = await probe.RunAsync(
            "-getProperty:PublishAot",
            "-getProperty:PublishReadyToRun",
            "-getProperty:SelfContained",
            "-p:RuntimeIdentifier=linux-arm64",
            $"-p:FunctionRuntime={runtime}");
        var properties = JsonNode.Parse(output)!["Properties"]!;

        Assert.Equal(aot, properties["PublishAot"]!.GetValue<string>());
        Assert.Equal(readyToRun, properties["PublishReadyToRun"]!.GetValue<string>());
        if (selfContained is not "") Assert.Equal(selfContained, properties["SelfContained"]!.GetValue<string>());
    }

    [Fact]
    public async Task Of_the_library_of_numbers_everything_but_numbers_and_their_zones_is_left_out()
    {
        Assert.Equal("", await probe.RunAsync(
            "-t:ResolvePackageAssets;LeaveOutResources", "-v:minimal", $"-p:IntermediateOutputPath={probe.File("")}/"));
        string[] leftOut =
            [.. XDocument.Load(probe.File("leave-out.xml")).Descendants("resource").Select(resource => resource.Attribute("name")!.Value)];

        Assert.Contains("PhoneNumbers.geocoding.en.1", leftOut);
        Assert.Contains(leftOut, name => name.StartsWith("PhoneNumbers.carrier.", StringComparison.Ordinal));
        Assert.DoesNotContain(leftOut, name => name.StartsWith("PhoneNumbers.metadata.PhoneNumberMetadata", StringComparison.Ordinal));
        Assert.DoesNotContain("PhoneNumbers.timezones.map_data.bin", leftOut); // the zones of a recipient
    }
}
