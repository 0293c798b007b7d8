namespace Omni.WebConsole.Phones;

/// <summary>A phone: somebody on a carrier, looking at what a sender writes.</summary>
public sealed record Phone(string Carrier, string Person, string Name, string Sender);

/// <summary>What a phone on a carrier can do.</summary>
public sealed record PhoneFacts
{
    /// <summary>The account's senders.</summary>
    public required IReadOnlyList<string> Senders { get; init; }

    /// <summary>How a person is named: by <c>phone</c> or <c>name</c>.</summary>
    public required string Person { get; init; }

    /// <summary>The carrier's colour; white stands on it.</summary>
    public required string Colour { get; init; }

    /// <summary>Whether they can send pictures.</summary>
    public bool Pictures { get; init; }

    /// <summary>Whether the carrier tells that they read.</summary>
    public bool Reads { get; init; }

    /// <summary>Whether the carrier tells that their phone is off.</summary>
    public bool Off { get; init; }
}

/// <summary>What is on a phone.</summary>
public sealed record PhoneScreen
{
    /// <summary>The person, as webhooks name them; null before they wrote, where that decides it.</summary>
    public string? Theirs { get; init; }

    /// <summary>The messages, oldest first.</summary>
    public required IReadOnlyList<PhoneMessage> Messages { get; init; }
}

/// <summary>A message on a phone.</summary>
public sealed record PhoneMessage
{
    /// <summary>The carrier's id.</summary>
    public required string Id { get; init; }

    /// <summary>Whether the person wrote it.</summary>
    public bool Mine { get; init; }

    /// <summary>When.</summary>
    public DateTimeOffset At { get; init; }

    /// <summary>What stands above it.</summary>
    public string? Header { get; init; }

    /// <summary>What it says.</summary>
    public string? Text { get; init; }

    /// <summary>What stands below it.</summary>
    public string? Footer { get; init; }

    /// <summary>Addresses of its files.</summary>
    public IReadOnlyList<string> Files { get; init; } = [];

    /// <summary>What can be tapped.</summary>
    public IReadOnlyList<PhoneChoice> Choices { get; init; } = [];

    /// <summary>Whether they read it.</summary>
    public bool Read { get; init; }
}

/// <summary>Something to tap.</summary>
public sealed record PhoneChoice
{
    /// <summary>What the tap says.</summary>
    public required string Id { get; init; }

    /// <summary>What stands on it.</summary>
    public required string Title { get; init; }

    /// <summary>Where it leads instead.</summary>
    public string? Url { get; init; }

    /// <summary>A row of a list rather than a button.</summary>
    public bool Row { get; init; }

    /// <summary>The headline above it.</summary>
    public string? Group { get; init; }

    /// <summary>The line below it.</summary>
    public string? Description { get; init; }
}

/// <summary>A picture that a person sends.</summary>
public sealed record PhonePicture(string ContentType, byte[] Base64);

/// <summary>How a carrier behaves.</summary>
public sealed record PhoneBehaviour
{
    /// <summary>How it answers: <c>usual</c>, <c>throttled</c>, <c>fault</c> or <c>lost</c>.</summary>
    public string Answers { get; init; } = "usual";

    /// <summary>How receipts come: <c>usual</c>, <c>lost</c>, <c>late</c> or <c>double</c>.</summary>
    public string Receipts { get; init; } = "usual";

    /// <summary>Phones that are off.</summary>
    public IReadOnlyList<string> Off { get; init; } = [];
}
