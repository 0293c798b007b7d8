using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Omni.Emulators;

namespace Omni.Infra.Tests;

/// <summary>
/// What an auditor's tools say about the template. Each rule that fails stands in docs/security/audit.md with its reason: what fails
/// anew, and an excuse that is needed no more, fail here.
/// </summary>
[Collection(TemplatesDefinition.Name)]
public sealed partial class AuditTests(Templates templates)
{
    private static readonly string _folder = Path.Combine(Repository.Root, "infra", "audit");

    [Fact]
    public async Task What_cfn_guard_refuses_is_excused_and_nothing_else_is()
    {
        await NodePackages.EnsureAsync(_folder);

        Assert.Equal(Excuses("cfn-guard", "default"), await GuardAsync(templates.Everything));
        Assert.Equal(Excuses("cfn-guard", "own key"), await GuardAsync(templates.WithKey));
    }

    [Fact]
    public async Task What_cdk_nag_refuses_is_excused_and_nothing_else_is()
    {
        var node = await NodePackages.EnsureAsync(_folder);

        Assert.Equal(Excuses("cdk-nag", "default"), await NagAsync(node, templates.Everything));
        Assert.Equal(Excuses("cdk-nag", "own key"), await NagAsync(node, templates.WithKey));
    }

    [Fact]
    public void Every_excuse_has_a_reason() =>
        Assert.All(Rows(), row => Assert.True(row["why"].Length > 20, $"{row["rule"]} has no reason."));

    private static string[] Excuses(string tool, string template)
    {
        string[] rules = [.. Rows().Where(row => row["tool"] == tool && row[template] == "fails").Select(row => row["rule"])];
        Assert.NotEmpty(rules);
        return Sorted(rules);
    }

    // The table: | rule | tool | default | own key | why |
    private static IEnumerable<Dictionary<string, string>> Rows()
    {
        string[][] lines =
        [
            .. File.ReadLines(Path.Combine(Repository.Root, "docs", "security", "audit.md"))
                .Where(line => line.StartsWith('|'))
                .Select(line => line.Trim('|').Split('|', StringSplitOptions.TrimEntries)),
        ];
        return lines[2..].Select(cells => lines[0].Zip(cells).ToDictionary(cell => cell.First, cell => cell.Second.Trim('`')));
    }

    // The Control Tower rules of AWS, for CloudFormation: the executable comes with them.
    private static async Task<string[]> GuardAsync(StackTemplate template)
    {
        var package = Path.Combine(_folder, "node_modules", "@cdklabs", "cdk-validator-cfnguard");
        var system = OperatingSystem.IsMacOS() ? "macos" : "ubuntu";
        var processor = RuntimeInformation.OSArchitecture == Architecture.Arm64 ? "aarch64" : "x86_64";
        var report = JsonNode.Parse(await RunAsync(
            Path.Combine(package, "bin", system, processor, "cfn-guard"),
            ["validate", "-d", template.Path, "-r", Path.Combine(package, "rules"), "-o", "json", "--structured", "-S", "none"]))!;

        Assert.NotEmpty(report[0]!["compliant"]!.AsArray());
        return Sorted(report[0]!["not_compliant"]!.AsArray().Select(rule => rule!["Rule"]!["name"]!.GetValue<string>()));
    }

    private static async Task<string[]> NagAsync(string node, StackTemplate template)
    {
        var report = await RunAsync(
            node, [Path.Combine(_folder, "nag.mjs"), template.Path, Path.Combine(template.Folder, "nag")]);
        return Sorted(JsonNode.Parse(Line().Match(report).Value)!.AsObject().Select(rule => rule.Key));
    }

    private static string[] Sorted(IEnumerable<string> rules) => [.. rules.Distinct().Order(StringComparer.Ordinal)];

    private static async Task<string> RunAsync(string program, string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION"] = "20";
        using var process = Process.Start(start)!;
        var output = await Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        Assert.True(output[0].Length > 0, $"{program} said nothing but: {output[1]}");
        return output[0];
    }

    [GeneratedRegex(@"^\{.*\}$", RegexOptions.Multiline)]
    private static partial Regex Line();
}
