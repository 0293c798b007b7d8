using Omni.Shared;

namespace Omni.Api;

/// <summary>
/// Reads the legs of a request. What a leg leaves out of recipient, sender and content is the request's.
/// </summary>
internal static class LegsReader
{
    // The clock that looks whether a receipt is overdue ticks once a minute.
    private const int MinNoReceiptSeconds = 60;

    /// <summary>The legs; null when something is wrong with them, and then the errors tell what.</summary>
    /// <param name="request">The request.</param>
    /// <param name="whole">What the request says of all of it; null for what it does not say.</param>
    /// <param name="ttlSeconds">How long the whole request may be tried.</param>
    public static IReadOnlyList<PlannedLeg>? Read(JsonFields request, (Address? To, Address? From, Content? Content) whole, int ttlSeconds)
    {
        if (request.Objects("failover", leg => Leg(leg, whole, ttlSeconds), required: true) is not { } legs) return null;

        if (request.Member("failover")!.Value.GetArrayLength() is (< Legs.Fewest or > Legs.Most) and var count)
            request.Refuse("failover", "invalid_length", $"It has {Legs.Fewest} to {Legs.Most} legs; this has {count}.");

        foreach (var (index, leg) in legs.Index())
        {
            var isLast = index == legs.Count - 1;
            if (isLast && (leg?.On.Count > 0 || leg?.NoReceiptAfterSeconds is not null))
                request.Refuse($"failover[{index}].on", "not_here", "Nothing follows the last leg.");
        }

        return [.. legs.Select((leg, index) => leg is { On.Count: 0 } && index < legs.Count - 1 ? leg with { On = Silent(leg) } : leg!)];
    }

    private static LegEnd[] Silent(PlannedLeg leg) =>
        leg.NoReceiptAfterSeconds is null ? [LegEnd.Failed] : [LegEnd.Failed, LegEnd.NoReceipt];

    private static PlannedLeg? Leg(JsonFields leg, (Address? To, Address? From, Content? Content) whole, int ttlSeconds)
    {
        var carrier = leg.Text("carrier", required: true, max: 64);
        var known = CarrierCatalogue.Find(carrier);
        var to = leg.Member("to") is null ? whole.To : AddressReader.To(leg, known);
        var from = leg.Member("from") is null && whole.From is { } shared ? shared : AddressReader.From(leg, known);
        var content = leg.Member("content") is null && whole.Content is { } said ? said : ContentReader.Read(leg);
        var on = Ends(leg);
        var receipt = leg.Whole("noReceiptAfterSeconds", MinNoReceiptSeconds, SendRequest.MaxTtlSeconds);
        if (receipt is null && on.Contains(LegEnd.NoReceipt))
            leg.Refuse("noReceiptAfterSeconds", "required", "It is required for noReceipt.");
        if (receipt is not null && on.Count > 0 && !on.Contains(LegEnd.NoReceipt))
            leg.Refuse("noReceiptAfterSeconds", "not_here", "It belongs to noReceipt.");
        if (receipt >= ttlSeconds)
            leg.Refuse("noReceiptAfterSeconds", "out_of_range", $"It is less than the ttlSeconds of the message, {ttlSeconds}.");
        var ttl = leg.Whole("ttlSeconds", SendRequest.MinTtlSeconds, SendRequest.MaxTtlSeconds);
        leg.RefuseOthers();
        return carrier is null || to is null || from is null || content is null ? null : new()
        {
            Carrier = carrier, To = to, From = from, Content = content, On = on, NoReceiptAfterSeconds = receipt, TtlSeconds = ttl,
        };
    }

    private static IReadOnlyList<LegEnd> Ends(JsonFields leg)
    {
        var words = leg.Texts("on") ?? [];
        foreach (var (index, word) in words.Index())
        {
            if (EnumWords.FromWord<LegEnd>(word) is null)
                leg.Refuse($"on[{index}]", "invalid_value", $"It is one of {EnumList.Of<LegEnd>()}.");
        }

        return [.. words.Select(EnumWords.FromWord<LegEnd>).OfType<LegEnd>().Distinct().Order()];
    }
}
