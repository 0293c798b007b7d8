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

    /// <summary>The conversation itself.</summary>
    public Conversation Conversation => new(Tenant, Carrier, Defaults.Account, Ours, Theirs);

    /// <summary>
    /// The last day on which something came from the person, by its first moment that was noted; null when nothing did. It tells the
    /// conversation's place in lists.
    /// </summary>
    public DateTimeOffset? ActiveAt { get; init; }

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
    /// Other addresses that the carrier named the person by. Those may have others in turn: <see cref="SessionStore.FindAllAsync"/>.
    /// </summary>
    public IReadOnlyList<Address> Links { get; init; } = [];

    /// <summary>The carrier's id of the present stretch of conversation, where it has such.</summary>
    public string? Thread { get; init; }

    /// <summary>Up to when the person has read, by the carrier's own clock.</summary>
    public DateTimeOffset? SeenUpTo { get; init; }
}

/// <summary>The table of conversations.</summary>
/// <param name="dynamo">The client.</param>
/// <param name="table">The table's name.</param>
/// <param name="clock">The time.</param>
/// <param name="days">The days with messages; null to look at every day in lists.</param>
public sealed partial class SessionStore(IAmazonDynamoDB dynamo, string table, TimeProvider clock, ListDays? days = null)
{
    /// <summary>
    /// The most addresses of one person that are followed: as many as a carrier can name by far, and an end to every walk.
    /// </summary>
    private const int MostAddresses = 16;

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
            var glance = Item(message.Conversation);
            if (profileName is not null) glance.Set("pn", Attr.S(profileName));
            await NoteDayAsync(message, await glance.WriteAsync(dynamo, cancellation).ConfigureAwait(false), cancellation)
                .ConfigureAwait(false);
            return;
        }

        // The carrier's window began when they wrote: a webhook that comes days later opens none.
        var wroteAt = message.SentAt ?? message.CreatedAt;
        var update = Item(message.Conversation)
            .Set("li", Attr.Time(wroteAt))
            .IfMissingOr("li", "<", Attr.Time(wroteAt));
        if (CarrierCatalogue.Find(message.Carrier)?.ReplyWindow is { } window) update.Set("wx", Attr.Time(wroteAt + window));
        if (profileName is not null) update.Set("pn", Attr.S(profileName));
        if (message.Thread is { } thread) update.Set("td", Attr.S(thread));
        await NoteDayAsync(message, await update.WriteAsync(dynamo, cancellation).ConfigureAwait(false), cancellation)
            .ConfigureAwait(false);
    }

    /// <summary>Notes the stretch of conversation that a message of ours went into.</summary>
    /// <param name="conversation">The conversation.</param>
    /// <param name="thread">The carrier's id of the stretch.</param>
    /// <param name="cancellation">Stops the call.</param>
    public Task NoteThreadAsync(Conversation conversation, string thread, CancellationToken cancellation = default) =>
        Item(conversation).Set("td", Attr.S(thread)).WriteAsync(dynamo, cancellation);

    /// <summary>
    /// Notes other addresses of the person: the conversations with them and this one are linked both ways. It can be repeated, and whoever
    /// else links at the same time takes nothing away.
    /// </summary>
    /// <param name="conversation">The conversation.</param>
    /// <param name="others">The other addresses, first the one that the carrier knows the person by.</param>
    /// <param name="cancellation">Stops the call.</param>
    public async Task LinkAsync(Conversation conversation, IReadOnlyList<Address> others, CancellationToken cancellation = default)
    {
        foreach (var other in others)
        {
            await AddToPersonAsync(conversation with { Theirs = other }, cancellation).ConfigureAwait(false);
            await Item(conversation with { Theirs = other })
                .SetOnce("rc", Attr.S(conversation.Theirs.Key))
                .AddTo("ln", [conversation.Theirs.Key])
                .WriteAsync(dynamo, cancellation).ConfigureAwait(false);
        }

        await AddToPersonAsync(conversation, cancellation).ConfigureAwait(false);
        await Item(conversation)
            .Set("rc", Attr.S(others[0].Key))
            .AddTo("ln", others.Select(other => other.Key))
            .WriteAsync(dynamo, cancellation).ConfigureAwait(false);
    }

    /// <summary>Notes up to when a person has read. It only ever rises.</summary>
    /// <param name="conversation">The conversation.</param>
    /// <param name="upTo">Up to when, by the carrier's own clock.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <returns>Whether it is news of somebody; false when they were deleted after that.</returns>
    public async Task<bool> NoteSeenAsync(Conversation conversation, DateTimeOffset upTo, CancellationToken cancellation = default)
    {
        var known = await Seen().IfExists("pk").WriteAsync(dynamo, cancellation).ConfigureAwait(false);
        if (known.Done || known.Item is not null) return true;

        var deletedAt = await PersonDeletedAtAsync(conversation.Tenant, conversation.Theirs, cancellation).ConfigureAwait(false);
        if (deletedAt >= upTo) return false;

        await Seen().WriteAsync(dynamo, cancellation).ConfigureAwait(false);
        return true;

        ItemUpdate Seen() => Item(conversation).Set("sn", Attr.Time(upTo)).IfMissingOr("sn", "<", Attr.Time(upTo));
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

    /// <summary>A conversation and those with the person's other addresses, links followed to their end: one read each.</summary>
    /// <param name="conversation">The conversation.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <returns>Those that something is known of, the nearest first.</returns>
    public async Task<IReadOnlyList<Session>> FindAllAsync(Conversation conversation, CancellationToken cancellation = default)
    {
        var sessions = new List<Session>();
        var known = new HashSet<Address> { conversation.Theirs };
        var next = new Queue<Address>(known);
        while (next.TryDequeue(out var theirs))
        {
            if (await FindAsync((conversation with { Theirs = theirs }).Id, cancellation).ConfigureAwait(false) is not { } session)
                continue;

            sessions.Add(session);
            foreach (var other in session.Links)
            {
                if (known.Count < MostAddresses && known.Add(other)) next.Enqueue(other);
            }
        }

        return sessions;
    }

    /// <summary>Every address that the person of a conversation is known by, its own first.</summary>
    /// <param name="conversation">The conversation.</param>
    /// <param name="cancellation">Stops the call.</param>
    public async Task<IReadOnlyList<Address>> AddressesAsync(Conversation conversation, CancellationToken cancellation = default)
    {
        var sessions = await FindAllAsync(conversation, cancellation).ConfigureAwait(false);
        return [.. sessions.Select(session => session.Theirs).Prepend(conversation.Theirs).Distinct()];
    }

    /// <summary>The conversation whose reply window counts for a message to a person: the one that is open longest.</summary>
    /// <param name="conversation">The message's conversation.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <returns>The conversation; null when the person has not written yet.</returns>
    public async Task<Session?> FindWithWindowAsync(Conversation conversation, CancellationToken cancellation = default) =>
        (await FindAllAsync(conversation, cancellation).ConfigureAwait(false))
            .Where(session => session.WindowExpiresAt is not null)
            .MaxBy(session => session.WindowExpiresAt);

    private ItemUpdate Item(Conversation conversation) => new ItemUpdate(table, conversation.Id, null)
        .Set("ca", Attr.S(conversation.Carrier))
        .Set("tn", Attr.S(conversation.Tenant))
        .Set("us", Attr.S(conversation.Ours.Key))
        .Set("th", Attr.S(conversation.Theirs.Key))
        .Set("ex", Attr.Expiry(clock.GetUtcNow() + Defaults.Retention));

    private static Session Read(string id, Dictionary<string, AttributeValue> item) => new()
    {
        Id = id,
        Carrier = item["ca"].S,
        Tenant = item["tn"].S,
        Ours = Address.FromKey(item["us"].S),
        Theirs = Address.FromKey(item["th"].S),
        ActiveAt = item.Moment(ActiveAt),
        LastInboundAt = item.Moment("li"),
        WindowExpiresAt = item.Moment("wx"),
        ProfileName = item.Text("pn"),
        Recipient = item.Text("rc") is { } recipient ? Address.FromKey(recipient) : null,
        Links = [.. (item.GetValueOrDefault("ln")?.SS ?? []).Select(Address.FromKey)],
        Thread = item.Text("td"),
        SeenUpTo = item.Moment("sn"),
    };
}
