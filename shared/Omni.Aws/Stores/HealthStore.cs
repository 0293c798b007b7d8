using System.Globalization;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Omni.Shared;

namespace Omni.Aws;

/// <summary>How a carrier has been answering.</summary>
/// <param name="LastAcceptedAt">When it last took a message; kept to the minute.</param>
/// <param name="LastFaultAt">When it last refused or failed for a reason that is not the message's.</param>
/// <param name="LastFaultCode">The code of that.</param>
public sealed record CarrierHealth(DateTimeOffset? LastAcceptedAt, DateTimeOffset? LastFaultAt, string? LastFaultCode);

/// <summary>
/// The health of carriers, as the senders see it. What a sender notes is a hint for people:
/// seldom written, and never a reason for a send to stop.
/// </summary>
/// <param name="dynamo">The client.</param>
/// <param name="controlTable">The control table.</param>
/// <param name="clock">The time.</param>
/// <param name="outbox">Where clients are told that a carrier began to fail or recovered; null where they are not.</param>
public sealed class HealthStore(IAmazonDynamoDB dynamo, string controlTable, TimeProvider clock, EventOutbox? outbox = null)
{
    /// <summary>For how long something counts as of late. Acceptances are noted once a minute, so it is several of these.</summary>
    public static readonly TimeSpan Lately = TimeSpan.FromMinutes(5);

    private static readonly TimeSpan AcceptedResolution = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan FaultResolution = TimeSpan.FromSeconds(5);

    /// <summary>Since when clients know the carrier as degraded.</summary>
    private const string ToldSince = "dg";

    private DateTimeOffset _acceptedNoted;
    private DateTimeOffset _faultNoted;

    /// <summary>
    /// Notes that the carrier took a message. Written at most once a minute and process: health is no reason to double the cost of a send.
    /// </summary>
    /// <param name="carrier">The carrier.</param>
    /// <param name="cancellation">Stops the call.</param>
    public async Task NoteAcceptedAsync(string carrier, CancellationToken cancellation = default)
    {
        var now = clock.GetUtcNow();
        if (now - _acceptedNoted < AcceptedResolution) return;

        _acceptedNoted = now;
        await TryNoteAsync(carrier, Item(carrier).Set("ok", Attr.Time(now)), cancellation).ConfigureAwait(false);
    }

    /// <summary>
    /// Notes a fault of the carrier, or of our credentials with it.
    /// Written at most every few seconds and process: all senders share the item.
    /// </summary>
    /// <param name="carrier">The carrier.</param>
    /// <param name="code">Its code.</param>
    /// <param name="cancellation">Stops the call.</param>
    public async Task NoteFaultAsync(string carrier, string code, CancellationToken cancellation = default)
    {
        var now = clock.GetUtcNow();
        _acceptedNoted = default;
        if (now - _faultNoted < FaultResolution) return;

        _faultNoted = now;
        await TryNoteAsync(
            carrier, Item(carrier).Set("ko", Attr.Time(now)).Set("code", Attr.S(code)), cancellation).ConfigureAwait(false);
    }

    private async Task TryNoteAsync(string carrier, ItemUpdate note, CancellationToken cancellation)
    {
        try
        {
            var written = await note.WriteAsync(dynamo, cancellation).ConfigureAwait(false);
            if (outbox is not null) await TellAsync(carrier, written.Item!, outbox, cancellation).ConfigureAwait(false);
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            // The next note tells as much; the table's own faults have their alarms.
        }
    }

    /// <summary>
    /// Tells clients of a change, once: what was told stands in the item, written with the event. A carrier is degraded from its first
    /// fault on, until it takes a message when it has had none of late.
    /// </summary>
    private Task TellAsync(
        string carrier, IReadOnlyDictionary<string, AttributeValue> item, EventOutbox events, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        var fault = item.Moment("ko");
        return (item.Moment(ToldSince), IsOfLate: fault > now - Lately) switch
        {
            (null, IsOfLate: true) => Item(carrier).Set(ToldSince, Attr.Time(now)).IfMissing(ToldSince).WriteAsync(
                dynamo, events.Put(ChangeOf(EventTypes.CarrierDegraded, new(carrier, now, item.Text("code")))), cancellation),
            ({ } since, IsOfLate: false) when item.Moment("ok") > fault =>
                Item(carrier).Remove(ToldSince).If(ToldSince, "=", Attr.Time(since)).WriteAsync(
                    dynamo, events.Put(ChangeOf(EventTypes.CarrierRecovered, new(carrier, since, item.Text("code"), now))), cancellation),
            _ => Task.CompletedTask,
        };

        // Carriers are the installation's: who looks after it is the default tenant.
        ClientEvent ChangeOf(string type, CarrierChangeView change) => new()
        {
            Id = Ids.Event(carrier, type, change.DegradedSince.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture)),
            Type = type,
            Timestamp = now,
            Tenant = Defaults.Tenant,
            Data = EventData.Of(change, EventJson.Wire.CarrierChangeView),
        };
    }

    /// <summary>Reads a carrier's health.</summary>
    /// <param name="carrier">The carrier.</param>
    /// <param name="cancellation">Stops the call.</param>
    public async Task<CarrierHealth> ReadAsync(string carrier, CancellationToken cancellation = default)
    {
        var response = await dynamo.GetItemAsync(
            new GetItemRequest { TableName = controlTable, Key = Attr.Key(Key(carrier), "*") }, cancellation).ConfigureAwait(false);
        var item = response.Item ?? [];
        return new(item.Moment("ok"), item.Moment("ko"), item.Text("code"));
    }

    private ItemUpdate Item(string carrier) => new(controlTable, Key(carrier), "*");

    private static string Key(string carrier) => "health#" + carrier;
}
