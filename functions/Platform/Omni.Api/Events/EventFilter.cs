using Omni.Shared;

namespace Omni.Api;

/// <summary>Which events of a tenant a feed shows.</summary>
internal sealed record EventFilter
{
    public static readonly string[] Parameters = ["types", "carrier", "conversation", "legs"];

    public IReadOnlySet<string>? Types { get; init; }

    public Carrier? Carrier { get; init; }

    public string? Conversation { get; init; }

    /// <summary>Whether the events of messages' legs are shown too.</summary>
    public bool Legs { get; init; }

    public static EventFilter Read(Query query) => new()
    {
        Types = query.Parsed("types", $"They are some of {string.Join(", ", EventTypes.All)}, with commas between them.", TypesOf),
        Carrier = query.Parsed("carrier", "There is no such carrier.", CarrierCatalogue.Find),
        Conversation = query.Parsed(
            "conversation", "It is the conversationId of a message.", text => Ids.IsConversation(text) ? text : null),
        Legs = query.Flag("legs") ?? false,
    };

    public bool Matches(ClientEvent e) =>
        (Legs || !e.IsOfLeg)
        && Types?.Contains(e.Type) != false
        && (Carrier is null || e.Carrier == Carrier.Id)
        && (Conversation is null || e.ConversationId == Conversation);

    private static HashSet<string>? TypesOf(string text) =>
        text.Split(',').ToHashSet() is var types && types.IsSubsetOf(EventTypes.All) ? types : null;
}
