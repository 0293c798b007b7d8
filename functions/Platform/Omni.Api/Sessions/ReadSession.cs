using Omni.Aws;
using Omni.Shared;

namespace Omni.Api;

/// <summary>A conversation: who is in it, and until when the person may be written to freely.</summary>
internal sealed class ReadSession(SessionStore sessions, DialogStore dialogs, TimeProvider clock)
{
    public async Task<ApiResult> HandleAsync(ApiCall call, CancellationToken cancellation)
    {
        if (await sessions.FindOfAsync(call, cancellation) is not { } session) return NotFound;

        var view = SessionView.Of(session, await sessions.WindowsAsync([session], cancellation), clock.GetUtcNow());
        var handOff = HandOffView.Of(await dialogs.FindAsync(session.Id, cancellation));
        return ApiResult.Ok(view with { HandOff = handOff }, ApiJson.Wire.SessionView);
    }

    /// <summary>The same for a conversation that does not exist and one of another tenant.</summary>
    public static ApiResult NotFound => Problems.SessionNotFound.Because("No conversation has this id.");
}

internal static class OwnSessions
{
    /// <summary>The conversation that a call names, if it is the caller's.</summary>
    public static async Task<Session?> FindOfAsync(this SessionStore sessions, ApiCall call, CancellationToken cancellation) =>
        Ids.IsConversation(call.Id) && await sessions.FindAsync(call.Id, cancellation) is { } session && session.Tenant == call.Tenant
            ? session
            : null;
}

/// <summary>A conversation.</summary>
internal sealed record SessionView
{
    public required string Id { get; init; }

    public required string Carrier { get; init; }

    /// <summary>Our address.</summary>
    public required Address Ours { get; init; }

    /// <summary>The person.</summary>
    public required Address Theirs { get; init; }

    /// <summary>The person's address as the carrier knows it, when it differs.</summary>
    public Address? Recipient { get; init; }

    public string? Thread { get; init; }

    public string? ProfileName { get; init; }

    /// <summary>The last day, in UTC, on which something came from the person.</summary>
    public DateOnly? ActiveOn { get; init; }

    public DateTimeOffset? LastInboundAt { get; init; }

    public DateTimeOffset? WindowExpiresAt { get; init; }

    /// <summary>Whether free-form content may be sent; null where the carrier has no such rule.</summary>
    public bool? WindowOpen { get; init; }

    /// <summary>That people have it instead of its processor; null when they do not, and in lists.</summary>
    public HandOffView? HandOff { get; init; }

    public required SessionLinks Links { get; init; }

    /// <summary>A conversation as it is shown.</summary>
    /// <param name="session">The conversation.</param>
    /// <param name="windows">The reply windows, by conversation.</param>
    /// <param name="now">The time.</param>
    public static SessionView Of(Session session, IReadOnlyDictionary<string, DateTimeOffset?> windows, DateTimeOffset now) => new()
    {
        Id = session.Id,
        Carrier = session.Carrier,
        Ours = session.Ours,
        Theirs = session.Theirs,
        Recipient = session.Recipient,
        Thread = session.Thread,
        ProfileName = session.ProfileName,
        ActiveOn = session.ActiveAt is { } at ? DateOnly.FromDateTime(at.UtcDateTime) : null,
        LastInboundAt = session.LastInboundAt,
        WindowExpiresAt = windows.TryGetValue(session.Id, out var end) ? end : session.WindowExpiresAt,
        WindowOpen = windows.ContainsKey(session.Id) ? end > now : null,
        Links = new("/api/v1/sessions/" + session.Id, $"/api/v1/sessions/{session.Id}/messages"),
    };
}

/// <summary>Where a conversation goes on.</summary>
internal sealed record SessionLinks(string Self, string Messages);
