namespace Omni.Simulators.Twilio;

/// <summary>The simulated Twilio account: its credentials, its numbers, its messaging services and its templates.</summary>
public sealed record TwilioOptions
{
    /// <summary><c>AC</c> and 32 hex digits.</summary>
    public string AccountSid { get; init; } = "AC00000000000000000000000000000042";

    /// <summary>The primary token: it authenticates calls and signs webhooks.</summary>
    public string AuthToken { get; init; } = "simulated-primary-token";

    /// <summary>The secondary token of a rotation: it authenticates calls, and signs once told to (<c>signWith</c>).</summary>
    public string SecondaryAuthToken { get; init; } = "simulated-secondary-token";

    /// <summary><c>SK</c> and 32 hex digits. A key authenticates calls and never signs.</summary>
    public string? ApiKeySid { get; init; }

    /// <summary>The secret of <see cref="ApiKeySid"/>.</summary>
    public string? ApiKeySecret { get; init; }

    /// <summary>The senders of the account, as they stand in <c>From</c>: numbers, short codes, names, channel addresses.</summary>
    public IReadOnlyList<string> OwnNumbers { get; init; } =
    [
        "+12065550100", "+12065550101", "+12065550102", "+12065550131", "+12065550132", TwilioNumbers.MagicSender, "whatsapp:+14155238886",
    ];

    /// <summary>The messaging services of the account. A sender belongs to one service at most.</summary>
    public IReadOnlyList<TwilioService> Services { get; init; } =
        [new("MG00000000000000000000000000000042", ["+12065550101", "+12065550102"])];

    /// <summary>Template bodies by <c>HX</c> SID, with places such as <c>{{1}}</c>.</summary>
    public IReadOnlyDictionary<string, string> ContentTemplates { get; init; } =
        new Dictionary<string, string> { ["HX00000000000000000000000000000042"] = "Hello {{1}}, your parcel comes at {{2}}." };

    /// <summary>
    /// Parts each sender takes. One part a second is a long code's pace; ten hours of it fit into Twilio's queue, and so into the bucket.
    /// </summary>
    public RateLimit Rate { get; init; } = new(PerSecond: 1, Burst: 36_000);
}

/// <summary>A messaging service: a pool of senders behind one SID.</summary>
/// <param name="Sid"><c>MG</c> and 32 hex digits.</param>
/// <param name="Pool">Senders of the account.</param>
/// <param name="StatusCallback">Where receipts go when the message names no place of its own.</param>
public sealed record TwilioService(string Sid, IReadOnlyList<string> Pool, string? StatusCallback = null);
