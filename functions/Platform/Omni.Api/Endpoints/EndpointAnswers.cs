using Omni.Aws;

namespace Omni.Api;

/// <summary>A tenant's endpoints.</summary>
internal sealed record EndpointListView(IReadOnlyList<EndpointView> Data);

/// <summary>The attempts of an endpoint.</summary>
internal sealed record AttemptListView(IReadOnlyList<AttemptView> Data, string? NextCursor);

/// <summary>What came of one call of an endpoint.</summary>
internal sealed record AttemptView
{
    public required string EventId { get; init; }

    public required string Type { get; init; }

    public required DateTimeOffset At { get; init; }

    public required int Attempt { get; init; }

    public required bool Succeeded { get; init; }

    public int? Status { get; init; }

    /// <summary>Why there was no answer.</summary>
    public string? Error { get; init; }

    public required long LatencyMs { get; init; }

    /// <summary>How the answer's body begins.</summary>
    public string? Body { get; init; }

    /// <summary>When the event is tried again; missing when it is not.</summary>
    public DateTimeOffset? NextAt { get; init; }

    public static AttemptView Of(EndpointAttempt attempt) => new()
    {
        EventId = attempt.EventId,
        Type = attempt.Type,
        At = attempt.At,
        Attempt = attempt.Attempt,
        Succeeded = attempt.Succeeded,
        Status = attempt.Status,
        Error = attempt.Error,
        LatencyMs = (long)attempt.Latency.TotalMilliseconds,
        Body = attempt.Body,
        NextAt = attempt.Next,
    };
}
