using System.Text.Json;
using System.Text.Json.Serialization;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Omni.Shared;

namespace Omni.Aws;

/// <summary>A receipt on its way to the message it is about.</summary>
/// <param name="Status">The status it reports.</param>
/// <param name="Reason">Why, for failures.</param>
/// <param name="CarrierCode">The carrier's own code.</param>
/// <param name="At">When it reached our edge.</param>
public sealed record ParkedReceipt(MessageStatus Status, FailureReason? Reason, string? CarrierCode, DateTimeOffset At)
{
    /// <summary>What it reports of an attempt.</summary>
    /// <param name="attempt">The attempt.</param>
    /// <param name="carrierMessageId">The carrier's id of the message.</param>
    public PartEvent Of(AttemptReference attempt, string carrierMessageId) => new()
    {
        MessageId = attempt.MessageId,
        Part = attempt.Part,
        Attempt = attempt.Attempt,
        Status = Status,
        Reason = Reason,
        CarrierCode = CarrierCode,
        CarrierMessageId = carrierMessageId,
        At = At,
    };
}

/// <summary>Both halves of a rendezvous, in the hands of whoever came second.</summary>
/// <param name="Attempt">The attempt that the carrier's id belongs to.</param>
/// <param name="Receipts">All receipts that were left so far, in order of time.</param>
public sealed record Meeting(AttemptReference Attempt, IReadOnlyList<ParkedReceipt> Receipts);

/// <summary>The JSON of parked receipts.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ParkedReceipt))]
internal sealed partial class RendezvousJson : JsonSerializerContext;

/// <summary>
/// Where a sender and a receipt meet when the carrier does not give our reference back: one item per carrier's id. Each writes its half
/// with one update that returns the whole; whoever sees both applies the receipts. So it does not matter who comes first. Where the carrier
/// does give it back, a receipt that lacks it all the same waits here for a look-up that finds its id.
/// </summary>
/// <param name="dynamo">The client.</param>
/// <param name="controlTable">The control table.</param>
/// <param name="clock">The time.</param>
public sealed class RendezvousStore(IAmazonDynamoDB dynamo, string controlTable, TimeProvider clock)
{
    /// <summary>How long receipts wait for somebody to claim them.</summary>
    public static readonly TimeSpan Unclaimed = TimeSpan.FromHours(72);

    private const string Owner = "m";
    private const string ReceiptPrefix = "r.";

    /// <summary>The sender's half: this carrier's id is that attempt's.</summary>
    /// <param name="carrier">The carrier.</param>
    /// <param name="account">Its sub-account.</param>
    /// <param name="carrierMessageId">The carrier's id.</param>
    /// <param name="attempt">The attempt.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <returns>The receipts that came before; null when the id is another attempt's.</returns>
    public async Task<IReadOnlyList<ParkedReceipt>?> ClaimAsync(
        string carrier, string account, string carrierMessageId, AttemptReference attempt, CancellationToken cancellation = default)
    {
        var result = await Item(carrier, account, carrierMessageId, Defaults.Retention)
            .Set(Owner, Attr.S(attempt.ToString()))
            .IfMissingOr(Owner, "=", Attr.S(attempt.ToString()))
            .WriteAsync(dynamo, cancellation).ConfigureAwait(false);
        return result.Done ? Receipts(result.Item!) : null;
    }

    /// <summary>The receipt's half.</summary>
    /// <param name="carrier">The carrier.</param>
    /// <param name="account">Its sub-account.</param>
    /// <param name="carrierMessageId">The carrier's id.</param>
    /// <param name="receipt">The receipt.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <returns>
    /// The attempt that the carrier's id belongs to, with all receipts; null when nobody has claimed it yet: the receipt waits.
    /// </returns>
    public async Task<Meeting?> LeaveAsync(
        string carrier, string account, string carrierMessageId, ParkedReceipt receipt, CancellationToken cancellation = default)
    {
        var name = $"{ReceiptPrefix}{receipt.Status.Word()}.{receipt.CarrierCode}";
        var json = JsonSerializer.Serialize(receipt, RendezvousJson.Default.ParkedReceipt);
        var result = await Item(carrier, account, carrierMessageId, Unclaimed)
            .SetOnce(name, Attr.S(json))
            .WriteAsync(dynamo, cancellation).ConfigureAwait(false);
        return AttemptReference.Parse(result.Item!.Text(Owner)) is { } attempt ? new(attempt, Receipts(result.Item!)) : null;
    }

    // A claim lengthens the item's life, a receipt does not shorten it again.
    private ItemUpdate Item(string carrier, string account, string carrierMessageId, TimeSpan life)
    {
        var update = new ItemUpdate(controlTable, Key(carrier, account, carrierMessageId), "*");
        var expiry = Attr.Expiry(clock.GetUtcNow() + life);
        return life > Unclaimed ? update.Set("ex", expiry) : update.SetOnce("ex", expiry);
    }

    private static string Key(string carrier, string account, string carrierMessageId) => $"ref#{carrier}#{account}#{carrierMessageId}";

    private static ParkedReceipt[] Receipts(Dictionary<string, AttributeValue> item) =>
    [
        .. item.Where(a => a.Key.StartsWith(ReceiptPrefix, StringComparison.Ordinal))
            .Select(a => JsonSerializer.Deserialize(a.Value.S, RendezvousJson.Default.ParkedReceipt)!)
            .OrderBy(r => r.At),
    ];
}
