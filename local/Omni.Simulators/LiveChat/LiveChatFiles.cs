using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Omni.Simulators.LiveChat;

/// <summary>Uploads, and the CDN that serves them. It takes no credentials, and fails when a client sends some.</summary>
internal sealed class LiveChatFiles(LiveChatAccount account, Uri? baseUrl)
{
    private const int MaxBytes = 10 * 1024 * 1024;

    // A picture of one pixel, for whoever needs an address on this host that a file can be fetched from.
    private static readonly byte[] Mug = Convert.FromBase64String(
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==");

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/cdn/api/file/lc/att/{license}/{key}/{name}", (string key, HttpRequest request) => Serve(key, request));
        routes.MapGet("/public/mug.png", () => Results.Bytes(Mug, "image/png"));
    }

    /// <summary>Takes an upload: one part, named <c>file</c>.</summary>
    public async Task<LiveChatOutcome> UploadAsync(HttpRequest request)
    {
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type) || type.MediaType != "multipart/form-data")
            return LiveChatError.Of("validation", "`file` is required");

        var form = await request.ReadFormAsync();
        if (form.Files is not [{ Name: "file" } file]) return LiveChatError.Of("validation", "`file` is required");
        if (file.Length > MaxBytes) return LiveChatError.Of("entity_too_large");

        using var content = new MemoryStream();
        await file.CopyToAsync(content);
        var bytes = content.ToArray();
        if (file.FileName.EndsWith(".exe", StringComparison.OrdinalIgnoreCase) || bytes.AsSpan().StartsWith("MZ"u8))
            return LiveChatError.Of("validation", "The file type is not allowed");

        return new() { Answer = new { url = Url(Keep(file.FileName, file.ContentType, bytes), HostOf(request)) } };
    }

    public LiveChatFile Keep(string name, string contentType, byte[] content)
    {
        var file = new LiveChatFile(SimulatedCredentials.NewSecret(), name, contentType, content, account.Clock.GetUtcNow());
        account.Files.Add(file.Key, file);
        return file;
    }

    public string Url(LiveChatFile file, string host) =>
        $"{host}/{LiveChatSimulator.Name}/cdn/api/file/lc/att/{account.Options.LicenseId}/{file.Key}/{Uri.EscapeDataString(file.Name)}";

    public string HostOf(HttpRequest request) => baseUrl?.GetLeftPart(UriPartial.Authority) ?? $"{request.Scheme}://{request.Host}";

    /// <summary>An event as it is stored: a file's has what is known of the file. From here on the file stays.</summary>
    /// <returns>Why it cannot be; null when it is well.</returns>
    public string? Complete(JsonObject given, out JsonObject complete)
    {
        complete = given.DeepClone().AsObject();
        if (given.Text("type") != "file") return null;

        // .../att/{license}/{key}/{name}, and no other place
        var key = Uri.TryCreate(given.Text("url"), UriKind.Absolute, out var url) && url.Segments is [.., var k, _] ? k.TrimEnd('/') : null;
        if (key is null || account.Files.Find(key) is not { } file || !file.IsThere(account.Clock.GetUtcNow()))
            return "`event.url` must point to the LiveChat CDN";

        file.Used = true;
        Describe(file, complete);
        return null;
    }

    /// <summary>Puts into an event what is known of its file.</summary>
    public static void Describe(LiveChatFile file, JsonObject complete)
    {
        complete["name"] = file.Name;
        complete["content_type"] = file.ContentType;
        // of other files it is not told
        if (file.ContentType.StartsWith("image/", StringComparison.Ordinal)) complete["size"] = file.Content.Length;
    }

    private IResult Serve(string key, HttpRequest request)
    {
        if (request.Headers.Authorization.Count > 0)
            return Results.Text("No credentials here", statusCode: StatusCodes.Status400BadRequest);
        return account.Files.Find(key) is { } file && file.IsThere(account.Clock.GetUtcNow())
            ? Results.Bytes(file.Content, file.ContentType)
            : Results.NotFound();
    }
}
