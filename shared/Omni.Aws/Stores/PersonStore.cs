using Omni.Shared;

namespace Omni.Aws;

/// <summary>
/// People as carriers name them: at times by several addresses. Whatever they said by one of them they said by all.
/// </summary>
/// <param name="sessions">Knows who has which addresses.</param>
/// <param name="consents">Knows what they said.</param>
public sealed class PersonStore(SessionStore sessions, ConsentStore consents)
{
    /// <summary>
    /// Notes what else a carrier calls the person of a conversation. When it told so before, this costs one read; when it tells nothing
    /// else, none.
    /// </summary>
    /// <param name="conversation">The conversation.</param>
    /// <param name="names">
    /// The addresses that the carrier names, first the one that it knows the person by; the conversation's own may be among them.
    /// </param>
    /// <param name="messageAt">
    /// When the message was taken that the carrier tells it of: who was deleted since is not named again. Null where it is told within a
    /// function's time of the message's own writing.
    /// </param>
    /// <param name="cancellation">Stops the call.</param>
    public async Task JoinAsync(
        Conversation conversation,
        IEnumerable<Address> names,
        DateTimeOffset? messageAt = null,
        CancellationToken cancellation = default)
    {
        Address[] others = [.. names.Where(name => name != conversation.Theirs).Distinct()];
        if (others is not [var first, ..] || conversation.Theirs == Address.Unknown) return;

        var session = await sessions.FindAsync(conversation.Id, cancellation).ConfigureAwait(false);
        if (session?.Recipient == first && others.All(session.Links.Contains)) return;

        if (messageAt is { } at && await sessions.PersonDeletedAtAsync(conversation.Tenant, conversation.Theirs, cancellation)
            .ConfigureAwait(false) >= at)
        {
            return;
        }

        var addresses = await AddressesAsync(conversation, others, cancellation).ConfigureAwait(false);

        // Before the links, because whoever stops here comes again only as long as they are missing; and after them, because of an opt-out
        // that came meanwhile and did not find them yet.
        await consents.JoinAsync(conversation.Tenant, addresses, cancellation).ConfigureAwait(false);
        await sessions.LinkAsync(conversation, others, cancellation).ConfigureAwait(false);
        await consents.JoinAsync(conversation.Tenant, addresses, cancellation).ConfigureAwait(false);
    }

    /// <summary>
    /// Records an opt-out or an opt-in for every address that the person is known by. What was said to a sender in a pool holds for all of
    /// the tenant's: the next one of the pool must not write on.
    /// </summary>
    /// <param name="conversation">The conversation with the address that it was said by.</param>
    /// <param name="inPool">Whether our address is a sender in a pool.</param>
    /// <param name="names">Other addresses that it tells of the person.</param>
    /// <param name="optedOut">Out or in.</param>
    /// <param name="at">When it reached our edge.</param>
    /// <param name="evidence">The word or the carrier's code that told us.</param>
    /// <param name="scope">What it is about.</param>
    /// <param name="cancellation">Stops the call.</param>
    public async Task RecordConsentAsync(
        Conversation conversation,
        bool inPool,
        IEnumerable<Address> names,
        bool optedOut,
        DateTimeOffset at,
        string? evidence,
        ConsentScope scope = default,
        CancellationToken cancellation = default)
    {
        var ours = inPool ? null : conversation.Ours;
        await RecordAsync(conversation.Theirs).ConfigureAwait(false);

        // Looked up only now: who links this address to another in between looks at consents afterwards.
        var addresses = await AddressesAsync(conversation, names, cancellation).ConfigureAwait(false);
        foreach (var other in addresses.Where(address => address != conversation.Theirs)) await RecordAsync(other).ConfigureAwait(false);

        Task RecordAsync(Address person) => RecordOfAsync(
            conversation.Tenant, person, ours, optedOut, at, evidence, scope, cancellation);
    }

    /// <summary>
    /// Records what a client says that a person said, for every address that carriers named the person by, whatever the conversation.
    /// An opt-in to all senders is one to each that is on record too: else an opt-out from one of them would go on.
    /// </summary>
    /// <param name="tenant">Whose messages.</param>
    /// <param name="person">One of the person's addresses.</param>
    /// <param name="ours">Our address; null for all of them.</param>
    /// <param name="optedOut">Out or in.</param>
    /// <param name="at">When they said it.</param>
    /// <param name="evidence">How it is known.</param>
    /// <param name="scope">What it is about.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <returns>Whether it is the latest that is known of the given address.</returns>
    public async Task<bool> RecordConsentAsync(
        string tenant,
        Address person,
        Address? ours,
        bool optedOut,
        DateTimeOffset at,
        string? evidence,
        ConsentScope scope,
        CancellationToken cancellation = default)
    {
        var isLatest = await RecordAsync(person).ConfigureAwait(false);
        foreach (var other in await sessions.AddressesAsync(tenant, person, cancellation).ConfigureAwait(false))
        {
            if (other != person) await RecordAsync(other).ConfigureAwait(false);
        }

        return isLatest;

        Task<bool> RecordAsync(Address address) => RecordOfAsync(tenant, address, ours, optedOut, at, evidence, scope, cancellation);
    }

    /// <summary>Records what was said under one address. An opt-in to all senders is one to each that is on record too.</summary>
    private async Task<bool> RecordOfAsync(
        string tenant,
        Address person,
        Address? ours,
        bool optedOut,
        DateTimeOffset at,
        string? evidence,
        ConsentScope scope,
        CancellationToken cancellation)
    {
        var isLatest = await consents.RecordAsync(tenant, person, ours, optedOut, at, evidence, scope, cancellation).ConfigureAwait(false);
        if (optedOut || ours is not null) return isLatest;

        foreach (var known in await consents.FindAsync(tenant, person, cancellation).ConfigureAwait(false))
        {
            if (known.Sender is not { } sender || known.Scope != scope) continue;
            isLatest &= await consents.RecordAsync(tenant, person, sender, optedOut, at, evidence, scope, cancellation)
                .ConfigureAwait(false);
        }

        return isLatest;
    }

    private async Task<IReadOnlyList<Address>> AddressesAsync(
        Conversation conversation, IEnumerable<Address> names, CancellationToken cancellation)
    {
        var addresses = new HashSet<Address>();
        foreach (var name in names.Prepend(conversation.Theirs))
        {
            if (!addresses.Contains(name))
            {
                addresses.UnionWith(
                    await sessions.AddressesAsync(conversation with { Theirs = name }, cancellation).ConfigureAwait(false));
            }
        }

        return [.. addresses];
    }
}
