using System.Buffers;
using System.Text;

namespace Omni.Simulators.MessageBird;

/// <summary>How a text travels as SMS: its alphabet, its parts, and what a wrong alphabet does to it.</summary>
internal static class MessageBirdText
{
    private const string Extension = "^{}\\[~]|€\f";

    // 3GPP TS 23.038, section 6.2.1
    private static readonly SearchValues<char> Gsm = SearchValues.Create(
        "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
            + Extension);

    /// <summary>The alphabet that is used: <c>auto</c> takes unicode for a text that needs it.</summary>
    public static string Alphabet(string text, string datacoding) => datacoding switch
    {
        "auto" => text.AsSpan().ContainsAnyExcept(Gsm) ? "unicode" : "plain",
        _ => datacoding,
    };

    /// <summary>How many parts a text is.</summary>
    public static int Parts(string text, string alphabet)
    {
        var plain = alphabet is "plain";
        var units = plain ? text.Sum(character => Extension.Contains(character, StringComparison.Ordinal) ? 2 : 1) : text.Length;
        var (alone, joined) = plain ? (160, 153) : (70, 67);
        return units <= alone ? 1 : (units + joined - 1) / joined;
    }

    /// <summary>The text as it reaches the phone: what the plain alphabet does not have is lost.</summary>
    public static string Arrives(string text, string alphabet)
    {
        if (alphabet is not "plain") return text;
        var arrives = new StringBuilder(text.Length);
        foreach (var character in text) arrives.Append(Gsm.Contains(character) ? character : '?');
        return arrives.ToString();
    }
}
