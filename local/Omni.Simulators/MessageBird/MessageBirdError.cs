using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Omni.Simulators.Script;

namespace Omni.Simulators.MessageBird;

/// <summary>A refusal as the API writes it. https://developers.messagebird.com/api/#errors</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Code">MessageBird's code; null for a refusal whose list of errors is empty.</param>
/// <param name="Description">What is wrong.</param>
/// <param name="Parameter">The parameter that is wrong; null when it is none.</param>
internal sealed record MessageBirdError(int Status, int? Code, string Description, string? Parameter = null)
{
    public static readonly MessageBirdError WrongKey = new(401, 2, "Request not allowed (incorrect access_key)", "access_key");
    public static readonly MessageBirdError WrongKeyOfConversations = new(401, 1001, "Unauthorized: invalid credential");
    public static readonly MessageBirdError NoRecipients = new(422, 9, "no (correct) recipients found", "recipient");
    public static readonly MessageBirdError NotFound = new(404, 20, "object not found");
    public static readonly MessageBirdError NoSuchApi = new(404, 98, "API not found");
    public static readonly MessageBirdError Fault = new(500, 99, "internal error");
    public static readonly MessageBirdError TooFast = new(429, null, "too many requests");

    public static MessageBirdError Missing(string parameter) => new(422, 9, $"{parameter} is required", parameter);

    public static MessageBirdError Invalid(string parameter) => new(422, 10, $"{parameter} is invalid", parameter);

    /// <summary>What a rule of behaviour asks for.</summary>
    public static MessageBirdError From(Rule rule)
    {
        int? code = int.TryParse(rule.ErrorCode, CultureInfo.InvariantCulture, out var number) ? number : null;
        var known = code switch
        {
            2 => WrongKey,
            9 => NoRecipients,
            20 => NotFound,
            25 => new(402, 25, "not enough balance"),
            98 => NoSuchApi,
            99 => Fault,
            1001 => WrongKeyOfConversations,
            { } other => new(422, other, $"error {other}"),
            null => new(rule.HttpStatus ?? 422, null, ""),
        };
        return known with { Status = rule.HttpStatus ?? known.Status };
    }

    public IResult ToResult(int? retryAfterSeconds = null) => new Refusal(this, retryAfterSeconds);

    private sealed class Refusal(MessageBirdError error, int? retryAfterSeconds) : IResult
    {
        public Task ExecuteAsync(HttpContext context)
        {
            if (retryAfterSeconds is { } wait) context.Response.Headers.RetryAfter = wait.ToString(CultureInfo.InvariantCulture);

            // A gateway in front of the API answers in HTML.
            if (error is { Status: 502 or 503, Code: null })
                return Results.Content("<html><body>Bad Gateway</body></html>", "text/html", statusCode: error.Status)
                    .ExecuteAsync(context);

            var errors = new JsonArray();
            if (error.Code is { } code)
                errors.Add(new JsonObject { ["code"] = code, ["description"] = error.Description, ["parameter"] = error.Parameter });
            return Results.Json(new JsonObject { ["errors"] = errors }, statusCode: error.Status).ExecuteAsync(context);
        }
    }
}
