using System.Text.Json;
using Omni.Aws;
using Omni.Shared;

namespace Omni.Api;

/// <summary>Sets an endpoint's positions in the log.</summary>
internal sealed class EndpointPositions(EndpointParts parts)
{
    // A worker writes the position too, a few times a second at most.
    private const int MaxTries = 10;

    /// <summary>Has an endpoint told once more of a stretch of the log.</summary>
    public async Task<ApiResult> ReplayAsync(ApiCall call, CancellationToken cancellation)
    {
        var (body, refusal) = RequestBody.Read(call);
        if (refusal is not null) return refusal;

        using (body)
        {
            var now = parts.Clock.GetUtcNow();
            var errors = new List<FieldError>();
            var (from, to) = Read(body!.RootElement, now, errors);
            if (errors.Count > 0) return Problems.InvalidRequest.Because(errors);
            if (from < now - EventLog.Kept) return Expired(now);
            if (!Ids.IsEndpoint(call.Id) || await parts.Endpoints.FindAsync(call.Tenant, call.Id, cancellation) is not { } endpoint)
                return WebhookEndpoints.NotFound;

            foreach (var position in await parts.Positions.ListAsync(call.Tenant, endpoint.Id, cancellation))
            {
                var start = await parts.Events.FindAsync(call.Tenant, position.Lane, from, cancellation);
                if (!await SetAsync(parts, endpoint, position, p => p.Replayed(start, to), cancellation))
                    return Problems.Busy.Because("The endpoint is told of much now. Try again.");
            }

            await parts.WakeLanesAsync(endpoint, cancellation);
            return new ApiResult.Answer(202, JsonSerializer.Serialize(EndpointView.Of(endpoint, now), ApiJson.Wire.EndpointView));
        }
    }

    /// <summary>Sets a position, whoever else writes it.</summary>
    /// <returns>Whether it is set.</returns>
    public static async Task<bool> SetAsync(
        EndpointParts parts,
        WebhookEndpoint endpoint,
        EndpointPosition known,
        Func<EndpointPosition, EndpointPosition> set,
        CancellationToken cancellation)
    {
        var position = known;
        for (var tries = 0; tries < MaxTries; tries++)
        {
            var wanted = set(position);
            if (wanted == position || await parts.Positions.SetAsync(endpoint.Tenant, endpoint.Id, wanted, cancellation)) return true;
            if (await parts.Positions.FindAsync(endpoint.Tenant, endpoint.Id, known.Lane, cancellation) is not { } read) return true;

            position = read;
        }

        return false;
    }

    /// <summary>The refusal of what the log does not hold any more.</summary>
    public static ApiResult.Refusal Expired(DateTimeOffset now)
    {
        var earliest = JsonSerializer.Serialize(Rfc3339.Cut(now - EventLog.Kept), ApiJson.Wire.DateTimeOffset).Trim('"');
        return Problems.PositionExpired.Because($"Events are kept for {EventLog.Kept.Days} days: the earliest moment is {earliest}.");
    }

    private static (DateTimeOffset From, DateTimeOffset? To) Read(JsonElement body, DateTimeOffset now, List<FieldError> errors)
    {
        if (body.ValueKind != JsonValueKind.Object)
        {
            errors.Add(new("$", "wrong_type", "It must be an object."));
            return default;
        }

        var fields = new JsonFields(body, "", errors);
        var (from, to) = (fields.Member("from", required: true) is null ? null : fields.Moment("from"), fields.Moment("to"));
        if (from > now) fields.Refuse("from", "out_of_range", "It lies in the past.");
        if (to <= from) fields.Refuse("to", "out_of_range", "It lies after from.");
        fields.RefuseOthers();
        return (from ?? default, to);
    }
}
