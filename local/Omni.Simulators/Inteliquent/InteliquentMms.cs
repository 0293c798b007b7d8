using System.Collections.Frozen;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Omni.Simulators.Inteliquent;

/// <summary>A file that a person sends, as a test or the console orders it.</summary>
internal sealed record InteliquentFile
{
    private const int DefaultSizeBytes = 1024, MaxSizeBytes = 100 * 1024 * 1024;

    private static readonly FrozenDictionary<string, string> Extensions = new Dictionary<string, string>
    {
        ["image/jpeg"] = "jpg", ["image/png"] = "png", ["image/gif"] = "gif", ["video/mp4"] = "mp4", ["video/3gpp"] = "3gp",
        ["audio/amr"] = "amr", ["text/vcard"] = "vcf",
        ["application/pdf"] = "pdf",
    }.ToFrozenDictionary();

    public required string ContentType { get; init; }

    /// <summary>The content; without it, zeros of <see cref="SizeBytes"/>.</summary>
    public string? Base64 { get; init; }

    public int? SizeBytes { get; init; }

    /// <summary>It is announced, and it is gone when somebody fetches it.</summary>
    public bool Expired { get; init; }

    public string Extension => Extensions.GetValueOrDefault(ContentType, "bin");

    public byte[]? Content()
    {
        if (Base64 is null) return SizeBytes is < 0 or > MaxSizeBytes ? null : new byte[SizeBytes ?? DefaultSizeBytes];
        var bytes = new byte[Base64.Length];
        return Convert.TryFromBase64String(Base64, bytes, out var length) ? bytes[..length] : null;
    }
}

/// <summary>
/// The parts of inbound MMS. They are fetched without credentials, and whoever brings some has given them to the wrong host.
/// </summary>
internal sealed class InteliquentMms(Uri? baseUrl)
{
    private const int Keep = 1000;
    private const string Smil = "application/smil";
    private static readonly byte[] Layout = "<smil><body/></smil>"u8.ToArray();

    private readonly Outbox<Part> _parts = new(Keep);

    public void Map(IEndpointRouteBuilder routes) => routes.MapGet("/mms/{id}/{name}", Serve);

    public void Clear() => _parts.Clear();

    /// <summary>Keeps the files of a message behind their layout, and gives the addresses of all.</summary>
    public IReadOnlyList<string> Add(string id, IReadOnlyList<InteliquentFile> files, HttpRequest request)
    {
        if (files is []) return [];

        var host = baseUrl?.GetLeftPart(UriPartial.Path).TrimEnd('/') ?? $"{request.Scheme}://{request.Host}";
        Part[] parts = [new("0.smil", Smil, Layout), .. files.Select(
            (file, index) => new Part($"{index + 1}.{file.Extension}", file.ContentType, file.Expired ? null : file.Content()))];
        foreach (var part in parts) _parts.Add($"{id}/{part.Name}", part);
        return [.. parts.Select(part => $"{host}/{InteliquentSimulator.Name}/mms/{id}/{part.Name}")];
    }

    private IResult Serve(string id, string name, HttpRequest request)
    {
        if (request.Headers.Authorization.Count > 0)
            return Results.Text("No credentials belong here", statusCode: StatusCodes.Status400BadRequest);
        return _parts.Find($"{id}/{name}") is { Bytes: { } bytes } part ? Results.Bytes(bytes, part.ContentType) : Results.NotFound();
    }

    private sealed record Part(string Name, string ContentType, byte[]? Bytes);
}
