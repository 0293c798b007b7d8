using System.Globalization;
using System.Text.Json;
using Omni.Aws;
using Omni.Shared;

namespace Omni.Api;

/// <summary>
/// Enables an endpoint again. It is sent a test first, and must take it; and not again within minutes, so that one that still fails is not
/// switched on and off all day.
/// </summary>
internal sealed class EnableEndpoint(EndpointParts parts)
{
    public async Task<ApiResult> RunAsync(WebhookEndpoint endpoint, EndpointRequest request, CancellationToken cancellation)
    {
        var now = parts.Clock.GetUtcNow();
        if (endpoint.EnabledAt + WebhookEndpoint.EnablePause - now is { } left && left > TimeSpan.Zero) return EnabledRecently(left);

        var positions = await parts.Positions.ListAsync(endpoint.Tenant, endpoint.Id, cancellation);
        if (request.From == EndpointStart.Position && await HasExpiredAsync(endpoint, positions, cancellation))
            return EndpointPositions.Expired(now);

        var changed = With(endpoint, request.Change);
        var answer = await parts.Client.PostAsync(changed, EndpointView.TestEvent(changed, now), cancellation);
        if (!answer.Succeeded)
        {
            var said = answer.Status is { } status
                ? $"answered {status.ToString(CultureInfo.InvariantCulture)}"
                : $"gave no answer ({answer.Error})";
            return Problems.EndpointNotAnswering.Because($"It was sent endpoint.test, and {said}; 2xx is expected.");
        }

        if (await parts.Endpoints.ChangeAsync(endpoint.Tenant, endpoint.Id, request.Change, cancellation) is null)
            return WebhookEndpoints.NotFound;
        if (request.From == EndpointStart.Latest) await SetToEndAsync(endpoint, positions, cancellation);
        if (await parts.Endpoints.EnableAsync(endpoint, cancellation) is not { } enabled)
            return EnabledRecently(WebhookEndpoint.EnablePause);

        await parts.WakeLanesAsync(enabled, cancellation);
        return ApiResult.Ok(EndpointView.Of(enabled, now), ApiJson.Wire.EndpointView);
    }

    private static ApiResult EnabledRecently(TimeSpan left) =>
        Problems.EnabledRecently.Because("It was enabled a short while ago. See why it failed since, and try again later.") with
        {
            Headers = new Dictionary<string, string>
            {
                ["Retry-After"] = Math.Ceiling(left.TotalSeconds).ToString(CultureInfo.InvariantCulture),
            },
        };

    private static WebhookEndpoint With(WebhookEndpoint endpoint, EndpointChange change) => endpoint with
    {
        Url = change.Url ?? endpoint.Url, Headers = change.Headers ?? endpoint.Headers,
    };

    private async Task<bool> HasExpiredAsync(
        WebhookEndpoint endpoint, IReadOnlyList<EndpointPosition> positions, CancellationToken cancellation)
    {
        var reads = await Task.WhenAll(positions.Select(
            position => parts.Events.ReadAsync(endpoint.Tenant, position.Lane, position.At, 1, cancellation: cancellation)));
        return reads.Any(read => read.IsExpired);
    }

    private async Task SetToEndAsync(
        WebhookEndpoint endpoint, IReadOnlyList<EndpointPosition> positions, CancellationToken cancellation)
    {
        foreach (var position in positions)
        {
            var end = await parts.Events.EndAsync(endpoint.Tenant, position.Lane, cancellation);
            await EndpointPositions.SetAsync(
                parts, endpoint, position, p => p with { At = end, PartOf = 0, Done = 0, Replay = null }, cancellation);
        }
    }
}
