namespace Omni.Shared;

/// <summary>A message and what has become of it, as clients see it: in the API and in events.</summary>
public sealed record MessageView
{
    /// <summary>Its id, <c>msg_…</c>.</summary>
    public required string Id { get; init; }

    /// <summary>Which way it goes.</summary>
    public required Direction Direction { get; init; }

    /// <summary>Where it is.</summary>
    public required MessageStatus Status { get; init; }

    /// <summary>Whether nothing of Omni's own will change its status any more.</summary>
    public required bool Final { get; init; }

    /// <summary>Why it did not succeed; null when it did, or is on its way.</summary>
    public ErrorView? Error { get; init; }

    /// <summary>Outbound: why the part whose turn it is was put off the last time, until it is sent.</summary>
    public ErrorView? Deferral { get; init; }

    /// <summary>Whether the carrier reported both a success and a failure.</summary>
    public required bool Contradicted { get; init; }

    /// <summary>Outbound: whether the client asked to cancel it.</summary>
    public bool? CancelRequested { get; init; }

    /// <summary>Outbound: the message that this one repeats.</summary>
    public string? ResendOf { get; init; }

    /// <summary>Outbound: the message that last repeated it.</summary>
    public string? ResentAs { get; init; }

    /// <summary>Outbound: the batch that it belongs to.</summary>
    public string? BatchId { get; init; }

    /// <summary>Outbound: what Omni answers by it, by itself; null for what a client sent.</summary>
    public AutomaticAnswer? Automatic { get; init; }

    /// <summary>Outbound: the legs that it is tried on, one after the other; null for a message that goes one way.</summary>
    public IReadOnlyList<LegView>? Failover { get; init; }

    /// <summary>Outbound, of a message with legs: the leg that was begun last. Of a leg: which one it is. From 0.</summary>
    public int? Leg { get; init; }

    /// <summary>Outbound, of a message with legs: the other legs that may have reached the person too; null for none.</summary>
    public IReadOnlyList<int>? AlsoSent { get; init; }

    /// <summary>Outbound: the message that this one is a leg of.</summary>
    public string? Parent { get; init; }

    /// <summary>The carrier's id; null for a message with legs, which have one each.</summary>
    public string? Carrier { get; init; }

    /// <summary>Who it goes to.</summary>
    public required Address To { get; init; }

    /// <summary>Who it comes from.</summary>
    public required Address From { get; init; }

    /// <summary>Outbound: how carrier and sender were chosen; null where the request named them.</summary>
    public RouteView? Route { get; init; }

    /// <summary>What it says.</summary>
    public required Content Content { get; init; }

    /// <summary>When what it said was deleted; null when it was not.</summary>
    public DateTimeOffset? ContentDeletedAt { get; init; }

    /// <summary>When the person that it was written to or by was deleted; null when they were not.</summary>
    public DateTimeOffset? PersonDeletedAt { get; init; }

    /// <summary>The kind of content that was asked for, where a rule degraded it.</summary>
    public ContentType? AdaptedFrom { get; init; }

    /// <summary>Outbound: how soon it must leave.</summary>
    public Priority? Priority { get; init; }

    /// <summary>Outbound: how long it may be tried, in seconds.</summary>
    public int? TtlSeconds { get; init; }

    /// <summary>When to send it; null for at once.</summary>
    public DateTimeOffset? ScheduledAt { get; init; }

    /// <summary>Outbound: when the person may be written to; null for always.</summary>
    public DeliveryWindow? DeliveryWindow { get; init; }

    /// <summary>The client's own reference.</summary>
    public string? ClientReference { get; init; }

    /// <summary>The client's own word for messages that belong together.</summary>
    public string? Label { get; init; }

    /// <summary>The client's own data.</summary>
    public IReadOnlyDictionary<string, string>? Metadata { get; init; }

    /// <summary>Outbound: what to do when the outcome stays unknown.</summary>
    public UnknownOutcomePolicy? OnUnknownOutcome { get; init; }

    /// <summary>Outbound: what is wished for its files; null for a message without files of its own.</summary>
    public MediaOptions? Media { get; init; }

    /// <summary>Outbound: its files as the carrier takes them, in the content's order; null until they are made.</summary>
    public IReadOnlyList<PreparedFile>? Prepared { get; init; }

    /// <summary>Outbound: the links in its text, in the place of files that the carrier does not carry; null for none.</summary>
    public IReadOnlyList<FileLink>? FileLinks { get; init; }

    /// <summary>Outbound: its carrier messages, in order.</summary>
    public IReadOnlyList<PartView>? Parts { get; init; }

    /// <summary>Inbound: the carrier's id.</summary>
    public string? CarrierMessageId { get; init; }

    /// <summary>The carrier's id of the message that this one answers.</summary>
    public string? ReplyTo { get; init; }

    /// <summary>Inbound: the others in a group.</summary>
    public IReadOnlyList<Address>? Participants { get; init; }

    /// <summary>Inbound: the carrier's id of the stretch of conversation.</summary>
    public string? Thread { get; init; }

    /// <summary>Inbound: the advertisement or the page that the person came from.</summary>
    public Referral? Referral { get; init; }

    /// <summary>Inbound: whether the person passed on what somebody had written.</summary>
    public bool? Forwarded { get; init; }

    /// <summary>Inbound: whether it has been passed on many times.</summary>
    public bool? FrequentlyForwarded { get; init; }

    /// <summary>Inbound: when the carrier says the person wrote it.</summary>
    public DateTimeOffset? SentAt { get; init; }

    /// <summary>Inbound: what became of the content's files, in their order.</summary>
    public IReadOnlyList<FileView>? Files { get; init; }

    /// <summary>The conversation that it belongs to; null for a message with legs, which have one each.</summary>
    public string? ConversationId { get; init; }

    /// <summary>When it was taken.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it last changed.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>Where it can be followed.</summary>
    public required MessageLinks Links { get; init; }

    /// <summary>The view of a message.</summary>
    /// <param name="record">The message.</param>
    public static MessageView Of(MessageRecord record)
    {
        var (message, state) = record;
        var outbound = message.Direction == Direction.Outbound;
        return new()
        {
            Id = message.Id,
            Direction = message.Direction,
            Status = record.Status,
            Final = record.Status.IsFinal(),
            Error = ErrorView.Of(record),
            Deferral = ErrorView.OfDeferral(record),
            Contradicted = state.Contradicted,
            CancelRequested = outbound ? state.CancelRequested : null,
            ResendOf = message.ResendOf,
            ResentAs = state.ResentAs,
            BatchId = message.Batch?.Id,
            Automatic = message.Automatic,
            Failover = message.Failover is { } legs ? [.. legs.Select((leg, index) => LegView.Of(message.Id, index, leg))] : null,
            Leg = message.Failover is null ? message.Leg : state.CurrentLeg,
            AlsoSent = state.AlsoSent.Count > 0 ? state.AlsoSent : null,
            Parent = message.Parent,
            Carrier = message.Failover is null ? message.Carrier : null,
            To = message.To,
            From = message.From,
            Route = RouteView.Of(message),
            Content = message.Content,
            ContentDeletedAt = state.ContentDeletedAt,
            PersonDeletedAt = state.PersonDeletedAt,
            AdaptedFrom = message.AdaptedFrom,
            Priority = outbound ? message.Priority : null,
            TtlSeconds = outbound ? message.TtlSeconds : null,
            ScheduledAt = message.ScheduledAt,
            DeliveryWindow = message.DeliveryWindow,
            ClientReference = message.ClientReference,
            Label = message.Label,
            Metadata = message.Metadata,
            OnUnknownOutcome = outbound ? message.OnUnknownOutcome : null,
            Media = message.Media,
            Prepared = message.Prepared,
            FileLinks = message.FileLinks,
            Parts = outbound
                ? [.. message.Parts.Select((plan, index) => PartView.Of(message.Carrier, index, plan, state.Parts[index]))]
                : null,
            CarrierMessageId = message.CarrierMessageId,
            ReplyTo = message.ReplyTo,
            Participants = message.Participants,
            Thread = message.Thread,
            Referral = message.Referral,
            Forwarded = message.Forwarded,
            FrequentlyForwarded = message.FrequentlyForwarded,
            SentAt = message.SentAt,
            Files = state.Files is { Count: > 0 } files ? [.. files.Select(FileView.Of)] : null,
            ConversationId = message.Failover is null ? message.ConversationId : null,
            CreatedAt = message.CreatedAt,
            UpdatedAt = state.UpdatedAt,
            Links = MessageLinks.To(message.Id),
        };
    }
}

/// <summary>One way of a message with legs. What became of it is told by the message that it is.</summary>
public sealed record LegView
{
    /// <summary>Which, from 0.</summary>
    public required int Index { get; init; }

    /// <summary>The id of the message that it is, once it began.</summary>
    public required string Id { get; init; }

    /// <summary>The carrier's id.</summary>
    public required string Carrier { get; init; }

    /// <summary>Who it goes to.</summary>
    public required Address To { get; init; }

    /// <summary>Who it comes from.</summary>
    public required Address From { get; init; }

    /// <summary>What it says.</summary>
    public required Content Content { get; init; }

    /// <summary>The kind of content that was asked for, where a rule degraded it.</summary>
    public ContentType? AdaptedFrom { get; init; }

    /// <summary>What the next leg follows on; null for the last one.</summary>
    public IReadOnlyList<LegEnd>? On { get; init; }

    /// <summary>How long a delivery receipt is waited for, in seconds; null for any time.</summary>
    public int? NoReceiptAfterSeconds { get; init; }

    /// <summary>How long it may be tried, in seconds; null for as long as the whole message.</summary>
    public int? TtlSeconds { get; init; }

    /// <summary>The view of a leg.</summary>
    /// <param name="parentId">The message that it is a leg of.</param>
    /// <param name="index">Which, from 0.</param>
    /// <param name="leg">The leg.</param>
    public static LegView Of(string parentId, int index, PlannedLeg leg) => new()
    {
        Index = index,
        Id = Legs.IdOf(parentId, index),
        Carrier = leg.Carrier,
        To = leg.To,
        From = leg.From,
        Content = leg.Content,
        AdaptedFrom = leg.AdaptedFrom,
        On = leg.On.Count > 0 ? leg.On : null,
        NoReceiptAfterSeconds = leg.NoReceiptAfterSeconds,
        TtlSeconds = leg.TtlSeconds,
    };
}

/// <summary>One carrier message of a message.</summary>
public sealed record PartView
{
    /// <summary>Which, from 0.</summary>
    public required int Index { get; init; }

    /// <summary>Where it is.</summary>
    public required MessageStatus Status { get; init; }

    /// <summary>Why it did not succeed; null when it did, or is on its way.</summary>
    public ErrorView? Error { get; init; }

    /// <summary>Why it was put off the last time, until it is sent.</summary>
    public ErrorView? Deferral { get; init; }

    /// <summary>What the carrier counts for it.</summary>
    public required int Segments { get; init; }

    /// <summary>The encoding on the air, for SMS.</summary>
    public string? Encoding { get; init; }

    /// <summary>How often a call to the carrier was begun.</summary>
    public required int Attempts { get; init; }

    /// <summary>The carrier's id, once it took it.</summary>
    public string? CarrierMessageId { get; init; }

    /// <summary>Whether it is the caption of the file before it; null for everything else.</summary>
    public bool? IsCaption { get; init; }

    /// <summary>What it costs, where the carrier says so.</summary>
    public Pricing? Pricing { get; init; }

    /// <summary>The view of a part.</summary>
    /// <param name="carrier">The carrier's id.</param>
    /// <param name="index">Which part, from 0.</param>
    /// <param name="plan">How it was planned.</param>
    /// <param name="state">What has become of it.</param>
    public static PartView Of(string carrier, int index, PlannedPart plan, PartState state) => new()
    {
        Index = index,
        Status = state.Rank.Status,
        Error = ErrorView.Of(state.Rank, carrier),
        Deferral = ErrorView.OfDeferral(state, carrier),
        Segments = plan.Segments,
        Encoding = plan.Encoding?.Word(),
        Attempts = state.Attempts,
        CarrierMessageId = state.CarrierMessageId,
        IsCaption = plan.IsCaption ? true : null,
        Pricing = state.Pricing,
    };
}

/// <summary>A file of an inbound message.</summary>
public sealed record FileView
{
    /// <summary>How far its fetching is.</summary>
    public required string Status { get; init; }

    /// <summary>The id of the kept file.</summary>
    public string? MediaId { get; init; }

    /// <summary>Its type, as the carrier said.</summary>
    public string? MimeType { get; init; }

    /// <summary>Its size.</summary>
    public long? Bytes { get; init; }

    /// <summary>The SHA-256 of its bytes, lower-case hex.</summary>
    public string? Sha256 { get; init; }

    /// <summary>Its content type as its bytes tell it; null where they tell none.</summary>
    public string? DetectedType { get; init; }

    /// <summary>Its width in pixels, as it is shown.</summary>
    public int? Width { get; init; }

    /// <summary>Its height in pixels, as it is shown.</summary>
    public int? Height { get; init; }

    /// <summary>How long it plays, in milliseconds.</summary>
    public long? DurationMs { get; init; }

    /// <summary>Why it could not be kept.</summary>
    public string? Code { get; init; }

    /// <summary>Where it can be had.</summary>
    public FileLinks? Links { get; init; }

    /// <summary>The view of a file.</summary>
    /// <param name="file">The file.</param>
    public static FileView Of(FileState file) => new()
    {
        Status = file.Status.Word(),
        MediaId = file.MediaId,
        MimeType = file.MimeType,
        Bytes = file.Bytes,
        Sha256 = file.Sha256,
        DetectedType = file.DetectedType,
        Width = file.Width,
        Height = file.Height,
        DurationMs = file.DurationMs,
        Code = file.Code,
        Links = file is { Status: FileStatus.Stored, MediaId: { } id } ? FileLinks.To(id) : null,
    };
}

/// <summary>Where a file can be had.</summary>
/// <param name="Content">The path of its bytes.</param>
public sealed record FileLinks(string Content)
{
    /// <summary>The links of a kept file.</summary>
    /// <param name="mediaId">Its id.</param>
    public static FileLinks To(string mediaId) => new("/api/v1/media/" + mediaId);
}

/// <summary>Where a message can be followed.</summary>
/// <param name="Self">The path of the message.</param>
/// <param name="Status">The path of its status.</param>
/// <param name="Timeline">The path of its timeline.</param>
public sealed record MessageLinks(string Self, string Status, string Timeline)
{
    /// <summary>The links of a message.</summary>
    /// <param name="id">Its id.</param>
    public static MessageLinks To(string id)
    {
        var self = "/api/v1/messages/" + id;
        return new(self, self + "/status", self + "/timeline");
    }
}
