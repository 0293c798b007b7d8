using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json.Serialization;

namespace Omni.Shared;

/// <summary>Where a person finds a file that their carrier does not carry: a short public address that leads to it.</summary>
/// <param name="Url">The address.</param>
/// <param name="MediaId">Omni's id of the file; null where it is not one of Omni's.</param>
/// <param name="MediaUrl">Where the file lies; null where it is one of Omni's.</param>
public sealed record FileLink(Uri Url, string? MediaId, Uri? MediaUrl)
{
    private const int IdBytes = 16;

    /// <summary>How long a link works after the last moment at which its message may leave.</summary>
    public static readonly TimeSpan Life = TimeSpan.FromDays(7);

    /// <summary>The path under which links are opened, without the id at its end.</summary>
    public const string Path = "/f/";

    /// <summary>What tells the link from others; nobody can guess it.</summary>
    [JsonIgnore]
    public string Id => Url.AbsolutePath[(Url.AbsolutePath.LastIndexOf('/') + 1)..];

    /// <summary>A new link to a file.</summary>
    /// <param name="publicBaseUrl">Where the public reaches Omni.</param>
    /// <param name="file">The file.</param>
    public static FileLink To(string publicBaseUrl, MediaItem file) => new(
        new(publicBaseUrl.TrimEnd('/') + Path + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(IdBytes))),
        file.MediaId,
        file.MediaUrl);

    /// <summary>Whether a text has the form of an id.</summary>
    /// <param name="text">The text.</param>
    public static bool IsId(string text) => text.Length == 22 && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');
}
