using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using Omni.Pipeline;

namespace Omni.Inteliquent.Outbound;

/// <summary>The body of <c>publishMessages</c>. One recipient a call, so that one id means one message and one receipt.</summary>
/// <param name="From">Our number: eleven digits, no plus.</param>
/// <param name="To">The recipient, in the same form.</param>
/// <param name="Text">The text.</param>
internal sealed record InteliquentRequest(
    [property: JsonPropertyName("from")] string From,
    [property: JsonPropertyName("to")] IReadOnlyList<string> To,
    [property: JsonPropertyName("text")] string Text);

/// <summary>The broker's answer, in any of its shapes.</summary>
internal sealed partial record InteliquentReply
{
    private const int FewestDigitsOfANumber = 7;

    /// <summary>Whether it was taken; an HTTP 200 alone does not say so.</summary>
    [JsonPropertyName("success")]
    public bool? Success { get; init; }

    /// <summary>A short word; <c>SUCCESS</c> when it was taken.</summary>
    [JsonPropertyName("reason"), JsonConverter(typeof(LooseText))]
    public string? Reason { get; init; }

    /// <summary>The code of a documented error body.</summary>
    [JsonPropertyName("statusCode"), JsonConverter(typeof(LooseText))]
    public string? StatusCode { get; init; }

    /// <summary>What the gateway before the broker says, when it lets nothing through.</summary>
    [JsonPropertyName("fault")]
    public InteliquentFault? Fault { get; init; }

    /// <summary>What became of it, when it was taken.</summary>
    [JsonPropertyName("result")]
    public InteliquentResult? Result { get; init; }

    /// <summary>The refusal of a recipient although the call was taken; null when there is none.</summary>
    [JsonIgnore]
    public string? RecipientRefusal =>
        Result?.Recipients is [{ Status: { Length: > 0 } status }, ..] && !status.Equals("SUCCESS", StringComparison.OrdinalIgnoreCase)
            ? Word(status) ?? "refused"
            : null;

    /// <summary>
    /// The carrier's code for a refusal: its number if it gives one, else its word. Never the details, which may repeat the text.
    /// </summary>
    [JsonIgnore]
    public string? Code => Word(StatusCode is { Length: > 0 } and not "200" ? StatusCode : Fault?.Code ?? Reason);

    // A number of a person is no code, and a sentence is none either.
    private static string? Word(string? text) =>
        text is not null && Short().IsMatch(text) && text.Count(char.IsAsciiDigit) < FewestDigitsOfANumber ? text : null;

    [GeneratedRegex(@"^[A-Za-z0-9_-]{1,40}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Short();
}

/// <summary>A refusal of the gateway, which has no other member in its answer.</summary>
internal sealed record InteliquentFault
{
    /// <summary>Its code: a number.</summary>
    [JsonPropertyName("code"), JsonConverter(typeof(LooseText))]
    public string? Code { get; init; }
}

/// <summary>What became of a message that was taken.</summary>
internal sealed record InteliquentResult
{
    /// <summary>The carrier's id; its form differs, so it is any text.</summary>
    [JsonPropertyName("referenceId"), JsonConverter(typeof(LooseText))]
    public string? ReferenceId { get; init; }

    /// <summary>One entry a recipient.</summary>
    [JsonPropertyName("resultResponses")]
    public IReadOnlyList<InteliquentRecipient>? Recipients { get; init; }
}

/// <summary>What became of it for one recipient.</summary>
internal sealed record InteliquentRecipient
{
    /// <summary><c>SUCCESS</c>, or a word that is nowhere listed.</summary>
    [JsonPropertyName("status"), JsonConverter(typeof(LooseText))]
    public string? Status { get; init; }
}

/// <summary>The JSON of the broker. What is not ASCII is escaped, so that no encoding can be mistaken.</summary>
[JsonSerializable(typeof(InteliquentRequest))]
[JsonSerializable(typeof(InteliquentReply))]
internal sealed partial class InteliquentJson : JsonSerializerContext
{
    /// <summary>Reads an answer; null when it is something else, such as a proxy's page.</summary>
    /// <param name="reply">The answer.</param>
    public static InteliquentReply? Read(CarrierReply reply) => reply.Read(Default.InteliquentReply) ?? Fault(reply.Body);

    // The gateway in front of the carrier's other API has answered in XML, whatever it was asked in: <ams:code>900901</ams:code>.
    private static InteliquentReply? Fault(byte[] body) =>
        FaultCode().Match(System.Text.Encoding.UTF8.GetString(body)) is { Success: true } fault
            ? new() { StatusCode = fault.Groups[1].Value }
            : null;

    [GeneratedRegex(@"<ams:code>\s*([0-9]{3,6})\s*</ams:code>", RegexOptions.CultureInvariant)]
    private static partial Regex FaultCode();
}
