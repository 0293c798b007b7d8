using System.Globalization;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Omni.Shared;

namespace Omni.Aws;

/// <summary>What an attempt says of its carrier.</summary>
public enum CarrierAnswer
{
    /// <summary>It took the part.</summary>
    Accepted,

    /// <summary>It answered, and did not take it: for what the message is, or because it came too fast.</summary>
    Refused,

    /// <summary>It was not reached, answered with a fault of its own, or its answer was lost.</summary>
    Fault,

    /// <summary>It refused our credentials or settings.</summary>
    RefusedCredentials,
}

/// <summary>How a carrier has been answering.</summary>
public sealed record CarrierHealth
{
    /// <summary>The share of a degraded carrier's people by whom it is found out whether it is well again.</summary>
    public const double ProbingShare = 0.02;

    /// <summary>When it last took a message; exact to ten seconds.</summary>
    public DateTimeOffset? LastAcceptedAt { get; init; }

    /// <summary>When it last failed for a reason that is not the message's; exact to ten seconds.</summary>
    public DateTimeOffset? LastFaultAt { get; init; }

    /// <summary>The code of that.</summary>
    public string? LastFaultCode { get; init; }

    /// <summary>How many attempts were counted in the last minute.</summary>
    public long Attempts { get; init; }

    /// <summary>How many of them were faults.</summary>
    public long Faults { get; init; }

    /// <summary>Since when it is degraded; null when it is not.</summary>
    public DateTimeOffset? DegradedSince { get; init; }

    /// <summary>From when on some of its people find out whether it is well again; null when it is not degraded.</summary>
    public DateTimeOffset? ProbedFrom { get; init; }

    /// <summary>Whether a message is to go another way: the carrier is degraded, and the person is not among those who find out.</summary>
    /// <param name="carrier">The carrier's id.</param>
    /// <param name="message">The message.</param>
    /// <param name="now">The time.</param>
    public bool IsAvoidedBy(string carrier, Message message, DateTimeOffset now) =>
        DegradedSince is not null
        && !(now >= ProbedFrom
            && message.Priority != Priority.High
            && RouteChoice.PlaceOf($"{message.To.Key}\nprobe\n{carrier}") < ProbingShare);
}

/// <summary>A carrier became degraded, or well.</summary>
/// <param name="IsDegraded">Which of the two.</param>
/// <param name="Attempts">How many attempts were counted in the last minute.</param>
/// <param name="Faults">How many of them were faults.</param>
public sealed record HealthChange(bool IsDegraded, long Attempts, long Faults);

/// <summary>
/// The health of carriers, as their senders measure it: each process adds its attempts up and writes them every ten seconds, all into one
/// item. A carrier is degraded when at least ten attempts were made within a minute and more than half were faults, or when it refuses our
/// credentials; ten attempts in a row without a fault end it. It never stops a send that names its carrier.
/// </summary>
/// <param name="dynamo">The client.</param>
/// <param name="controlTable">The control table.</param>
/// <param name="clock">The time.</param>
/// <param name="outbox">Where clients are told that a carrier is degraded or recovered; null where they are not.</param>
public sealed class HealthStore(IAmazonDynamoDB dynamo, string controlTable, TimeProvider clock, EventOutbox? outbox = null)
{
    /// <summary>How often a process writes what it counted, and how far apart counts are kept.</summary>
    public static readonly TimeSpan Resolution = TimeSpan.FromSeconds(10);

    /// <summary>For how long a process believes what it read.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromSeconds(5);

    /// <summary>How long nobody asks a degraded carrier whether it is well again; doubled each time that it is not.</summary>
    public static readonly TimeSpan FirstRest = TimeSpan.FromSeconds(30);

    /// <summary>The longest such rest.</summary>
    public static readonly TimeSpan LongestRest = TimeSpan.FromMinutes(5);

    private const int Window = 6; // counts of ten seconds: a minute
    private const int FewestAttempts = 10;
    private const int CleanAttempts = 10;

    private const string AcceptedAt = "ok";
    private const string FaultAt = "ko";
    private const string FaultCode = "code";

    /// <summary>Since when it is degraded, and clients know it.</summary>
    private const string Since = "dg";
    private const string ProbedFrom = "pb";
    private const string Rest = "rs";

    /// <summary>How many attempts without a fault were made in a row.</summary>
    private const string Clean = "cl";

    // The counts of ten seconds: a prefix, and the number of the ten seconds.
    private const char AttemptsIn = 'a';
    private const char FaultsIn = 'f';

    private readonly Lock _lock = new();
    private Counts _counts = new();
    private DateTimeOffset _writtenAt;
    private DateTimeOffset _credentialsWrittenAt;
    private string[] _outdated = [];

    private Glances<string, CarrierHealth> Glances => field ??= new(clock, Kept, carrier => ReadAsync(carrier));

    /// <summary>Counts an attempt at the carrier that this process works for.</summary>
    /// <param name="carrier">The carrier.</param>
    /// <param name="answer">What it said of the carrier.</param>
    /// <param name="code">The code of a fault; empty for others.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <returns>What changed by it; null for nothing.</returns>
    public async Task<HealthChange?> NoteAsync(
        string carrier, CarrierAnswer answer, string code = "", CancellationToken cancellation = default)
    {
        var now = clock.GetUtcNow();
        Counts counts;
        lock (_lock)
        {
            _counts = (now - _counts.Since > Window * Resolution ? new() { Since = now } : _counts).And(answer, code, now);
            var isUrgent = answer == CarrierAnswer.RefusedCredentials && now - _credentialsWrittenAt >= Resolution;
            if (now - _writtenAt < Resolution && !isUrgent) return null;

            if (_counts.RefusedCredentials) _credentialsWrittenAt = now;
            (counts, _counts, _writtenAt) = (_counts, new() { Since = now }, now);
        }

        try
        {
            var item = (await ToUpdate(carrier, counts, now).WriteAsync(dynamo, cancellation).ConfigureAwait(false)).Item!;
            _outdated = [.. CountsIn(item).Where(count => count.Number <= NumberOf(now) - Window).Select(count => count.Name)];
            return await JudgeAsync(carrier, counts, item, now, cancellation).ConfigureAwait(false);
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            return null; // the next counts tell as much; the table's own faults have their alarms
        }
    }

    /// <summary>A carrier's health as it was within <see cref="Kept"/>.</summary>
    /// <param name="carrier">The carrier.</param>
    public Task<CarrierHealth> GlanceAsync(string carrier) => Glances.GetAsync(carrier);

    /// <summary>Reads a carrier's health.</summary>
    /// <param name="carrier">The carrier.</param>
    /// <param name="cancellation">Stops the call.</param>
    public async Task<CarrierHealth> ReadAsync(string carrier, CancellationToken cancellation = default)
    {
        var response = await dynamo.GetItemAsync(
            new GetItemRequest { TableName = controlTable, Key = Attr.Key(Key(carrier), "*") }, cancellation).ConfigureAwait(false);
        var item = response.Item ?? [];
        var (attempts, faults) = Sums(item, clock.GetUtcNow());
        return new()
        {
            LastAcceptedAt = item.Moment(AcceptedAt),
            LastFaultAt = item.Moment(FaultAt),
            LastFaultCode = item.Text(FaultCode),
            Attempts = attempts,
            Faults = faults,
            DegradedSince = item.Moment(Since),
            ProbedFrom = item.Moment(ProbedFrom),
        };
    }

    private ItemUpdate ToUpdate(string carrier, Counts counts, DateTimeOffset now)
    {
        var number = NumberOf(now).ToString(CultureInfo.InvariantCulture);
        var update = Item(carrier).Increment(AttemptsIn + number, counts.Attempts);
        if (counts.AcceptedAt is { } accepted) update.Set(AcceptedAt, Attr.Time(accepted));
        if (counts.Faults > 0)
        {
            update.Increment(FaultsIn + number, counts.Faults)
                .Set(FaultAt, Attr.Time(counts.FaultAt!.Value)).Set(FaultCode, Attr.S(counts.FaultCode))
                .Set(Clean, Attr.N(counts.CleanSince));
        }
        else
        {
            update.Increment(Clean, counts.Attempts);
        }

        foreach (var name in _outdated) update.Remove(name);
        return update;
    }

    private async Task<HealthChange?> JudgeAsync(
        string carrier, Counts counts, IReadOnlyDictionary<string, AttributeValue> item, DateTimeOffset now, CancellationToken cancellation)
    {
        var (attempts, faults) = Sums(item, now);
        if (item.Moment(Since) is not { } since)
        {
            if (!counts.RefusedCredentials && (attempts < FewestAttempts || 2 * faults <= attempts)) return null;

            var begin = Item(carrier).IfMissing(Since).Set(Since, Attr.Time(now)).Set(Clean, Attr.N(0));
            return await WriteAsync(Rested(begin, FirstRest, now), EventTypes.CarrierDegraded, new(carrier, now, item.Text(FaultCode)))
                .ConfigureAwait(false) ? new(IsDegraded: true, attempts, faults) : null;
        }

        if (item.Number(Clean) >= CleanAttempts)
        {
            // What was counted until now is over: else its faults would make it degraded again at once.
            var end = Item(carrier).If(Since, "=", Attr.Time(since)).Remove(Since, ProbedFrom, Rest);
            foreach (var (name, _) in CountsIn(item)) end.Remove(name);
            return await WriteAsync(end, EventTypes.CarrierRecovered, new(carrier, since, item.Text(FaultCode), now))
                .ConfigureAwait(false) ? new(IsDegraded: false, attempts, faults) : null;
        }

        if (counts.Faults > 0 && item.Moment(ProbedFrom) is { } probed && probed <= now)
        {
            var rest = TimeSpan.FromMilliseconds(item.Number(Rest) ?? 0) * 2;
            await Rested(Item(carrier).If(ProbedFrom, "=", Attr.Time(probed)), rest < LongestRest ? rest : LongestRest, now)
                .WriteAsync(dynamo, cancellation).ConfigureAwait(false);
        }

        return null;

        // Told once: what was told stands in the item, written with the event.
        async Task<bool> WriteAsync(ItemUpdate update, string type, CarrierChangeView change) => outbox is null
            ? (await update.WriteAsync(dynamo, cancellation).ConfigureAwait(false)).Done
            : (await update.WriteAsync(dynamo, outbox.Put(EventOf(type, change, now)), cancellation).ConfigureAwait(false)).Done;
    }

    private static ItemUpdate Rested(ItemUpdate update, TimeSpan rest, DateTimeOffset now) =>
        update.Set(ProbedFrom, Attr.Time(now + rest)).Set(Rest, Attr.N((long)rest.TotalMilliseconds));

    // Carriers are the installation's: who looks after it is the default tenant.
    private static ClientEvent EventOf(string type, CarrierChangeView change, DateTimeOffset now) => new()
    {
        Id = Ids.Event(change.Carrier, type, change.DegradedSince.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture)),
        Type = type,
        Timestamp = now,
        Tenant = Defaults.Tenant,
        Data = EventData.Of(change, EventJson.Wire.CarrierChangeView),
    };

    private static (long Attempts, long Faults) Sums(IReadOnlyDictionary<string, AttributeValue> item, DateTimeOffset now)
    {
        var names = CountsIn(item).Where(count => count.Number > NumberOf(now) - Window).Select(count => count.Name).ToArray();
        return (Sum(AttemptsIn), Sum(FaultsIn));

        long Sum(char prefix) => names.Where(name => name[0] == prefix).Sum(name => item.Number(name)!.Value);
    }

    private static IEnumerable<(string Name, long Number)> CountsIn(IReadOnlyDictionary<string, AttributeValue> item)
    {
        foreach (var name in item.Keys)
        {
            if (name[0] is AttemptsIn or FaultsIn
                && long.TryParse(name.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            {
                yield return (name, number);
            }
        }
    }

    private static long NumberOf(DateTimeOffset time) => time.ToUnixTimeMilliseconds() / (long)Resolution.TotalMilliseconds;

    private ItemUpdate Item(string carrier) => new(controlTable, Key(carrier), "*");

    private static string Key(string carrier) => "health#" + carrier;

    /// <summary>What a process counted since it last wrote.</summary>
    private sealed record Counts
    {
        public DateTimeOffset Since { get; init; }

        public long Attempts { get; private init; }

        public long Faults { get; private init; }

        /// <summary>How many of the attempts came after the last fault.</summary>
        public long CleanSince { get; private init; }

        public bool RefusedCredentials { get; private init; }

        public DateTimeOffset? AcceptedAt { get; private init; }

        public DateTimeOffset? FaultAt { get; private init; }

        public string FaultCode { get; private init; } = "";

        public Counts And(CarrierAnswer answer, string code, DateTimeOffset now)
        {
            var isFault = answer is CarrierAnswer.Fault or CarrierAnswer.RefusedCredentials;
            return this with
            {
                Attempts = Attempts + 1,
                Faults = Faults + (isFault ? 1 : 0),
                CleanSince = isFault ? 0 : CleanSince + 1,
                RefusedCredentials = RefusedCredentials || answer == CarrierAnswer.RefusedCredentials,
                AcceptedAt = answer == CarrierAnswer.Accepted ? now : AcceptedAt,
                FaultAt = isFault ? now : FaultAt,
                FaultCode = isFault ? code : FaultCode,
            };
        }
    }
}
