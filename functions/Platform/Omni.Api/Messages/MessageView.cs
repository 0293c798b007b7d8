using Omni.Shared;

namespace Omni.Api;

/// <summary>A message and what has become of it.</summary>
internal sealed record MessageView
{
    public required string Id { get; init; }

    public required Direction Direction { get; init; }

    public required MessageStatus Status { get; init; }

    public required bool Final { get; init; }

    public ErrorView? Error { get; init; }

    /// <summary>Outbound: why the part whose turn it is was put off the last time, until it is sent.</summary>
    public ErrorView? Deferral { get; init; }

    public required bool Contradicted { get; init; }

    public bool? CancelRequested { get; init; }

    public required string Carrier { get; init; }

    public required Address To { get; init; }

    public required Address From { get; init; }

    public required Content Content { get; init; }

    public ContentType? AdaptedFrom { get; init; }

    public Priority? Priority { get; init; }

    public int? TtlSeconds { get; init; }

    public DateTimeOffset? ScheduledAt { get; init; }

    public string? ClientReference { get; init; }

    public IReadOnlyDictionary<string, string>? Metadata { get; init; }

    public UnknownOutcomePolicy? OnUnknownOutcome { get; init; }

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

    public required string ConversationId { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    public required MessageLinks Links { get; init; }

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
            Error = ErrorView.Of(state.Rank, message.Carrier),
            Deferral = ErrorView.OfDeferral(record),
            Contradicted = state.Contradicted,
            CancelRequested = outbound ? state.CancelRequested : null,
            Carrier = message.Carrier,
            To = message.To,
            From = message.From,
            Content = message.Content,
            AdaptedFrom = message.AdaptedFrom,
            Priority = outbound ? message.Priority : null,
            TtlSeconds = outbound ? message.TtlSeconds : null,
            ScheduledAt = message.ScheduledAt,
            ClientReference = message.ClientReference,
            Metadata = message.Metadata,
            OnUnknownOutcome = outbound ? message.OnUnknownOutcome : null,
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
            ConversationId = message.ConversationId,
            CreatedAt = message.CreatedAt,
            UpdatedAt = state.UpdatedAt,
            Links = MessageLinks.To(message.Id),
        };
    }
}

/// <summary>One carrier message of a message.</summary>
internal sealed record PartView
{
    public required int Index { get; init; }

    public required MessageStatus Status { get; init; }

    public ErrorView? Error { get; init; }

    /// <summary>Why it was put off the last time, until it is sent.</summary>
    public ErrorView? Deferral { get; init; }

    public required int Segments { get; init; }

    public string? Encoding { get; init; }

    public required int Attempts { get; init; }

    public string? CarrierMessageId { get; init; }

    /// <summary>Whether it is the caption of the file before it; null for everything else.</summary>
    public bool? IsCaption { get; init; }

    public Pricing? Pricing { get; init; }

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
internal sealed record FileView
{
    public required string Status { get; init; }

    public string? MediaId { get; init; }

    public string? MimeType { get; init; }

    public long? Bytes { get; init; }

    public string? Sha256 { get; init; }

    /// <summary>Why it could not be kept.</summary>
    public string? Code { get; init; }

    public FileLinks? Links { get; init; }

    public static FileView Of(FileState file) => new()
    {
        Status = file.Status.Word(),
        MediaId = file.MediaId,
        MimeType = file.MimeType,
        Bytes = file.Bytes,
        Sha256 = file.Sha256,
        Code = file.Code,
        Links = file is { Status: FileStatus.Stored, MediaId: { } id } ? new(ReadMedia.PathOf(id)) : null,
    };
}

/// <summary>Where a file can be had.</summary>
internal sealed record FileLinks(string Content);
