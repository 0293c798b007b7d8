using System.Text.Json;
using Omni.Aws;
using Omni.Shared;

namespace Omni.Api;

/// <summary>
/// The operator's switch: nothing is sent through a carrier for a while, and nothing is lost. Asked again nothing more happens, so that the
/// endpoints need no idempotency key.
/// </summary>
internal sealed class PauseCarrier(ApiParts parts)
{
    private const int MaxReason = 256;

    public async Task<ApiResult> PauseAsync(ApiCall call, CancellationToken cancellation)
    {
        var (body, refusal) = RequestBody.Read(call);
        if (refusal is not null) return refusal;

        using (body)
        {
            if (Find(call, out var unknown) is not { } carrier) return unknown!;

            var errors = new List<FieldError>();
            var now = Rfc3339.Cut(parts.Clock.GetUtcNow());
            if (Read(body!.RootElement, call.Caller!.Id, now, errors) is not { } pause) return Problems.InvalidRequest.Because(errors);

            pause = await parts.Pauses.PauseAsync(carrier.Id, sender: null, pause, cancellation);
            parts.Log.Paused(carrier.Id, pause.By);
            return ApiResult.Ok(new CarrierSwitchView(carrier.Id, PauseView.Of(pause)), ApiJson.Wire.CarrierSwitchView);
        }
    }

    public async Task<ApiResult> ResumeAsync(ApiCall call, CancellationToken cancellation)
    {
        if (Find(call, out var unknown) is not { } carrier) return unknown!;

        await parts.Pauses.ResumeAsync(carrier.Id, sender: null, cancellation);
        parts.Log.Resumed(carrier.Id, call.Caller!.Id);
        return ApiResult.Ok(new CarrierSwitchView(carrier.Id, null), ApiJson.Wire.CarrierSwitchView);
    }

    private Carrier? Find(ApiCall call, out ApiResult? unknown)
    {
        var carrier = CarrierCatalogue.Find(call.Id);
        unknown = carrier is null
            ? ReadCarriers.NotFound
            : parts.CarrierQueues.ContainsKey(carrier.Id)
                ? null
                : Problems.CarrierNotAvailable.Because("This version cannot send through it: there is nothing to pause.");
        return unknown is null ? carrier : null;
    }

    private static Pause? Read(JsonElement body, string by, DateTimeOffset now, List<FieldError> errors)
    {
        if (body.ValueKind != JsonValueKind.Object)
        {
            errors.Add(new("$", "wrong_type", "It must be an object."));
            return null;
        }

        var fields = new JsonFields(body, "", errors);
        var reason = fields.Text("reason", required: true, max: MaxReason);
        var until = fields.Moment("until");
        fields.RefuseOthers();
        if (until <= now) fields.Refuse("until", "not_in_future", "It must lie in the future.");
        return errors.Count > 0 ? null : new(reason!, by, now, until);
    }
}

/// <summary>A carrier, and whether it is paused.</summary>
internal sealed record CarrierSwitchView(string Id, PauseView? Paused);

/// <summary>A pause.</summary>
internal sealed record PauseView
{
    public required string Reason { get; init; }

    /// <summary>The id of the API key that asked for it.</summary>
    public required string By { get; init; }

    public required DateTimeOffset Since { get; init; }

    /// <summary>When it ends by itself; missing when it does not.</summary>
    public DateTimeOffset? Until { get; init; }

    public static PauseView Of(Pause pause) => new() { Reason = pause.Reason, By = pause.By, Since = pause.Since, Until = pause.Until };
}
