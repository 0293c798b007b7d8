using System.Text;
using Omni.Pipeline;
using Omni.Shared;

namespace Omni.Testing;

/// <summary>Every file at one address, or as a few bytes.</summary>
/// <param name="link">The address; null for none.</param>
public sealed class LinkedMedia(Uri? link) : IOutboundMedia
{
    /// <summary>The bytes of every file.</summary>
    public static readonly byte[] Bytes = Encoding.UTF8.GetBytes("the bytes of a file");

    public Uri? LinkTo(MediaItem file) => link;

    public Task<(MediaFile? File, SendOutcome? Refusal)> ReadAsync(MediaItem file, CancellationToken cancellation) =>
        Task.FromResult<(MediaFile?, SendOutcome?)>((new(Bytes, file.MimeType ?? "image/png", file.Filename ?? "file.png"), null));
}
