using Amazon.CDK;
using Amazon.CDK.AWS.Lambda;
using Constructs;
using AssetOptions = Amazon.CDK.AWS.S3.Assets.AssetOptions;

namespace Omni.Infra;

/// <summary>
/// Where the code of functions comes from. A clone that was not published yet synthesises with a placeholder, and the template then
/// refuses to be deployed: CloudFormation checks a template's rules before it touches any resource.
/// </summary>
internal sealed class FunctionCode(OmniOptions options)
{
    private const string Published = "yes";

    private readonly List<string> _missing = [];

    public Code For(string project)
    {
        // The local host runs the functions that it is built with; it reads the template only.
        if (!options.IsLocal
            && options.PublishDirectory is { } root
            && IsPublished(Path.Combine(root, options.PublishFolder, project), project))
        {
            return Code.FromAsset(
                Path.Combine(root, options.PublishFolder, project), new AssetOptions { Exclude = ["*.dbg", "*.pdb", "*.xml"] });
        }

        _missing.Add(project);
        return Code.FromAsset(Path.Combine(AppContext.BaseDirectory, "Placeholder"));
    }

    /// <summary>Call it when all functions are there: it makes a template with a placeholder say so, and refuse.</summary>
    public void RefuseMissing(Construct scope)
    {
        if (_missing.Count == 0) return;

        var reason = options.IsLocal
            ? "The stage 'local' runs on one machine (local/Omni.Local) and cannot be deployed."
            : $"Not in dist/{options.PublishFolder}, so they cannot be deployed: {string.Join(", ", _missing)}. From the repository root: "
                + $"{PublishCommand}";

        if (!options.IsLocal) Annotations.Of(scope).AddWarningV2("omni:not-published", reason);

        // A parameter, because a rule can look at nothing else:
        // docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/rules-section-structure.html
        var parameter = new CfnParameter(scope, "FunctionsPublished", new CfnParameterProps
        {
            Type = "String",
            Default = "no",
            Description = "Leave it alone: the template was synthesised before its functions were published.",
        });
        _ = new CfnRule(scope, "FunctionsArePublished", new CfnRuleProps
        {
            Assertions =
            [
                new CfnRuleAssertion { Assert = Fn.ConditionEquals(parameter.ValueAsString, Published), AssertDescription = reason },
            ],
        });
    }

    // Published for the other processor is not published: the function would end at its first instruction. The machine is the
    // 16 bits at offset 18 of an ELF file: refspecs.linuxfoundation.org/elf/gabi4+/ch4.eheader.html
    private bool IsPublished(string folder, string project)
    {
        if (!File.Exists(Path.Combine(folder, TrustStore.AmazonRootsFile))) return false;

        // The managed runtime starts the assembly that the handler names, and its own host reads the configuration beside it.
        if (options.IsManaged)
            return File.Exists(Path.Combine(folder, $"{project}.dll"))
                && File.Exists(Path.Combine(folder, $"{project}.runtimeconfig.json"));

        var bootstrap = Path.Combine(folder, "bootstrap");
        if (!File.Exists(bootstrap)) return false;

        var header = new byte[20];
        using var file = File.OpenRead(bootstrap);
        return file.ReadAtLeast(header, header.Length, throwOnEndOfStream: false) == header.Length && header[18] == options.ElfMachine;
    }

    private string PublishCommand =>
        "dotnet run --project build/Omni.Publish -- "
            + $"{options.Architecture}{(options.IsManaged ? $" --runtime {OmniOptions.ManagedRuntime}" : "")}";
}
