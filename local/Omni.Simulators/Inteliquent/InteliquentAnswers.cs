using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Omni.Simulators.Script;

namespace Omni.Simulators.Inteliquent;

/// <summary>
/// A refusal in the broker's dialects: <c>success: false</c> inside a 200, <c>statusCode</c> and <c>status</c> (of which only 408 is
/// documented for the broker), and the XML of the gateway in front of it.
/// What the first says as its reason is this simulator's own: the carrier lists no words.
/// </summary>
internal sealed record InteliquentRefusal(int Status, string Code, string Body, string ContentType = "application/json")
{
    private const string GatewayFault = "900901";

    /// <summary>The call is wrong.</summary>
    public static InteliquentRefusal UserError(string text) => OfCode(StatusCodes.Status408RequestTimeout, "408", text);

    /// <summary>The call is right and the broker does not take it.</summary>
    public static InteliquentRefusal Declined(string reason, string detail, int status = StatusCodes.Status200OK) =>
        new(status, reason, InteliquentJson.Text(new { success = false, reason, detail }));

    public static InteliquentRefusal OfCode(int status, string code, string text) =>
        new(status, code, InteliquentJson.Text(new { statusCode = code, status = text }));

    /// <summary>
    /// The refusal that a rule asks for: a number is a <c>statusCode</c>, a word a <c>reason</c>;
    /// a status alone comes from something in between.
    /// </summary>
    public static InteliquentRefusal From(Rule rule) => rule switch
    {
        { ErrorCode: GatewayFault } => new(rule.HttpStatus ?? 401, GatewayFault,
            $"""<ams:fault xmlns:ams="http://wso2.org/apimanager/security"><ams:code>{GatewayFault}</ams:code>"""
                + """<ams:message>Invalid Credentials</ams:message></ams:fault>""",
            "application/xml"),
        { ErrorCode: { } code } when int.TryParse(code, NumberStyles.None, CultureInfo.InvariantCulture, out var number) =>
            OfCode(rule.HttpStatus ?? (number is >= 400 and <= 599 ? number : number / 1000), code, "The request was refused"),
        { ErrorCode: { } reason } => Declined(reason, "The message was refused", rule.HttpStatus ?? 200),
        _ => new(rule.HttpStatus ?? 500, $"http_{rule.HttpStatus}", $"<html><body><h1>{rule.HttpStatus}</h1></body></html>", "text/html"),
    };

    public IResult ToResult(HttpContext context, int? retryAfterSeconds = null)
    {
        if (retryAfterSeconds is { } seconds) context.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        return Results.Content(Body, ContentType, statusCode: Status);
    }
}

/// <summary>The broker's JSON: camelCase, and what is not there is left out.</summary>
internal static class InteliquentJson
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull,
    };

    public static string Text(object value) => JsonSerializer.Serialize(value, Options);

    /// <summary>The answer to a call that was taken; each recipient has a word of its own.</summary>
    public static IResult Taken(string referenceId, InteliquentSend send) => Results.Content(
        Text(new
        {
            success = true,
            reason = "SUCCESS",
            detail = "SUCCESS",
            result = new
            {
                referenceId,
                from = send.From,
                text = send.Text,
                mediaUrls = send.MediaUrls is [] ? null : send.MediaUrls,
                messageType = send.MediaUrls is [] ? "SMS" : "MMS",
                resultResponses = send.To.Select(to => new { to, status = to == InteliquentNumbers.NotTaken ? "FAILED" : "SUCCESS" }),
            },
        }),
        "application/json");
}
