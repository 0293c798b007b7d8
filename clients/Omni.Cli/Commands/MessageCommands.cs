using System.CommandLine;
using Omni.Client;

namespace Omni.Cli.Commands;

/// <summary>Messages, to people and from them.</summary>
internal static class MessageCommands
{
    public static Command All()
    {
        OmniCommand command = new(
            "messages",
            "Lists messages, newest first.",
            "omni messages",
            "omni messages --status undelivered --after 2026-01-31T00:00:00Z --limit 0",
            "omni messages --direction inbound --from +14155550123 --json");
        var direction = command.Option("--direction", "Only this direction.", Direction.Outbound, Direction.Inbound);
        var carrier = command.Option<string?>("--carrier", "Only this carrier's.", "id");
        var status = command.Option<string?>("--status", "Only those with this status.", "status");
        var to = command.Option<string?>("--to", "Only those to this address.", "address");
        var from = command.Option<string?>("--from", "Only those from this address.", "address");
        var conversation = command.Option<string?>("--conversation", "Only those of this conversation.", "id");
        var reference = command.Option<string?>("--reference", "Only those with your reference.", "text");
        var label = command.Option<string?>("--label", "Only those with your word.", "word");
        var after = command.Time("--after", "Only those from then on (30 days ago).");
        var before = command.Time("--before", "Only those earlier than that.");
        var limit = command.Limit();
        command.Add(Get());
        command.Add(Cancel());
        command.Add(Resend());
        command.Add(Read());
        command.Add(DeleteContent());

        return command.Does(async (run, cancellation) =>
        {
            MessageFilter filter = new()
            {
                Direction = run.Get(direction),
                Carrier = run.Get(carrier),
                Status = run.Get(status),
                To = Parsing.Address(run.Get(to)),
                From = Parsing.Address(run.Get(from)),
                ConversationId = run.Get(conversation),
                ClientReference = run.Get(reference),
                Label = run.Get(label),
                CreatedAfter = run.Get(after),
                CreatedBefore = run.Get(before),
                Limit = Run.PageSize(run.Get(limit)),
            };
            Show(run, await Run.TakeAsync(run.Omni.Messages.List(filter), run.Get(limit), cancellation));
            return ExitCode.Done;
        });
    }

    /// <summary>Prints a list of messages.</summary>
    public static void Show(Run run, IReadOnlyList<Message> messages) => run.Screen.Table(
        messages,
        "There are none.",
        ("ID", message => message.Id),
        ("CREATED", message => message.CreatedAt),
        ("CARRIER", message => message.Carrier),
        ("FROM", message => message.From),
        ("TO", message => message.To),
        ("STATUS", message => message.Status + SendCommands.Why(message.Error)),
        ("CONTENT", message => Excerpt(message.Content)));

    private static OmniCommand Get()
    {
        OmniCommand command = new("get", "Shows a message.", "omni messages get msg_5b1c0e4f8d7a4c2b9e60a1f3d2c4b5a6");
        var id = command.Argument<string>("id", "The message.");
        return command.Does(async (run, cancellation) =>
        {
            var message = await run.Omni.Messages.GetAsync(run.Get(id), cancellation);
            run.Screen.Show(message, () => run.Screen.Fields(
                ("id", message.Id),
                ("status", message.Status),
                ("error", message.Error is { } error ? $"{error.Code}: {error.Detail} {error.Help}" : null),
                ("carrier", message.Carrier),
                ("from", message.From),
                ("to", message.To),
                ("content", Excerpt(message.Content)),
                ("conversation", message.ConversationId),
                ("reference", message.ClientReference),
                ("label", message.Label),
                ("scheduled", message.ScheduledAt),
                ("created", message.CreatedAt),
                ("updated", message.UpdatedAt)));
            return ExitCode.Done;
        });
    }

    private static OmniCommand Cancel()
    {
        OmniCommand command = new(
            "cancel", "Takes back what has not left.", "omni messages cancel msg_5b1c0e4f8d7a4c2b9e60a1f3d2c4b5a6");
        var id = command.Argument<string>("id", "The message.");
        return command.Does(async (run, cancellation) =>
        {
            var canceled = await run.Omni.Messages.CancelAsync(run.Get(id), cancellation);
            run.Screen.Show(canceled, () => run.Screen.Line(
                $"{canceled.Canceled} parts canceled, {canceled.Escaped} with the carrier already, {canceled.Pending} perhaps."));
            return canceled.Escaped + canceled.Pending == 0 ? ExitCode.Done : ExitCode.NotSo;
        });
    }

    private static OmniCommand Resend()
    {
        OmniCommand command = new(
            "resend", "Sends a message again that did not arrive.", "omni messages resend msg_5b1c0e4f8d7a4c2b9e60a1f3d2c4b5a6");
        var id = command.Argument<string>("id", "The message.");
        var force = command.Option<bool>("--force", "Although it arrived, still may, or was sent again before.");
        return command.Does(async (run, cancellation) =>
        {
            var message = await run.Omni.Messages.ResendAsync(run.Get(id), run.Get(force), cancellation: cancellation);
            run.Screen.Show(message, () => run.Screen.Line(message.Id));
            return ExitCode.Done;
        });
    }

    private static OmniCommand Read()
    {
        OmniCommand command = new(
            "read", "Tells the carrier that a message from a person was read.", "omni messages read msg_5b1c0e4f8d7a4c2b9e60a1f3d2c4b5a6");
        var id = command.Argument<string>("id", "The message.");
        return command.Does(async (run, cancellation) =>
        {
            var taken = await run.Omni.Messages.MarkReadAsync(run.Get(id), cancellation);
            run.Screen.Show(taken, () => run.Screen.Line("The carrier will be told."));
            return ExitCode.Done;
        });
    }

    private static OmniCommand DeleteContent()
    {
        OmniCommand command = new(
            "delete-content",
            "Deletes what a message says; what became of it stays.",
            "omni messages delete-content msg_5b1c0e4f8d7a4c2b9e60a1f3d2c4b5a6");
        var id = command.Argument<string>("id", "The message.");
        return command.Does(async (run, cancellation) =>
        {
            var deleted = await run.Omni.Messages.DeleteContentAsync(run.Get(id), cancellation);
            run.Screen.Show(deleted, () =>
            {
                run.Screen.Line("Deleted. Copies that nobody can delete go by themselves:");
                foreach (var remnant in deleted.Remnants) run.Screen.Line($"  {remnant.Where} until {Screen.Time(remnant.Until)}");
            });
            return ExitCode.Done;
        });
    }

    /// <summary>What a message says, on one line.</summary>
    public static string Excerpt(Content? content)
    {
        const int Longest = 40;
        var text = content switch
        {
            TextContent one => one.Body,
            ImageContent one => $"[image] {one.Caption}",
            VideoContent one => $"[video] {one.Caption}",
            AudioContent one => $"[audio] {one.Caption}",
            DocumentContent one => $"[document] {one.Caption ?? one.Filename}",
            StickerContent => "[sticker]",
            LocationContent one => $"[location] {one.Name}",
            ContactsContent one => $"[contacts] {string.Join(", ", one.Contacts.Select(contact => contact.Name))}",
            TemplateContent one => $"[template] {one.Name}",
            InteractiveContent one => one.Reply is { } reply ? $"[chose] {reply.Title}" : $"[choices] {one.Body}",
            ReactionContent one => $"[reaction] {one.Emoji}",
            UnsupportedContent one => $"[{one.Kind}] {one.Text}",
            _ => "",
        };
        text = text.ReplaceLineEndings(" ").Trim();
        return text.Length <= Longest ? text : text[..(Longest - 1)] + "…";
    }
}
