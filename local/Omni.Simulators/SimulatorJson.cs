using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http;

namespace Omni.Simulators;

/// <summary>The JSON of the control APIs. It does not depend on what the host configured, and it refuses a misspelt member.</summary>
internal static class SimulatorJson
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    public static IResult Result(object value) => Results.Json(value, Options);

    public static IResult Refuse(string why) => Results.Json(new { error = why }, Options, statusCode: StatusCodes.Status400BadRequest);

    public static async Task<IResult> HandleAsync<T>(HttpRequest request, Func<T, Task<IResult>> handle)
    {
        T? body;
        try
        {
            body = await JsonSerializer.DeserializeAsync<T>(request.Body, Options, request.HttpContext.RequestAborted);
        }
        catch (JsonException exception)
        {
            return Refuse(exception.Message);
        }

        return body is null ? Refuse("The body must be a JSON object.") : await handle(body);
    }
}
