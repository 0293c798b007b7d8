namespace Omni.Client;

/// <summary>What messages came to.</summary>
public sealed record Usage
{
    /// <summary>The first day, in UTC.</summary>
    public required DateOnly From { get; init; }

    /// <summary>The last day, in UTC.</summary>
    public required DateOnly To { get; init; }

    /// <summary>What makes a row.</summary>
    public required string By { get; init; }

    /// <summary>The sums, a row each.</summary>
    public required IReadOnlyList<UsageRow> Data { get; init; }

    /// <summary>When the youngest of the days that were counted was; missing when none was.</summary>
    public DateTimeOffset? CountedAt { get; init; }
}

/// <summary>The sums of a day, carrier, sender or status.</summary>
public sealed record UsageRow
{
    /// <summary>By day: the day on which the messages were taken, in UTC.</summary>
    public DateOnly? Day { get; init; }

    /// <summary>The carrier: <see cref="CarrierId"/>.</summary>
    public string? Carrier { get; init; }

    /// <summary>By sender: our address, at its carrier; missing for what is beyond the number of senders that are told apart.</summary>
    public Address? Sender { get; init; }

    /// <summary>Where it is: <see cref="MessageStatus"/>.</summary>
    public string? Status { get; init; }

    /// <summary>Messages to people, whatever became of them.</summary>
    public required int Outbound { get; init; }

    /// <summary>Messages from people.</summary>
    public required int Inbound { get; init; }

    /// <summary>What carriers count for the parts that they took.</summary>
    public required int Segments { get; init; }

    /// <summary>What carriers charge, as far as they say so: by currency.</summary>
    public required IReadOnlyList<UsagePrice> Prices { get; init; }
}

/// <summary>A sum of money.</summary>
public sealed record UsagePrice
{
    /// <summary>ISO 4217.</summary>
    public required string Currency { get; init; }

    /// <summary>How much.</summary>
    public required decimal Amount { get; init; }
}
