using System.Buffers.Binary;
using System.Text.Json;
using Amazon.DynamoDBv2.Model;
using Omni.Shared;

namespace Omni.Aws;

/// <summary>
/// Turns what is left between turns into an item and back. Whose it is is said as in a conversation's item: who deletes a person finds
/// both.
/// </summary>
internal static class DialogCodec
{
    /// <summary>The start of its keys.</summary>
    public const string Prefix = "turn#";

    public const string Processor = "pr";
    public const string Version = "v";
    public const string HandOffAt = "ho";
    public const string HandOffReason = "hr";
    public const string HandOffFor = "hf";
    public const string FaultTurn = "fi";
    public const string FaultCount = "fc";

    /// <summary>The wakes, and with them the key of the sparse index, and the earliest of them.</summary>
    public const string Wakes = "wk";
    public const string WakeKey = "wp";
    public const string WakeAt = "wa";

    private const string Account = "ac";
    private const string State = "st";
    private const string Menu = "mn";
    private const string LastInbound = "li";
    private const string Heard = "lh";
    private const string MutedUntil = "mu";
    private const string LastTurn = "lt";

    // 4 bytes of seconds since 1970, 4 of the hash.
    private const int HeardBytes = 8;

    public static string KeyOf(string conversationId) => Prefix + conversationId;

    public static Dictionary<string, AttributeValue> ToItem(Dialog dialog, DateTimeOffset now)
    {
        var conversation = dialog.Conversation;
        var item = Attr.Key(KeyOf(conversation.Id), null);
        item[Version] = Attr.N(dialog.Version);
        item["tn"] = Attr.S(conversation.Tenant);
        item["ca"] = Attr.S(conversation.Carrier);
        item[Account] = Attr.S(conversation.Account);
        item["us"] = Attr.S(conversation.Ours.Key);
        item["th"] = Attr.S(conversation.Theirs.Key);
        item["ex"] = ExpiryOf(dialog, now);
        if (dialog.Processor is { } processor) item[Processor] = Attr.S(processor);
        if (dialog.State is { } state) item[State] = Attr.S(state);
        if (dialog.Menu.Count > 0) item[Menu] = Attr.S(JsonSerializer.Serialize(dialog.Menu, OmniJson.Wire.IReadOnlyListChoice));
        if (dialog.LastInboundAt is { } last) item[LastInbound] = Attr.Time(last);
        if (dialog.Heard.Count > 0) item[Heard] = new() { B = new MemoryStream(Pack(dialog.Heard)) };
        if (dialog.MutedUntil is { } muted) item[MutedUntil] = Attr.Time(muted);
        if (dialog.LastTurn is { } turn) item[LastTurn] = Attr.S(turn);
        if (dialog.HandOff is { } handOff)
        {
            item[HandOffAt] = Attr.Time(handOff.At);
            item[HandOffReason] = Attr.S(handOff.Reason);
            item[HandOffFor] = Attr.N((long)handOff.ResumeAfter.TotalSeconds);
        }

        if (dialog.Wakes.Count > 0)
        {
            item[Wakes] = Attr.M(dialog.Wakes.ToDictionary(wake => wake.Key, wake => Attr.Time(wake.Value)));
            item[WakeKey] = Attr.S(DialogStore.ShardKey(Shards.Of(conversation.Id, DialogStore.WakeShards)));
            item[WakeAt] = Attr.Time(dialog.Wakes.Values.Min());
        }

        return item;
    }

    public static Dialog FromItem(IReadOnlyDictionary<string, AttributeValue> item) => new()
    {
        Conversation = new(
            item["tn"].S,
            item["ca"].S,
            item.Text(Account) ?? Defaults.Account,
            Address.FromKey(item["us"].S),
            Address.FromKey(item["th"].S)),
        Processor = item.Text(Processor),
        Version = item.Number(Version) ?? 0,
        State = item.Text(State),
        Wakes = (item.GetValueOrDefault(Wakes)?.M ?? []).ToDictionary(wake => wake.Key, wake => MomentOf(wake.Value)),
        Menu = item.Text(Menu) is { } menu ? JsonSerializer.Deserialize(menu, OmniJson.Wire.IReadOnlyListChoice)! : [],
        LastInboundAt = item.Moment(LastInbound),
        Heard = item.GetValueOrDefault(Heard)?.B is { } heard ? Unpack(heard.ToArray()) : [],
        MutedUntil = item.Moment(MutedUntil),
        LastTurn = item.Text(LastTurn),
        HandOff = item.Moment(HandOffAt) is { } at
            ? new(at, item.Text(HandOffReason) ?? "", TimeSpan.FromSeconds(item.Number(HandOffFor) ?? 0))
            : null,
        Faults = item.Text(FaultTurn) is { } failed ? (failed, (int)(item.Number(FaultCount) ?? 0)) : null,
    };

    /// <summary>It is kept as long as a message, and as long again after the last wake.</summary>
    private static AttributeValue ExpiryOf(Dialog dialog, DateTimeOffset now) =>
        Attr.Expiry(dialog.Wakes.Values.Append(now).Max() + Defaults.Retention);

    private static DateTimeOffset MomentOf(AttributeValue value) =>
        DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(value.N, System.Globalization.CultureInfo.InvariantCulture));

    private static byte[] Pack(IReadOnlyList<HeardText> heard)
    {
        var bytes = new byte[heard.Count * HeardBytes];
        foreach (var (index, one) in heard.Index())
        {
            BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(index * HeardBytes), (uint)one.At.ToUnixTimeSeconds());
            BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan((index * HeardBytes) + 4), one.Text);
        }

        return bytes;
    }

    private static HeardText[] Unpack(byte[] bytes) =>
    [
        .. Enumerable.Range(0, bytes.Length / HeardBytes).Select(index => new HeardText(
            DateTimeOffset.FromUnixTimeSeconds(BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(index * HeardBytes))),
            BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan((index * HeardBytes) + 4)))),
    ];
}
