using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Omni.Shared;

namespace Omni.Aws;

/// <summary>A conversation: one carrier and account, our address, theirs.</summary>
public sealed record Session
{
    /// <summary>Its id, <c>ses_…</c>.</summary>
    public required string Id { get; init; }

    /// <summary>The carrier's id.</summary>
    public required string Carrier { get; init; }

    /// <summary>Our address.</summary>
    public required Address Ours { get; init; }

    /// <summary>The person.</summary>
    public required Address Theirs { get; init; }

    /// <summary>When they last wrote.</summary>
    public DateTimeOffset? LastInboundAt { get; init; }

    /// <summary>Until when free-form content may be sent, where the carrier has such a rule.</summary>
    public DateTimeOffset? WindowExpiresAt { get; init; }

    /// <summary>The name in the person's profile.</summary>
    public string? ProfileName { get; init; }
}

/// <summary>The table of conversations.</summary>
/// <param name="dynamo">The client.</param>
/// <param name="table">The table's name.</param>
public sealed class SessionStore(IAmazonDynamoDB dynamo, string table)
{
    /// <summary>Notes an inbound message. An older one than the last changes nothing.</summary>
    /// <param name="message">The message.</param>
    /// <param name="profileName">The name in the person's profile.</param>
    /// <param name="cancellation">Stops the call.</param>
    public async Task NoteInboundAsync(Message message, string? profileName, CancellationToken cancellation = default)
    {
        var update = new ItemUpdate(table, message.ConversationId, null)
            .Set("ca", Attr.S(message.Carrier))
            .Set("tn", Attr.S(message.Tenant))
            .Set("us", Attr.S(message.To.Key))
            .Set("th", Attr.S(message.From.Key))
            .Set("li", Attr.Time(message.CreatedAt))
            .Set("ex", Attr.Expiry(message.CreatedAt + Defaults.Retention))
            .IfMissingOr("li", "<", Attr.Time(message.CreatedAt));
        if (CarrierCatalogue.Find(message.Carrier)?.ReplyWindow is { } window) update.Set("wx", Attr.Time(message.CreatedAt + window));
        if (profileName is not null) update.Set("pn", Attr.S(profileName));
        await update.WriteAsync(dynamo, cancellation).ConfigureAwait(false);
    }

    /// <summary>Reads a conversation.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <returns>The conversation; null when nobody wrote in it yet.</returns>
    public async Task<Session?> FindAsync(string id, CancellationToken cancellation = default)
    {
        var response = await dynamo.GetItemAsync(new GetItemRequest { TableName = table, Key = Attr.Key(id, null) }, cancellation).ConfigureAwait(false);
        return response.Item is { Count: > 0 } item
            ? new()
            {
                Id = id,
                Carrier = item["ca"].S,
                Ours = Address.FromKey(item["us"].S),
                Theirs = Address.FromKey(item["th"].S),
                LastInboundAt = item.Moment("li"),
                WindowExpiresAt = item.Moment("wx"),
                ProfileName = item.Text("pn"),
            }
            : null;
    }
}
