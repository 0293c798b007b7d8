namespace Omni.Api;

/// <summary>The <c>Idempotency-Key</c> of a call.</summary>
internal static class IdempotencyKey
{
    private const int MaxLength = 255;

    /// <summary>The key, null for none; or why it is refused.</summary>
    public static (string? Key, ApiResult.Refusal? Refusal) Read(ApiCall call)
    {
        // An empty one is a client that lost its key: without the refusal its repetition would be a second message.
        var key = call.Request.Headers?.TryGetValue("idempotency-key", out var given) == true ? given : null;
        return key is null || (!string.IsNullOrWhiteSpace(key) && key.Length <= MaxLength && key.All(c => c is >= ' ' and <= '~'))
            ? (key, null)
            : (null, Problems.InvalidIdempotencyKey.Because($"It has 1 to {MaxLength} printable ASCII characters."));
    }
}
