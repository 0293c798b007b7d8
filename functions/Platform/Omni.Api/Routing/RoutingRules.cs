using System.Globalization;
using System.Text.Json;
using Omni.Aws;
using Omni.Shared;

namespace Omni.Api;

/// <summary>
/// A tenant's routes: one ordered document. Who writes it says which one they have read, so that nobody takes back what another has just
/// written.
/// </summary>
internal sealed class RoutingRules(RouteStore routes, SenderStore senders)
{
    // The item that keeps them may have 400 KB, and every process that chooses by them keeps them too.
    private const int MaxBytes = 64 * 1024;

    public async Task<ApiResult> ReadAsync(ApiCall call, CancellationToken cancellation)
    {
        var document = await routes.FindAsync(call.Tenant, cancellation);
        return Answer(document.Rules, document.Version);
    }

    public async Task<ApiResult> PutAsync(ApiCall call, CancellationToken cancellation)
    {
        var (body, refusal) = RequestBody.Read(call, MaxBytes);
        if (refusal is not null) return refusal;

        using (body)
        {
            var tag = call.Header("if-match");
            var (isAny, version) = (tag == "*", VersionOf(tag));
            if (version is null && !isAny)
            {
                return Problems.InvalidParameter.Because(
                    [new("If-Match", "invalid_value", "It is the ETag of the rules that you read, or *.")]);
            }

            var errors = new List<FieldError>();
            var own = await senders.FindAllAsync(call.Tenant, cancellation);
            if (RouteRequest.Read(body!.RootElement, own, errors) is not { } rules) return Problems.InvalidRequest.Because(errors);

            var written = await routes.PutAsync(call.Tenant, rules, version, cancellation);
            return written is { } now
                ? Answer(rules, now)
                : tag is null
                    ? Problems.PreconditionRequired.Because("There are rules already: read them, and give their ETag in If-Match.")
                    : Problems.PreconditionFailed.Because("The rules were written since you read them: read them again.");
        }
    }

    /// <summary>The version in an ETag; 0, that of no rules, where there is none; null for what is no ETag of ours.</summary>
    private static long? VersionOf(string? tag) => tag switch
    {
        null => 0,
        ['"', .. var number, '"'] when long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var version) => version,
        _ => null,
    };

    private static ApiResult.Answer Answer(IReadOnlyList<RouteRule> rules, long version) =>
        new(200, JsonSerializer.Serialize(rules, ApiJson.Wire.IReadOnlyListRouteRule))
        {
            Headers = new Dictionary<string, string>
            {
                ["ETag"] = string.Create(CultureInfo.InvariantCulture, $"\"{version}\""),
            },
        };
}
