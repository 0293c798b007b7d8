using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Omni.Simulators.Twilio;

/// <summary>
/// Media that people sent. A download is authenticated at the API, which redirects to a signed link on another host's behalf; that
/// one takes no credentials, and fails with 400 when a client forwards them.
/// </summary>
internal sealed class TwilioMediaApi(TwilioAccount account, Uri? baseUrl)
{
    private static readonly TimeSpan LinkLife = TimeSpan.FromMinutes(5);
    private readonly byte[] _linkKey = RandomNumberGenerator.GetBytes(32);

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/Messages/{message}/Media.json", List);
        routes.MapGet("/Messages/{message}/Media/{sid}", Download);
        routes.MapDelete("/Messages/{message}/Media/{sid}", Delete);
    }

    public void MapLinks(IEndpointRouteBuilder routes) => routes.MapGet("/cdn/{sid}", Serve);

    private IResult List(string message) => TwilioJson.Result(new
    {
        MediaList = account.Media.All()
            .Where(media => media.MessageSid == message && !media.Gone)
            .Select(media => TwilioMediaResource.Of(media, account.Options.AccountSid)),
    });

    private IResult Download(string message, string sid, HttpRequest request)
    {
        if (Find(message, sid) is not { } media) return NotFound();
        if (sid.EndsWith(".json", StringComparison.Ordinal))
            return TwilioJson.Result(TwilioMediaResource.Of(media, account.Options.AccountSid));

        var expires = (account.Clock.GetUtcNow() + LinkLife).ToUnixTimeSeconds();
        var host = baseUrl?.GetLeftPart(UriPartial.Path).TrimEnd('/') ?? $"{request.Scheme}://{request.Host}";
        return Results.Redirect(
            $"{host}/{TwilioSimulator.Name}/cdn/{media.Sid}?Expires={expires}&Signature={LinkSignature(media.Sid, expires)}",
            permanent: false,
            preserveMethod: true);
    }

    private IResult Delete(string message, string sid)
    {
        if (Find(message, sid) is not { } media) return NotFound();
        media.Gone = true;
        return Results.NoContent();
    }

    private IResult Serve(string sid, HttpRequest request)
    {
        if (request.Headers.Authorization.Count > 0)
            return Results.Text("Only one auth mechanism allowed", statusCode: StatusCodes.Status400BadRequest);

        var signed = long.TryParse(request.Query["Expires"], CultureInfo.InvariantCulture, out var expires)
            && request.Query["Signature"] == LinkSignature(sid, expires);
        if (!signed || account.Clock.GetUtcNow().ToUnixTimeSeconds() > expires) return Results.StatusCode(StatusCodes.Status403Forbidden);

        return account.Media.Find(sid) is { Gone: false } media ? Results.Bytes(media.Content, media.ContentType) : Results.NotFound();
    }

    private TwilioMedia? Find(string message, string sid) =>
        account.Media.Find(sid.Replace(".json", "", StringComparison.Ordinal)) is { Gone: false } media && media.MessageSid == message
            ? media
            : null;

    private string LinkSignature(string sid, long expires) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(_linkKey, Encoding.UTF8.GetBytes($"{sid}.{expires}")));

    private static IResult NotFound() => TwilioError.Of(TwilioError.NotFound).ToResult();
}
