using System.Globalization;
using System.Text.Json;
using Amazon.DynamoDBv2.Model;
using Omni.Shared;
using Columns = Omni.Aws.MessageColumns;

namespace Omni.Aws;

/// <summary>Turns a message and its state into a DynamoDB item and back.</summary>
public static class MessageCodec
{
    /// <summary>The version of the item's form that this code writes.</summary>
    private const int SchemaVersion = 1;

    /// <summary>The item of a message.</summary>
    /// <param name="record">The message and its state.</param>
    /// <param name="listShards">The shards of the index <c>list</c>: a hot index partition would throttle the table.</param>
    public static Dictionary<string, AttributeValue> ToItem(MessageRecord record, int listShards = Defaults.ListShards)
    {
        var (message, state) = record;
        var item = Attr.Key(message.Id, Columns.Main);
        item[Columns.Version] = Attr.N(SchemaVersion);
        item[Columns.Direction] = Attr.S(message.Direction.Word());
        // A message with a plan has no carrier, and belongs to no conversation: its legs do.
        if (message.Failover is null) item[Columns.Carrier] = Attr.S(message.Carrier);
        item[Columns.Tenant] = Attr.S(message.Tenant);
        item[Columns.Account] = Attr.S(message.Account);
        item[Columns.To] = Attr.S(message.To.Key);
        item[Columns.From] = Attr.S(message.From.Key);
        item[Columns.Content] = Attr.S(JsonSerializer.Serialize(message.Content, OmniJson.Wire.Content));
        item[Columns.CreatedAt] = Attr.Time(message.CreatedAt);
        item[Columns.UpdatedAt] = Attr.Time(state.UpdatedAt);
        item[Columns.Rank] = Attr.S(state.Rank.Value);
        item[Columns.Timeline] = Attr.M(state.Timeline.ToDictionary(e => e.Id, Entry));
        if (state.PersonDeletedAt is null && message.Failover is null) item[Columns.Conversation] = Attr.S(message.ConversationId);
        if (state.ContentDeletedAt is { } contentGone) item[Columns.Gone] = Attr.Time(contentGone);
        if (state.PersonDeletedAt is { } personGone) item[Columns.PersonGone] = Attr.Time(personGone);
        item[Columns.ListKey] = Attr.S(Columns.ListKeyOf(message.Tenant, message.CreatedAt, Shards.Of(message.Id, listShards)));
        if (message.Label is { } label)
        {
            item[Columns.Label] = Attr.S(label);
            item[Columns.LabelKey] = Attr.S(Columns.LabelKeyOf(message.Tenant, label, Shards.Of(message.Id, listShards)));
        }

        item[Columns.Expires] = Attr.Expiry((message.ScheduledAt ?? message.CreatedAt) + Defaults.Retention);

        void Optional(string name, string? value)
        {
            if (value is not null) item[name] = Attr.S(value);
        }

        Optional(Columns.AdaptedFrom, message.AdaptedFrom?.Word());
        Optional(Columns.ClientReference, message.ClientReference);
        Optional(Columns.Trace, message.Trace);
        Optional(Columns.Actor, message.Actor);
        Optional(Columns.RequestHash, message.RequestHash);
        Optional(Columns.ResendOf, message.ResendOf);
        Optional(Columns.Batch, message.Batch is { } place ? PlaceKey(place) : null);
        Optional(Columns.ResentAs, state.ResentAs);
        Optional(Columns.Parent, message.Parent);
        Optional(Columns.Automatic, message.Automatic?.Word());
        Optional(Columns.Processor, message.Processor);
        Optional(Columns.Turn, state.Turn?.Word());
        if (message.Followers is { Count: > 0 } followers) item[Columns.Followers] = new() { L = [.. followers.Select(Attr.S)] };
        Optional(Columns.CarrierMessageId, message.CarrierMessageId);
        Optional(Columns.ReplyTo, message.ReplyTo);
        Optional(Columns.Thread, message.Thread);
        if (message.Failover is { } legs) item[Columns.Failover] = LegsValue(legs);
        if (message.Failover is not null || message.Leg is not null) item[Columns.Leg] = Attr.N(message.Leg ?? state.CurrentLeg);
        if (state.AlsoSent.Count > 0) item[Columns.AlsoSent] = NumbersValue(state.AlsoSent);
        if (message.Media is { } media) item[Columns.Media] = Attr.S(JsonSerializer.Serialize(media, OmniJson.Wire.MediaOptions));
        if (message.Prepared is { } prepared) item[Columns.Prepared] = Attr.S(PreparedText(prepared));
        if (message.Route is { } route) item[Columns.Route] = Attr.S(JsonSerializer.Serialize(route, OmniJson.Wire.MessageRoute));
        if (message.FileLinks is { } links)
            item[Columns.FileLinks] = Attr.S(JsonSerializer.Serialize(links, OmniJson.Wire.IReadOnlyListFileLink));
        if (message.DeliveryWindow is { } window)
            item[Columns.DeliveryWindow] = Attr.S(JsonSerializer.Serialize(window, OmniJson.Wire.DeliveryWindow));
        if (message.SentAt is { } sentAt) item[Columns.SentAt] = Attr.Time(sentAt);
        if (message.Referral is { } referral)
            item[Columns.Referral] = Attr.S(JsonSerializer.Serialize(referral, OmniJson.Wire.Referral));
        if (message.Forwarded is { } forwarded) item[Columns.Forwarded] = new() { BOOL = forwarded };
        if (message.FrequentlyForwarded is { } frequently) item[Columns.FrequentlyForwarded] = new() { BOOL = frequently };
        if (message.Participants is { Count: > 0 } others)
            item[Columns.Participants] = Addresses(others);
        if (message.Priority != default) item[Columns.Priority] = Attr.S(message.Priority.Word());
        if (message.Metadata is { Count: > 0 } metadata)
            item[Columns.Metadata] = Attr.M(metadata.ToDictionary(m => m.Key, m => Attr.S(m.Value)));
        if (message.Direction == Direction.Outbound)
        {
            item[Columns.TtlSeconds] = Attr.N(message.TtlSeconds);
            item[Columns.OnUnknown] = Attr.S(message.OnUnknownOutcome.Word());
            item[Columns.Dispatch] = Attr.N(state.Dispatch);
            item[Columns.Parts] = Attr.M(message.Parts.Zip(state.Parts).Index().ToDictionary(
                p => Columns.PartName(p.Index), p => Part(p.Item.First, p.Item.Second)));
        }

        if (message.ScheduledAt is { } scheduled) item[Columns.ScheduledAt] = Attr.Time(scheduled);
        if (state.DueAt is { } due)
        {
            item[Columns.DueKey] = Attr.S(DueKey(message.Id));
            item[Columns.DueAt] = Attr.Time(due);
        }

        return item;
    }

    /// <summary>The message and its state of an item.</summary>
    /// <param name="item">The item.</param>
    /// <exception cref="FormatException">The item is not a message of a form that this code knows.</exception>
    public static MessageRecord FromItem(IReadOnlyDictionary<string, AttributeValue> item)
    {
        if (item.Number(Columns.Version) is not SchemaVersion) throw new FormatException("The item is not a message of a known version.");

        string Need(string name) => item.Text(name) ?? throw new FormatException($"The item has no {name}.");
        var parts = item.GetValueOrDefault(Columns.Parts)?.M is { } map
            ? Enumerable.Range(0, map.Count)
                .Select(i => map.GetValueOrDefault(Columns.PartName(i))?.M ?? throw new FormatException("The item lacks a part.")).ToArray()
            : [];
        var failover = item.Text(Columns.Failover) is { } legs
            ? JsonSerializer.Deserialize(legs, OmniJson.Wire.IReadOnlyListPlannedLeg)
            : null;
        var leg = (int?)item.Number(Columns.Leg);
        var message = new Message
        {
            Id = Need(Columns.Pk),
            Direction = Word<Direction>(item, Columns.Direction),
            Carrier = failover is null ? Need(Columns.Carrier) : "",
            Tenant = Need(Columns.Tenant),
            Account = Need(Columns.Account),
            To = Address.FromKey(Need(Columns.To)),
            From = Address.FromKey(Need(Columns.From)),
            Content = ReadContent(Need(Columns.Content)),
            AdaptedFrom = EnumWords.FromWord<ContentType>(item.Text(Columns.AdaptedFrom)),
            Parts = [.. parts.Select(Planned)],
            Priority = Word<Priority>(item, Columns.Priority),
            TtlSeconds = (int)(item.Number(Columns.TtlSeconds) ?? Defaults.TtlSeconds),
            ScheduledAt = item.Moment(Columns.ScheduledAt),
            DeliveryWindow = item.Text(Columns.DeliveryWindow) is { } window
                ? JsonSerializer.Deserialize(window, OmniJson.Wire.DeliveryWindow)
                : null,
            Media = item.Text(Columns.Media) is { } media ? JsonSerializer.Deserialize(media, OmniJson.Wire.MediaOptions) : null,
            FileLinks = item.Text(Columns.FileLinks) is { } links
                ? JsonSerializer.Deserialize(links, OmniJson.Wire.IReadOnlyListFileLink)
                : null,
            Prepared = item.Text(Columns.Prepared) is { } prepared
                ? JsonSerializer.Deserialize(prepared, OmniJson.Wire.IReadOnlyListPreparedFile)
                : null,
            ClientReference = item.Text(Columns.ClientReference),
            Label = item.Text(Columns.Label),
            Metadata = item.GetValueOrDefault(Columns.Metadata)?.M?.ToDictionary(m => m.Key, m => m.Value.S),
            // An item without it is of the time when silence meant to hold.
            OnUnknownOutcome = item.ContainsKey(Columns.OnUnknown)
                ? Word<UnknownOutcomePolicy>(item, Columns.OnUnknown)
                : UnknownOutcomePolicy.Hold,
            CreatedAt = item.Moment(Columns.CreatedAt) ?? throw new FormatException("The item has no time."),
            Trace = item.Text(Columns.Trace),
            Actor = item.Text(Columns.Actor),
            RequestHash = item.Text(Columns.RequestHash),
            ResendOf = item.Text(Columns.ResendOf),
            Route = item.Text(Columns.Route) is { } route ? JsonSerializer.Deserialize(route, OmniJson.Wire.MessageRoute) : null,
            Batch = PlaceOf(item),
            Failover = failover,
            Parent = item.Text(Columns.Parent),
            Leg = failover is null ? leg : null,
            Automatic = EnumWords.FromWord<AutomaticAnswer>(item.Text(Columns.Automatic)),
            Processor = item.Text(Columns.Processor),
            Followers = item.GetValueOrDefault(Columns.Followers)?.L is { Count: > 0 } followers ? [.. followers.Select(f => f.S)] : null,
            CarrierMessageId = item.Text(Columns.CarrierMessageId),
            ReplyTo = item.Text(Columns.ReplyTo),
            Participants = item.GetValueOrDefault(Columns.Participants)?.L is { Count: > 0 } others
                ? [.. others.Select(a => Address.FromKey(a.S))]
                : null,
            Thread = item.Text(Columns.Thread),
            SentAt = item.Moment(Columns.SentAt),
            Referral = item.Text(Columns.Referral) is { } referral
                ? JsonSerializer.Deserialize(referral, OmniJson.Wire.Referral)
                : null,
            Forwarded = item.GetValueOrDefault(Columns.Forwarded)?.BOOL,
            FrequentlyForwarded = item.GetValueOrDefault(Columns.FrequentlyForwarded)?.BOOL,
        };
        var state = new MessageState
        {
            Rank = new RankKey(Need(Columns.Rank)),
            Parts = [.. parts.Select(State)],
            Timeline = Timeline(message, item.GetValueOrDefault(Columns.Timeline)?.M ?? []),
            Dispatch = (int)(item.Number(Columns.Dispatch) ?? 0),
            Contradicted = item.Flag(Columns.Contradicted),
            CancelRequested = item.Flag(Columns.CancelRequested),
            ResentAs = item.Text(Columns.ResentAs),
            CurrentLeg = failover is null ? 0 : leg ?? 0,
            AlsoSent = [.. item.GetValueOrDefault(Columns.AlsoSent)?.L?.Select(n => int.Parse(n.N, CultureInfo.InvariantCulture)) ?? []],
            MediaProblem = item.Text(Columns.MediaProblem),
            Files = message is { Direction: Direction.Inbound, Content: MediaContent content }
                ? [.. content.Files.Select((_, file) => File(item, file))]
                : [],
            ReadAsked = item.ContainsKey(Columns.ReadAsked),
            Turn = EnumWords.FromWord<TurnResult>(item.Text(Columns.Turn)),
            ContentDeletedAt = item.Moment(Columns.Gone),
            DeletedFiles = (int)(item.Number(Columns.GoneFiles) ?? 0),
            PersonDeletedAt = item.Moment(Columns.PersonGone),
            DueAt = item.Moment(Columns.DueAt),
            UpdatedAt = item.Moment(Columns.UpdatedAt) ?? message.CreatedAt,
        };
        return new(message, state);
    }

    /// <summary>The value of several numbers.</summary>
    internal static AttributeValue NumbersValue(IEnumerable<int> numbers) => new() { L = [.. numbers.Select(n => Attr.N(n))] };

    /// <summary>The value of a plan's legs.</summary>
    internal static AttributeValue LegsValue(IReadOnlyList<PlannedLeg> legs) =>
        Attr.S(JsonSerializer.Serialize(legs, OmniJson.Wire.IReadOnlyListPlannedLeg));

    /// <summary>The message whose plan an item is a leg of, and the leg's rank; null when it is none.</summary>
    /// <param name="item">The message's item.</param>
    public static (string Parent, string? Rank)? LegOf(IReadOnlyDictionary<string, AttributeValue> item) =>
        item.Text(Columns.Parent) is { } parent ? (parent, item.Text(Columns.Rank)) : null;

    /// <summary>Files as a carrier takes them, as they are stored.</summary>
    internal static string PreparedText(IReadOnlyList<PreparedFile> prepared) =>
        JsonSerializer.Serialize(prepared, OmniJson.Wire.IReadOnlyListPreparedFile);

    /// <summary>The value of several addresses.</summary>
    internal static AttributeValue Addresses(IEnumerable<Address> addresses) => new() { L = [.. addresses.Select(a => Attr.S(a.Key))] };

    /// <summary>The timeline entry of an event, without what its id says already.</summary>
    internal static AttributeValue Entry(TimelineEvent e)
    {
        var entry = new Dictionary<string, AttributeValue> { [Columns.EventTime] = Attr.Time(e.At) };
        if (e.Reason is { } reason) entry[Columns.EventReason] = Attr.S(reason.Code());
        if (e.CarrierMessageId is { } id) entry[Columns.EventCarrierId] = Attr.S(id);
        return Attr.M(entry);
    }

    /// <summary>
    /// The event of a timeline entry. Its id tells part, attempt, type and carrier code (<c>0.1.undelivered.30003</c>), of a plan type and
    /// leg (<c>nextLeg.1</c>), or for the whole message its type alone.
    /// </summary>
    internal static TimelineEvent Event(string id, IReadOnlyDictionary<string, AttributeValue> entry)
    {
        var pieces = id.Split('.', 4);
        var ofPart = pieces.Length >= 3;
        return new()
        {
            Id = id,
            Type = ofPart ? pieces[2] : pieces[0],
            At = entry.Moment(Columns.EventTime) ?? default,
            Part = ofPart ? int.Parse(pieces[0], CultureInfo.InvariantCulture) : null,
            Attempt = ofPart && pieces[1] != "0" ? int.Parse(pieces[1], CultureInfo.InvariantCulture) : null,
            Leg = pieces.Length == 2 ? int.Parse(pieces[1], CultureInfo.InvariantCulture) : null,
            Reason = EnumWords.FromCode(entry.Text(Columns.EventReason)),
            CarrierCode = pieces.Length == 4 ? pieces[3] : null,
            CarrierMessageId = entry.Text(Columns.EventCarrierId),
        };
    }

    /// <summary>The place of a message in its batch; null when it has none.</summary>
    /// <param name="item">The message's item.</param>
    /// <exception cref="FormatException">The item's place cannot be read.</exception>
    public static BatchPlace? PlaceOf(IReadOnlyDictionary<string, AttributeValue> item) =>
        item.Text(Columns.Batch) is { } place ? ReadPlace(place) : null;

    /// <summary>The status of a message, and whether the Scheduler is to look at it, without reading the rest.</summary>
    /// <param name="item">The message's item.</param>
    /// <exception cref="FormatException">The item has no status.</exception>
    public static (MessageStatus Status, bool IsDue) StatusOf(IReadOnlyDictionary<string, AttributeValue> item) =>
        (new RankKey(item.Text(Columns.Rank) ?? throw new FormatException("The item has no status.")).Status,
            item.ContainsKey(Columns.DueAt));

    private static string PlaceKey(BatchPlace place) =>
        string.Create(CultureInfo.InvariantCulture, $"{place.Id}#{place.Index}#{place.Total}");

    private static BatchPlace ReadPlace(string key) =>
        key.Split('#') is [var id, var index, var total]
            ? new(
                id,
                int.Parse(index, NumberStyles.None, CultureInfo.InvariantCulture),
                int.Parse(total, NumberStyles.None, CultureInfo.InvariantCulture))
            : throw new FormatException("The item's place in its batch cannot be read.");

    internal static string DueKey(string messageId) => Columns.DueKeyOf(Shards.Of(messageId, Columns.DueShards));

    // The first event is the item itself: it is not stored again.
    private static TimelineEvent[] Timeline(Message message, Dictionary<string, AttributeValue> map)
    {
        var first = message.Direction == Direction.Inbound ? MessageStatus.Received
            : message.ScheduledAt is null ? MessageStatus.Accepted : MessageStatus.Scheduled;
        return
        [
            new() { Id = first.Word(), Type = first.Word(), At = message.CreatedAt },
            .. map.Select(e => Event(e.Key, e.Value.M)).OrderBy(e => e.At).ThenBy(e => e.Id, StringComparer.Ordinal),
        ];
    }

    private static AttributeValue Part(PlannedPart plan, PartState state)
    {
        var part = new Dictionary<string, AttributeValue>
        {
            [Columns.Rank] = Attr.S(state.Rank.Value),
            [Columns.PartAttempts] = Attr.N(state.Attempts),
            [Columns.PartSegments] = Attr.N(plan.Segments),
        };
        if (plan.Length is { } length)
        {
            part[Columns.PartOffset] = Attr.N(plan.Offset);
            part[Columns.PartLength] = Attr.N(length);
        }

        if (plan.Encoding is { } encoding) part[Columns.PartEncoding] = Attr.S(encoding.Word());
        if (plan.IsCaption) part[Columns.PartIsCaption] = Attr.True;
        if (state.LeaseUntil is { } lease) part[Columns.PartLease] = Attr.Time(lease);
        if (state.Deferral is { } deferral) part[Columns.PartDeferral] = Attr.S(deferral.Value);
        return Attr.M(part);
    }

    private static PlannedPart Planned(Dictionary<string, AttributeValue> part) => new()
    {
        Offset = (int)(part.Number(Columns.PartOffset) ?? 0),
        Length = (int?)part.Number(Columns.PartLength),
        Segments = (int)(part.Number(Columns.PartSegments) ?? 1),
        Encoding = EnumWords.FromWord<SmsEncoding>(part.Text(Columns.PartEncoding)),
        IsCaption = part.Flag(Columns.PartIsCaption),
    };

    private static FileState File(IReadOnlyDictionary<string, AttributeValue> item, int file) =>
        item.Text(Columns.FileName(file)) is { } json ? JsonSerializer.Deserialize(json, OmniJson.Wire.FileState)! : new();

    private static PartState State(Dictionary<string, AttributeValue> part) => new()
    {
        Rank = new RankKey(part.Text(Columns.Rank) ?? RankKey.Of(MessageStatus.Accepted).Value),
        Attempts = (int)(part.Number(Columns.PartAttempts) ?? 0),
        Retries = (int)(part.Number(Columns.PartRetries) ?? 0),
        LeaseUntil = part.Moment(Columns.PartLease),
        Slot = ReadSlot(part),
        UnknownSince = part.Moment(Columns.PartUnknownSince),
        Faults = (int)(part.Number(Columns.PartFaults) ?? 0),
        Deferral = part.Text(Columns.PartDeferral) is { } deferral ? new RankKey(deferral) : null,
        CarrierMessageId = part.Text(Columns.CarrierMessageId),
        CarrierTime = part.Moment(Columns.PartCarrierTime),
        Pricing = part.Text(Columns.PartPricing) is { } json ? JsonSerializer.Deserialize(json, OmniJson.Wire.Pricing) : null,
    };

    /// <summary>A place in the line is a number, one in front of it a text.</summary>
    public static AttributeValue SlotValue(Slot slot) =>
        slot.IsFront ? Attr.S(slot.Place.ToString(CultureInfo.InvariantCulture)) : Attr.N(slot.Place);

    private static Slot? ReadSlot(Dictionary<string, AttributeValue> part) =>
        (part.Number(Columns.PartSlot), part.Text(Columns.PartSlot)) switch
        {
            ({ } place, _) => new Slot(place),
            (_, { } front) => new Slot(long.Parse(front, CultureInfo.InvariantCulture), IsFront: true),
            _ => null,
        };

    private static T Word<T>(IReadOnlyDictionary<string, AttributeValue> item, string name) where T : struct, Enum =>
        item.Text(name) is { } word
            ? EnumWords.FromWord<T>(word) ?? throw new FormatException($"The item's {name} is not known.")
            : default;

    private static Content ReadContent(string json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, OmniJson.Wire.Content) ?? throw new FormatException("The item has no content.");
        }
        catch (JsonException unreadable)
        {
            throw new FormatException("The item's content cannot be read.", unreadable);
        }
    }
}
