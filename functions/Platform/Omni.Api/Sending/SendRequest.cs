using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Omni.Aws;
using Omni.Shared;

namespace Omni.Api;

/// <summary>
/// A request to send, read, its addresses canonical and its silences filled: equal requests are equal here, however they were written.
/// </summary>
internal sealed record SendRequest
{
    public const int MinTtlSeconds = 30;
    public const int MaxTtlSeconds = 3 * 24 * 60 * 60;
    private const int MaxReference = 128;
    private const int MaxId = 256;

    /// <summary>The longest label, in characters.</summary>
    public const int MaxLabel = 64;

    // As many as all parts of a message may have at a carrier that takes ten of one.
    private const int MostSegments = 200;

    private const int MaxMetadataKeys = 20;
    private const int MaxMetadataKey = 64;
    private const int MaxMetadataValue = 512;
    private const int MaxMetadataBytes = 2048;

    /// <summary>The carrier's id; null where it is to be chosen, or <see cref="Failover"/> names one for each leg.</summary>
    public string? Carrier { get; init; }

    /// <summary>The legs that it is tried on, one after the other; null for a message that goes one way.</summary>
    public IReadOnlyList<PlannedLeg>? Failover { get; init; }

    public required Address To { get; init; }

    /// <summary>Our address; null where it is to be chosen.</summary>
    public Address? From { get; init; }

    /// <summary>What it is to be, where carrier or sender are to be chosen; null for anything.</summary>
    public SenderChannel? Channel { get; init; }

    public required Content Content { get; init; }

    /// <summary>The message that this one quotes: our id or the carrier's.</summary>
    public string? ReplyTo { get; init; }

    public Priority Priority { get; init; }

    public int TtlSeconds { get; init; }

    public DateTimeOffset? ScheduledAt { get; init; }

    public DeliveryWindow? DeliveryWindow { get; init; }

    public string? ClientReference { get; init; }

    public string? Label { get; init; }

    public IReadOnlyDictionary<string, string>? Metadata { get; init; }

    public UnknownOutcomePolicy OnUnknownOutcome { get; init; }

    public bool Adapt { get; init; }

    /// <summary>The most that the carrier may count for the whole message; null for any number.</summary>
    public int? MaxSegments { get; init; }

    /// <summary>What is wished for its files; null for nothing.</summary>
    public MediaOptions? Media { get; init; }

    /// <summary>What it says of its way, where that leaves something to choose; null where it names carrier and sender.</summary>
    [JsonIgnore]
    public RouteWish? Wish => Carrier is not null && From is not null ? null : new(Channel, Carrier, From);

    /// <summary>Tells this request from another under the same idempotency key.</summary>
    public string Hash() => Ids.Hash(JsonSerializer.Serialize(this, ApiJson.Wire.SendRequest));

    /// <summary>Reads a request; null when something is wrong with it, and then the errors tell everything that is.</summary>
    /// <param name="body">The body.</param>
    /// <param name="errors">Takes what is wrong.</param>
    /// <param name="within">The conversation that it is an answer in: then carrier and addresses are its own, and not to be given.</param>
    public static SendRequest? Read(JsonElement body, List<FieldError> errors, Session? within = null)
    {
        if (body.ValueKind != JsonValueKind.Object)
        {
            errors.Add(new("$", "wrong_type", "The body must be an object."));
            return null;
        }

        var fields = new JsonFields(body, "", errors);
        if (within is null && fields.Member("failover") is not null) return ReadPlan(fields, errors);

        var carrier = within?.Carrier ?? fields.Text("carrier", max: 64);
        var known = CarrierCatalogue.Find(carrier);
        var from = within?.Ours ?? AddressReader.From(fields, known);
        var request = ReadRest(fields, carrier, within?.Theirs ?? AddressReader.To(fields, known), from, default) with
        {
            Channel = within is null ? ChannelIn(fields, carrier, from) : null,
        };
        fields.RefuseOthers();
        return errors.Count > 0 ? null : request;
    }

    private static SendRequest? ReadPlan(JsonFields fields, List<FieldError> errors)
    {
        foreach (var name in (string[])["carrier", "channel", "replyTo"])
        {
            if (fields.Member(name) is not null) fields.Refuse(name, "not_here", "With failover there is none: its legs go to several.");
        }

        var content = fields.Member("content") is null ? null : ContentReader.Read(fields);
        var ttlSeconds = fields.Whole("ttlSeconds", MinTtlSeconds, MaxTtlSeconds) ?? Defaults.TtlSeconds;
        var to = AddressReader.To(fields, carrier: null);
        var from = fields.Member("from") is null ? null : AddressReader.From(fields, carrier: null);
        var legs = LegsReader.Read(fields, (to, from, content), ttlSeconds);
        if (errors.Count > 0 || legs is null) return null;

        var request = ReadRest(fields, carrier: null, to, legs[0].From, default, content ?? legs[0].Content) with { Failover = legs };
        fields.RefuseOthers();
        return errors.Count > 0 ? null : request;
    }

    /// <summary>Reads what many messages have alike: a request without a recipient.</summary>
    /// <param name="fields">The body, of which more is read elsewhere.</param>
    /// <param name="errors">What is wrong with it so far.</param>
    /// <returns>The request, to nobody yet; null when something is wrong.</returns>
    public static SendRequest? ReadShared(JsonFields fields, List<FieldError> errors)
    {
        var carrier = fields.Text("carrier", max: 64);
        var from = AddressReader.From(fields, CarrierCatalogue.Find(carrier));
        var request = ReadRest(fields, carrier, Address.Unknown, from, Priority.Bulk) with { Channel = ChannelIn(fields, carrier, from) };
        return errors.Count > 0 ? null : request;
    }

    /// <summary>Reads the client's own reference for a message.</summary>
    public static string? ReferenceOf(JsonFields fields) => fields.Text("clientReference", max: MaxReference);

    private static SenderChannel? ChannelIn(JsonFields fields, string? carrier, Address? from)
    {
        var channel = fields.Word<SenderChannel>("channel");
        if (channel is not null && carrier is not null && from is not null)
            fields.Refuse("channel", "not_here", "Carrier and from are named: there is nothing to choose.");
        return channel;
    }

    // What is missing was refused; then nothing is made of it.
    private static SendRequest ReadRest(
        JsonFields fields, string? carrier, Address? to, Address? from, Priority silent, Content? content = null) => new()
    {
        Carrier = carrier,
        To = to!,
        From = from,
        Content = content ?? ContentReader.Read(fields)!,
        ReplyTo = fields.Text("replyTo", max: MaxId),
        Priority = fields.Word<Priority>("priority") ?? silent,
        TtlSeconds = fields.Whole("ttlSeconds", MinTtlSeconds, MaxTtlSeconds) ?? Defaults.TtlSeconds,
        ScheduledAt = fields.Moment("scheduledAt"),
        DeliveryWindow = DeliveryWindowReader.Read(fields),
        ClientReference = ReferenceOf(fields),
        Label = fields.Text("label", max: MaxLabel),
        Metadata = MetadataOf(fields),
        OnUnknownOutcome = fields.Word<UnknownOutcomePolicy>("onUnknownOutcome") ?? default,
        Adapt = fields.Flag("adapt") ?? false,
        MaxSegments = fields.Whole("maxSegments", 1, MostSegments),
        Media = MediaOptionsReader.Read(fields),
    };

    /// <summary>
    /// Reads the client's own data for a message. It is stored in the message's item and travels with every record: small by rule.
    /// </summary>
    public static IReadOnlyDictionary<string, string>? MetadataOf(JsonFields fields)
    {
        if (fields.Map("metadata") is not { Count: > 0 } metadata) return null; // none and an empty one are the same request

        if (metadata.Count > MaxMetadataKeys)
            fields.Refuse("metadata", "too_many", $"It has at most {MaxMetadataKeys} members; this has {metadata.Count}.");
        if (metadata.Any(m => m.Key.Length is 0 or > MaxMetadataKey))
            fields.Refuse("metadata", "invalid_length", $"A name in it has 1 to {MaxMetadataKey} characters.");
        if (metadata.Any(m => m.Value.Length > MaxMetadataValue))
            fields.Refuse("metadata", "invalid_length", $"A value in it has at most {MaxMetadataValue} characters.");
        if (metadata.Sum(m => Encoding.UTF8.GetByteCount(m.Key) + Encoding.UTF8.GetByteCount(m.Value)) > MaxMetadataBytes)
        {
            fields.Refuse("metadata", "too_large", $"Its names and values have at most {MaxMetadataBytes} bytes together.");
        }

        return metadata;
    }
}
