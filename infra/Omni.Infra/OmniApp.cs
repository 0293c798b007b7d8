using Amazon.CDK;
using Omni.Shared;

namespace Omni.Infra;

/// <summary>The CDK app, for those who want its template without the CDK CLI: the local host and the tests.</summary>
public static class OmniApp
{
    /// <summary>Synthesises the stack in this process. Needs Node on the path, and no AWS account.</summary>
    /// <param name="outputDirectory">Where the cloud assembly goes; made when missing.</param>
    /// <param name="stage">The stage, such as <c>dev</c>; <c>local</c> is the one that runs on one machine.</param>
    /// <param name="carriers">The carriers of the stack; by default those that the catalogue calls available.</param>
    /// <returns>The path of the CloudFormation template.</returns>
    public static string Synthesize(string outputDirectory, string stage, IReadOnlyList<Carrier>? carriers = null) =>
        Synthesize(outputDirectory, new OmniOptions { Stage = stage, Carriers = carriers ?? OmniOptions.AvailableCarriers });

    internal static string Synthesize(string outputDirectory, OmniOptions options)
    {
        // CDK runs in Node, and its bridge prints a warning in a box for Node 20. That one works; who deploys sees it still.
        System.Environment.SetEnvironmentVariable("JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION", "20");

        // Without analytics the template holds nothing but what this folder defines.
        var app = BridgeFiles.Contain(() => new App(new AppProps { AnalyticsReporting = false, Outdir = outputDirectory }));
        var stack = new OmniStack(app, options);
        app.Synth();
        return Path.Combine(outputDirectory, stack.TemplateFile);
    }
}
