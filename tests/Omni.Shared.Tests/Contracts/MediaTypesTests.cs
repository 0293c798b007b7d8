namespace Omni.Shared.Tests.Contracts;

public sealed class MediaTypesTests
{
    [Theory]
    [InlineData("https://example.com/a.JPG?x=.mp4", null, null, ContentType.Image)]
    [InlineData("https://example.com/a.tiff", null, null, ContentType.Image)]
    [InlineData("https://example.com/a.m4v", null, null, ContentType.Video)]
    [InlineData("https://example.com/a.opus", null, null, ContentType.Audio)]
    [InlineData("https://example.com/a.3ga", null, null, ContentType.Audio)]
    [InlineData("https://example.com/a.vcf", null, null, ContentType.Document)]
    [InlineData("https://example.com/a.png/b", null, null, null)]
    [InlineData("https://example.com/", null, null, null)]
    [InlineData("https://example.com/1", "note.ogg", null, ContentType.Audio)]
    [InlineData("https://example.com/a.png", "note.ogg", "VIDEO/mp4", ContentType.Video)]
    [InlineData(null, null, "application/x-new", ContentType.Document)]
    [InlineData(null, null, null, null)]
    public void A_files_kind_is_what_is_claimed_or_else_what_its_name_tells(string? url, string? name, string? type, ContentType? kind)
    {
        var file = new MediaItem { MediaUrl = url is null ? null : new(url), Filename = name, MimeType = type };

        Assert.Equal(kind, MediaTypes.KindOf(file));
        Assert.Equal(kind ?? ContentType.Document, MediaContent.Of([file]).Type);
    }

    [Fact]
    public void Each_further_file_has_its_own_kind()
    {
        var content = new ImageContent { MediaId = "1", More = [new() { MediaId = "2", MimeType = "video/mp4" }, new() { MediaId = "3" }] };

        Assert.Equal([ContentType.Image, ContentType.Video, ContentType.Image], ContentFiles.Of(content).Select(named => named.Kind));
    }
}
