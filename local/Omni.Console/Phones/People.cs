namespace Omni.WebConsole.Phones;

/// <summary>Somebody to play.</summary>
/// <param name="Name">Their name.</param>
/// <param name="Number">Their number.</param>
internal sealed record People(string Name, string Number)
{
    /// <summary>Everybody, in the order in which they come.</summary>
    public static readonly IReadOnlyList<People> All =
    [
        new("Ann", "+14155550123"), new("Bob", "+14155550177"), new("Carl", "+14155550188"), new("Dana", "+14155550142"),
        new("Eve", "+14155550165"), new("Finn", "+14155550131"),
    ];

    /// <summary>The first.</summary>
    public static People First => All[0];

    /// <summary>Their phone on a carrier.</summary>
    public Phone On(string carrier, PhoneFacts facts) =>
        new(carrier, facts.Person == "name" ? Name.ToLowerInvariant() : Number, Name, facts.Senders[0]);

    /// <summary>A behaviour with somebody's phone off, or on.</summary>
    public static PhoneBehaviour Turned(PhoneBehaviour behaviour, string person, bool off) => behaviour with
    {
        Off = [.. behaviour.Off.Where(other => other != person), .. off ? (string[])[person] : []],
    };
}
