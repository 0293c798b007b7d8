using System.Text.Json.Serialization;

namespace Omni.Simulators.Phones;

/// <summary>What a phone on a carrier can do.</summary>
internal sealed record PhoneFacts
{
    /// <summary>The account's senders, in the form in which a person names them.</summary>
    public required IReadOnlyList<string> Senders { get; init; }

    /// <summary>How a person is named: by their <c>phone</c> number, or by any <c>name</c> of the tester's.</summary>
    public string Person { get; init; } = "phone";

    /// <summary>The colour that people know it by, as CSS writes colours; white stands on it.</summary>
    public required string Colour { get; init; }

    /// <summary>Whether they can send pictures.</summary>
    public bool Pictures { get; init; } = true;

    /// <summary>Whether the carrier tells that they read.</summary>
    public bool Reads { get; init; }

    /// <summary>Whether the carrier tells that their phone is off.</summary>
    public bool Off { get; init; } = true;
}

/// <summary>A message on a person's phone, in either direction.</summary>
internal sealed record PhoneMessage
{
    /// <summary>The carrier's id.</summary>
    public required string Id { get; init; }

    /// <summary>Whether the person wrote it.</summary>
    public bool Mine { get; init; }

    public required DateTimeOffset At { get; init; }
    public string? Header { get; init; }
    public string? Text { get; init; }
    public string? Footer { get; init; }

    /// <summary>Addresses of pictures and files; <c>data:</c> for those that the person sent.</summary>
    public IReadOnlyList<string> Files { get; init; } = [];

    /// <summary>What can be tapped.</summary>
    public IReadOnlyList<PhoneChoice> Choices { get; init; } = [];

    /// <summary>Whether the person read it, where the carrier tells that.</summary>
    public bool Read { get; init; }
}

/// <summary>Something to tap.</summary>
/// <param name="Id">What the tap says.</param>
/// <param name="Title">What stands on it.</param>
internal sealed record PhoneChoice(string Id, string Title)
{
    /// <summary>Where it leads, instead of saying something.</summary>
    public string? Url { get; init; }

    /// <summary>A row of a list rather than a button.</summary>
    public bool Row { get; init; }

    /// <summary>The headline above it, where choices come in cards or sections.</summary>
    public string? Group { get; init; }

    public string? Description { get; init; }
}

/// <summary>Who holds the phone, and whose messages are looked at.</summary>
internal record PhonePair
{
    public required string Person { get; init; }
    public required string Sender { get; init; }
}

/// <summary>What a person does: one of text, picture and choice.</summary>
internal sealed record PhoneWrite : PhonePair
{
    /// <summary>Their name, where the carrier shows one.</summary>
    public string? Name { get; init; }

    public string? Text { get; init; }
    public PhonePicture? Picture { get; init; }
    public PhoneChoice? Choice { get; init; }
}

/// <summary>A picture that a person sends.</summary>
internal sealed record PhonePicture(string ContentType, byte[] Base64);

/// <summary>How a carrier behaves towards everybody, and whose phones are off.</summary>
internal sealed record PhoneBehaviour
{
    public AnswerFault Answers { get; init; }
    public ReceiptFault Receipts { get; init; }

    /// <summary>Phones that are off.</summary>
    public IReadOnlyList<string> Off { get; init; } = [];
}

/// <summary>How a carrier answers.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<AnswerFault>))]
internal enum AnswerFault
{
    /// <summary>As it should.</summary>
    [JsonStringEnumMemberName("usual")] Usual,

    /// <summary>Too many requests.</summary>
    [JsonStringEnumMemberName("throttled")] Throttled,

    /// <summary>Its own fault.</summary>
    [JsonStringEnumMemberName("fault")] Fault,

    /// <summary>It takes the message, and the answer is lost.</summary>
    [JsonStringEnumMemberName("lost")] Lost,
}

/// <summary>How a carrier's receipts come.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ReceiptFault>))]
internal enum ReceiptFault
{
    /// <summary>As they should.</summary>
    [JsonStringEnumMemberName("usual")] Usual,

    /// <summary>Never.</summary>
    [JsonStringEnumMemberName("lost")] Lost,

    /// <summary>Five seconds late.</summary>
    [JsonStringEnumMemberName("late")] Late,

    /// <summary>Twice.</summary>
    [JsonStringEnumMemberName("double")] Double,
}
