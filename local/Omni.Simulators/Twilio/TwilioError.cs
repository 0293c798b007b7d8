using System.Collections.Frozen;
using System.Globalization;
using Microsoft.AspNetCore.Http;
using Omni.Simulators.Script;

namespace Omni.Simulators.Twilio;

/// <summary>A refusal in Twilio's words. The codes: https://www.twilio.com/docs/api/errors</summary>
internal sealed record TwilioError(int Code, int Status, string Message, string? Detail = null)
{
    public const int Unauthorized = 20003, NotFound = 20404, TooManyRequests = 20429, Fault = 20500;

    private static readonly FrozenDictionary<int, (int Status, string Message)> Known = new Dictionary<int, (int, string)>
    {
        [20001] = (400, "A parameter has a value that is not allowed here."),
        [Unauthorized] = (401, "Authentication failed."),
        [NotFound] = (404, "The requested resource was not found."),
        [TooManyRequests] = (429, "Too many concurrent requests."),
        [Fault] = (500, "Internal server error."),
        [20503] = (503, "Service unavailable."),
        [21211] = (400, "The 'To' number is not a valid phone number."),
        [21212] = (400, "The 'From' number is not a valid phone number, short code or sender id."),
        [21408] = (400, "Sending to the region of the 'To' number is not enabled."),
        [21602] = (400, "A message needs a body, media or a template."),
        [21603] = (400, "A 'From' or a 'MessagingServiceSid' is required."),
        [21604] = (400, "A 'To' number is required."),
        [21606] = (400, "The 'From' number cannot send messages for this account."),
        [21608] = (400, "A trial account sends to verified numbers only."),
        [21609] = (400, "The 'StatusCallback' is not a valid URL."),
        [21610] = (400, "The recipient has opted out of messages from this sender."),
        [21611] = (429, "The queue of this 'From' number is full."),
        [21612] = (400, "There is no route from this 'From' to this 'To'."),
        [21614] = (400, "The 'To' number is not a mobile number."),
        [21617] = (400, "The body is longer than 1600 characters."),
        [21620] = (400, "A media URL is not valid."),
        [21623] = (400, "Too many media."),
        [21624] = (400, "The validity period is not an integer from 1 to 36000."),
        [21635] = (400, "The 'To' number is a landline."),
        [21654] = (400, "A 'ContentSid' is required."),
        [21655] = (400, "The 'ContentSid' is not valid."),
        [21656] = (400, "The 'ContentVariables' are not valid."),
        [21703] = (400, "The messaging service has no sender for this message."),
        [21704] = (400, "The messaging service has no senders."),
        [21705] = (400, "The messaging service is not valid."),
        [30409] = (400, "This message cannot be canceled."),
        [35111] = (400, "'SendAt' is missing."),
        [35114] = (400, "'SendAt' must be 300 seconds to 35 days ahead."),
        [35118] = (400, "Scheduling needs a 'MessagingServiceSid'."),
        [35126] = (400, "The 'ScheduleType' is not supported."),
        [63007] = (400, "The channel does not know this 'From' address."),
    }.ToFrozenDictionary();

    public static TwilioError Of(int code, string? detail = null)
    {
        var (status, message) = Known.GetValueOrDefault(code, (400, "The request was refused."));
        return new TwilioError(code, status, message, detail);
    }

    /// <summary>The refusal that a rule asks for; a status alone gets its usual code.</summary>
    public static TwilioError From(Rule rule)
    {
        var code = rule.ErrorCode is { } text && int.TryParse(text, CultureInfo.InvariantCulture, out var number)
            ? number
            : rule.HttpStatus switch
            {
                401 => Unauthorized,
                404 => NotFound,
                429 => TooManyRequests,
                503 => 20503,
                >= 500 => Fault,
                _ => 20001,
            };
        var error = Of(code);
        return error with { Status = rule.HttpStatus ?? error.Status };
    }

    public IResult ToResult(int? retryAfterSeconds = null) => new Refusal(this, retryAfterSeconds);

    private sealed class Refusal(TwilioError error, int? retryAfterSeconds) : IResult
    {
        public Task ExecuteAsync(HttpContext context)
        {
            var headers = context.Response.Headers;
            if (retryAfterSeconds is { } seconds) headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
            if (error.Status is StatusCodes.Status401Unauthorized) headers.WWWAuthenticate = "Basic realm=\"Twilio API\"";
            return Body().ExecuteAsync(context);
        }

        // 502 and 504 come from a gateway in front of the API, which knows no JSON.
        private IResult Body() => error.Status is StatusCodes.Status502BadGateway or StatusCodes.Status504GatewayTimeout
            ? Results.Content($"<html><body><h1>{error.Status}</h1></body></html>", "text/html", statusCode: error.Status)
            : TwilioJson.Result(
                new
                {
                    error.Code, error.Message, MoreInfo = $"https://www.twilio.com/docs/errors/{error.Code}", error.Status, error.Detail
                },
                error.Status);
    }
}
