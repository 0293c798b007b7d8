using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Omni.Simulators.Files;

namespace Omni.Simulators.WhatsApp;

/// <summary>
/// Files: upload, look up, download, delete. A look-up gives an address that lives for five minutes and wants the same token.
/// </summary>
internal sealed class WhatsAppMediaApi(WhatsAppAccount account)
{
    private static readonly TimeSpan LinkLife = TimeSpan.FromMinutes(5),
        UploadLife = TimeSpan.FromDays(30),
        InboundLife = TimeSpan.FromDays(7);
    private readonly byte[] _linkKey = RandomNumberGenerator.GetBytes(32);

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/{phoneNumberId}/media", UploadAsync);
        routes.MapGet("/{media}", LookUp);
        routes.MapDelete("/{media}", (string media) =>
        {
            if (Find(media) is not { } found) return NotFound();
            found.Gone = true;
            return Results.Json(new JsonObject { ["success"] = true });
        });
    }

    public void MapLinks(IEndpointRouteBuilder routes) => routes.MapGet("/lookaside/{media}", Serve);

    private async Task<IResult> UploadAsync(string phoneNumberId, HttpRequest request)
    {
        if (account.NumberById(phoneNumberId) is null) return NotFound();
        if (!request.HasFormContentType)
            return WhatsAppError.Of(WhatsAppError.Parameter, "The parameter messaging_product is required.").ToResult();

        var form = await request.ReadFormAsync();
        if (form["messaging_product"] != "whatsapp")
            return WhatsAppError.Of(WhatsAppError.Parameter, "The parameter messaging_product is required.").ToResult();
        if (form.Files.GetFile("file") is not { } file)
            return WhatsAppError.Of(WhatsAppError.Parameter, "The parameter file is required.").ToResult();

        // With parameters, such as audio/ogg; codecs=opus.
        var type = form["type"].ToString().Split(';')[0];
        if (WhatsAppChecks.KindOf(type) is null)
            return WhatsAppError.Of(WhatsAppError.Parameter, $"Param file must be a file with one of the known types, not {type}.")
                .ToResult();

        using var content = new MemoryStream();
        await file.CopyToAsync(content, request.HttpContext.RequestAborted);
        var bytes = content.ToArray();
        if (WhatsAppFiles.Refuse(type, FileLook.Of(bytes)) is { } fault)
            return WhatsAppError.Of(WhatsAppError.MediaUpload, fault).ToResult();

        var media = new WhatsAppMedia(WhatsAppMedia.NewId(), phoneNumberId, type, bytes, account.Clock.GetUtcNow()) { IsUpload = true };
        account.Media.Add(media.Id, media);
        return Results.Json(new JsonObject { ["id"] = media.Id });
    }

    private IResult LookUp(string media, HttpRequest request)
    {
        if (Find(media) is not { } found) return NotFound();
        if (request.Query["phone_number_id"] is [var number] && number != found.PhoneNumberId) return NotFound();

        var expires = (account.Clock.GetUtcNow() + LinkLife).ToUnixTimeSeconds();
        return Results.Json(new JsonObject
        {
            ["messaging_product"] = "whatsapp",
            ["url"] = $"{account.ApiUrl}/lookaside/{found.Id}?ext={expires}&hash={LinkHash(found.Id, expires)}",
            ["mime_type"] = found.ContentType,
            ["sha256"] = found.Sha256(hex: true),
            ["file_size"] = found.Content.Length,
            ["id"] = found.Id,
        });
    }

    private IResult Serve(string media, HttpRequest request)
    {
        // Without a client's name the real host answers with a page.
        if (request.Headers.UserAgent.Count == 0)
            return Results.Content("<html/>", "text/html", statusCode: StatusCodes.Status400BadRequest);

        var isSigned = long.TryParse(request.Query["ext"], CultureInfo.InvariantCulture, out var expires)
            && request.Query["hash"] == LinkHash(media, expires);
        return isSigned && account.Clock.GetUtcNow().ToUnixTimeSeconds() <= expires && Find(media) is { } found
            ? Results.Bytes(found.Content, found.ContentType)
            : Results.NotFound();
    }

    private WhatsAppMedia? Find(string id) =>
        account.Media.Find(id) is { Gone: false } media
            && account.Clock.GetUtcNow() - media.CreatedAt < (media.IsUpload ? UploadLife : InboundLife)
            ? media
            : null;

    private string LinkHash(string id, long expires) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(_linkKey, Encoding.ASCII.GetBytes($"{id}.{expires}")));

    private static IResult NotFound() =>
        WhatsAppError.Of(
            WhatsAppError.Parameter, "Unsupported get request. Object does not exist, or cannot be loaded due to missing permissions.")
            .ToResult();
}
