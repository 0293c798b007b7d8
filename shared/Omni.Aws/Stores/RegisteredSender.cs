using System.Text.Json.Serialization;
using Omni.Shared;

namespace Omni.Aws;

/// <summary>Whether messages leave from a sender.</summary>
[JsonConverter(typeof(CamelCaseEnumConverter<SenderState>))]
public enum SenderState
{
    /// <summary>They do.</summary>
    Active,

    /// <summary>They wait until it is active again.</summary>
    Paused,
}

/// <summary>An address of ours at a carrier, and whose it is. One number can be at several carriers: each is a sender of its own.</summary>
public sealed record RegisteredSender
{
    /// <summary>The carrier's id.</summary>
    public required string Carrier { get; init; }

    /// <summary>The address.</summary>
    public required Address Address { get; init; }

    /// <summary>Whose it is: what people write to it is this tenant's, and no other sends from it.</summary>
    public required string Tenant { get; init; }

    /// <summary>The carrier's sub-account.</summary>
    public string Account { get; init; } = Defaults.Account;

    /// <summary>What it carries; empty when nobody said.</summary>
    public IReadOnlyList<SenderChannel> Channels { get; init; } = [];

    /// <summary>The country that it is of, ISO 3166-1 alpha-2.</summary>
    public string? Country { get; init; }

    /// <summary>The pool that it is in.</summary>
    public string? Pool { get; init; }

    /// <summary>Its share of the pool's messages, against the others' weights.</summary>
    public int? Weight { get; init; }

    /// <summary>Messages (SMS: segments) a second, where its rate is another than the carrier's.</summary>
    public double? RatePerSecond { get; init; }

    /// <summary>Whether messages leave from it.</summary>
    public SenderState State { get; init; }

    /// <summary>What handles its conversations.</summary>
    public string? Processor { get; init; }

    /// <summary>What it listens to and answers by itself, by language; empty for nothing.</summary>
    public IReadOnlyList<KeywordAnswers> Keywords { get; init; } = [];

    /// <summary>The client's own words about it.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    /// <summary>When it was registered.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it was last changed.</summary>
    public DateTimeOffset UpdatedAt { get; init; }
}
