using System.Net.Http.Headers;
using System.Text.Json;
using Omni.Pipeline;
using Omni.Shared;

namespace Omni.Bandwidth.Outbound;

/// <summary>
/// What calls sign in with: a token of the OAuth2 client-credentials grant (RFC 6749, section 4.4), one for the whole process,
/// or user and password.
/// https://dev.bandwidth.com/docs/credentials
/// </summary>
/// <param name="http">The call.</param>
/// <param name="options">Where and as whom.</param>
/// <param name="clock">The time.</param>
internal sealed class BandwidthAuth(CarrierHttp http, BandwidthOptions options, TimeProvider clock)
{
    // Renewed this long before its end, so that it does not end on its way.
    private static readonly TimeSpan Early = TimeSpan.FromSeconds(60);

    private readonly Lock _lock = new();
    private Token? _token;
    private Task<(AuthenticationHeaderValue? Header, SendOutcome.Deferred? Refusal)>? _fetching;

    private sealed record Token(AuthenticationHeaderValue Header, AuthenticationHeaderValue For, DateTimeOffset RenewAt);

    /// <summary>The header of a call, or why there is none. Whoever asks while a token is being fetched waits for that one.</summary>
    /// <param name="cancellation">Ends the wait.</param>
    public async Task<(AuthenticationHeaderValue? Header, SendOutcome.Deferred? Refusal)> GetAsync(CancellationToken cancellation)
    {
        var credentials = options.Credentials;
        if (!options.UsesTokens) return (credentials, null);

        Task<(AuthenticationHeaderValue?, SendOutcome.Deferred?)> fetching;
        lock (_lock)
        {
            if (_token is { } token && token.For.Equals(credentials) && clock.GetUtcNow() < token.RenewAt) return (token.Header, null);
            if (_fetching is not { IsCompleted: false }) _fetching = FetchAsync(credentials);
            fetching = _fetching;
        }

        try
        {
            return await fetching.WaitAsync(cancellation).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return (null, new(DeferralCause.CarrierUnavailable, "token_timeout"));
        }
    }

    /// <summary>A call was answered 401: its token is not used again.</summary>
    /// <param name="refused">The header it had.</param>
    /// <returns>Whether another try can go better: a password is the same the next time.</returns>
    public bool TryForget(AuthenticationHeaderValue refused)
    {
        if (!options.UsesTokens) return false;

        // Somebody may have renewed it meanwhile, and that one stays.
        lock (_lock) _token = _token is { } token && token.Header.Equals(refused) ? null : _token;
        return true;
    }

    // Not ended by whoever began it: others wait for it too. The client has a time-out of its own.
    private async Task<(AuthenticationHeaderValue? Header, SendOutcome.Deferred? Refusal)> FetchAsync(AuthenticationHeaderValue credentials)
    {
        await Task.Yield(); // never inside the lock
        using var request = new HttpRequestMessage(HttpMethod.Post, options.TokenUrl)
        {
            Headers = { Authorization = credentials },
            Content = new FormUrlEncodedContent([new("grant_type", "client_credentials")]),
        };
        try
        {
            var reply = await http.CallAsync(request, CancellationToken.None).ConfigureAwait(false);
            if (!reply.IsSuccess) return (null, Refusal(reply));
            if (reply.Read(BandwidthJson.Default.BandwidthToken) is not { AccessToken: { Length: > 0 } value } token)
            {
                return (null, new(DeferralCause.CarrierUnavailable, "token_unreadable"));
            }

            var life = TimeSpan.FromSeconds(Math.Max(0, token.ExpiresIn ?? 0));
            var header = new AuthenticationHeaderValue("Bearer", value);
            lock (_lock) _token = new(header, credentials, clock.GetUtcNow() + (life > 2 * Early ? life - Early : life / 2));
            return (header, null);
        }
        catch (Exception lost) when (lost is HttpRequestException or OperationCanceledException or IOException)
        {
            return (null, new(DeferralCause.CarrierUnavailable, "token_connect"));
        }
    }

    private static SendOutcome.Deferred Refusal(CarrierReply reply)
    {
        var cause = (int)reply.Status is 400 or 401 or 403 ? DeferralCause.OurFault : DeferralCause.CarrierUnavailable;
        return new(cause, $"token_{reply.StatusCode}", reply.RetryAfter);
    }
}
