#pragma warning disable CS1591, CA1711
namespace Omni.Shared;

// Stands here only until the text work lands: delete this file then.
public enum SmsEncoding { Gsm7, Ucs2 }
public readonly record struct SegmentCount(SmsEncoding Encoding, int Segments, int Units);
public static class SmsText { public static SegmentCount Count(string text) => new(SmsEncoding.Gsm7, 1, text.Length); }
public static class TextSplitter
{
    public static IReadOnlyList<string> Split(string text, int maxLength) => [text[..maxLength], text[maxLength..]];
    public static IReadOnlyList<string> SplitBySegments(string text, int maxSegments) => [text];
}
public static class PhoneNumbers { public static string Mask(string value) => "***"; }
