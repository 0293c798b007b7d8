using System.Text.Json;
using System.Text.Json.Serialization;

namespace Omni.Simulators.Script;

/// <summary>
/// One scripted misbehaviour. With <see cref="Times"/> it counts down and goes before standing rules; without, it stands until the
/// script is cleared. The first rule that matches a submission decides alone.
/// </summary>
internal sealed record Rule
{
    public RuleMatch? Match { get; init; }

    /// <summary>How many submissions it applies to. Null: all.</summary>
    public int? Times { get; init; }

    /// <summary>
    /// How many of a hundred matching submissions it applies to, by lot. Null: all. The shares of several rules lie beside each other.
    /// </summary>
    public double? Percent { get; init; }

    /// <summary>How long the carrier thinks before it looks at the submission.</summary>
    public int? LatencyMs { get; init; }

    /// <summary>Refuse with this status; nothing is accepted.</summary>
    public int? HttpStatus { get; init; }

    /// <summary>Refuse with this code of the carrier, alone or with <see cref="HttpStatus"/>.</summary>
    [JsonConverter(typeof(CodeConverter))]
    public string? ErrorCode { get; init; }

    /// <summary>The Retry-After header of a refusal.</summary>
    public int? RetryAfterSeconds { get; init; }

    /// <summary>Accept, count the submission, and then lose the answer.</summary>
    public AcceptThen? AcceptThen { get; init; }

    public ReceiptRule? Receipts { get; init; }

    /// <summary>Changes the key that signs every webhook from now on. A rule that says nothing else is not kept.</summary>
    public SigningKey? SignWith { get; init; }

    public bool Refuses => HttpStatus is not null || ErrorCode is not null;

    /// <summary>Why the rule makes no sense, or null.</summary>
    public string? Problem() => this switch
    {
        { Times: < 1 } => "times must be 1 or more; leave it out for a standing rule.",
        { Percent: <= 0 or > 100 } => "percent must be above 0, and 100 at most.",
        { LatencyMs: < 0 } or { Receipts.DelayMs: < 0 } or { Receipts.Duplicate: < 0 } => "A delay or a count cannot be negative.",
        { HttpStatus: < 400 or > 599 } => "httpStatus must be 400 to 599.",
        { Refuses: true, AcceptThen: not null } => "A submission is either refused or accepted: choose httpStatus/errorCode or acceptThen.",
        { Receipts: { Path: not null and not [_, ..] } } => "path must name a status; use lost for no receipts.",
        _ => null,
    };
}

/// <summary>Which submissions a rule is for. What is left out matches all.</summary>
internal sealed record RuleMatch
{
    public string? To { get; init; }

    /// <summary>The sender as it was submitted: its address, or the service it was left to.</summary>
    public string? From { get; init; }

    public string? BodyContains { get; init; }

    public bool Matches(string? to, string? from, string? body) =>
        (To is null || To == to)
        && (From is null || From == from)
        && (BodyContains is null || body?.Contains(BodyContains, StringComparison.Ordinal) is true);
}

/// <summary>How the delivery receipts of a submission go astray.</summary>
internal sealed record ReceiptRule
{
    /// <summary>The statuses reported, in the carrier's words. Null: what is usual for the recipient.</summary>
    public IReadOnlyList<string>? Path { get; init; }

    /// <summary>The carrier's code in a failing last status; without a path, the usual path for a failure.</summary>
    [JsonConverter(typeof(CodeConverter))]
    public string? ErrorCode { get; init; }

    /// <summary>The message takes its path, and nobody is told.</summary>
    public bool Lost { get; init; }

    /// <summary>How many more times each receipt is sent.</summary>
    public int Duplicate { get; init; }

    /// <summary>The pause before each receipt.</summary>
    public int? DelayMs { get; init; }

    /// <summary>Out of order: the last status is reported first.</summary>
    public bool Shuffle { get; init; }

    /// <summary>All receipts are sent before the submission is answered.</summary>
    public bool BeforeAnswer { get; init; }

    /// <summary>The receipts to send, as positions in <paramref name="path"/>.</summary>
    public static IEnumerable<int> Order(ReceiptRule? rule, IReadOnlyList<string> path)
    {
        var positions = Enumerable.Range(0, path.Count);
        if (rule is null) return positions;
        return (rule.Shuffle ? positions.Reverse() : positions).SelectMany(position => Enumerable.Repeat(position, 1 + rule.Duplicate));
    }
}

/// <summary>How the answer to an accepted submission is lost.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<AcceptThen>))]
internal enum AcceptThen
{
    /// <summary>No answer, until the client gives up.</summary>
    [JsonStringEnumMemberName("timeout")] Timeout,

    /// <summary>The connection is reset.</summary>
    [JsonStringEnumMemberName("reset")] Reset,

    /// <summary>The carrier's error 500.</summary>
    [JsonStringEnumMemberName("500")] Fault,
}

/// <summary>Which of the account's two secrets signs, while one is being rotated.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<SigningKey>))]
internal enum SigningKey
{
    [JsonStringEnumMemberName("primary")] Primary,
    [JsonStringEnumMemberName("secondary")] Secondary,
}

/// <summary>Carriers' codes are numbers here and words there: both are read, and kept as text.</summary>
internal sealed class CodeConverter : JsonConverter<string>
{
    public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType is JsonTokenType.Number ? reader.GetInt64().ToString() : reader.GetString();

    public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WriteStringValue(value);
}
