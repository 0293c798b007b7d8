using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;

namespace Omni.Shared;

/// <summary>
/// Writes JSON text as it is. Escaped is only what JSON says must be (RFC 8259, section 7): quotation marks, backslashes, control
/// characters; and U+FFFE and U+FFFF, which are no characters, and which a queue refuses with all that stands beside them:
/// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html.
/// .NET's own most relaxed encoder escapes every character above U+FFFF too: an emoji becomes twelve bytes that nobody reads.
/// </summary>
public sealed class PlainJsonEncoder : JavaScriptEncoder
{
    private const int FirstPlain = 0x20;

    private static readonly SearchValues<char> Escaped =
        SearchValues.Create([.. Enumerable.Range(0, FirstPlain).Select(c => (char)c), '"', '\\', '\uFFFE', '\uFFFF']);

    private static readonly SearchValues<byte> EscapedUtf8 =
        SearchValues.Create([.. Enumerable.Range(0, FirstPlain).Select(c => (byte)c), (byte)'"', (byte)'\\']);

    private PlainJsonEncoder() { }

    /// <summary>The encoder.</summary>
    public static PlainJsonEncoder Instance { get; } = new();

    /// <summary>The options of a generated context, but with text written as it is: for a context that is made of them.</summary>
    /// <param name="options">The options of the context's <c>Default</c>.</param>
    public static JsonSerializerOptions Over(JsonSerializerOptions options) =>
        new(options) { TypeInfoResolver = null, Encoder = Instance };

    /// <inheritdoc/>
    public override int MaxOutputCharactersPerInputCharacter => UnsafeRelaxedJsonEscaping.MaxOutputCharactersPerInputCharacter;

    /// <inheritdoc/>
    public override bool WillEncode(int unicodeScalar) => unicodeScalar is < FirstPlain or '"' or '\\' or 0xFFFE or 0xFFFF;

    /// <inheritdoc/>
    public override unsafe int FindFirstCharacterToEncode(char* text, int textLength)
    {
        var characters = new ReadOnlySpan<char>(text, textLength);
        var special = characters.IndexOfAny(Escaped);
        var half = HalfPair(special < 0 ? characters : characters[..special]);
        return half >= 0 ? half : special;
    }

    /// <inheritdoc/>
    public override int FindFirstCharacterToEncodeUtf8(ReadOnlySpan<byte> utf8Text) =>
        Utf8.IsValid(utf8Text) && utf8Text.IndexOf("\uFFFE"u8) < 0 && utf8Text.IndexOf("\uFFFF"u8) < 0
            ? utf8Text.IndexOfAny(EscapedUtf8)
            : base.FindFirstCharacterToEncodeUtf8(utf8Text);

    /// <inheritdoc/>
    public override unsafe bool TryEncodeUnicodeScalar(
        int unicodeScalar, char* buffer, int bufferLength, out int numberOfCharactersWritten) =>
        UnsafeRelaxedJsonEscaping.TryEncodeUnicodeScalar(unicodeScalar, buffer, bufferLength, out numberOfCharactersWritten);

    // Half a surrogate pair is no text: whoever writes puts U+FFFD there.
    private static int HalfPair(ReadOnlySpan<char> characters)
    {
        for (var at = 0; at < characters.Length;)
        {
            var next = characters[at..].IndexOfAnyInRange('\uD800', '\uDFFF');
            if (next < 0) return -1;

            at += next;
            if (Rune.DecodeFromUtf16(characters[at..], out _, out var length) != OperationStatus.Done) return at;

            at += length;
        }

        return -1;
    }
}
