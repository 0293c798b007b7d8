using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Omni.Shared;
using Columns = Omni.Aws.MessageColumns;

namespace Omni.Aws;

/// <summary>The tables that people are found in.</summary>
/// <param name="Messages">The name of the table of messages.</param>
/// <param name="Sessions">The name of the table of conversations.</param>
public sealed record PeopleTables(string Messages, string Sessions);

/// <summary>
/// Deletes people: takes back what has not left for them, and blanks all that names them, in place, so that what comes again meets it. No
/// index knows all of a person, so the tables are read through, a page at a time and in stretches side by side; how far each is read stands
/// in the deletion's item. Every step can be repeated: whoever stops anywhere, the next goes on from the last page.
/// </summary>
/// <param name="dynamo">The client.</param>
/// <param name="tables">The tables.</param>
/// <param name="deletions">How far deletions are.</param>
/// <param name="messages">The messages.</param>
/// <param name="content">Deletes what messages say.</param>
/// <param name="sessions">The conversations.</param>
/// <param name="consents">What the last look before a send sees.</param>
/// <param name="lastSenders">Whom people last wrote to.</param>
/// <param name="clock">The time.</param>
public sealed class PersonDeleter(
    IAmazonDynamoDB dynamo,
    PeopleTables tables,
    PersonDeletionStore deletions,
    MessageStore messages,
    ContentDeletion content,
    SessionStore sessions,
    ConsentStore consents,
    LastSenderStore lastSenders,
    TimeProvider clock)
{
    /// <summary>How many stretches a deletion searches.</summary>
    public const int Stretches = 2 * StretchesOfTable;

    /// <summary>
    /// A table is read in so many stretches side by side: each takes the reading of some thousand small items a second from the table, and
    /// the others who read it must have theirs.
    /// </summary>
    private const int StretchesOfTable = 4;

    /// <summary>
    /// A record of a queue that is older than this is looked at for whether its person was deleted meanwhile. One that is younger is
    /// written within its function's time, before anything is searched.
    /// </summary>
    public static readonly TimeSpan Late = TimeSpan.FromSeconds(5);

    /// <summary>
    /// So long after people are marked nobody is at work any more who did not see it: <see cref="Late"/>, the 30 s that a function may
    /// take, and room for clocks that differ.
    /// </summary>
    public static readonly TimeSpan Settling = TimeSpan.FromSeconds(45);

    /// <summary>
    /// Begins to delete a person: from now on nothing older is sent to them, and what is older and comes late is not written any more.
    /// </summary>
    /// <param name="tenant">Whose person.</param>
    /// <param name="person">One of the person's addresses.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <returns>The deletion as it is.</returns>
    public async Task<PersonDeletion> BeginAsync(string tenant, Address person, CancellationToken cancellation = default)
    {
        var deletion = await deletions.RequestAsync(tenant, person, cancellation).ConfigureAwait(false);
        await MarkAsync(deletion, cancellation).ConfigureAwait(false);
        return deletion;
    }

    /// <summary>Goes on with what is begun, of all tenants.</summary>
    /// <param name="hasTime">Whether another message, or another page, may be looked at.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <returns>How many people are deleted now.</returns>
    public async Task<int> RunAsync(Func<bool> hasTime, CancellationToken cancellation = default)
    {
        var done = 0;
        foreach (var deletion in await deletions.TakeAsync(cancellation).ConfigureAwait(false))
        {
            if (await RunAsync(deletion, hasTime, cancellation).ConfigureAwait(false)) done++;
        }

        return done;
    }

    private async Task<bool> RunAsync(PersonDeletion deletion, Func<bool> hasTime, CancellationToken cancellation)
    {
        if (await MarkAsync(deletion, cancellation).ConfigureAwait(false)) return false;

        // Messages first: conversations tell by which addresses the person is known.
        if (await SearchAsync("m", ScanOfMessages, DeleteMessageAsync).ConfigureAwait(false)
            && await SearchAsync("s", ScanOfSessions, DeleteSessionAsync).ConfigureAwait(false))
        {
            foreach (var address in deletion.Addresses)
            {
                await sessions.ForgetConversationsAsync(deletion.Tenant, address, cancellation).ConfigureAwait(false);
                await lastSenders.ForgetAsync(deletion.Tenant, address, deletion.RequestedAt, cancellation).ConfigureAwait(false);
                await consents.UnmarkDeletedAsync(deletion.Tenant, address, deletion.RequestedAt, cancellation).ConfigureAwait(false);
            }
        }

        return await deletions.CloseAsync(deletion, cancellation).ConfigureAwait(false);

        async Task<bool> SearchAsync(
            string table,
            Func<PersonDeletion, ScanRequest> scan,
            Func<PersonDeletion, Dictionary<string, AttributeValue>, CancellationToken, Task<Found>> delete)
        {
            var ends = await Task.WhenAll(Enumerable.Range(0, StretchesOfTable).Select(
                number => SearchStretchAsync($"{table}{number}", number, scan, delete))).ConfigureAwait(false);
            return ends.All(isEnd => isEnd);
        }

        async Task<bool> SearchStretchAsync(
            string stretch,
            int number,
            Func<PersonDeletion, ScanRequest> scan,
            Func<PersonDeletion, Dictionary<string, AttributeValue>, CancellationToken, Task<Found>> delete)
        {
            var place = deletion.Places.GetValueOrDefault(stretch);
            while (place != PersonDeletionStore.End)
            {
                if (!hasTime()) return false;

                var request = scan(deletion);
                (request.Segment, request.TotalSegments, request.ExclusiveStartKey) = (number, StretchesOfTable, KeyAt(place));
                var page = await dynamo.ScanAsync(request, cancellation).ConfigureAwait(false);
                var found = new Found();
                foreach (var item in page.Items ?? [])
                {
                    if (!hasTime()) return false; // the page is read again, and what is done of it is not found any more
                    found += await delete(deletion, item, cancellation).ConfigureAwait(false);
                }

                place = PlaceAfter(page.LastEvaluatedKey);
                await deletions.NoteAsync(deletion, stretch, place, found.Messages, found.Sessions, cancellation).ConfigureAwait(false);
            }

            return true;
        }
    }

    /// <summary>Marks every address that the person is known by.</summary>
    /// <returns>Whether one was not marked before: then nothing is searched for a while.</returns>
    private async Task<bool> MarkAsync(PersonDeletion deletion, CancellationToken cancellation)
    {
        if (deletion.FinishedAt is not null) return true;

        var addresses = new HashSet<Address>();
        foreach (var address in deletion.Addresses)
            addresses.UnionWith(await sessions.AddressesAsync(deletion.Tenant, address, cancellation).ConfigureAwait(false));

        var isNew = !addresses.SetEquals(deletion.Addresses);
        foreach (var address in addresses)
        {
            await consents.MarkDeletedAsync(deletion.Tenant, address, deletion.RequestedAt, cancellation).ConfigureAwait(false);
            isNew |= await sessions.MarkDeletedAsync(deletion.Tenant, address, deletion.RequestedAt, cancellation).ConfigureAwait(false);
        }

        if (isNew)
            await deletions.WaitAsync(deletion, addresses, clock.GetUtcNow() + Settling, cancellation).ConfigureAwait(false);
        return isNew;
    }

    private async Task<Found> DeleteMessageAsync(
        PersonDeletion deletion, Dictionary<string, AttributeValue> item, CancellationToken cancellation)
    {
        // An event was recorded when it was new, and its item is of no more use.
        if (EventOutbox.Holds(item))
        {
            await messages.DeleteEventAsync(item[Columns.Pk].S, cancellation).ConfigureAwait(false);
            return default;
        }

        var record = MessageCodec.FromItem(item);
        if (record.Message.CreatedAt > deletion.RequestedAt) return default;

        if (deletion.Addresses.Contains(record.Message.Conversation.Theirs)
            || record.Message.Failover?.Any(leg => deletion.Addresses.Contains(leg.To)) == true)
        {
            // The mark first, the addresses last: whoever stops in between finds the message again.
            record = await messages.DeletePersonAsync(record, cancellation).ConfigureAwait(false);
            await content.RunAsync(record, cancellation).ConfigureAwait(false);
            await messages.BlankAsync(record, cancellation).ConfigureAwait(false);
            return new(Messages: 1);
        }

        if (record.Message.Participants?.Any(deletion.Addresses.Contains) != true) return default;

        // Another's message to a group: it stays theirs, but the carrier's own words name everybody.
        await content.DeleteRawAsync(record.Message.Id, cancellation).ConfigureAwait(false);
        await messages.LeaveGroupAsync(record, deletion.Addresses.Contains, cancellation).ConfigureAwait(false);
        return default;
    }

    // What processors keep of a conversation is found and deleted as the conversation is, and not counted as one.
    private async Task<Found> DeleteSessionAsync(
        PersonDeletion deletion, Dictionary<string, AttributeValue> item, CancellationToken cancellation)
    {
        var id = item[Columns.Pk].S;
        var isGone = await sessions.DeleteAsync(id, deletion.RequestedAt, cancellation).ConfigureAwait(false);
        return new(Sessions: isGone && Ids.IsConversation(id) ? 1 : 0);
    }

    private ScanRequest ScanOfMessages(PersonDeletion deletion)
    {
        var filter = new Filter(deletion.Addresses);
        return new()
        {
            TableName = tables.Messages,
            FilterExpression =
                $"(sk = :m AND tn = :t AND (#to IN ({filter.Keys}) OR #fr IN ({filter.Keys}) OR {filter.AnyIn("pp")}"
                + $" OR {filter.AnyNamedIn("fo")}))"
                + $" OR (sk = :o AND contains(ev, :quoted) AND ({filter.AnyNamedIn("ev")}))",
            ExpressionAttributeNames = new() { ["#to"] = Columns.To, ["#fr"] = Columns.From },
            ExpressionAttributeValues = new(filter.Values)
            {
                [":m"] = Attr.S(Columns.Main), [":o"] = Attr.S(Columns.OutboxItem), [":t"] = Attr.S(deletion.Tenant),
                [":quoted"] = Attr.S($"\"{deletion.Tenant}\""),
            },
        };
    }

    private ScanRequest ScanOfSessions(PersonDeletion deletion)
    {
        var filter = new Filter(deletion.Addresses);
        return new()
        {
            TableName = tables.Sessions,
            FilterExpression = $"tn = :t AND (th IN ({filter.Keys}) OR rc IN ({filter.Keys}) OR {filter.AnyIn("ln")})",
            ExpressionAttributeValues = new(filter.Values.Where(value => !value.Key.StartsWith(":n", StringComparison.Ordinal)))
            {
                [":t"] = Attr.S(deletion.Tenant),
            },
            ProjectionExpression = Columns.Pk,
        };
    }

    private static Dictionary<string, AttributeValue>? KeyAt(string? place) => place?.Split('\n') switch
    {
        [var pk] => Attr.Key(pk, null),
        [var pk, var sk] => Attr.Key(pk, sk),
        _ => null,
    };

    private static string PlaceAfter(Dictionary<string, AttributeValue>? last) => last is { Count: > 0 }
        ? string.Join('\n', ((string?[])[last[Columns.Pk].S, last.Text(Columns.Sk)]).OfType<string>())
        : PersonDeletionStore.End;

    /// <summary>What a page has of a person.</summary>
    private readonly record struct Found(int Messages = 0, int Sessions = 0)
    {
        public static Found operator +(Found one, Found other) =>
            new(one.Messages + other.Messages, one.Sessions + other.Sessions);
    }

    /// <summary>Conditions on addresses.</summary>
    private sealed class Filter(IReadOnlyCollection<Address> addresses)
    {
        /// <summary>The placeholders of the addresses' keys.</summary>
        public string Keys => string.Join(", ", addresses.Select((_, i) => $":a{i}"));

        public Dictionary<string, AttributeValue> Values { get; } = addresses
            .SelectMany((address, i) => ((string, string)[])[($":a{i}", address.Key), ($":n{i}", address.Value.TrimStart('+'))])
            .ToDictionary(value => value.Item1, value => Attr.S(value.Item2));

        /// <summary>That a list or set has one of them.</summary>
        public string AnyIn(string attribute) => string.Join(" OR ", addresses.Select((_, i) => $"contains({attribute}, :a{i})"));

        /// <summary>That a text has one of them, however it is written.</summary>
        public string AnyNamedIn(string attribute) => string.Join(" OR ", addresses.Select((_, i) => $"contains({attribute}, :n{i})"));
    }
}
