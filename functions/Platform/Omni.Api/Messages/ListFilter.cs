using Omni.Shared;

namespace Omni.Api;

/// <summary>Which messages of a tenant a list shows.</summary>
internal sealed record ListFilter
{
    public static readonly string[] Parameters =
    [
        "direction", "carrier", "status", "to", "from", "conversationId", "clientReference", "label", "legs",
        "createdAfter", "createdBefore",
    ];

    public required string Tenant { get; init; }

    public Direction? Direction { get; init; }

    public Carrier? Carrier { get; init; }

    public MessageStatus? Status { get; init; }

    public Address? To { get; init; }

    public Address? From { get; init; }

    public string? ConversationId { get; init; }

    public string? ClientReference { get; init; }

    public string? Label { get; init; }

    /// <summary>Whether the legs of messages are shown beside them. In a conversation they always are: it has nothing else.</summary>
    public bool Legs { get; init; }

    /// <summary>At this moment or after it.</summary>
    public DateTimeOffset? CreatedAfter { get; init; }

    /// <summary>Before this moment.</summary>
    public DateTimeOffset? CreatedBefore { get; init; }

    /// <summary>Tells these filters from others: a cursor belongs to one set of them.</summary>
    public required string Hash { get; init; }

    /// <summary>Whether a page of keys may hold messages that do not belong to the list.</summary>
    public bool IsSelective =>
        Direction is not null
            || Carrier is not null
            || Status is not null
            || To is not null
            || From is not null
            || ClientReference is not null
            || (Label is not null && ConversationId is not null);

    public static ListFilter Read(ApiCall call)
    {
        var query = call.Query;
        return new()
        {
            Tenant = call.Tenant,
            Direction = query.Word<Direction>("direction"),
            Carrier = query.Parsed("carrier", "There is no such carrier.", CarrierCatalogue.Find),
            Status = query.Word<MessageStatus>("status"),
            To = query.Parsed("to", AddressReader.UrlRule, text => AddressReader.FromPath(text)),
            From = query.Parsed("from", AddressReader.UrlRule, text => AddressReader.FromPath(text)),
            ConversationId = query.Parsed(
                "conversationId", "It is the conversationId of a message.", text => Ids.IsConversation(text) ? text : null),
            ClientReference = query.Text("clientReference"),
            Label = query.Parsed(
                "label", $"A label has 1 to {SendRequest.MaxLabel} characters.",
                text => text.Length is > 0 and <= SendRequest.MaxLabel ? text : null),
            Legs = query.Flag("legs") ?? false,
            CreatedAfter = query.Moment("createdAfter"),
            CreatedBefore = query.Moment("createdBefore"),
            Hash = Ids.Hash([
                call.Tenant, .. query.Values.Where(value => Parameters.Contains(value.Key)).Select(value => $"{value.Key}={value.Value}")
            ]),
        };
    }

    public bool Matches(MessageRecord record)
    {
        var message = record.Message;
        return message.Tenant == Tenant
            && (Legs || message.Parent is null || OneConversation is not null)
            && (Direction is null || message.Direction == Direction)
            && (Carrier is null || message.Carrier == Carrier.Id)
            && (Status is null || record.Status == Status)
            && (To is null || message.To == To)
            && (From is null || message.From == From)
            && (ConversationId is null || message.ConversationId == ConversationId)
            && (ClientReference is null || message.ClientReference == ClientReference)
            && (Label is null || message.Label == Label);
    }

    /// <summary>
    /// The one conversation that the filters leave, as far as they tell: the conversation's index is then the shorter way.
    /// </summary>
    public string? OneConversation => this switch
    {
        { ConversationId: { } id } => id,
        { Carrier: { } carrier, To: { } to, From: { } from, Direction: { } direction } => direction == Shared.Direction.Outbound
            ? Ids.Conversation(Tenant, carrier.Id, Defaults.Account, ours: from, theirs: to)
            : Ids.Conversation(Tenant, carrier.Id, Defaults.Account, ours: to, theirs: from),
        _ => null,
    };
}
