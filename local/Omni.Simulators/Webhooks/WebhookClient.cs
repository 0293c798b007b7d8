using System.Text;

namespace Omni.Simulators.Webhooks;

/// <summary>What became of one webhook call.</summary>
/// <param name="Attempts">How often it was tried.</param>
/// <param name="Status">The HTTP status of the last try; null when there was no answer.</param>
/// <param name="Error">Why there was none.</param>
internal sealed record WebhookAnswer(int Attempts, int? Status, string? ContentType, string? Body, string? Error)
{
    /// <summary>What the answer asks the caller to sign in with (<c>WWW-Authenticate</c>); null when it asks for nothing.</summary>
    public string? Challenge { get; init; }
}

/// <summary>When a carrier calls a webhook again, and how long it waits for an answer.</summary>
internal sealed record RetryPolicy(int Retries, WebhookFailure On, TimeSpan AnswerTimeout);

/// <summary>The ways in which a webhook call can fail.</summary>
[Flags]
internal enum WebhookFailure
{
    None = 0,
    Connect = 1,
    Timeout = 2,
    ClientError = 4,
    ServerError = 8,
    Any = Connect | Timeout | ClientError | ServerError,
}

/// <summary>Calls webhooks as a carrier does: from outside, with its own patience.</summary>
/// <param name="http">Makes the calls.</param>
/// <param name="reach">Where an address is reached; null: where it says.</param>
internal sealed class WebhookClient(HttpClient http, Func<Uri, Uri>? reach = null)
{
    private const int MaxKeptAnswerCharacters = 4096;

    private static readonly TimeSpan DownloadTimeout = TimeSpan.FromSeconds(30);

    // No proxy and no cookies: a carrier has neither. Redirects are followed with GET, as HttpClient does by default.
    public static HttpClient NewHttpClient() => new(new SocketsHttpHandler
    {
        ConnectTimeout = TimeSpan.FromSeconds(5),
        MaxConnectionsPerServer = 256,
        UseProxy = false,
        UseCookies = false,
        PooledConnectionLifetime = TimeSpan.FromMinutes(1),
    })
    { Timeout = Timeout.InfiniteTimeSpan };

    /// <param name="request">Makes the request anew for each try.</param>
    public async Task<WebhookAnswer> CallAsync(Func<HttpRequestMessage> request, RetryPolicy policy, CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            var (answer, failure) = await TryAsync(request, policy.AnswerTimeout, attempt, cancellation);
            if (attempt > policy.Retries || (failure & policy.On) is WebhookFailure.None) return answer;
        }
    }

    /// <summary>Fetches a file, once.</summary>
    /// <returns>The type that its host names and its bytes; both null when it is not given.</returns>
    public async Task<(string? ContentType, byte[]? Bytes)> DownloadAsync(Uri address, CancellationToken cancellation)
    {
        using var patience = new CancellationTokenSource(DownloadTimeout);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellation);
        try
        {
            using var response = await http.GetAsync(reach is null ? address : reach(address), either.Token);
            return response.IsSuccessStatusCode
                ? (response.Content.Headers.ContentType?.MediaType, await response.Content.ReadAsByteArrayAsync(either.Token))
                : (null, null);
        }
        catch (Exception lost) when (lost is HttpRequestException or OperationCanceledException && !cancellation.IsCancellationRequested)
        {
            return (null, null);
        }
    }

    private async Task<(WebhookAnswer Answer, WebhookFailure Failure)> TryAsync(
        Func<HttpRequestMessage> request, TimeSpan answerTimeout, int attempt, CancellationToken cancellation)
    {
        // Real time, whatever the simulators' clock says: the other side is a real server.
        using var patience = new CancellationTokenSource(answerTimeout);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellation);
        try
        {
            using var message = request();
            if (reach is not null) message.RequestUri = reach(message.RequestUri!);
            using var response = await http.SendAsync(message, either.Token);
            var body = Encoding.UTF8.GetString(await response.Content.ReadAsByteArrayAsync(either.Token));
            var answer = new WebhookAnswer(
                attempt,
                (int)response.StatusCode,
                response.Content.Headers.ContentType?.ToString(),
                body.Length > MaxKeptAnswerCharacters ? body[..MaxKeptAnswerCharacters] : body,
                Error: null)
            {
                Challenge = response.Headers.WwwAuthenticate.FirstOrDefault()?.ToString(),
            };
            return (answer, FailureOf((int)response.StatusCode));
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return (Unanswered("no answer in time"), WebhookFailure.Timeout);
        }
        catch (HttpRequestException exception)
        {
            return (Unanswered(exception.HttpRequestError.ToString()), FailureOf(exception.HttpRequestError));
        }

        WebhookAnswer Unanswered(string why) => new(attempt, Status: null, ContentType: null, Body: null, why);
    }

    private static WebhookFailure FailureOf(int status) => status switch
    {
        >= 500 => WebhookFailure.ServerError,
        >= 400 => WebhookFailure.ClientError,
        _ => WebhookFailure.None,
    };

    private static WebhookFailure FailureOf(HttpRequestError error) => error switch
    {
        HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError =>
            WebhookFailure.Connect,
        _ => WebhookFailure.None,
    };
}
