using System.Text;
using System.Text.Json;
using FsCheck.Xunit;

namespace Omni.Shared.Tests.Text;

public sealed class PlainJsonEncoderTests
{
    private static readonly JsonWriterOptions Plain = new() { Encoder = PlainJsonEncoder.Instance };

    [Theory]
    [InlineData("Hello", "Hello")]
    [InlineData("<a href='x'>é & 漢字</a>", "<a href='x'>é & 漢字</a>")]
    [InlineData("🙂", "🙂")]
    [InlineData("a👩\u200d👩\u200d👧b", "a👩\u200d👩\u200d👧b")]
    [InlineData("\u00a0\u2028\ue000", "\u00a0\u2028\ue000")]
    [InlineData("\"🙂\\", "\\\"🙂\\\\")]
    [InlineData("🙂\n\t\u0001🙂", "🙂\\n\\t\\u0001🙂")]
    [InlineData("🙂\ufffe\ufffd\uffff\"", "🙂\\uFFFE\ufffd\\uFFFF\\\"")] // a queue refuses them
    public void Only_what_must_be_is_escaped(string text, string written)
    {
        Assert.Equal($"\"{written}\"", Write(writer => writer.WriteStringValue(text)));
        Assert.Equal($"\"{written}\"", Write(writer => writer.WriteStringValue(Encoding.UTF8.GetBytes(text))));
    }

    [Theory]
    [InlineData("\ud83d")]
    [InlineData("\ude42")]
    [InlineData("🙂\ud83d")]
    [InlineData("\ude42\ud83d🙂")]
    public void Half_a_character_becomes_the_mark_for_one(string text)
    {
        var read = JsonSerializer.Deserialize<string>(Write(writer => writer.WriteStringValue(text)))!;

        Assert.Contains('\ufffd', read);
        Assert.DoesNotContain(read.EnumerateRunes(), rune => rune.Value is >= 0xD800 and <= 0xDFFF);
    }

    [Property(Arbitrary = [typeof(AnyText)])]
    public void What_is_written_reads_as_it_was_but_for_halves(AnyText text)
    {
        var whole = Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text.Value));

        Assert.Equal(whole, JsonSerializer.Deserialize<string>(Write(writer => writer.WriteStringValue(text.Value))));
    }

    private static string Write(Action<Utf8JsonWriter> write)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, Plain)) write(writer);
        return Encoding.UTF8.GetString(buffer.ToArray());
    }
}
