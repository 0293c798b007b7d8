namespace Omni.Client;

/// <summary>An address of ours at a carrier.</summary>
public sealed record RegisteredSender
{
    /// <summary>The carrier: <see cref="CarrierId"/>.</summary>
    public required string Carrier { get; init; }

    /// <summary>Who a message goes to or comes from. A string is a phone number.</summary>
    public required Address Address { get; init; }

    /// <summary>Whose it is: what people write to it is this tenant's, and no other sends from it.</summary>
    public required string Tenant { get; init; }

    /// <summary>The carrier's sub-account: default.</summary>
    public required string Account { get; init; }

    /// <summary>What it carries.</summary>
    public required IReadOnlyList<string> Channels { get; init; }

    /// <summary>Its country's two letters: ISO 3166-1.</summary>
    public string? Country { get; init; }

    /// <summary>The pool that it is in.</summary>
    public string? Pool { get; init; }

    /// <summary>Its share of the pool, against the others' weights.</summary>
    public int? Weight { get; init; }

    /// <summary>Messages (SMS: segments) a second, where its rate is another than the carrier's.</summary>
    public double? RatePerSecond { get; init; }

    /// <summary>Whether it sends: <see cref="SenderState"/>.</summary>
    public required string State { get; init; }

    /// <summary>The processor that answers whoever writes to it.</summary>
    public string? Processor { get; init; }

    /// <summary>The words that it listens to beside the common ones, and what it answers by itself, by language.</summary>
    public IReadOnlyList<KeywordAnswers>? Keywords { get; init; }

    /// <summary>Your own words about it.</summary>
    public required IReadOnlyDictionary<string, string> Labels { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it last changed.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }
}

/// <summary>What is to be so of one of our own addresses. What is null is as when nothing was ever said.</summary>
public sealed record PutSender
{
    /// <summary>Whose it is: what people write to it is this tenant's, and no other sends from it. Your own when it is left out.</summary>
    public string? Tenant { get; init; }

    /// <summary>The carrier's sub-account: default.</summary>
    public string? Account { get; init; }

    /// <summary>What it carries.</summary>
    public IReadOnlyList<string>? Channels { get; init; }

    /// <summary>Its country's two letters: ISO 3166-1.</summary>
    public string? Country { get; init; }

    /// <summary>The pool that it is in.</summary>
    public string? Pool { get; init; }

    /// <summary>Its share of the pool, against the others' weights.</summary>
    public int? Weight { get; init; }

    /// <summary>Messages (SMS: segments) a second, where its rate is another than the carrier's.</summary>
    public double? RatePerSecond { get; init; }

    /// <summary>Whether it sends: <see cref="SenderState"/>.</summary>
    public string? State { get; init; }

    /// <summary>The processor that answers whoever writes to it.</summary>
    public string? Processor { get; init; }

    /// <summary>The words that it listens to beside the common ones, and what it answers by itself, by language.</summary>
    public IReadOnlyList<KeywordAnswers>? Keywords { get; init; }

    /// <summary>Your own words about it.</summary>
    public IReadOnlyDictionary<string, string>? Labels { get; init; }
}

/// <summary>What a sender listens to and answers in one language.</summary>
public sealed record KeywordAnswers
{
    /// <summary>BCP 47, such as en or pt-BR. The first language that has an answer is that of the common words.</summary>
    public required string Language { get; init; }

    /// <summary>Beside STOP, STOPALL, UNSUBSCRIBE, CANCEL, END and QUIT.</summary>
    public KeywordAnswer? OptOut { get; init; }

    /// <summary>Beside HELP and INFO.</summary>
    public KeywordAnswer? Help { get; init; }
}

/// <summary>Words that a sender listens to, and what it answers.</summary>
public sealed record KeywordAnswer
{
    /// <summary>At most 20. One must be the whole of a message; capitals do not matter.</summary>
    public IReadOnlyList<string>? Words { get; init; }

    /// <summary>What is answered; null for nothing.</summary>
    public string? Answer { get; init; }
}
