using System.CommandLine;
using System.Text.Json;
using Omni.Client;

namespace Omni.Cli.Commands;

/// <summary>A message to a person, and what becomes of it.</summary>
internal static class SendCommands
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private static readonly string[] Arrived = [MessageStatus.Sent, MessageStatus.Delivered, MessageStatus.Read, MessageStatus.Received];

    public static Command Send()
    {
        OmniCommand command = new(
            "send",
            "Sends a message.",
            "omni send +14155550123 \"Hello\" --carrier twilio --from +12065550100",
            "omni send +14155550123 \"Hello\" --carrier twilio --from +12065550100 --wait",
            "omni send +14155550123 \"Hello\" --channel sms",
            "omni send +14155550123 --carrier whatsapp --from +12065550100 --template order_update --language en_US --var order=42",
            "omni send +14155550123 \"Your code is 481516\" --failover whatsapp:2m,twilio --from +12065550100 --wait",
            "omni send +14155550123 \"Our house\" --carrier whatsapp --from +12065550100 --image https://example.com/house.jpg");
        var to = command.Argument<string>("to", "The person: a phone number, or type:value.");
        var content = new ContentOptions(command);
        var carrier = command.Option<string?>("--carrier", "The carrier; your routes choose without it.", "id");
        var failover = command.Option<string?>(
            "--failover", "Instead of a carrier: those that are tried one after the other, each with its patience.", "id:time,id");
        var from = command.Option<string?>("--from", "Your address at the carrier; your routes choose without it.", "address");
        var channel = command.Option("--channel", "What it is to be, where your routes choose.", SenderChannel.Sms, SenderChannel.Mms,
            SenderChannel.Whatsapp, SenderChannel.Chat);
        var sending = new SendingOptions(command);
        var check = command.Option<bool>("--check", "Say what would become of it; send nothing.");
        var wait = command.Option<bool>("--wait", "Wait until it is delivered, or cannot be.");

        return command.Does(async (run, cancellation) =>
        {
            var request = new SendRequest
            {
                Carrier = run.Get(carrier),
                Failover = Legs(run.Get(carrier), run.Get(failover)),
                To = Address.Parse(run.Get(to)),
                From = run.Get(from) is { } ours ? Address.Parse(ours) : null,
                Channel = run.Get(channel),
                Content = await content.ReadAsync(run, cancellation),
                ReplyTo = run.Get(sending.ReplyTo),
                Priority = run.Get(sending.Priority),
                TtlSeconds = SendingOptions.Seconds(run.Get(sending.Ttl)),
                ScheduledAt = run.Get(sending.At),
                ClientReference = run.Get(sending.Reference),
                Label = run.Get(sending.Label),
                Metadata = Parsing.Map(run.Get(sending.Metadata)),
                OnUnknownOutcome = run.Get(sending.OnUnknown),
                Adapt = run.Get(sending.Adapt),
                MaxSegments = run.Get(sending.MaxSegments),
            };
            if (run.Get(check)) return Explain(run, await run.Omni.Messages.ValidateAsync(request, cancellation));

            var message = await run.Omni.Messages.SendAsync(request, run.Get(sending.IdempotencyKey), cancellation);
            if (!run.Get(wait))
            {
                run.Screen.Show(message, () => run.Screen.Line(message.Id));
                if (!run.Screen.IsJson) run.Screen.Note($"It is {message.Status}. Follow it: omni watch {message.Id}");
                return ExitCode.Done;
            }

            message = await run.Omni.Messages.WaitForAsync(message.Id, MessageStatus.Delivered, Patience, cancellation);
            run.Screen.Show(message, () => run.Screen.Line($"{message.Id}  {message.Status}{Why(message.Error)}"));
            return Arrived.Contains(message.Status) ? ExitCode.Done : ExitCode.NotSo;
        });
    }

    public static Command Watch()
    {
        OmniCommand command = new(
            "watch", "Follows a message until it has arrived or cannot.", "omni watch msg_5b1c0e4f8d7a4c2b9e60a1f3d2c4b5a6");
        var id = command.Argument<string>("id", "The message.");
        var patience = command.Duration("--timeout", "How long to follow it (2m).");

        return command.Does(async (run, cancellation) =>
        {
            HashSet<string> told = [];
            var (message, begun) = (run.Get(id), run.Clock.GetTimestamp());
            CurrentStatus? known = null;
            while (true)
            {
                var left = (run.Get(patience) ?? Patience) - run.Clock.GetElapsedTime(begun);
                var poll = known is null ? TimeSpan.Zero : left < TimeSpan.FromSeconds(20) ? left : TimeSpan.FromSeconds(20);
                known = await run.Omni.Messages.GetStatusAsync(message, poll, known, cancellation);
                foreach (var entry in (await run.Omni.Messages.GetTimelineAsync(message, cancellation)).Events)
                {
                    if (told.Add(entry.Id)) run.Screen.Show(entry, () => run.Screen.Line(Describe(entry)));
                }

                if (known.Final) break;
                if (left > TimeSpan.Zero) continue;
                run.Screen.Note($"It is {known.Status} so far.");
                return ExitCode.NotSo;
            }

            if (known.Error is { } error) run.Screen.Note($"{error.Detail} {error.Help}{(error.Link is { } link ? $" {link}" : "")}");
            return Arrived.Contains(known.Status) ? ExitCode.Done : ExitCode.NotSo;
        });
    }

    /// <summary>Why a message did not arrive; empty when it did.</summary>
    public static string Why(MessageError? error) => error is null ? "" : $"  {error.Code} {error.CarrierCode}".TrimEnd();

    /// <summary>The legs of <c>whatsapp:2m,twilio</c>: the next one follows when one fails, or no receipt comes within its time.</summary>
    private static SendLeg[]? Legs(string? carrier, string? failover)
    {
        if (carrier is not null && failover is not null) throw new UsageException("Give --carrier or --failover, not both.");

        return failover?.Split(',').Select(leg => leg.Split(':', 2)).Select(leg => new SendLeg
        {
            Carrier = leg[0],
            NoReceiptAfterSeconds = leg.Length == 1
                ? null
                : SendingOptions.Seconds(Parsing.Duration(leg[1]) ?? throw new UsageException($"{leg[1]} is no time such as 2m.")),
        }).ToArray();
    }

    private static string Describe(TimelineEvent entry)
    {
        string?[] details =
        [
            entry.Leg is { } leg ? $"leg {leg + 1}" : null,
            entry.Part is > 0 ? $"part {entry.Part + 1}" : null,
            entry.Attempt is > 1 ? $"attempt {entry.Attempt}" : null,
            entry.Reason,
            entry.CarrierCode,
        ];
        return $"{Screen.Time(entry.At)}  {entry.Type,-12}  {string.Join("  ", details.OfType<string>())}".TrimEnd();
    }

    private static int Explain(Run run, Validation validation)
    {
        run.Screen.Show(validation, () =>
        {
            if (validation.Problem is { } problem) run.Screen.Line($"It would be refused: {problem.Detail} ({problem.Code})");
            foreach (var error in validation.Errors ?? []) run.Screen.Line($"  {error.Field}: {error.Detail}");
            if (validation is { Valid: true, Message: { } message })
                run.Screen.Line($"It would be sent to {message.To}, in {message.Segments ?? 1} segments.");
            foreach (var (index, leg) in (validation.Failover ?? []).Index())
            {
                run.Screen.Line($"Leg {index + 1}, {leg.Message.Carrier}: to {leg.Message.To}, in {leg.Message.Segments ?? 1} segments.");
                foreach (var warning in leg.Warnings) run.Screen.Line($"  {warning.Code}: {warning.Detail}");
            }

            foreach (var warning in validation.Warnings) run.Screen.Line($"  {warning.Code}: {warning.Detail}");
        });
        return validation.Valid ? ExitCode.Done : ExitCode.NotSo;
    }
}

/// <summary>What a message says: a text, a file, a template, or anything else as JSON.</summary>
internal sealed class ContentOptions(OmniCommand command)
{
    private const string Ways = "--image, --video, --audio, --document, --template or --content";

    private readonly Argument<string?> _text = command.Argument<string?>("text", "The text, or the caption of a file.", isOptional: true);
    private readonly Option<string?> _image = command.Option<string?>("--image", "A picture's address.", "url");
    private readonly Option<string?> _video = command.Option<string?>("--video", "A film's address.", "url");
    private readonly Option<string?> _audio = command.Option<string?>("--audio", "A sound's address.", "url");
    private readonly Option<string?> _document = command.Option<string?>("--document", "A document's address.", "url");
    private readonly Option<string?> _template = command.Option<string?>("--template", "An approved template.", "name");
    private readonly Option<string?> _language = command.Option<string?>("--language", "The template's language.", "code");
    private readonly Option<string[]> _variables = command.Pairs("--var", "A variable of the template.");
    private readonly Option<string?> _content = command.Option<string?>(
        "--content", "Any other content as JSON; @file reads a file, - standard input.", "json");

    public async Task<Content> ReadAsync(Run run, CancellationToken cancellation)
    {
        var text = run.Get(_text);
        Content?[] given =
        [
            run.Get(_image) is { } image ? new ImageContent { MediaUrl = File(image), Caption = text } : null,
            run.Get(_video) is { } video ? new VideoContent { MediaUrl = File(video), Caption = text } : null,
            run.Get(_audio) is { } audio ? new AudioContent { MediaUrl = File(audio), Caption = text } : null,
            run.Get(_document) is { } document ? new DocumentContent { MediaUrl = File(document), Caption = text } : null,
            run.Get(_template) is { } name
                ? new TemplateContent { Name = name, Language = run.Get(_language), Variables = Parsing.Map(run.Get(_variables)) }
                : null,
            run.Get(_content) is { } json ? Parse(await TextOfAsync(json, run, cancellation)) : null,
        ];
        return given.OfType<Content>().ToArray() switch
        {
            [var one] => one,
            [] when text is { Length: > 0 } => new TextContent { Body = text },
            [] => throw new UsageException($"It is not said what to send: a text, or {Ways}."),
            _ => throw new UsageException($"A message says one thing: give one of {Ways}."),
        };
    }

    private static Uri File(string url) => Uri.TryCreate(url, UriKind.Absolute, out var address)
        ? address
        : throw new UsageException($"{url} is no address of a file.");

    private static Content Parse(string json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, OmniJson.Default.Content)!;
        }
        catch (JsonException wrong)
        {
            throw new UsageException($"--content is no content: {wrong.Message}");
        }
    }

    private static async Task<string> TextOfAsync(string given, Run run, CancellationToken cancellation) => given switch
    {
        "-" => await run.World.Input.ReadToEndAsync(cancellation),
        ['@', .. var path] => await System.IO.File.ReadAllTextAsync(path, cancellation),
        _ => given,
    };
}

/// <summary>How a message is sent.</summary>
internal sealed class SendingOptions(OmniCommand command)
{
    public Option<string?> Priority { get; } = command.Option(
        "--priority",
        "high is for codes to log in, bulk never holds others up.",
        Client.Priority.Normal,
        Client.Priority.High,
        Client.Priority.Bulk);

    public Option<DateTimeOffset?> At { get; } = command.Time("--at", "When to send it, at most 35 days ahead.");

    public Option<TimeSpan?> Ttl { get; } = command.Duration("--ttl", "How long it may be tried, 30s to 3d (4h).");

    public Option<string?> ReplyTo { get; } = command.Option<string?>("--reply-to", "The message that it quotes.", "id");

    public Option<string?> Label { get; } = command.Option<string?>("--label", "Your word for messages that belong together.", "word");

    public Option<string?> Reference { get; } = command.Option<string?>("--reference", "Your own reference.", "text");

    public Option<string[]> Metadata { get; } = command.Pairs("--meta", "Your own data.");

    public Option<string?> OnUnknown { get; } = command.Option(
        "--on-unknown",
        "What to do when the carrier's answer was lost.",
        UnknownOutcomePolicy.Auto,
        UnknownOutcomePolicy.Hold,
        UnknownOutcomePolicy.Resend);

    public Option<bool> Adapt { get; } = command.Option<bool>("--adapt", "Make text of what the carrier does not carry.");

    public Option<int?> MaxSegments { get; } = command.Option<int?>("--max-segments", "The most that the carrier may count.", "number");

    public Option<string?> IdempotencyKey { get; } = command.Option<string?>(
        "--idempotency-key", "The same command under the same key sends once.", "key");

    public static int? Seconds(TimeSpan? length) => length is { } given ? (int)given.TotalSeconds : null;
}
