using System.Text.Json;
using Omni.Aws;
using Omni.Shared;

namespace Omni.Api;

/// <summary>
/// People take a conversation from its processor, and give it back. Asked again nothing more happens, so that the endpoints need no
/// idempotency key: a conversation that people have keeps the hand-over that it has.
/// </summary>
internal sealed class HandOffSession(SessionStore sessions, DialogStore dialogs, TimeProvider clock)
{
    private const int MaxReason = 64;
    private const int MinSeconds = 60;

    private static readonly int MaxSeconds = (int)Defaults.Retention.TotalSeconds;

    // Each time somebody else wrote in between.
    private const int MaxTries = 10;

    public async Task<ApiResult> TakeAsync(ApiCall call, CancellationToken cancellation)
    {
        var (body, refusal) = RequestBody.Read(call);
        if (refusal is not null) return refusal;

        using (body)
        {
            var errors = new List<FieldError>();
            var handOff = Read(body!.RootElement, Rfc3339.Cut(clock.GetUtcNow()), errors);
            if (await sessions.FindOfAsync(call, cancellation) is not { } session) return ReadSession.NotFound;
            if (handOff is null) return Problems.InvalidRequest.Because(errors);

            return await ChangeAsync(session, dialog =>
            {
                if (dialog?.HandOff is not null) return null;

                var turnId = $"people#{handOff.At.ToUnixTimeMilliseconds()}";
                var given = (dialog ?? new() { Conversation = session.Conversation }).GivenAway(handOff, turnId);
                return new(turnId, given, null, TurnResult.HandedOff, [], DialogEvents.HandedOff(given, turnId));
            }, cancellation);
        }
    }

    public async Task<ApiResult> ResumeAsync(ApiCall call, CancellationToken cancellation) =>
        await sessions.FindOfAsync(call, cancellation) is { } session
            ? await ChangeAsync(
                session,
                dialog => dialog?.HandOff is null
                    ? null
                    : new("people", dialog with { HandOff = null, MutedUntil = null }, null, TurnResult.Taken, [], null),
                cancellation)
            : ReadSession.NotFound;

    /// <param name="session">The conversation.</param>
    /// <param name="change">What is to be written over what is there; null for nothing.</param>
    /// <param name="cancellation">Stops the call.</param>
    private async Task<ApiResult> ChangeAsync(Session session, Func<Dialog?, TurnEffects?> change, CancellationToken cancellation)
    {
        for (var tries = 0; tries < MaxTries; tries++)
        {
            var known = await dialogs.FindAsync(session.Id, cancellation);
            var effects = change(known);
            if (effects is not null && await dialogs.WriteAsync(effects, cancellation) == TurnWritten.Conflict) continue;

            var windows = await sessions.WindowsAsync([session], cancellation);
            var view = SessionView.Of(session, windows, clock.GetUtcNow()) with { HandOff = HandOffView.Of(effects?.Dialog ?? known) };
            return ApiResult.Ok(view, ApiJson.Wire.SessionView);
        }

        throw new InvalidOperationException("A conversation has turns faster than it can be changed.");
    }

    private static HandOff? Read(JsonElement body, DateTimeOffset now, List<FieldError> errors)
    {
        if (JsonFields.Of(body, errors) is not { } fields) return null;

        var reason = fields.Text("reason", required: true, max: MaxReason);
        var seconds = fields.Whole("resumeAfterSeconds", MinSeconds, MaxSeconds);
        fields.RefuseOthers();
        return errors.Count > 0
            ? null
            : new(now, reason!, seconds is { } known ? TimeSpan.FromSeconds(known) : HandOff.DefaultResumeAfter);
    }
}

/// <summary>That people have a conversation.</summary>
/// <param name="At">Since when.</param>
/// <param name="Reason">Why.</param>
/// <param name="ResumeAfterSeconds">How long nobody may answer until the processor has turns again.</param>
internal sealed record HandOffView(DateTimeOffset At, string Reason, int ResumeAfterSeconds)
{
    public static HandOffView? Of(Dialog? dialog) => dialog?.HandOff is { } handOff
        ? new(handOff.At, handOff.Reason, (int)handOff.ResumeAfter.TotalSeconds)
        : null;
}
