using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Omni.Simulators.Twilio;

/// <summary>Twilio's JSON: snake_case, and null where there is nothing.</summary>
internal static class TwilioJson
{
    private static readonly JsonSerializerOptions Options = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    public static IResult Result(object value, int status = StatusCodes.Status200OK) => Results.Json(value, Options, statusCode: status);
}
