using System.Text.Json.Nodes;
using Omni.Simulators.Script;
using Omni.Simulators.Webhooks;

namespace Omni.Simulators.MessageBird;

/// <summary>The three APIs that send.</summary>
internal enum MessageBirdKind
{
    Sms,
    Mms,
    Conversation,
}

/// <summary>One request that was accepted. It has one id, also when it goes to fifty people.</summary>
internal sealed class MessageBirdMessage
{
    public required string Id { get; init; }
    public required MessageBirdKind Kind { get; init; }

    /// <summary>The originator, or the channel.</summary>
    public required string From { get; init; }

    public required IReadOnlyList<MessageBirdRecipient> Recipients { get; init; }

    /// <summary>The request as it came.</summary>
    public required JsonObject Request { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The text as it reaches the phone.</summary>
    public string Text { get; init; } = "";

    public string Alphabet { get; init; } = "plain";
    public int PartCount { get; init; } = 1;
    public string? Reference { get; init; }

    /// <summary>Where it is reported; null when nobody asked for it.</summary>
    public string? ReportUrl { get; init; }

    /// <summary>How the call was answered: its status, or the way in which its answer was lost.</summary>
    public object Answer { get; set; } = 201;

    public void Lose(AcceptThen then) => Answer = then;

    /// <summary>The message as the control API shows it.</summary>
    public object Snapshot() => new
    {
        Id,
        Kind = Kind.ToString().ToLowerInvariant(),
        From,
        To = Recipients[0].Number,
        Text,
        Alphabet,
        Parts = PartCount,
        Reference,
        Recipients[0].Status,
        Recipients[0].ErrorCode,
        Answer,
        CreatedAt,
        Request,
        Recipients = Recipients.Select(recipient => recipient.Snapshot()),
    };
}

/// <summary>A recipient of a message and what became of it there.</summary>
internal sealed class MessageBirdRecipient(string number, string status, DateTimeOffset at)
{
    private readonly Lock _lock = new();
    private readonly List<object> _statuses = [new { status, at }];
    private readonly List<MessageBirdReport> _reports = [];
    private int _position = -1;

    public string Number => number;
    public string Status { get; private set; } = status;
    public int? ErrorCode { get; private set; }
    public DateTimeOffset StatusAt { get; private set; } = at;

    /// <summary>Moves along the path; a step behind the one reached changes nothing.</summary>
    public void Advance(int position, string to, int? errorCode, DateTimeOffset when)
    {
        lock (_lock)
        {
            if (position <= _position) return;
            (_position, Status, ErrorCode, StatusAt) = (position, to, errorCode, when);
            _statuses.Add(new { status = to, errorCode, at = when });
        }
    }

    public void Add(MessageBirdReport report)
    {
        lock (_lock) _reports.Add(report);
    }

    public object Snapshot()
    {
        lock (_lock) return new { Number, Status, ErrorCode, Statuses = _statuses.ToArray(), Reports = _reports.ToArray() };
    }
}

/// <summary>A report that was made, and what was answered to it.</summary>
internal sealed record MessageBirdReport(string Status, string Url, string? Body, WebhookAnswer Answer);

/// <summary>A call that was refused.</summary>
internal sealed record MessageBirdRefused(DateTimeOffset At, int HttpStatus, int? Code, string? Parameter, JsonObject Request);

/// <summary>A file that a person sent.</summary>
internal sealed record MessageBirdMedia(string Id, string ContentType, byte[] Content, bool Gone);
