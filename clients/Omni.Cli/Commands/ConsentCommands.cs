using System.CommandLine;
using Omni.Client;

namespace Omni.Cli.Commands;

/// <summary>What people said about being written to.</summary>
internal static class ConsentCommands
{
    public static Command All()
    {
        OmniCommand command = new(
            "consents", "Lists what people said about being written to, newest first.", "omni consents --opted-out --limit 0");
        var optedOut = command.Option<bool>("--opted-out", "Only those who opted out.");
        var sender = command.Option<string?>("--sender", "Only about this address of yours.", "address");
        var limit = command.Limit();
        command.Add(Get());
        command.Add(OptOut());
        command.Add(OptIn());

        return command.Does(async (run, cancellation) =>
        {
            var list = run.Omni.Consents.List(
                run.Get(optedOut) ? true : null, Parsing.Address(run.Get(sender)), limit: Run.PageSize(run.Get(limit)));
            Show(run, await Run.TakeAsync(list, run.Get(limit), cancellation));
            return ExitCode.Done;
        });
    }

    private static OmniCommand Get()
    {
        OmniCommand command = new("get", "Shows what is on record of a person.", "omni consents get +14155550123");
        var person = command.Argument<string>("person", "The person.");
        return command.Does(async (run, cancellation) =>
        {
            Show(run, (await run.Omni.Consents.GetAsync(Address.Parse(run.Get(person)), cancellation)).Data);
            return ExitCode.Done;
        });
    }

    private static OmniCommand OptOut()
    {
        OmniCommand command = new(
            "opt-out", "Records that a person opted out.", "omni consents opt-out +14155550123 --evidence \"letter of 30 January\"");
        var words = new WordOptions(command);
        return command.Does(async (run, cancellation) => Told(run, await run.Omni.Consents.OptOutAsync(
            Address.Parse(run.Get(words.Person)),
            new()
            {
                Sender = Parsing.Address(run.Get(words.Sender)),
                Scope = run.Get(words.Scope),
                At = run.Get(words.At),
                Evidence = run.Get(words.Evidence),
            },
            cancellation)));
    }

    private static OmniCommand OptIn()
    {
        OmniCommand command = new(
            "opt-in", "Records that a person opted in.", "omni consents opt-in +14155550123 --evidence \"signed form\"");
        var words = new WordOptions(command);
        return command.Does(async (run, cancellation) => Told(run, await run.Omni.Consents.OptInAsync(
            Address.Parse(run.Get(words.Person)),
            Parsing.Address(run.Get(words.Sender)),
            run.Get(words.Scope),
            run.Get(words.At),
            run.Get(words.Evidence),
            cancellation)));
    }

    private static int Told(Run run, PersonConsents record)
    {
        run.Screen.Show(record, () => run.Screen.Line(record.Applied == false ? "Something later is on record, and stands." : "Recorded."));
        return record.Applied == false ? ExitCode.NotSo : ExitCode.Done;
    }

    private static void Show(Run run, IReadOnlyList<Consent> consents) => run.Screen.Table(
        consents,
        "Nothing is on record.",
        ("PERSON", consent => consent.Address),
        ("OPTED OUT", consent => consent.OptedOut),
        ("SENDER", consent => consent.Sender?.ToString() ?? "all"),
        ("SCOPE", consent => consent.Scope),
        ("AT", consent => consent.At),
        ("EVIDENCE", consent => consent.Evidence));

    /// <summary>What a person said, when, and how it is known.</summary>
    private sealed class WordOptions(OmniCommand command)
    {
        public Argument<string> Person { get; } = command.Argument<string>("person", "The person.");

        public Option<string?> Sender { get; } = command.Option<string?>("--sender", "Your address that it is about (all).", "address");

        public Option<string?> Scope { get; } = command.Option("--scope", "What it is about (everything).", "everything", "marketing");

        public Option<DateTimeOffset?> At { get; } = command.Time("--at", "When they said it (now).");

        public Option<string?> Evidence { get; } = command.Option<string?>("--evidence", "How you know.", "text");
    }
}
