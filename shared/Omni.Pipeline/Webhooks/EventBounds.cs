using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Omni.Shared;

namespace Omni.Pipeline;

/// <summary>
/// Brings what a carrier says into the bounds of tables and queues, for all carriers alike: ids that are missing or too long for a key,
/// times that cannot be, places out of this world. A message is never refused for them.
/// </summary>
/// <param name="body">The call as it is kept.</param>
/// <param name="receivedAt">When it came.</param>
internal sealed class EventBounds(ReadOnlyMemory<byte> body, DateTimeOffset receivedAt)
{
    // A table's key has 2,048 bytes, and ids stand in keys beside other names.
    // https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html
    private const int MostIdCharacters = 512;

    private const int MostNameCharacters = 512;
    private const int MostNames = 8; // of one person

    // A filled-in form is a few kilobytes; a message's item has room for 400, and a queue's record for less.
    private const int MostDataBytes = 32 * 1024;

    // JSON is read and written to 64 levels, and there are others around it.
    private const int MostDataDepth = 32;

    private const int MostWordsCharacters = 4096; // of an advertisement

    private static readonly DateTimeOffset FirstTime = new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);

    // Between this and the carrier's clock there is a fault and no difference.
    private static readonly TimeSpan MostSkew = TimeSpan.FromDays(1);

    /// <summary>The events within bounds.</summary>
    /// <param name="events">The events of the call, in its order.</param>
    public IReadOnlyList<CarrierEvent> Of(IReadOnlyList<CarrierEvent> events) => [.. events.Select(Of)];

    private CarrierEvent Of(CarrierEvent e, int index) => e switch
    {
        CarrierEvent.MessageReceived message => Of(message, index),

        // Which message it is about nobody can tell.
        CarrierEvent.DeliveryReported { CarrierMessageId: "" } => CarrierEvent.Ignored.Unreadable,
        CarrierEvent.DeliveryReported report => report with
        {
            CarrierMessageId = Id(report.CarrierMessageId)!,
            From = Bounded(report.From),
            To = Bounded(report.To),
            KnownAs = Bounded(report.KnownAs),
            CarrierCode = Cut(report.CarrierCode),
            CarrierTime = Time(report.CarrierTime),
            Pricing = report.Pricing is not { } price ? null : price with
            {
                Currency = Cut(price.Currency), Category = Cut(price.Category), Model = Cut(price.Model), Kind = Cut(price.Kind),
            },
        },
        CarrierEvent.ReadReported read => IsKnown(read.From) && Time(read.UpTo) is { } upTo
            ? read with { UpTo = upTo }
            : CarrierEvent.Ignored.Unreadable,
        CarrierEvent.ConsentChanged consent => IsKnown(consent.From)
            ? consent with { To = Known(consent.To), AlsoFrom = Bounded(consent.AlsoFrom), Evidence = Cut(consent.Evidence) }
            : CarrierEvent.Ignored.Unreadable,
        _ => e,
    };

    private CarrierEvent.MessageReceived Of(CarrierEvent.MessageReceived message, int index)
    {
        var sentAt = Time(message.SentAt);
        return message with
        {
            CarrierMessageId = Id(message.CarrierMessageId) ?? Fingerprint(index, isTimed: sentAt is not null),
            From = Known(message.From),
            To = Known(message.To),
            Content = message.Content switch
            {
                LocationContent { IsOfThisWorld: false } place =>
                    new UnsupportedContent { Kind = "location", Text = place.Name ?? place.Address },
                InteractiveContent { Reply: { Data: { } data } reply } answer when !IsBounded(data) =>
                    answer with { Reply = reply with { Data = null } },
                var content => content,
            },
            SentAt = sentAt,
            ProfileName = Cut(message.ProfileName),
            ReplyTo = Id(message.ReplyTo),
            Participants = message.Participants?.Where(IsBounded).ToArray(),
            Thread = Id(message.Thread),
            AlsoFrom = Bounded(message.AlsoFrom),
            Referral = Bounded(message.Referral),
        };
    }

    /// <summary>An id of some length; of a longer one, which no carrier should give, its hash; null for none.</summary>
    private static string? Id(string? id) => string.IsNullOrEmpty(id) ? null : id.Length <= MostIdCharacters ? id : $"hash_{Ids.Hash(id)}";

    /// <summary>
    /// An id for a message that came without one: of the same call the same. Where nothing in the call tells the time, it is another after
    /// a minute: better the same message twice than a person who says the same again and is not heard.
    /// </summary>
    private string Fingerprint(int index, bool isTimed)
    {
        var minute = isTimed ? "" : receivedAt.UtcDateTime.ToString("yyyyMMddHHmm", CultureInfo.InvariantCulture);
        return "hash_"
            + $"{Ids.Hash(Convert.ToHexStringLower(SHA256.HashData(body.Span)), index.ToString(CultureInfo.InvariantCulture), minute)}";
    }

    private DateTimeOffset? Time(DateTimeOffset? time) => time >= FirstTime && time <= receivedAt + MostSkew ? time : null;

    private static bool IsBounded(Address address) => address.Value.Length is > 0 and <= MostNameCharacters;

    private static Address? Bounded(Address? address) => address is not null && IsBounded(address) ? address : null;

    private static Address[]? Bounded(IReadOnlyList<Address>? addresses) =>
        addresses?.Where(IsKnown).Take(MostNames).ToArray() is { Length: > 0 } known ? known : null;

    private static bool IsBounded(JsonElement data) =>
        Encoding.UTF8.GetByteCount(data.GetRawText()) <= MostDataBytes && DepthOf(data) <= MostDataDepth;

    private static int DepthOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => 1 + value.EnumerateObject().Select(member => DepthOf(member.Value)).DefaultIfEmpty().Max(),
        JsonValueKind.Array => 1 + value.EnumerateArray().Select(DepthOf).DefaultIfEmpty().Max(),
        _ => 0,
    };

    private static Referral? Bounded(Referral? referral) => referral is null || referral == new Referral() ? null : new()
    {
        SourceType = Cut(referral.SourceType),
        SourceId = Cut(referral.SourceId),
        SourceUrl = Cut(referral.SourceUrl, MostWordsCharacters),
        Headline = Cut(referral.Headline, MostWordsCharacters),
        Body = Cut(referral.Body, MostWordsCharacters),
        MediaType = Cut(referral.MediaType),
        MediaUrl = Cut(referral.MediaUrl, MostWordsCharacters),
        ThumbnailUrl = Cut(referral.ThumbnailUrl, MostWordsCharacters),
        ClickId = Cut(referral.ClickId),
    };

    private static bool IsKnown(Address address) => IsBounded(address) && address != Address.Unknown;

    private static Address Known(Address address) => IsBounded(address) ? address : Address.Unknown;

    private static string? Cut(string? text, int most = MostNameCharacters)
    {
        if (text is null || text.Length <= most) return text;
        return text[..(char.IsHighSurrogate(text[most - 1]) ? most - 1 : most)];
    }
}
