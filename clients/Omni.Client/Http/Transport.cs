using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Omni.Client;

/// <summary>Makes calls, repeats those that may be, and turns refusals into <see cref="OmniException"/>.</summary>
internal sealed class Transport(HttpClient http, Uri root, string apiKey, TimeProvider clock)
{
    private const int MostAttempts = 4;

    // The longest call that the API holds back takes 20 s.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(500);

    // Whoever waits for an answer would rather hear of it.
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(1);

    public TimeProvider Clock => clock;

    /// <summary>Makes a call and reads its answer.</summary>
    public async Task<T> SendAsync<T>(Call call, JsonTypeInfo<T> type, CancellationToken cancellation)
    {
        using var response = await SendAsync(call, cancellation).ConfigureAwait(false);
        return await ReadAsync(response, type, cancellation).ConfigureAwait(false);
    }

    /// <summary>Makes a call whose answer says nothing.</summary>
    public async Task DoAsync(Call call, CancellationToken cancellation)
    {
        using var response = await SendAsync(call, cancellation).ConfigureAwait(false);
    }

    /// <summary>Makes a call, and again as long as that may help. The caller disposes of the answer.</summary>
    public async Task<HttpResponseMessage> SendAsync(Call call, CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            var (response, refusal) = await TryAsync(call, cancellation).ConfigureAwait(false);
            if (refusal is null) return response!;
            if (attempt == MostAttempts || !MayRepeat(call, refusal)) throw refusal;

            var wait = refusal.RetryAfter ?? Backoff(attempt);
            if (wait > LongestWait) throw refusal;
            await Task.Delay(wait, clock, cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>How long to wait after so many failures: longer each time, and not everybody at once.</summary>
    public static TimeSpan Backoff(int failures) =>
        FirstWait * Math.Pow(2, Math.Min(failures, 6) - 1) * (0.5 + (Random.Shared.NextDouble() / 2));

    /// <summary>When the answer asks to come again; null when it does not say.</summary>
    public TimeSpan? RetryAfter(HttpResponseMessage response) => response.Headers.RetryAfter switch
    {
        { Delta: { } delta } => delta,
        { Date: { } date } => date > clock.GetUtcNow() ? date - clock.GetUtcNow() : TimeSpan.Zero,
        _ => null,
    };

    /// <summary>Reads an answer.</summary>
    public static async Task<T> ReadAsync<T>(HttpResponseMessage response, JsonTypeInfo<T> type, CancellationToken cancellation)
    {
        var body = await response.Content.ReadAsByteArrayAsync(cancellation).ConfigureAwait(false);
        try
        {
            return JsonSerializer.Deserialize(body, type)!;
        }
        catch (JsonException unreadable)
        {
            throw OmniException.Unreadable(response.StatusCode, unreadable);
        }
    }

    private async Task<(HttpResponseMessage? Response, OmniException? Refusal)> TryAsync(Call call, CancellationToken cancellation)
    {
        HttpResponseMessage? response = null;
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(Patience);
        try
        {
            using var request = call.ToRequest(root, apiKey);
            var completion = call.IsStreamed ? HttpCompletionOption.ResponseHeadersRead : HttpCompletionOption.ResponseContentRead;
            response = await http.SendAsync(request, completion, patience.Token).ConfigureAwait(false);
            if (IsAnswer(call, response.StatusCode)) return (response, null);

            using (response)
            {
                var body = await response.Content.ReadAsByteArrayAsync(patience.Token).ConfigureAwait(false);
                return (null, OmniException.Of(response.StatusCode, body, RetryAfter(response)));
            }
        }
        catch (Exception lost) when (lost is HttpRequestException or IOException or OperationCanceledException)
        {
            response?.Dispose();
            cancellation.ThrowIfCancellationRequested();
            return (null, OmniException.NoAnswer(lost));
        }
    }

    private static bool IsAnswer(Call call, HttpStatusCode status) => status switch
    {
        HttpStatusCode.ServiceUnavailable => call.TakesUnavailable,
        HttpStatusCode.NotModified => call.KnownVersion is not null,
        HttpStatusCode.Found => call.IsStreamed,
        _ => (int)status is >= 200 and < 300,
    };

    // 429 and these two conflicts say that nothing was done. After a fault or a lost answer nobody knows.
    private static bool MayRepeat(Call call, OmniException refusal) =>
        refusal.Status == HttpStatusCode.TooManyRequests
        || (call.MayRepeat && (refusal.Status is null or >= HttpStatusCode.InternalServerError
            || refusal.Code is ProblemCode.RequestInProgress or ProblemCode.ChangedMeanwhile));
}
