using System.Globalization;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Omni.Shared;

namespace Omni.Aws;

/// <summary>How far an endpoint was told of a lane of the log.</summary>
public sealed record EndpointPosition
{
    /// <summary>The lane, from 0.</summary>
    public required int Lane { get; init; }

    /// <summary>Behind which segment it goes on: all up to it is done.</summary>
    public required LanePosition At { get; init; }

    /// <summary>The segment of which a part is done; 0 for none.</summary>
    public long PartOf { get; init; }

    /// <summary>Which events of <see cref="PartOf"/> are done: a bit each, the first event's is the lowest.</summary>
    public UInt128 Done { get; init; }

    /// <summary>A replay that is not over; null for none.</summary>
    public EndpointReplay? Replay { get; init; }

    /// <summary>How often it was set by the client. Whoever worked at an older turn has nothing to say any more.</summary>
    public int Turn { get; init; }

    /// <summary>How often it was written.</summary>
    internal long Version { get; init; }

    /// <summary>Whether an event is done.</summary>
    /// <param name="segment">Its segment.</param>
    /// <param name="index">Its place in it.</param>
    public bool IsDone(long segment, int index) => segment == PartOf && (Done >> index & 1) == 1;

    /// <summary>With one more event done.</summary>
    /// <param name="segment">Its segment: the one behind <see cref="At"/>.</param>
    /// <param name="index">Its place in it.</param>
    public EndpointPosition With(long segment, int index) =>
        this with { PartOf = segment, Done = (segment == PartOf ? Done : 0) | UInt128.One << index };

    /// <summary>With a segment done.</summary>
    /// <param name="segment">The segment.</param>
    public EndpointPosition After(EventSegment segment) => this with { At = new(segment.N, segment.AppendedAt), PartOf = 0, Done = 0 };

    /// <summary>
    /// Set back, to be told of a stretch once more. Where it is not told yet of what is asked for, it will be anyway: then it stays.
    /// </summary>
    /// <param name="start">The place before the stretch.</param>
    /// <param name="to">The moment of its last segment; null for all that follows.</param>
    public EndpointPosition Replayed(LanePosition start, DateTimeOffset? to)
    {
        if (start.N > At.N || (start.N == At.N && PartOf == 0)) return this;

        var (back, partOf, done) = Replay is { } open ? (open.Back, open.PartOf, open.Done) : (At, PartOf, Done);
        return this with { At = start, PartOf = 0, Done = 0, Replay = to is { } end ? new(end, back, partOf, done) : null };
    }

    /// <summary>With all done that either of two workers did.</summary>
    internal EndpointPosition Joined(EndpointPosition other) => At.N.CompareTo(other.At.N) switch
    {
        < 0 => other,
        > 0 => this,
        _ when PartOf != other.PartOf => PartOf == 0 ? other : this,
        _ => this with { Done = Done | other.Done },
    };
}

/// <summary>A stretch of the log that an endpoint is told of once more.</summary>
/// <param name="To">The moment of the last segment that belongs to it.</param>
/// <param name="Back">Where the endpoint goes on after it.</param>
/// <param name="PartOf">The segment behind that of which a part was done; 0 for none.</param>
/// <param name="Done">Which events of that.</param>
public sealed record EndpointReplay(DateTimeOffset To, LanePosition Back, long PartOf, UInt128 Done);

/// <summary>The positions of endpoints, in the control table: <c>pos#{tenant}#{endpoint}</c>/lane.</summary>
/// <param name="dynamo">The client.</param>
/// <param name="table">The control table.</param>
public sealed class PositionStore(IAmazonDynamoDB dynamo, string table)
{
    private const string N = "n";
    private const string AsOf = "t";
    private const string PartOf = "p";
    private const string Done = "d";
    private const string Turn = "g";
    private const string Version = "v";
    private const string Replay = "rp";
    private const string To = "to";

    /// <summary>Reads the position of an endpoint in a lane, as it is now.</summary>
    /// <param name="tenant">Whose.</param>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="lane">The lane.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <returns>The position; null when the endpoint is gone.</returns>
    public async Task<EndpointPosition?> FindAsync(string tenant, string endpoint, int lane, CancellationToken cancellation = default)
    {
        var response = await dynamo.GetItemAsync(
            new GetItemRequest { TableName = table, Key = KeyOf(tenant, endpoint, lane), ConsistentRead = true },
            cancellation).ConfigureAwait(false);
        return response.Item is { Count: > 0 } item ? FromItem(item) : null;
    }

    /// <summary>Reads the positions of an endpoint in all lanes.</summary>
    /// <param name="tenant">Whose.</param>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="cancellation">Stops the call.</param>
    public async Task<IReadOnlyList<EndpointPosition>> ListAsync(
        string tenant, string endpoint, CancellationToken cancellation = default)
    {
        var page = await dynamo.QueryAsync(new QueryRequest
        {
            TableName = table,
            KeyConditionExpression = "pk = :pk",
            ExpressionAttributeValues = new() { [":pk"] = Attr.S(PartitionOf(tenant, endpoint)) },
            ConsistentRead = true,
        }, cancellation).ConfigureAwait(false);
        return [.. (page.Items ?? []).Select(FromItem)];
    }

    /// <summary>
    /// Writes how far a worker came. Should another have worked at the same lane meanwhile, what either did is done.
    /// </summary>
    /// <param name="tenant">Whose.</param>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="position">The position that was read, moved on.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <returns>The position as it stands then; null when it is gone, or was set by the client: this worker has nothing to say.</returns>
    public async Task<EndpointPosition?> AdvanceAsync(
        string tenant, string endpoint, EndpointPosition position, CancellationToken cancellation = default)
    {
        while (true)
        {
            var result = await Write(tenant, endpoint, position).WriteAsync(dynamo, cancellation).ConfigureAwait(false);
            if (result.Item is not { } item) return null;

            var there = FromItem(item);
            if (result.Done) return there;
            if (there.Turn != position.Turn) return null;

            position = position.Joined(there) with { Version = there.Version };
        }
    }

    /// <summary>Sets the position of an endpoint, for its client: workers begin anew there.</summary>
    /// <param name="tenant">Whose.</param>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="position">The position as it was read, set elsewhere.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <returns>Whether it was still as it was read.</returns>
    public async Task<bool> SetAsync(string tenant, string endpoint, EndpointPosition position, CancellationToken cancellation = default) =>
        (await Write(tenant, endpoint, position with { Turn = position.Turn + 1 })
            .WriteAsync(dynamo, cancellation).ConfigureAwait(false)).Done;

    internal static Dictionary<string, AttributeValue> KeyOf(string tenant, string endpoint, int lane) =>
        Attr.Key(PartitionOf(tenant, endpoint), lane.ToString(CultureInfo.InvariantCulture));

    internal static Dictionary<string, AttributeValue> ToItem(string tenant, string endpoint, EndpointPosition position)
    {
        var item = KeyOf(tenant, endpoint, position.Lane);
        foreach (var (name, value) in Columns(position)) item[name] = value;
        item[Version] = Attr.N(position.Version);
        return item;
    }

    private static string PartitionOf(string tenant, string endpoint) => $"pos#{tenant}#{endpoint}";

    private static IEnumerable<(string Name, AttributeValue Value)> Columns(EndpointPosition position)
    {
        foreach (var column in Place(position.At, position.PartOf, position.Done)) yield return column;
        yield return (Turn, Attr.N(position.Turn));
        if (position.Replay is not { } replay) yield break;

        var back = Place(replay.Back, replay.PartOf, replay.Done).ToDictionary(column => column.Name, column => column.Value);
        back[To] = Attr.Time(replay.To);
        yield return (Replay, Attr.M(back));
    }

    private static IEnumerable<(string Name, AttributeValue Value)> Place(LanePosition at, long partOf, UInt128 done) =>
    [
        (N, Attr.N(at.N)), (AsOf, Attr.Time(at.AsOf)), (PartOf, Attr.N(partOf)),
        (Done, Attr.S(done.ToString("x", CultureInfo.InvariantCulture))),
    ];

    private static EndpointPosition FromItem(Dictionary<string, AttributeValue> item)
    {
        var (at, partOf, done) = PlaceOf(item);
        return new()
        {
            Lane = int.Parse(item["sk"].S, CultureInfo.InvariantCulture),
            At = at,
            PartOf = partOf,
            Done = done,
            Turn = (int)item.Number(Turn)!.Value,
            Version = item.Number(Version)!.Value,
            Replay = item.GetValueOrDefault(Replay)?.M is { Count: > 0 } replay && PlaceOf(replay) is var back
                ? new(replay.Moment(To)!.Value, back.At, back.PartOf, back.Done)
                : null,
        };
    }

    private static (LanePosition At, long PartOf, UInt128 Done) PlaceOf(Dictionary<string, AttributeValue> item) => (
        new(item.Number(N)!.Value, item.Moment(AsOf)!.Value),
        item.Number(PartOf)!.Value,
        UInt128.Parse(item[Done].S, NumberStyles.HexNumber, CultureInfo.InvariantCulture));

    private ItemUpdate Write(string tenant, string endpoint, EndpointPosition position)
    {
        var update = new ItemUpdate(
            table, PartitionOf(tenant, endpoint), position.Lane.ToString(CultureInfo.InvariantCulture))
            .If(Version, "=", Attr.N(position.Version))
            .Set(Version, Attr.N(position.Version + 1));
        foreach (var (name, value) in Columns(position)) update.Set(name, value);
        if (position.Replay is null) update.Remove(Replay);
        return update;
    }
}
