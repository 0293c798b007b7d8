using Omni.Simulators.Webhooks;

namespace Omni.Simulators.Twilio;

/// <summary>One message of the account, in either direction, with everything that happened to it.</summary>
internal sealed class TwilioMessage
{
    private readonly Lock _lock = new();
    private readonly List<object> _statuses = [];
    private readonly List<TwilioCallback> _callbacks = [];
    private int _position = -1;

    public required string Sid { get; init; }
    public required string Direction { get; init; }
    public required string Sender { get; init; }
    public required string To { get; init; }
    public string? MessagingServiceSid { get; init; }
    public required int Segments { get; init; }
    public required int MediaCount { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? SendAt { get; init; }
    public string? StatusCallback { get; init; }
    public IReadOnlyDictionary<string, string[]> Parameters { get; init; } = new Dictionary<string, string[]>();

    public required string Body { get; set; }
    public bool Deleted { get; set; }

    /// <summary>How the create call was answered: <c>201</c>, or the way in which its answer was lost.</summary>
    public object Answer { get; set; } = 201;

    public string Status { get; private set; } = "";
    public int? ErrorCode { get; private set; }
    public DateTimeOffset UpdatedAt { get; private set; }
    public DateTimeOffset? SentAt { get; private set; }

    public bool IsOutbound => Direction is "outbound-api";

    /// <summary>A messaging service has not chosen its sender yet.</summary>
    public bool SenderIsOpen => MessagingServiceSid is not null && IsOutbound && Status is "accepted" or "scheduled";

    public void Begin(string status)
    {
        lock (_lock) Set(status, null, CreatedAt);
    }

    /// <summary>Moves along the path; a step behind the one reached changes nothing.</summary>
    public void Advance(int position, string status, int? errorCode, DateTimeOffset at)
    {
        lock (_lock)
        {
            if (position <= _position) return;
            _position = position;
            Set(status, errorCode, at);
        }
    }

    /// <summary>Leaves <c>scheduled</c>, for its time has come or because it is canceled; only one of the two can win.</summary>
    public bool TryLeaveSchedule(string status, DateTimeOffset at)
    {
        lock (_lock)
        {
            if (Status is not "scheduled") return false;
            Set(status, null, at);
            return true;
        }
    }

    public void AddCallback(TwilioCallback callback)
    {
        lock (_lock) _callbacks.Add(callback);
    }

    /// <summary>The message as the control API shows it.</summary>
    public object Snapshot()
    {
        lock (_lock)
        {
            return new
            {
                Sid,
                From = Sender,
                To,
                MessagingServiceSid,
                Body,
                Status,
                ErrorCode,
                Answer,
                CreatedAt,
                Parameters,
                Statuses = _statuses.ToArray(),
                Callbacks = _callbacks.ToArray(),
            };
        }
    }

    private void Set(string status, int? errorCode, DateTimeOffset at)
    {
        (Status, ErrorCode, UpdatedAt) = (status, errorCode, at);
        if (status is not ("accepted" or "queued" or "scheduled" or "canceled")) SentAt ??= at;
        _statuses.Add(new { status, errorCode, at });
    }
}

/// <summary>A receipt that was posted, and what was answered to it.</summary>
internal sealed record TwilioCallback(
    DateTimeOffset At, string Url, IReadOnlyDictionary<string, string> Form, string Signature, WebhookAnswer Answer);

/// <summary>A create call that was refused.</summary>
internal sealed record TwilioRefused(DateTimeOffset At, int HttpStatus, int Code, IReadOnlyDictionary<string, string[]> Parameters);

/// <summary>A picture or file that a person sent.</summary>
internal sealed record TwilioMedia(string Sid, string MessageSid, string ContentType, byte[] Content, DateTimeOffset CreatedAt)
{
    public bool Gone { get; set; }
}
