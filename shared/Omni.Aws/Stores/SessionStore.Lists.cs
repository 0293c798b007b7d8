using Amazon.DynamoDBv2.Model;
using Omni.Shared;

namespace Omni.Aws;

public sealed partial class SessionStore
{
    /// <summary>The index of conversations by the last day on which something came from the person.</summary>
    public const string ActiveIndex = "active";

    /// <summary>Key of the index <c>active</c>: tenant, day and shard.</summary>
    private const string ActiveKey = "ak";

    /// <summary>Sort key of the index <c>active</c>.</summary>
    private const string ActiveAt = "at";

    /// <summary>The ids of a person's conversations, in the item of one of their addresses.</summary>
    private const string Conversations = "cs";

    /// <summary>Over how many partitions a day is spread: each takes a thousand conversations a second that begin their day.</summary>
    private const int DayShards = 8;

    private readonly DayIndex _active = new(
        dynamo, table, new(ActiveIndex, ActiveKey, ActiveAt), DayShards, days, holdsAllDays: false);

    /// <summary>
    /// A tenant's conversations by the last day on which something came from the person, newest first. Reads at most a few days a call, so
    /// a page may be short although more follows.
    /// </summary>
    /// <param name="tenant">Whose conversations.</param>
    /// <param name="from">Conversations that were active before this.</param>
    /// <param name="notBefore">None that was active before this only.</param>
    /// <param name="limit">The most keys.</param>
    /// <param name="cancellation">Stops the call.</param>
    public Task<KeyPage> ByTenantAsync(
        string tenant, ListPosition from, DateTimeOffset notBefore, int limit, CancellationToken cancellation = default) =>
        _active.ReadAsync(tenant, from, notBefore, limit, cancellation);

    /// <summary>A person's conversations: with the given address, and with all others that carriers named them by.</summary>
    /// <param name="tenant">Whose conversations.</param>
    /// <param name="person">One of the person's addresses.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <returns>Those that something is known of, in no order.</returns>
    public async Task<IReadOnlyCollection<Session>> OfPersonAsync(
        string tenant, Address person, CancellationToken cancellation = default)
    {
        var found = new Dictionary<string, Session>(StringComparer.Ordinal);
        var known = new HashSet<Address> { person };
        var next = new Queue<Address>(known);
        while (next.TryDequeue(out var address))
        {
            var item = await PersonAsync(tenant, address, cancellation).ConfigureAwait(false);
            var ids = (item.GetValueOrDefault(Conversations)?.SS ?? []).Where(id => !found.ContainsKey(id));
            foreach (var (id, session) in await ReadAsync(ids, cancellation).ConfigureAwait(false))
            {
                found[id] = session;
                foreach (var other in session.Links)
                {
                    if (known.Count < MostAddresses && known.Add(other)) next.Enqueue(other);
                }
            }
        }

        return found.Values;
    }

    /// <summary>Every address that a person is known by, whatever the conversation; the given one is among them.</summary>
    /// <param name="tenant">Whose conversations.</param>
    /// <param name="person">One of the person's addresses.</param>
    /// <param name="cancellation">Stops the call.</param>
    public async Task<IReadOnlyCollection<Address>> AddressesAsync(
        string tenant, Address person, CancellationToken cancellation = default)
    {
        var known = await OfPersonAsync(tenant, person, cancellation).ConfigureAwait(false);
        return [.. known.SelectMany(session => session.Links.Prepend(session.Theirs)).Prepend(person).Distinct()];
    }

    /// <summary>Reads conversations by id, consistently.</summary>
    /// <param name="ids">The ids.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <returns>Those that something is known of, by id.</returns>
    public async Task<IReadOnlyDictionary<string, Session>> ReadAsync(IEnumerable<string> ids, CancellationToken cancellation = default)
    {
        var items = await dynamo.ReadManyAsync(table, ids.Distinct().Select(id => Attr.Key(id, null)), cancellation).ConfigureAwait(false);
        return items.ToDictionary(item => item["pk"].S, item => Read(item["pk"].S, item), StringComparer.Ordinal);
    }

    /// <summary>
    /// The reply windows of conversations, where their carriers have such a rule: of all addresses of a person the one that is open longest
    /// counts. Links are followed for all conversations at once, so that a page costs a few calls.
    /// </summary>
    /// <param name="sessions">The conversations.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <returns>When the window of each ends or ended, by its id; null for one of a person who has not written yet.</returns>
    public async Task<IReadOnlyDictionary<string, DateTimeOffset?>> WindowsAsync(
        IReadOnlyCollection<Session> sessions, CancellationToken cancellation = default)
    {
        Session[] asked = [.. sessions.Where(session => CarrierCatalogue.Find(session.Carrier)?.ReplyWindow is not null)];
        var known = asked.ToDictionary(session => session.Id, Session? (session) => session, StringComparer.Ordinal);
        var last = asked;
        for (var steps = 0; steps < MostAddresses && last.Length > 0; steps++)
        {
            string[] missing = [.. last.SelectMany(LinkedTo).Where(id => !known.ContainsKey(id)).Distinct()];
            var read = await ReadAsync(missing, cancellation).ConfigureAwait(false);
            foreach (var id in missing) known[id] = read.GetValueOrDefault(id);
            last = [.. read.Values];
        }

        return asked.ToDictionary(session => session.Id, WindowOf, StringComparer.Ordinal);

        DateTimeOffset? WindowOf(Session session)
        {
            var seen = new HashSet<string>(StringComparer.Ordinal) { session.Id };
            var next = new Queue<Session>([session]);
            DateTimeOffset? longest = null;
            while (next.TryDequeue(out var linked))
            {
                if (longest is null || linked.WindowExpiresAt > longest) longest = linked.WindowExpiresAt;
                foreach (var id in LinkedTo(linked))
                {
                    if (seen.Count < MostAddresses && seen.Add(id) && known.GetValueOrDefault(id) is { } further) next.Enqueue(further);
                }
            }

            return longest;
        }
    }

    private static IEnumerable<string> LinkedTo(Session session) =>
        session.Links.Select(address => (session.Conversation with { Theirs = address }).Id);

    private static string PersonKey(string tenant, Address person) => "per_" + Ids.Hash(tenant, person.Key);

    /// <summary>
    /// Moves a conversation to the day of a message, if it was not active on that day yet: two writes a day, and for the messages after the
    /// first a comparison with what their own write brought back. The person's item first, so that what is in the lists is found by its
    /// person too.
    /// </summary>
    private async Task NoteDayAsync(Message message, WriteResult written, CancellationToken cancellation)
    {
        var day = DayIndex.StartOf(ListDays.DayOf(message.CreatedAt));
        if (written.Item?.Moment(ActiveAt) >= day) return;

        var conversation = message.Conversation;
        await AddToPersonAsync(conversation, cancellation).ConfigureAwait(false);
        await Item(conversation)
            .Set(ActiveKey, Attr.S(MessageColumns.ListKeyOf(conversation.Tenant, day, Shards.Of(conversation.Id, DayShards))))
            .Set(ActiveAt, Attr.Time(message.CreatedAt))
            .IfMissingOr(ActiveAt, "<", Attr.Time(day))
            .WriteAsync(dynamo, cancellation).ConfigureAwait(false);
    }

    private Task AddToPersonAsync(Conversation conversation, CancellationToken cancellation) =>
        new ItemUpdate(table, PersonKey(conversation.Tenant, conversation.Theirs), null)
            .Set("ex", Attr.Expiry(clock.GetUtcNow() + Defaults.Retention))
            .AddTo(Conversations, [conversation.Id])
            .WriteAsync(dynamo, cancellation);
}
