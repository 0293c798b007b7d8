using NodaTime;
using NodaTime.TimeZones;
using PhoneNumbers;

namespace Omni.Shared;

/// <summary>
/// Tells when a delivery window is open. Zones come with the code (NodaTime's copy of the IANA database): a function's machine may have
/// none, or an old one.
/// </summary>
public static class DeliveryHours
{
    // Every window opens within a week by one zone; by several it opens within days, or never.
    private static readonly Duration Reach = Duration.FromDays(15);

    /// <summary>Whether there is such a zone.</summary>
    /// <param name="timeZone">An IANA name.</param>
    public static bool IsZone(string timeZone) => DateTimeZoneProviders.Tzdb.Ids.Contains(timeZone);

    /// <summary>What the clocks of a zone show at a moment.</summary>
    /// <param name="timeZone">An IANA name.</param>
    /// <param name="moment">The moment.</param>
    public static DateTimeOffset InZone(string timeZone, DateTimeOffset moment) =>
        Instant.FromDateTimeOffset(moment).InZone(DateTimeZoneProviders.Tzdb[timeZone]).ToDateTimeOffset();

    /// <summary>Whether it is known by which zones a window goes for a recipient.</summary>
    /// <param name="window">The window.</param>
    /// <param name="to">The recipient.</param>
    public static bool KnowsZone(DeliveryWindow window, Address to) => ZonesOf(window, to).Count > 0;

    /// <summary>The first moment, from one on, at which a window is open: that moment itself when it is open then.</summary>
    /// <param name="window">The window.</param>
    /// <param name="to">The recipient.</param>
    /// <param name="from">The moment.</param>
    /// <returns>The moment; null when it is never open, or the recipient's zones are not known.</returns>
    public static DateTimeOffset? NextOpening(DeliveryWindow window, Address to, DateTimeOffset from)
    {
        var zones = ZonesOf(window, to);
        if (zones.Count == 0) return null;

        // Where one zone is closed, the others are asked about the moment at which it opens, until none objects.
        var begin = Instant.FromDateTimeOffset(from);
        for (var at = begin; at < begin + Reach;)
        {
            var opening = at;
            foreach (var zone in zones)
            {
                if (NextIn(zone, window, opening) is not { } next) return null;
                opening = next;
            }

            if (opening == at) return at.ToDateTimeOffset();
            at = opening;
        }

        return null;
    }

    /// <summary>Until when a message has to wait for its window.</summary>
    /// <param name="message">The message.</param>
    /// <param name="now">The time.</param>
    /// <returns>
    /// The next opening, or the message's deadline when that is earlier; null when it has no window, or the window is open.
    /// </returns>
    public static DateTimeOffset? ClosedUntil(Message message, DateTimeOffset now)
    {
        if (message.DeliveryWindow is not { } window) return null;

        var opening = NextOpening(window, message.To, now);
        if (opening == now) return null;

        return opening < message.Deadline ? opening : message.Deadline;
    }

    private static Instant? NextIn(DateTimeZone zone, DeliveryWindow window, Instant at)
    {
        var today = at.InZone(zone).Date;
        for (var ahead = 0; ahead <= 7; ahead++)
        {
            var date = today.PlusDays(ahead);
            if (!window.Days.Contains((Weekday)(date.DayOfWeek - IsoDayOfWeek.Monday))) continue;

            // Where clocks are put forward, a time that is left out is taken for the one after the gap.
            var (start, end) = (At(date, window.From), At(date, window.To));
            if (end > at && end > start) return start > at ? start : at;
        }

        return null;

        Instant At(LocalDate date, string time)
        {
            var minutes = DeliveryWindow.MinutesOf(time) ?? throw new FormatException("A delivery window has a time that is none.");
            return zone.AtLeniently((date + LocalTime.Midnight).PlusMinutes(minutes)).ToInstant();
        }
    }

    private static IReadOnlyList<DateTimeZone> ZonesOf(DeliveryWindow window, Address to)
    {
        IEnumerable<string> names = window.TimeZone != DeliveryWindow.Recipient ? [window.TimeZone]
            : to.Type == AddressType.Phone ? ZonesOf(to.Value)
            : [];
        return [.. names.Select(DateTimeZoneProviders.Tzdb.GetZoneOrNull).OfType<DateTimeZone>()];
    }

    // By the number's prefix, whatever its kind: where it tells no more than the country, these are all of the country's zones.
    private static IEnumerable<string> ZonesOf(string e164)
    {
        try
        {
            return PhoneNumberToTimeZonesMapper.GetInstance()
                .GetTimeZonesForGeographicalNumber(PhoneNumberUtil.GetInstance().Parse(e164, defaultRegion: null));
        }
        catch (NumberParseException)
        {
            return [];
        }
    }
}
