using Omni.Shared;

namespace Omni.Api;

/// <summary>Reads a delivery window. Equal ones are equal here: days in their order, each once.</summary>
internal static class DeliveryWindowReader
{
    private const string TimeRule = "It is a time such as 09:00, from 00:00 to 24:00.";

    /// <summary>The window; null when there is none, or it cannot be read, and then the errors tell why.</summary>
    public static DeliveryWindow? Read(JsonFields request)
    {
        if (request.Object("deliveryWindow") is not { } fields) return null;

        var days = Days(fields);
        var (from, to) = (Time(fields, "from"), Time(fields, "to"));
        var zone = fields.Text("timeZone", required: true, max: 64);
        fields.RefuseOthers();
        if (DeliveryWindow.MinutesOf(to) <= DeliveryWindow.MinutesOf(from))
            fields.Refuse("to", "out_of_range", "It is later than from: a window lies within a day.");
        if (zone is not null && zone != DeliveryWindow.Recipient && !DeliveryHours.IsZone(zone))
        {
            fields.Refuse(
                "timeZone", "invalid_value", $"It is an IANA zone such as Europe/Berlin, or {DeliveryWindow.Recipient}.");
        }

        return from is null || to is null || zone is null ? null : new() { Days = days, From = from, To = to, TimeZone = zone };
    }

    private static Weekday[] Days(JsonFields fields)
    {
        if (fields.Texts("days") is not { } words) return Enum.GetValues<Weekday>();

        foreach (var (index, word) in words.Index())
        {
            if (EnumWords.FromWord<Weekday>(word) is null)
                fields.Refuse($"days[{index}]", "invalid_value", $"It is one of {EnumList.Of<Weekday>()}.");
        }

        return [.. words.Select(EnumWords.FromWord<Weekday>).OfType<Weekday>().Distinct().Order()];
    }

    private static string? Time(JsonFields fields, string name)
    {
        if (fields.Text(name, required: true) is not { } text) return null;
        if (DeliveryWindow.MinutesOf(text) is not null) return text;

        fields.Refuse(name, "invalid_value", TimeRule);
        return null;
    }
}
