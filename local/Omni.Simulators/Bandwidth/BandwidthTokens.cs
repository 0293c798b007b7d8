using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Omni.Simulators.Bandwidth;

/// <summary>
/// Who may call: a token of the OAuth2 client-credentials grant (RFC 6749, section 4.4), or the old way with the same two values as user
/// and password.
/// </summary>
internal sealed class BandwidthTokens(BandwidthOptions options, TimeProvider clock)
{
    private readonly ConcurrentDictionary<string, DateTimeOffset> _live = new(StringComparer.Ordinal);

    /// <summary>How many tokens were given out.</summary>
    public int Issued { get; private set; }

    public async Task<IResult> IssueAsync(HttpRequest request)
    {
        if (!IsClient(request.Headers.Authorization))
            return BandwidthJson.Result(new { error = "invalid_client" }, StatusCodes.Status401Unauthorized);
        if (!request.HasFormContentType) return BandwidthJson.Result(new { error = "invalid_request" }, StatusCodes.Status400BadRequest);
        if ((await request.ReadFormAsync())["grant_type"] != "client_credentials")
        {
            return BandwidthJson.Result(new { error = "unsupported_grant_type" }, StatusCodes.Status400BadRequest);
        }

        var token = SimulatedCredentials.NewSecret() + SimulatedCredentials.NewSecret();
        _live[token] = clock.GetUtcNow() + options.TokenLife;
        Issued++;
        return Results.Json(new { access_token = token, token_type = "Bearer", expires_in = (int)options.TokenLife.TotalSeconds });
    }

    /// <summary>No token given out so far is good any more.</summary>
    public void Revoke() => _live.Clear();

    public BandwidthError? Refuse(HttpRequest request)
    {
        var header = request.Headers.Authorization.ToString();
        var isKnown = header.StartsWith("Bearer ", StringComparison.Ordinal)
            ? _live.TryGetValue(header["Bearer ".Length..], out var until) && clock.GetUtcNow() < until
            : IsClient(header);
        if (!isKnown) return BandwidthError.Unauthorized;
        return (string?)request.RouteValues["account"] == options.AccountId ? null : BandwidthError.NotFound;
    }

    private bool IsClient(string? header)
    {
        if (!AuthenticationHeaderValue.TryParse(header, out var value) || !"Basic".Equals(value.Scheme, StringComparison.OrdinalIgnoreCase))
            return false;

        var bytes = new byte[value.Parameter?.Length ?? 0];
        return Convert.TryFromBase64String(value.Parameter ?? "", bytes, out var length)
            && Encoding.UTF8.GetString(bytes, 0, length) == $"{options.ApiToken}:{options.ApiSecret}";
    }
}
