using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Omni.Shared;

namespace Omni.Aws;

/// <summary>That nothing is to be sent for now.</summary>
/// <param name="Reason">Why, in the words of whoever decided it.</param>
/// <param name="By">Who decided it: an API key's id.</param>
/// <param name="Since">Since when.</param>
/// <param name="Until">Until when; null until it is resumed.</param>
public sealed record Pause(string Reason, string By, DateTimeOffset Since, DateTimeOffset? Until)
{
    // Soon after a short pause, and not all the time during a long one. A record is given out a thousand times, and lives three days.
    private static readonly TimeSpan ShortestLook = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestLook = TimeSpan.FromMinutes(6);

    /// <summary>Whether it is over.</summary>
    /// <param name="now">The time.</param>
    public bool IsOver(DateTimeOffset now) => Until <= now;

    /// <summary>When whoever waits looks again: after a quarter of the time so far, six minutes at most.</summary>
    /// <param name="now">The time.</param>
    public TimeSpan LookAfter(DateTimeOffset now)
    {
        var look = (now - Since) / 4;
        look = look < ShortestLook ? ShortestLook : look > LongestLook ? LongestLook : look;
        return Until - now is { } left && left < look ? left : look;
    }
}

/// <summary>The pauses of one carrier, as they were read.</summary>
/// <param name="All">That of the carrier; null for none.</param>
/// <param name="OfSenders">Those of single senders, by their addresses.</param>
public sealed record CarrierPauses(Pause? All, IReadOnlyDictionary<Address, Pause> OfSenders)
{
    /// <summary>The pause that holds a sender's messages back; null for none.</summary>
    /// <param name="sender">Our address.</param>
    /// <param name="now">The time.</param>
    public Pause? Of(Address sender, DateTimeOffset now) =>
        All?.IsOver(now) == false ? All : OfSenders.GetValueOrDefault(sender) is { } own && !own.IsOver(now) ? own : null;
}

/// <summary>
/// The carriers, and single senders of theirs, through which nothing is sent for now, in the control table:
/// <c>pause#{carrier}</c>/<c>*</c> or the sender's address.
/// </summary>
/// <param name="dynamo">The client.</param>
/// <param name="controlTable">The control table.</param>
/// <param name="clock">The time.</param>
public sealed class PauseStore(IAmazonDynamoDB dynamo, string controlTable, TimeProvider clock)
{
    /// <summary>For how long a process believes what it read: a pause holds that much later at the latest.</summary>
    public static readonly TimeSpan Resolution = TimeSpan.FromSeconds(5);

    private const string All = "*";
    private const string Reason = "why";
    private const string By = "by";
    private const string Since = "si";
    private const string Until = "un";
    private const string Expires = "ex";

    private Glances<string, CarrierPauses> Glances => field ??= new(clock, Resolution, carrier => FindAsync(carrier));

    /// <summary>Pauses a carrier, or one sender of it. What was paused before stays so since then, for the new reason.</summary>
    /// <param name="carrier">The carrier.</param>
    /// <param name="sender">Our address; null for all of them.</param>
    /// <param name="pause">Why, by whom and how long.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <returns>The pause as it stands.</returns>
    public async Task<Pause> PauseAsync(string carrier, Address? sender, Pause pause, CancellationToken cancellation = default)
    {
        ItemUpdate Update()
        {
            var update = Item(carrier, sender).Set(Reason, Attr.S(pause.Reason)).Set(By, Attr.S(pause.By));
            return pause.Until is { } until
                ? update.Set(Until, Attr.Time(until)).Set(Expires, Attr.Expiry(until))
                : update.Remove(Until, Expires);
        }

        // One that ended by itself is another: TTL takes it away when it likes.
        var anew = await Update().Set(Since, Attr.Time(pause.Since)).If(Until, "<=", Attr.Time(pause.Since))
            .WriteAsync(dynamo, cancellation).ConfigureAwait(false);
        var written = anew.Done
            ? anew
            : await Update().SetOnce(Since, Attr.Time(pause.Since)).WriteAsync(dynamo, cancellation).ConfigureAwait(false);
        return FromItem(written.Item!);
    }

    /// <summary>Resumes a carrier, or one sender of it. What is not paused stays as it is.</summary>
    /// <param name="carrier">The carrier.</param>
    /// <param name="sender">Our address; null for the carrier.</param>
    /// <param name="cancellation">Stops the call.</param>
    public async Task ResumeAsync(string carrier, Address? sender, CancellationToken cancellation = default)
    {
        await Item(carrier, sender).IfExists(Since)
            .Remove(Since, Until, Reason, By).Set(Expires, Attr.Expiry(clock.GetUtcNow()))
            .WriteAsync(dynamo, cancellation).ConfigureAwait(false);
    }

    /// <summary>Reads the pauses of a carrier, as they are now.</summary>
    /// <param name="carrier">The carrier.</param>
    /// <param name="cancellation">Stops the call.</param>
    public async Task<CarrierPauses> FindAsync(string carrier, CancellationToken cancellation = default)
    {
        var items = new List<Dictionary<string, AttributeValue>>();
        var query = new QueryRequest
        {
            TableName = controlTable,
            KeyConditionExpression = "pk = :pk",
            ExpressionAttributeValues = new() { [":pk"] = Attr.S(KeyOf(carrier)) },
        };
        do
        {
            var page = await dynamo.QueryAsync(query, cancellation).ConfigureAwait(false);
            items.AddRange(page.Items ?? []);
            query.ExclusiveStartKey = page.LastEvaluatedKey;
        }
        while (query.ExclusiveStartKey is { Count: > 0 });

        var now = clock.GetUtcNow();
        var pauses = items.Where(item => item.ContainsKey(Since)).Select(item => (Key: item["sk"].S, Pause: FromItem(item)))
            .Where(p => !p.Pause.IsOver(now)).ToArray();
        return new(
            pauses.FirstOrDefault(p => p.Key == All).Pause,
            pauses.Where(p => p.Key != All).ToDictionary(p => Address.FromKey(p.Key), p => p.Pause));
    }

    /// <summary>The pauses of a carrier, a few seconds old at most: a read every few seconds and process.</summary>
    /// <param name="carrier">The carrier.</param>
    public Task<CarrierPauses> GlanceAsync(string carrier) => Glances.GetAsync(carrier);

    private ItemUpdate Item(string carrier, Address? sender) => new(controlTable, KeyOf(carrier), sender?.Key ?? All);

    private static string KeyOf(string carrier) => "pause#" + carrier;

    private static Pause FromItem(Dictionary<string, AttributeValue> item) =>
        new(item[Reason].S, item[By].S, item.Moment(Since)!.Value, item.Moment(Until));
}
