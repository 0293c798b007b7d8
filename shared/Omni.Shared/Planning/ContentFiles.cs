namespace Omni.Shared;

/// <summary>A file that content names.</summary>
/// <param name="Path">Where in the request it is named, such as <c>content.more[0]</c>.</param>
/// <param name="Kind">The kind of file that it is sent as.</param>
/// <param name="File">The file.</param>
public sealed record NamedFile(string Path, ContentType Kind, MediaItem File);

/// <summary>The files that content names.</summary>
public static class ContentFiles
{
    /// <summary>All files: those of a message with media, and that of a template's header.</summary>
    /// <param name="content">The content.</param>
    public static IEnumerable<NamedFile> Of(Content content) => content switch
    {
        MediaContent media =>
        [
            new NamedFile("content", media.Type, media.Files[0]),
            .. (media.More ?? []).Index().Select(
                file => new NamedFile($"content.more[{file.Index}]", MediaTypes.KindOf(file.Item) ?? media.Type, file.Item)),
        ],
        TemplateContent { Header: { } header } => Of(header),
        _ => [],
    };

    private static IEnumerable<NamedFile> Of(TemplateHeader header)
    {
        (ContentType Kind, MediaItem? File)[] files =
            [(ContentType.Image, header.Image), (ContentType.Video, header.Video), (ContentType.Document, header.Document)];
        return files.Where(file => file.File is not null)
            .Select(file => new NamedFile($"content.header.{file.Kind.Word()}", file.Kind, file.File!));
    }
}
