using System.Collections.Frozen;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Omni.Simulators.Script;

namespace Omni.Simulators.WhatsApp;

/// <summary>
/// A refusal in Meta's words. https://developers.facebook.com/documentation/business-messaging/whatsapp/support/error-codes
/// </summary>
internal sealed record WhatsAppError(int Code, int Status, string Title, string? Details = null)
{
    public const int Token = 190,
        Parameter = 100,
        Value = 131009,
        Missing = 131008,
        Throughput = 130429,
        Pair = 131056,
        Fault = 131000,
        Window = 131047;
    public const int MarketingStopped = 131050, MediaUpload = 131053, Unsupported = 131051;

    private static readonly FrozenDictionary<int, (int Status, string Title)> Known = new Dictionary<int, (int, string)>
    {
        [1] = (500, "API unknown"),
        [2] = (503, "API service"),
        [4] = (429, "Application request limit reached"),
        [10] = (403, "Permission denied"),
        [Parameter] = (400, "Invalid parameter"),
        [Token] = (401, "Invalid OAuth access token"),
        [368] = (403, "Temporarily blocked for policies violations"),
        [80007] = (429, "Rate limit issues"),
        [Throughput] = (429, "Rate limit hit"),
        [130472] = (400, "User's number is part of an experiment"),
        [130497] = (403, "Business account is restricted from messaging users in this country"),
        [Fault] = (500, "Something went wrong"),
        [131005] = (403, "Access denied"),
        [Missing] = (400, "Required parameter is missing"),
        [Value] = (400, "Parameter value is not valid"),
        [131016] = (503, "Service unavailable"),
        [131021] = (400, "Recipient cannot be sender"),
        [131026] = (400, "Message undeliverable"),
        [131031] = (403, "Account has been locked"),
        [Window] = (400, "Re-engagement message"),
        [131049] = (400, "This message was not delivered to maintain healthy ecosystem engagement"),
        [MarketingStopped] = (400, "User has stopped marketing messages"),
        [Unsupported] = (400, "Unsupported message type"),
        [131052] = (400, "Media download error"),
        [MediaUpload] = (400, "Media upload error"),
        [Pair] = (400, "(Business Account, Consumer Account) pair rate limit hit"),
        [131062] = (400, "Business-scoped user id is not allowed for this message"),
        [132000] = (400, "Template param count mismatch"),
        [132001] = (404, "Template does not exist"),
        [132012] = (400, "Template parameter format mismatch"),
        [132015] = (400, "Template is paused"),
        [132016] = (400, "Template is disabled"),
    }.ToFrozenDictionary();

    public static WhatsAppError Of(int code, string? details = null)
    {
        var (status, title) = Known.GetValueOrDefault(code, (400, "Error"));
        return new(code, status, title, details);
    }

    /// <summary>The refusal that a rule asks for; a status alone gets its usual code.</summary>
    public static WhatsAppError From(Rule rule)
    {
        var code = int.TryParse(rule.ErrorCode, CultureInfo.InvariantCulture, out var number) ? number : rule.HttpStatus switch
        {
            401 => Token,
            403 => 10,
            429 => Throughput,
            503 => 131016,
            >= 500 => Fault,
            _ => Parameter,
        };
        var error = Of(code, "As the script says.");
        return error with { Status = rule.HttpStatus ?? error.Status };
    }

    /// <summary>The error as it stands in a status.</summary>
    public JsonObject ToWebhook() => new()
    {
        ["code"] = Code,
        ["title"] = Title,
        ["message"] = Title,
        ["error_data"] = new JsonObject { ["details"] = Details ?? Title },
        ["href"] = "https://developers.facebook.com/documentation/business-messaging/whatsapp/support/error-codes",
    };

    public IResult ToResult(int? retryAfterSeconds = null) => new Refusal(this, retryAfterSeconds);

    private sealed class Refusal(WhatsAppError error, int? retryAfterSeconds) : IResult
    {
        public Task ExecuteAsync(HttpContext context)
        {
            if (retryAfterSeconds is { } seconds) context.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
            return Body().ExecuteAsync(context);
        }

        // 502 and 504 come from a gateway in front of the API, which knows no JSON.
        private IResult Body()
        {
            if (error.Status is StatusCodes.Status502BadGateway or StatusCodes.Status504GatewayTimeout)
            {
                return Results.Content($"<html><body><h1>{error.Status}</h1></body></html>", "text/html", statusCode: error.Status);
            }

            var body = new JsonObject
            {
                ["message"] = $"(#{error.Code}) {error.Title}", ["type"] = "OAuthException", ["code"] = error.Code
            };
            if (error.Details is { } details)
                body["error_data"] = new JsonObject { ["messaging_product"] = "whatsapp", ["details"] = details };
            body["fbtrace_id"] = "A" + RandomNumberGenerator.GetString("abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789", 22);
            return Results.Json(new JsonObject { ["error"] = body }, statusCode: error.Status);
        }
    }
}
