using Omni.Aws;
using Omni.Shared;

namespace Omni.Api;

/// <summary>A conversation: who is in it, and until when the person may be written to freely.</summary>
internal sealed class ReadSession(SessionStore sessions, TimeProvider clock)
{
    public async Task<ApiResult> HandleAsync(ApiCall call, CancellationToken cancellation) =>
        Ids.IsConversation(call.Id) && await sessions.FindAsync(call.Id, cancellation) is { } session && session.Tenant == call.Tenant
            ? ApiResult.Ok(SessionView.Of(session, await WindowOf(session, cancellation), clock.GetUtcNow()), ApiJson.Wire.SessionView)
            : Problems.SessionNotFound.Because("No conversation has this id.");

    /// <summary>Where the carrier knows the person by another address too, the window that is open longest counts.</summary>
    private async Task<DateTimeOffset?> WindowOf(Session session, CancellationToken cancellation)
    {
        if (session.Links.Count == 0 || CarrierCatalogue.Find(session.Carrier)?.ReplyWindow is null) return session.WindowExpiresAt;

        var conversation = new Conversation(session.Tenant, session.Carrier, Defaults.Account, session.Ours, session.Theirs);
        return (await sessions.FindWithWindowAsync(conversation, cancellation))?.WindowExpiresAt;
    }
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

    public DateTimeOffset? LastInboundAt { get; init; }

    public DateTimeOffset? WindowExpiresAt { get; init; }

    /// <summary>Whether free-form content may be sent; null where the carrier has no such rule.</summary>
    public bool? WindowOpen { get; init; }

    public required SessionLinks Links { get; init; }

    public static SessionView Of(Session session, DateTimeOffset? windowExpiresAt, DateTimeOffset now) => new()
    {
        Id = session.Id,
        Carrier = session.Carrier,
        Ours = session.Ours,
        Theirs = session.Theirs,
        Recipient = session.Recipient,
        Thread = session.Thread,
        ProfileName = session.ProfileName,
        LastInboundAt = session.LastInboundAt,
        WindowExpiresAt = windowExpiresAt,
        WindowOpen = CarrierCatalogue.Find(session.Carrier)?.ReplyWindow is null ? null : windowExpiresAt > now,
        Links = new("/api/v1/sessions/" + session.Id, "/api/v1/messages?conversationId=" + session.Id),
    };
}

/// <summary>Where a conversation goes on.</summary>
internal sealed record SessionLinks(string Self, string Messages);
