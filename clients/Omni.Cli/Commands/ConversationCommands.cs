using System.CommandLine;
using Omni.Client;

namespace Omni.Cli.Commands;

/// <summary>Conversations, and answers in them.</summary>
internal static class ConversationCommands
{
    public static Command All()
    {
        OmniCommand command = new(
            "conversations",
            "Lists conversations, by the last day on which the person wrote.",
            "omni conversations --open",
            "omni conversations --person +14155550123");
        var carrier = command.Option<string?>("--carrier", "Only this carrier's.", "id");
        var person = command.Option<string?>("--person", "Only this person's.", "address");
        var open = command.Option<bool>("--open", "Only those whose person may be written to freely now.");
        var limit = command.Limit();
        command.Add(Messages());
        command.Add(Answer());
        command.Add(HandOff());
        command.Add(Resume());

        return command.Does(async (run, cancellation) =>
        {
            var list = run.Omni.Sessions.List(
                run.Get(carrier), Parsing.Address(run.Get(person)), run.Get(open) ? true : null, Run.PageSize(run.Get(limit)));
            run.Screen.Table(
                await Run.TakeAsync(list, run.Get(limit), cancellation),
                "There are none.",
                ("ID", session => session.Id),
                ("CARRIER", session => session.Carrier),
                ("OURS", session => session.Ours),
                ("THEIRS", session => session.Theirs),
                ("NAME", session => session.ProfileName),
                ("LAST WROTE", session => session.LastInboundAt),
                ("OPEN UNTIL", session => session.WindowExpiresAt));
            return ExitCode.Done;
        });
    }

    private static OmniCommand Messages()
    {
        OmniCommand command = new(
            "messages",
            "Lists a conversation's messages, newest first.",
            "omni conversations messages ses_0d9f3c2b1a48576e8f7a6b5c4d3e2f10");
        var id = command.Argument<string>("id", "The conversation.");
        var limit = command.Limit();
        return command.Does(async (run, cancellation) =>
        {
            var list = run.Omni.Sessions.ListMessages(run.Get(id), Run.PageSize(run.Get(limit)));
            MessageCommands.Show(run, await Run.TakeAsync(list, run.Get(limit), cancellation));
            return ExitCode.Done;
        });
    }

    private static OmniCommand Answer()
    {
        OmniCommand command = new(
            "answer", "Answers in a conversation.", "omni conversations answer ses_0d9f3c2b1a48576e8f7a6b5c4d3e2f10 \"It left today.\"");
        var id = command.Argument<string>("id", "The conversation.");
        var content = new ContentOptions(command);
        var key = command.Option<string?>("--idempotency-key", "The same command under the same key answers once.", "key");
        return command.Does(async (run, cancellation) =>
        {
            AnswerRequest request = new() { Content = await content.ReadAsync(run, cancellation) };
            var message = await run.Omni.Sessions.AnswerAsync(run.Get(id), request, run.Get(key), cancellation);
            run.Screen.Show(message, () => run.Screen.Line(message.Id));
            return ExitCode.Done;
        });
    }

    private static OmniCommand HandOff()
    {
        OmniCommand command = new(
            "handoff",
            "Gives a conversation to people: its processor answers no more until it is resumed.",
            "omni conversations handoff ses_0d9f3c2b1a48576e8f7a6b5c4d3e2f10 --reason \"asked for\" --resume-after 7200");
        var id = command.Argument<string>("id", "The conversation.");
        var reason = command.Option<string>("--reason", "Why.", "text", isRequired: true);
        var seconds = command.Option<int?>(
            "--resume-after", "How long nobody may answer until the processor does again; a day without it.", "seconds");
        return command.Does(async (run, cancellation) =>
        {
            HandOffSession request = new() { Reason = run.Get(reason)!, ResumeAfterSeconds = run.Get(seconds) };
            return Show(run, await run.Omni.Sessions.HandOffAsync(run.Get(id), request, cancellation));
        });
    }

    private static OmniCommand Resume()
    {
        OmniCommand command = new(
            "resume",
            "Gives a conversation back to its processor.",
            "omni conversations resume ses_0d9f3c2b1a48576e8f7a6b5c4d3e2f10");
        var id = command.Argument<string>("id", "The conversation.");
        return command.Does(async (run, cancellation) => Show(run, await run.Omni.Sessions.ResumeAsync(run.Get(id), cancellation)));
    }

    private static int Show(Run run, Session session)
    {
        run.Screen.Show(session, () => run.Screen.Line(session.HandOff is { } handOff
            ? $"{session.Id} is people's since {Screen.Time(handOff.At)}: {handOff.Reason}"
            : $"{session.Id} is the processor's."));
        return ExitCode.Done;
    }
}
