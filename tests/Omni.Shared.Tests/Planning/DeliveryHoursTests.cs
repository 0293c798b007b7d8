using System.Globalization;

namespace Omni.Shared.Tests.Planning;

public sealed class DeliveryHoursTests
{
    private const string Office = "mon,tue,wed,thu,fri 09:00 18:00";
    private const string Daily = "mon,tue,wed,thu,fri,sat,sun 09:00 18:00";

    /// <summary>A window and its zone, the recipient, a moment, and when it opens from there; null for never.</summary>
    [Theory]
    [InlineData(Office, "Europe/Berlin", "+4930123456", "2026-03-14T12:00:00Z", "2026-03-16T08:00:00Z")] // a Saturday
    [InlineData(Office, "Europe/Berlin", "+4930123456", "2026-03-16T07:59:59.999Z", "2026-03-16T08:00:00Z")]
    [InlineData(Office, "Europe/Berlin", "+4930123456", "2026-03-16T08:00:00Z", "2026-03-16T08:00:00Z")]
    [InlineData(Office, "Europe/Berlin", "+4930123456", "2026-03-16T16:59:59.999Z", "2026-03-16T16:59:59.999Z")]
    [InlineData(Office, "Europe/Berlin", "+4930123456", "2026-03-16T17:00:00Z", "2026-03-17T08:00:00Z")]
    [InlineData(Office, "Europe/Berlin", "+4930123456", "2026-03-20T17:00:00Z", "2026-03-23T08:00:00Z")]
    [InlineData(Office, "Europe/Berlin", "+4930123456", "2026-03-29T12:00:00Z", "2026-03-30T07:00:00Z")] // summer time began
    [InlineData("sun 02:00 02:30", "Europe/Berlin", "+4930123456", "2026-03-29T00:00:00Z", "2026-03-29T01:00:00Z")] // left out that day
    [InlineData("sun 02:00 03:00", "Europe/Berlin", "+4930123456", "2026-10-24T12:00:00Z", "2026-10-25T00:00:00Z")] // twice that day
    [InlineData("sun 02:00 03:00", "Europe/Berlin", "+4930123456", "2026-10-25T01:59:00Z", "2026-10-25T01:59:00Z")]
    [InlineData("sat 00:00 24:00", "America/New_York", "+4930123456", "2026-03-13T12:00:00Z", "2026-03-14T04:00:00Z")]
    [InlineData("sat 00:00 24:00", "America/New_York", "+4930123456", "2026-03-15T03:59:00Z", "2026-03-15T03:59:00Z")]
    [InlineData("sat 00:00 24:00", "America/New_York", "+4930123456", "2026-03-15T04:00:00Z", "2026-03-21T04:00:00Z")]
    [InlineData("mon 23:00 24:00", "Pacific/Kiritimati", "+4930123456", "2026-03-16T08:00:00Z", "2026-03-16T09:00:00Z")] // UTC+14
    [InlineData(Daily, "recipient", "+14155550123", "2026-03-14T12:00:00Z", "2026-03-14T16:00:00Z")]
    [InlineData(Daily, "recipient", "+4915112345678", "2026-03-14T12:00:00Z", "2026-03-14T12:00:00Z")]
    [InlineData(Daily, "recipient", "+919812345678", "2026-03-14T12:31:00Z", "2026-03-15T03:30:00Z")]
    [InlineData(Daily, "recipient", "+74951234567", "2026-03-14T15:00:00Z", "2026-03-15T06:00:00Z")]
    [InlineData(Daily, "recipient", "+18005550123", "2026-03-14T12:00:00Z", null)]
    [InlineData("sat,sun 00:00 24:00", "recipient", "+18005550123", "2026-03-11T12:00:00Z", "2026-03-14T11:00:00Z")] // from Samoa to Guam
    public void A_window_opens_by_the_clock_of_its_zone(string window, string zone, string to, string at, string? opening)
    {
        var next = DeliveryHours.NextOpening(Window(window, zone), Address.Phone(to), Moment(at));

        Assert.Equal(opening is null ? null : Moment(opening), next);
    }

    [Fact]
    public void Only_a_number_tells_a_zone()
    {
        var window = Window(Daily, "recipient");

        Assert.True(DeliveryHours.KnowsZone(window, Address.Phone("+14155550123")));
        Assert.All(
            (Address[])[new(AddressType.WhatsappUserId, "US.1349"), new(AddressType.LivechatChat, "PJ0MRSHTDG")],
            to => Assert.Equal((false, null), (DeliveryHours.KnowsZone(window, to), DeliveryHours.NextOpening(window, to, default))));
    }

    [Theory]
    [InlineData("Europe/Berlin", true)]
    [InlineData("America/Argentina/Buenos_Aires", true)]
    [InlineData("US/Pacific", true)] // an older name
    [InlineData("UTC", true)]
    [InlineData("europe/berlin", false)]
    [InlineData("CEST", false)]
    [InlineData("UTC+2", false)]
    [InlineData("recipient", false)]
    [InlineData("", false)]
    public void Zones_are_known_by_their_IANA_names(string name, bool isKnown)
    {
        Assert.Equal(isKnown, DeliveryHours.IsZone(name));
    }

    [Theory]
    [InlineData("00:00", 0)]
    [InlineData("09:30", 570)]
    [InlineData("23:59", 1439)]
    [InlineData("24:00", 1440)]
    [InlineData("24:01", null)]
    [InlineData("9:00", null)]
    [InlineData("09:00:00", null)]
    [InlineData("", null)]
    [InlineData(null, null)]
    public void A_time_of_the_day_is_read(string? time, int? minutes)
    {
        Assert.Equal(minutes, DeliveryWindow.MinutesOf(time));
    }

    /// <summary>The deadline is 4 hours after 12:00.</summary>
    [Theory]
    [InlineData(null, "2026-03-14T12:00:00Z", null)]
    [InlineData("sat 09:00 18:00", "2026-03-14T12:00:00Z", null)]
    [InlineData("sat 13:00 18:00", "2026-03-14T12:00:00Z", "2026-03-14T13:00:00Z")]
    [InlineData("sat 17:00 18:00", "2026-03-14T12:00:00Z", "2026-03-14T16:00:00Z")]
    [InlineData("sun 09:00 18:00", "2026-03-14T12:00:00Z", "2026-03-14T16:00:00Z")]
    public void A_message_waits_for_its_window_but_not_beyond_its_deadline(string? window, string now, string? until)
    {
        var message = new Message
        {
            Id = "msg_1", Carrier = "twilio", To = Address.Phone("+14155550123"), From = Address.Phone("+12065550100"),
            Content = new TextContent { Body = "Hello" }, CreatedAt = Moment("2026-03-14T12:00:00Z"),
            DeliveryWindow = window is null ? null : Window(window, "UTC"),
        };

        Assert.Equal(until is null ? null : Moment(until), DeliveryHours.ClosedUntil(message, Moment(now)));
    }

    /// <summary>Against the machine's own zones, minute by minute: open where it says, and closed before.</summary>
    [Fact]
    public void An_opening_is_the_first_open_minute()
    {
        var random = new Random(20260314);
        string[] zones = ["Europe/Berlin", "America/Los_Angeles", "Asia/Kathmandu", "Australia/Lord_Howe", "America/St_Johns", "UTC"];
        for (var i = 0; i < 300; i++)
        {
            var zone = zones[random.Next(zones.Length)];
            if (!TimeZoneInfo.TryFindSystemTimeZoneById(zone, out var clock)) return; // a machine without zones
            Weekday[] days = [.. Enum.GetValues<Weekday>().Where(_ => random.Next(2) == 0).DefaultIfEmpty(Weekday.Wed)];
            var from = random.Next(3, 23); // no clock is changed in these hours
            var window = new DeliveryWindow
            {
                Days = days,
                From = $"{from:00}:{random.Next(60):00}",
                To = $"{random.Next(from + 1, 25):00}:00",
                TimeZone = zone,
            };
            var at = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero).AddMinutes(random.Next(365 * 24 * 60));

            var opening = DeliveryHours.NextOpening(window, Address.Phone("+14155550123"), at)!.Value;

            var label = $"{string.Join(',', days)} {window.From} {window.To} {zone} from {at:O}: {opening:O}";
            Assert.True(IsOpen(window, clock, opening), label);
            for (var minute = at; minute < opening; minute = minute.AddMinutes(1)) Assert.False(IsOpen(window, clock, minute), label);
        }
    }

    private static bool IsOpen(DeliveryWindow window, TimeZoneInfo clock, DateTimeOffset at)
    {
        var local = TimeZoneInfo.ConvertTime(at, clock);
        var minute = (local.Hour * 60) + local.Minute;
        return window.Days.Contains((Weekday)(((int)local.DayOfWeek + 6) % 7))
            && minute >= DeliveryWindow.MinutesOf(window.From) && minute < DeliveryWindow.MinutesOf(window.To);
    }

    private static DeliveryWindow Window(string window, string zone)
    {
        var words = window.Split(' ');
        Weekday[] days = [.. words[0].Split(',').Select(day => EnumWords.FromWord<Weekday>(day)!.Value)];
        return new() { Days = days, From = words[1], To = words[2], TimeZone = zone };
    }

    private static DateTimeOffset Moment(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture).ToUniversalTime();
}
