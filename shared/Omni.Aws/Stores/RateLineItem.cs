using System.Globalization;
using Amazon.DynamoDBv2.Model;

namespace Omni.Aws;

/// <summary>The attributes of a line's item.</summary>
internal static class RateLineItem
{
    public const string Next = "n";
    public const string Given = "u";
    public const string Epoch = "e";

    public static RateLine Read(Dictionary<string, AttributeValue> item) => new()
    {
        Next = item.Number(Next) ?? 0,
        Given = item.Number(Given) ?? 0,
        Origin = item.Number("p0") ?? 0,
        Start = item.Number("t0") ?? 0,
        Rate = Real(item, "r") ?? 1,
        FrontNext = item.Number("fn") ?? 0,
        FrontOrigin = item.Number("f0") ?? 0,
        FrontStart = item.Number("ft") ?? 0,
        FrontGap = item.Number("fg") ?? 0,
        Ceiling = Real(item, "c") is > 0 and { } ceiling ? ceiling : null,
        Goal = Real(item, "g") ?? 0,
        CutAt = item.Number("ca") ?? 0,
        WentOnAt = item.Number("oa") ?? 0,
        ChangedAt = item.Number("ga") ?? 0,
        WindowAt = item.Number("wa") ?? 0,
        WindowCount = item.Number("wn") ?? 0,
        WindowRate = Real(item, "wr") ?? 0,
        WindowAge = item.Number("wg") ?? 0,
        WindowAfterQuiet = item.Number("wq") == 1,
        Counted = item.Number("kn") ?? 0,
        CountedFrom = item.Number("kf") ?? 0,
        CountedRate = Real(item, "kr") ?? 0,
        ShareBefore = Real(item, "sb") ?? 0,
        RateBefore = Real(item, "rb") ?? 0,
        OffTrialUntil = item.Number("ou") ?? 0,
        Background = Real(item, "b") ?? 0,
        Excess = Real(item, "bx") ?? 0,
        RefusedFrom = item.Number("rf") ?? 0,
        Minute = item.Number("ma") ?? 0,
        MinuteCount = item.Number("mn") ?? 0,
        MinuteBefore = item.Number("mb") ?? 0,
        Epoch = item.Number(Epoch) ?? 0,
    };

    public static void Write(ItemUpdate update, RateLine line)
    {
        update
            .Set("p0", Attr.N(line.Origin)).Set("t0", Attr.N(line.Start)).Set("r", Real(line.Rate))
            .Set("fn", Attr.N(line.FrontNext))
            .Set("f0", Attr.N(line.FrontOrigin))
            .Set("ft", Attr.N(line.FrontStart))
            .Set("fg", Attr.N(line.FrontGap))
            .Set("c", Real(line.Ceiling ?? 0)).Set("g", Real(line.Goal)).Set("ca", Attr.N(line.CutAt)).Set("oa", Attr.N(line.WentOnAt))
            .Set("ga", Attr.N(line.ChangedAt))
            .Set("wa", Attr.N(line.WindowAt))
            .Set("wn", Attr.N(line.WindowCount))
            .Set("wr", Real(line.WindowRate))
            .Set("wg", Attr.N(line.WindowAge))
            .Set("wq", Attr.N(line.WindowAfterQuiet ? 1 : 0))
            .Set("kn", Attr.N(line.Counted)).Set("kf", Attr.N(line.CountedFrom)).Set("kr", Real(line.CountedRate))
            .Set("sb", Real(line.ShareBefore)).Set("rb", Real(line.RateBefore)).Set("b", Real(line.Background)).Set("bx", Real(line.Excess))
            .Set("rf", Attr.N(line.RefusedFrom)).Set("ou", Attr.N(line.OffTrialUntil))
            .Set("ma", Attr.N(line.Minute)).Set("mn", Attr.N(line.MinuteCount)).Set("mb", Attr.N(line.MinuteBefore))
            .Set(Epoch, Attr.N(line.Epoch));
    }

    private static AttributeValue Real(double value) => new() { N = value.ToString("0.######", CultureInfo.InvariantCulture) };

    private static double? Real(Dictionary<string, AttributeValue> item, string name) =>
        item.GetValueOrDefault(name)?.N is { } n ? double.Parse(n, CultureInfo.InvariantCulture) : null;
}
