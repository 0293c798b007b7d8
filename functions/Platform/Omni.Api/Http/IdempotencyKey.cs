using Omni.Aws;
using Omni.Shared;

namespace Omni.Api;

/// <summary>The header <c>Idempotency-Key</c>: a request that may be repeated.</summary>
internal static class IdempotencyKey
{
    private const int MaxLength = 255;

    /// <summary>The key of a call, null when it has none; or why it is refused.</summary>
    public static (string? Key, ApiResult.Refusal? Refusal) Read(ApiCall call)
    {
        // An empty one is a client that lost its key: without the refusal its repetition would be done a second time.
        var key = call.Request.Headers?.TryGetValue("idempotency-key", out var given) == true ? given : null;
        return key is null || (!string.IsNullOrWhiteSpace(key) && key.Length <= MaxLength && key.All(c => c is >= ' ' and <= '~'))
            ? (key, null)
            : (null, Problems.InvalidIdempotencyKey.Because($"It has 1 to {MaxLength} printable ASCII characters."));
    }
}

/// <summary>
/// Makes calls repeatable: the same request under the same key is done once, and answered again from what was kept. Without a key nothing
/// is kept, and a refusal never is: nothing came of it.
/// </summary>
internal sealed class Repeatable(AnswerStore answers)
{
    /// <summary>What answers a call, made repeatable.</summary>
    public Handler Around(Handler handle) => async (call, cancellation) =>
    {
        var (key, refusal) = IdempotencyKey.Read(call);
        if (refusal is not null) return refusal;
        if (key is null) return await handle(call, cancellation);

        return await answers.ClaimAsync(call.Tenant, key, HashOf(call), cancellation) switch
        {
            KeyClaim.Taken taken => await AnswerAsync(handle, call with { IdempotencyKey = key }, taken.Turn, cancellation),
            KeyClaim.Answered { Kept: var kept } => Again(kept),
            KeyClaim.InProgress => Problems.RequestInProgress.Because("The same request came before, and is not answered yet.") with
            {
                Headers = new Dictionary<string, string> { ["Retry-After"] = "1" },
            },
            KeyClaim.Other => Problems.IdempotencyKeyReused.Because(
                "A different request was sent under this Idempotency-Key; use a new one."),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    };

    private async Task<ApiResult> AnswerAsync(Handler handle, ApiCall call, string turn, CancellationToken cancellation)
    {
        ApiResult? result = null;
        try
        {
            result = await handle(call, cancellation);
            return result;
        }
        finally
        {
            if (result is ApiResult.Answer answer)
            {
                var kept = new KeptAnswer(answer.Status, answer.Body, answer.Headers.GetValueOrDefault("Location"));
                await answers.KeepAsync(call.Tenant, call.IdempotencyKey!, turn, kept, CancellationToken.None);
            }
            else
            {
                await answers.ReleaseAsync(call.Tenant, call.IdempotencyKey!, turn, CancellationToken.None);
            }
        }
    }

    private static ApiResult.Answer Again(KeptAnswer kept)
    {
        var headers = new Dictionary<string, string> { ["Idempotency-Replayed"] = "true" };
        if (kept.Location is { } location) headers["Location"] = location;
        return new(kept.Status, kept.Body) { Headers = headers };
    }

    private static string HashOf(ApiCall call) => Ids.Hash(
        call.Request.RequestContext.Http.Method, call.Request.RawPath ?? "", call.Request.RawQueryString ?? "", call.Request.Body ?? "");
}
