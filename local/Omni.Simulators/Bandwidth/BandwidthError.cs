using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http;
using Omni.Simulators.Script;

namespace Omni.Simulators.Bandwidth;

/// <summary>Bandwidth's JSON: camelCase, and nothing where there is nothing.</summary>
internal static class BandwidthJson
{
    public static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull
    };

    public static IResult Result(object value, int status = StatusCodes.Status200OK) => Results.Json(value, Options, statusCode: status);

    /// <summary>A moment as it stands in answers and callbacks.</summary>
    public static string Time(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}

/// <summary>One field of a request that is wrong.</summary>
internal sealed record BandwidthFieldError(string FieldName, string Description);

/// <summary>A refusal in Bandwidth's words.</summary>
internal sealed record BandwidthError(int Status, string Type, string Description, IReadOnlyList<BandwidthFieldError>? FieldErrors = null)
{
    public static readonly BandwidthError
        Unauthorized = new(401, "unauthorized", "Authentication Failed"),
        Forbidden = new(403, "forbidden", "Access Denied"),
        NotFound = new(404, "not-found", "Not Found"),
        UnsupportedContentType = new(415, "unsupported-content-type", "Content-Type must be application/json."),
        QueueFull = new(429, "max-message-queue-size-exceeded", "The account's queue of waiting messages is full."),
        Fault = new(500, "internal-server-error", "Internal Server Error");

    public static BandwidthError Invalid(string description, IReadOnlyList<BandwidthFieldError>? fields = null) =>
        new(400, "request-validation", description, fields);

    /// <summary>The refusal that a rule asks for; a status alone gets its usual type.</summary>
    public static BandwidthError From(Rule rule)
    {
        BandwidthError[] known =
            [Unauthorized, Forbidden, NotFound, UnsupportedContentType, QueueFull, Fault, Invalid("Your request was refused.")];
        var error = rule.ErrorCode is { } type
            ? known.FirstOrDefault(e => e.Type == type) ?? Invalid("Your request was refused.") with { Type = type }
            : known.FirstOrDefault(e => e.Status == rule.HttpStatus)
                ?? (rule.HttpStatus >= 500 ? Fault : Invalid("Your request was refused."));
        return error with { Status = rule.HttpStatus ?? error.Status };
    }

    public IResult ToResult(int? retryAfterSeconds = null) => new Refusal(this, retryAfterSeconds);

    private sealed class Refusal(BandwidthError error, int? retryAfterSeconds) : IResult
    {
        public Task ExecuteAsync(HttpContext context)
        {
            if (retryAfterSeconds is { } seconds) context.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
            return Body(context).ExecuteAsync(context);
        }

        // 404 has a shape of its own, and 502 and 504 come from a gateway that knows no JSON.
        private IResult Body(HttpContext context) => error.Status switch
        {
            StatusCodes.Status404NotFound => BandwidthJson.Result(
                new
                {
                    timestamp = BandwidthJson.Time(TimeProvider.System.GetUtcNow()),
                    error.Status,
                    error = error.Description,
                    message = error.Description,
                    path = context.Request.Path.Value
                },
                error.Status),
            StatusCodes.Status502BadGateway or StatusCodes.Status504GatewayTimeout =>
                Results.Content($"<html><body><h1>{error.Status}</h1></body></html>", "text/html", statusCode: error.Status),
            _ => BandwidthJson.Result(new { error.Type, error.Description, error.FieldErrors }, error.Status),
        };
    }
}
