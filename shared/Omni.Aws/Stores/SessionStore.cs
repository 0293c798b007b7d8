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

    /// <summary>Whose conversation it is.</summary>
    public required string Tenant { get; init; }

    /// <summary>Our address.</summary>
    public required Address Ours { get; init; }

    /// <summary>The person.</summary>
    public required Address Theirs { get; init; }

    /// <summary>When they last wrote, by the carrier's clock where it tells.</summary>
    public DateTimeOffset? LastInboundAt { get; init; }

    /// <summary>Until when free-form content may be sent, where the carrier has such a rule.</summary>
    public DateTimeOffset? WindowExpiresAt { get; init; }

    /// <summary>The name in the person's profile.</summary>
    public string? ProfileName { get; init; }

    /// <summary>
    /// The person as the carrier knows them, where that is another address: their answers come from there, in a conversation of its own.
    /// </summary>
    public Address? Recipient { get; init; }

    /// <summary>
    /// The conversation whose messages reach this one's person under another address; the reverse of <see cref="Recipient"/>.
    /// </summary>
    public string? LinkedFrom { get; init; }

    /// <summary>The carrier's id of the present stretch of conversation, where it has such.</summary>
    public string? Thread { get; init; }

    /// <summary>Up to when the person has read, by the carrier's own clock.</summary>
    public DateTimeOffset? SeenUpTo { get; init; }
}

/// <summary>The table of conversations.</summary>
/// <param name="dynamo">The client.</param>
/// <param name="table">The table's name.</param>
/// <param name="clock">The time.</param>
public sealed class SessionStore(IAmazonDynamoDB dynamo, string table, TimeProvider clock)
{
    /// <summary>Notes an inbound message. An older one than the last changes nothing.</summary>
    /// <param name="message">The message.</param>
    /// <param name="profileName">The name in the person's profile.</param>
    /// <param name="opensWindow">Whether it is something that the person wrote to us: else it opens no window.</param>
    /// <param name="cancellation">Stops the call.</param>
    public async Task NoteInboundAsync(
        Message message, string? profileName, bool opensWindow = true, CancellationToken cancellation = default)
    {
        if (!opensWindow)
        {
            var glance = Item(message.ConversationId, message, ours: message.To, theirs: message.From);
            if (profileName is not null) glance.Set("pn", Attr.S(profileName));
            await glance.WriteAsync(dynamo, cancellation).ConfigureAwait(false);
            return;
        }

        // The carrier's window began when they wrote: a webhook that comes days later opens none.
        var wroteAt = message.SentAt ?? message.CreatedAt;
        var update = Item(message.ConversationId, message, ours: message.To, theirs: message.From)
            .Set("li", Attr.Time(wroteAt))
            .IfMissingOr("li", "<", Attr.Time(wroteAt));
        if (CarrierCatalogue.Find(message.Carrier)?.ReplyWindow is { } window) update.Set("wx", Attr.Time(wroteAt + window));
        if (profileName is not null) update.Set("pn", Attr.S(profileName));
        if (message.Thread is { } thread) update.Set("td", Attr.S(thread));
        await update.WriteAsync(dynamo, cancellation).ConfigureAwait(false);
    }

    /// <summary>
    /// Notes what a carrier's answer told of the conversation: the address it knows the person by, and the stretch that the message went
    /// into.
    /// </summary>
    /// <param name="message">The message that was sent.</param>
    /// <param name="recipient">The person's other address; null when it is the same.</param>
    /// <param name="thread">The stretch; null when the carrier has none.</param>
    /// <param name="cancellation">Stops the call.</param>
    public async Task NoteSentAsync(Message message, Address? recipient, string? thread, CancellationToken cancellation = default)
    {
        var update = Item(message.ConversationId, message, ours: message.From, theirs: message.To);
        if (recipient is not null) update.Set("rc", Attr.S(recipient.Key));
        if (thread is not null) update.Set("td", Attr.S(thread));
        await update.WriteAsync(dynamo, cancellation).ConfigureAwait(false);
        if (recipient is null) return;

        var other = Item(ConversationWith(message, recipient), message, ours: message.From, theirs: recipient)
            .Set("lf", Attr.S(message.ConversationId));
        if (thread is not null) other.Set("td", Attr.S(thread));
        await other.WriteAsync(dynamo, cancellation).ConfigureAwait(false);
    }

    /// <summary>Notes that a person has two addresses: the conversations with both are linked both ways.</summary>
    /// <param name="message">A message from one of them.</param>
    /// <param name="other">The other one.</param>
    /// <param name="cancellation">Stops the call.</param>
    public async Task JoinAsync(Message message, Address other, CancellationToken cancellation = default)
    {
        var theirs = Ids.Conversation(message.Tenant, message.Carrier, message.Account, ours: message.To, theirs: other);
        await Item(theirs, message, ours: message.To, theirs: other)
            .Set("rc", Attr.S(message.From.Key))
            .Set("lf", Attr.S(message.ConversationId))
            .WriteAsync(dynamo, cancellation).ConfigureAwait(false);
        await Item(message.ConversationId, message, ours: message.To, theirs: message.From)
            .Set("rc", Attr.S(other.Key)).Set("lf", Attr.S(theirs)).WriteAsync(dynamo, cancellation).ConfigureAwait(false);
    }

    /// <summary>The other addresses that a person is known by in a conversation.</summary>
    /// <param name="id">The conversation.</param>
    /// <param name="cancellation">Stops the call.</param>
    public async Task<IReadOnlyList<Address>> OtherAddressesAsync(string id, CancellationToken cancellation = default)
    {
        if (await FindAsync(id, cancellation).ConfigureAwait(false) is not { } session) return [];

        var linked = session.LinkedFrom is { } from ? await FindAsync(from, cancellation).ConfigureAwait(false) : null;
        return [.. ((Address?[])[session.Recipient, linked?.Theirs]).OfType<Address>().Distinct()];
    }

    /// <summary>Notes up to when a person has read. It only ever rises.</summary>
    /// <param name="tenant">Whose conversation.</param>
    /// <param name="carrier">The carrier's id.</param>
    /// <param name="account">The carrier's sub-account.</param>
    /// <param name="ours">Our address.</param>
    /// <param name="theirs">The person.</param>
    /// <param name="upTo">Up to when, by the carrier's own clock.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <returns>The conversation.</returns>
    public async Task<Session> NoteSeenAsync(
        string tenant,
        string carrier,
        string account,
        Address ours,
        Address theirs,
        DateTimeOffset upTo,
        CancellationToken cancellation = default)
    {
        var id = Ids.Conversation(tenant, carrier, account, ours, theirs);
        var message = new Message
        {
            Id = "", Carrier = carrier, Tenant = tenant, Account = account, To = theirs, From = ours,
            Content = new TextContent { Body = "" }
        };
        var result = await Item(id, message, ours, theirs)
            .Set("sn", Attr.Time(upTo))
            .IfMissingOr("sn", "<", Attr.Time(upTo))
            .WriteAsync(dynamo, cancellation).ConfigureAwait(false);
        return Read(id, result.Item!);
    }

    /// <summary>Reads a conversation, consistently.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <returns>The conversation; null when nothing is known of it.</returns>
    public async Task<Session?> FindAsync(string id, CancellationToken cancellation = default)
    {
        var response = await dynamo.GetItemAsync(
            new GetItemRequest { TableName = table, Key = Attr.Key(id, null), ConsistentRead = true }, cancellation).ConfigureAwait(false);
        return response.Item is { Count: > 0 } item ? Read(id, item) : null;
    }

    /// <summary>
    /// A message's conversation and, where the carrier knows the person by another address, the conversation with that one.
    /// </summary>
    /// <param name="message">The message, towards the person.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <returns>None, one or both.</returns>
    public async Task<IReadOnlyList<Session>> FindAllAsync(Message message, CancellationToken cancellation = default)
    {
        if (await FindAsync(message.ConversationId, cancellation).ConfigureAwait(false) is not { } session) return [];
        return session.Recipient is { } recipient
            && await FindAsync(ConversationWith(message, recipient), cancellation).ConfigureAwait(false) is { } other
            ? [session, other]
            : [session];
    }

    /// <summary>The conversation whose reply window counts for a message: the one that is open longest.</summary>
    /// <param name="message">The message, towards the person.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <returns>The conversation; null when nobody wrote yet.</returns>
    public async Task<Session?> FindWithWindowAsync(Message message, CancellationToken cancellation = default) =>
        (await FindAllAsync(message, cancellation).ConfigureAwait(false))
            .Where(session => session.WindowExpiresAt is not null)
            .MaxBy(session => session.WindowExpiresAt);

    private static string ConversationWith(Message message, Address recipient) => (message with { To = recipient }).ConversationId;

    private ItemUpdate Item(string id, Message message, Address ours, Address theirs) => new ItemUpdate(table, id, null)
        .Set("ca", Attr.S(message.Carrier))
        .Set("tn", Attr.S(message.Tenant))
        .Set("us", Attr.S(ours.Key))
        .Set("th", Attr.S(theirs.Key))
        .Set("ex", Attr.Expiry(clock.GetUtcNow() + Defaults.Retention));

    private static Session Read(string id, Dictionary<string, AttributeValue> item) => new()
    {
        Id = id,
        Carrier = item["ca"].S,
        Tenant = item["tn"].S,
        Ours = Address.FromKey(item["us"].S),
        Theirs = Address.FromKey(item["th"].S),
        LastInboundAt = item.Moment("li"),
        WindowExpiresAt = item.Moment("wx"),
        ProfileName = item.Text("pn"),
        Recipient = item.Text("rc") is { } recipient ? Address.FromKey(recipient) : null,
        LinkedFrom = item.Text("lf"),
        Thread = item.Text("td"),
        SeenUpTo = item.Moment("sn"),
    };
}
