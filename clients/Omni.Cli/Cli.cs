using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using Omni.Cli.Commands;

namespace Omni.Cli;

/// <summary>The command line: its commands, and what they share.</summary>
internal static class Cli
{
    public static readonly Option<bool> Json =
        new("--json") { Description = "Print JSON, one value a line.", Recursive = true };

    public static readonly Option<string?> Url =
        new("--url") { Description = "Where the API is (OMNI_URL).", HelpName = "url", Recursive = true };

    public static readonly Option<string?> ApiKey =
        new("--api-key") { Description = "The API key (OMNI_API_KEY).", HelpName = "key", Recursive = true };

    public static Task<int> RunAsync(IReadOnlyList<string> arguments, World world) => RunAsync(arguments, world, CancellationToken.None);

    public static async Task<int> RunAsync(IReadOnlyList<string> arguments, World world, CancellationToken cancellation)
    {
        var parse = Root().Parse(arguments);
        var code = await parse.InvokeAsync(world, cancellation);
        return parse.Errors.Count > 0 && code != ExitCode.Done ? ExitCode.Wrong : code; // asking for help is no error
    }

    /// <summary>docs/cli.md.</summary>
    public static string Reference() => Omni.Cli.Reference.Of(Root());

    public static RootCommand Root()
    {
        RootCommand root = new("Sends messages through Omni, follows them, and looks after an installation.")
        {
            Json, Url, ApiKey,
            SendCommands.Send(),
            SendCommands.Watch(),
            BulkCommands.All(),
            BatchCommands.All(),
            MessageCommands.All(),
            ConversationCommands.All(),
            ConsentCommands.All(),
            PeopleCommands.All(),
            MediaCommands.All(),
            EventCommands.Events(),
            ListenCommand.Listen(),
            EndpointCommands.All(),
            SenderCommands.All(),
            RouteCommands.All(),
            CarrierCommands.All(),
            CarrierCommands.Templates(),
            UsageCommand.Usage(),
            KeyCommands.All(),
            DeadLetterCommands.All(),
            DoctorCommand.Doctor(),
            PlayCommand.Play(),
            SetupCommands.Configure(),
            SetupCommands.Completion(),
            SetupCommands.Reference(),
        };
        foreach (var help in root.Options.OfType<HelpOption>()) help.Action = new HelpWithExamples((HelpAction)help.Action!);
        return root;
    }

    private sealed class HelpWithExamples(HelpAction plain) : SynchronousCommandLineAction
    {
        public override int Invoke(ParseResult parseResult)
        {
            var code = plain.Invoke(parseResult);
            if (parseResult.CommandResult.Command is not OmniCommand { Examples: { Count: > 0 } examples }) return code;

            var output = parseResult.InvocationConfiguration.Output;
            output.WriteLine("Examples:");
            foreach (var example in examples) output.WriteLine($"  {example}");
            output.WriteLine();
            return code;
        }
    }
}
