using System.Text.Json;
using Omni.Shared;

namespace Omni.Concierge;

/// <summary>
/// What the concierge says: <c>texts/concierge.json</c> in its package. In texts about opening, <c>{day}</c> and <c>{time}</c> are when
/// people are there next, by the clock of the opening hours.
/// </summary>
public sealed record ConciergeTexts
{
    /// <summary>The greeting, above the menu.</summary>
    public required string Greeting { get; init; }

    /// <summary>What is said above the menu when a message was not understood.</summary>
    public required string NotUnderstood { get; init; }

    /// <summary>The text of the button that opens the menu, where it is a list.</summary>
    public required string MenuButton { get; init; }

    /// <summary>The answers, which are the first entries of the menu.</summary>
    public required IReadOnlyList<ConciergeAnswer> Answers { get; init; }

    /// <summary>The opening hours, the next entry.</summary>
    public required ConciergeHours Hours { get; init; }

    /// <summary>Talking to a person, the last entry.</summary>
    public required ConciergePerson Person { get; init; }

    /// <summary>After how many minutes without a word the conversation ends.</summary>
    public required int IdleMinutes { get; init; }

    /// <summary>What is said then; null for nothing.</summary>
    public string? Idle { get; init; }

    /// <summary>How many messages in a row may not be understood until a person is asked.</summary>
    public required int MaxMisses { get; init; }

    /// <summary>Reads the texts of the package.</summary>
    /// <exception cref="FormatException">They cannot be what the concierge says; the message tells why.</exception>
    public static ConciergeTexts Load() =>
        Read(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "texts", "concierge.json")));

    /// <summary>Reads texts.</summary>
    /// <param name="json">The file.</param>
    /// <exception cref="FormatException">They cannot be what the concierge says; the message tells why.</exception>
    public static ConciergeTexts Read(ReadOnlySpan<byte> json)
    {
        ConciergeTexts texts;
        try
        {
            texts = JsonSerializer.Deserialize(json, ConciergeJson.Default.ConciergeTexts)
                ?? throw new FormatException("There are no texts.");
        }
        catch (JsonException wrong)
        {
            throw new FormatException($"The texts cannot be read: {wrong.Message}", wrong);
        }

        if (texts.Hours.Open is not { Days.Count: > 0 } open || !DeliveryHours.IsZone(open.TimeZone)
            || DeliveryWindow.MinutesOf(open.From) is not { } from || DeliveryWindow.MinutesOf(open.To) is not { } to || from >= to)
            throw new FormatException("hours.open has days, from and to as HH:mm, and an IANA time zone.");
        if (texts.Hours.DayNames.Count != 7) throw new FormatException("hours.dayNames are seven, Monday first.");
        if (texts.IdleMinutes < 1 || texts.MaxMisses < 1) throw new FormatException("idleMinutes and maxMisses are at least 1.");
        return texts;
    }
}

/// <summary>An answer.</summary>
public sealed record ConciergeAnswer
{
    /// <summary>Its id in the menu.</summary>
    public required string Id { get; init; }

    /// <summary>Its entry in the menu; up to 20 characters, which every carrier with buttons takes.</summary>
    public required string Title { get; init; }

    /// <summary>Words that ask for it wherever they stand in a message.</summary>
    public IReadOnlyList<string> Words { get; init; } = [];

    /// <summary>What is said, a message each.</summary>
    public required IReadOnlyList<string> Says { get; init; }
}

/// <summary>The opening hours.</summary>
public sealed record ConciergeHours
{
    /// <summary>The entry in the menu.</summary>
    public required string Title { get; init; }

    /// <summary>Words that ask for them.</summary>
    public IReadOnlyList<string> Words { get; init; } = [];

    /// <summary>When people are there.</summary>
    public required DeliveryWindow Open { get; init; }

    /// <summary>The names of the days, Monday first.</summary>
    public required IReadOnlyList<string> DayNames { get; init; }

    /// <summary>What is said while they are.</summary>
    public required string IsOpen { get; init; }

    /// <summary>What is said while they are not.</summary>
    public required string IsClosed { get; init; }
}

/// <summary>Talking to a person.</summary>
public sealed record ConciergePerson
{
    /// <summary>The entry in the menu.</summary>
    public required string Title { get; init; }

    /// <summary>Words that ask for one.</summary>
    public IReadOnlyList<string> Words { get; init; } = [];

    /// <summary>What is said while people are there.</summary>
    public required string IsOpen { get; init; }

    /// <summary>What is said while they are not.</summary>
    public required string IsClosed { get; init; }
}
