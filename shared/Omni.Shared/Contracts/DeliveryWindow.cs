using System.Globalization;
using System.Text.Json.Serialization;

namespace Omni.Shared;

/// <summary>A day of the week.</summary>
[JsonConverter(typeof(CamelCaseEnumConverter<Weekday>))]
public enum Weekday
{
    /// <summary>Monday.</summary>
    Mon,

    /// <summary>Tuesday.</summary>
    Tue,

    /// <summary>Wednesday.</summary>
    Wed,

    /// <summary>Thursday.</summary>
    Thu,

    /// <summary>Friday.</summary>
    Fri,

    /// <summary>Saturday.</summary>
    Sat,

    /// <summary>Sunday.</summary>
    Sun,
}

/// <summary>
/// When a person may be written to: on these days, from a time up to another of the same day, by the clock of a zone. When it is open is
/// told by <see cref="DeliveryHours"/>.
/// </summary>
public sealed record DeliveryWindow
{
    /// <summary>In place of a zone: those of the recipient's number. It is open when it is open in all of them.</summary>
    public const string Recipient = "recipient";

    /// <summary>The days, in their order.</summary>
    public required IReadOnlyList<Weekday> Days { get; init; }

    /// <summary>From when, as <c>HH:mm</c>.</summary>
    public required string From { get; init; }

    /// <summary>Up to when, as <c>HH:mm</c>; <c>24:00</c> is the end of the day.</summary>
    public required string To { get; init; }

    /// <summary>The IANA zone whose clock it goes by, or <see cref="Recipient"/>.</summary>
    public required string TimeZone { get; init; }

    /// <summary>The minutes since midnight of a time such as <c>09:30</c>; null when it is none.</summary>
    /// <param name="time">The time, <c>00:00</c> to <c>24:00</c>.</param>
    public static int? MinutesOf(string? time) => time switch
    {
        "24:00" => 24 * 60,
        _ when TimeOnly.TryParseExact(time, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var known) =>
            (known.Hour * 60) + known.Minute,
        _ => null,
    };
}
