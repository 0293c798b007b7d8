using System.Text.Json.Serialization;

namespace Omni.Simulators.Inteliquent;

/// <summary>The simulated Inteliquent account: its two keys, its numbers, and how its webhook was registered.</summary>
public sealed record InteliquentOptions
{
    /// <summary>The outbound key: the bearer of every call to the broker.</summary>
    public string ApiKey { get; init; } = "simulated-api-key";

    /// <summary>
    /// The inbound key: it makes the hash headers of every webhook call. Null: registered without, there are no such headers.
    /// </summary>
    public string? WebhookKey { get; init; } = "simulated-webhook-key";

    /// <summary>The key that makes them once told to (<c>signWith</c>).</summary>
    public string SecondaryWebhookKey { get; init; } = "simulated-secondary-webhook-key";

    /// <summary>Which of the two formulas makes the hash.</summary>
    public InteliquentHash Hash { get; init; } = InteliquentHash.Sha256;

    /// <summary>The name of the static header of every webhook call; null for none.</summary>
    public string? HeaderName { get; init; } = "X-Webhook-Key";

    /// <summary>Its value.</summary>
    public string HeaderValue { get; init; } = "simulated-header-value";

    /// <summary>What stands behind the route in the registered URL; null for nothing.</summary>
    public string? PathToken { get; init; } = "simulated-path-token";

    /// <summary>The numbers of the account, as the carrier writes them: eleven digits.</summary>
    public IReadOnlyList<string> OwnNumbers { get; init; } = ["12065550100", "12065550101", "12065550102"];

    /// <summary>Messages that each number may send. The carrier tells no figure; this one keeps no demo waiting.</summary>
    public RateLimit Rate { get; init; } = new(PerSecond: 100, Burst: 10_000);
}

/// <summary>The two formulas of the hash headers: the documented one, and the one that receivers saw.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<InteliquentHash>))]
public enum InteliquentHash
{
    /// <summary>HMAC-SHA256 of the message id under the key.</summary>
    [JsonStringEnumMemberName("hmac")] Hmac,

    /// <summary>SHA-256 of the key followed by the message id.</summary>
    [JsonStringEnumMemberName("sha256")] Sha256,
}
