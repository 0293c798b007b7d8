using System.Text.Json;
using Omni.Simulators.Webhooks;

namespace Omni.Simulators.Bandwidth;

/// <summary>One message of the account, in either direction, with everything that happened to it.</summary>
internal sealed class BandwidthMessage
{
    private readonly Lock _lock = new();
    private readonly List<object> _statuses = [];
    private readonly List<BandwidthCallback> _callbacks = [];
    private int _position = -1;

    public required string Id { get; init; }
    public required bool IsOutbound { get; init; }
    public required string From { get; init; }
    public required IReadOnlyList<string> To { get; init; }
    public required string Text { get; init; }
    public IReadOnlyList<string> Media { get; init; } = [];
    public required int Segments { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public string? Tag { get; init; }

    /// <summary>The submission as it came; inbound messages have none.</summary>
    public JsonElement? Request { get; init; }

    /// <summary>How the host was addressed when it came: the place of its receipts.</summary>
    public string Host { get; init; } = "";

    public bool IsMms => Media.Count > 0 || To.Count > 1;

    /// <summary>How the submission was answered: 202, or the way in which its answer was lost.</summary>
    public object Answer { get; set; } = 202;

    /// <summary>The last kind of event, or <c>accepted</c>.</summary>
    public string Status { get; private set; } = "accepted";

    public int? ErrorCode { get; private set; }

    /// <summary>Moves along the path; a step behind the one reached changes nothing.</summary>
    public void Advance(int position, string status, int? errorCode, DateTimeOffset at)
    {
        lock (_lock)
        {
            _statuses.Add(new { status, errorCode, at });
            if (position < _position) return;
            (_position, Status, ErrorCode) = (position, status, errorCode);
        }
    }

    public void AddCallback(BandwidthCallback callback)
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
                Id,
                Direction = IsOutbound ? "out" : "in",
                From,
                To,
                Text,
                Media,
                Segments,
                Tag,
                Status,
                ErrorCode,
                Answer,
                CreatedAt,
                Request,
                Statuses = _statuses.ToArray(),
                Callbacks = _callbacks.ToArray(),
            };
        }
    }
}

/// <summary>A callback that was made, and what became of its first try.</summary>
internal sealed record BandwidthCallback(DateTimeOffset At, string Url, JsonElement Body, WebhookAnswer Answer);

/// <summary>A submission that was refused.</summary>
internal sealed record BandwidthRefused(
    DateTimeOffset At, int HttpStatus, string Type, IReadOnlyList<BandwidthFieldError>? FieldErrors, JsonElement? Request);

/// <summary>A file: of a message that a person sent, or uploaded.</summary>
internal sealed record BandwidthMedia(string ContentType, byte[] Content, DateTimeOffset CreatedAt)
{
    public static readonly TimeSpan Kept = TimeSpan.FromHours(48);
}
