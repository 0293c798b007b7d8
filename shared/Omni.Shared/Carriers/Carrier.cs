using System.Collections.Frozen;
using System.Text.Json.Serialization;

namespace Omni.Shared;

/// <summary>What Omni knows of a carrier before it talks to it: capabilities and limits, as data.</summary>
public sealed record Carrier
{
    /// <summary>Its id in the API, in queues and in routes: lower case.</summary>
    public required string Id { get; init; }

    /// <summary>Its name as it writes itself; also that of its folder and functions.</summary>
    public required string Name { get; init; }

    /// <summary>Whether this version can send through it: its functions exist.</summary>
    public bool Available { get; init; }

    /// <summary>What it can do, as the API shows it.</summary>
    public required CarrierCapabilities Capabilities { get; init; }

    /// <summary>Its limits.</summary>
    public required CarrierLimits Limits { get; init; }

    /// <summary>The kinds of content it carries.</summary>
    public required IReadOnlyList<ContentType> ContentTypes { get; init; }

    /// <summary>The kinds of address a message can go to.</summary>
    public required IReadOnlyList<AddressType> To { get; init; }

    /// <summary>The kinds of address a message can come from.</summary>
    public required IReadOnlyList<AddressType> From { get; init; }

    /// <summary>Whether it gives our reference back in its receipts. If not, sender and receipt meet in a rendezvous item.</summary>
    [JsonIgnore]
    public bool EchoesReference { get; init; } = true;

    /// <summary>How long after a person's last message free-form content may be sent; null when there is no such rule.</summary>
    [JsonIgnore]
    public TimeSpan? ReplyWindow { get; init; }

    /// <summary>The HTTP methods of its webhook.</summary>
    [JsonIgnore]
    public IReadOnlyList<string> WebhookMethods { get; init; } = ["POST"];

    /// <summary>The start of its settings' names: <c>TWILIO</c> for <c>TWILIO_BASE_URL</c>.</summary>
    [JsonIgnore]
    public string SettingPrefix => Id.ToUpperInvariant();

    /// <summary>Whether it carries a kind of content.</summary>
    /// <param name="type">The kind.</param>
    public bool Carries(ContentType type) => ContentTypes.Contains(type);
}

/// <summary>The capability row of a carrier.</summary>
public sealed record CarrierCapabilities
{
    /// <summary>Plain text messages over the phone network.</summary>
    public bool Sms { get; init; }

    /// <summary>Media over the phone network.</summary>
    public bool Mms { get; init; }

    /// <summary>Media and cards inside an app.</summary>
    public bool RichMedia { get; init; }

    /// <summary>Templates that the carrier holds.</summary>
    public bool Templates { get; init; }

    /// <summary>Buttons and lists.</summary>
    public bool Interactive { get; init; }

    /// <summary>Receipts of delivery.</summary>
    public bool DeliveryReports { get; init; }

    /// <summary>Receipts of reading.</summary>
    public bool ReadReceipts { get; init; }

    /// <summary>People can answer.</summary>
    public bool TwoWay { get; init; }

    /// <summary>It calls our webhook.</summary>
    public bool Webhooks { get; init; }

    /// <summary>Its media are converted to what it takes.</summary>
    public bool MediaConversion { get; init; }
}

/// <summary>The limits of a carrier. Null: none is known.</summary>
public sealed record CarrierLimits
{
    /// <summary>The longest text of one carrier message, in UTF-16 units. Longer text is planned into parts.</summary>
    public int? TextCharacters { get; init; }

    /// <summary>The most SMS segments of one carrier message, where the carrier counts those.</summary>
    public int? SegmentsPerPart { get; init; }

    /// <summary>The longest caption beside a file, in UTF-16 units.</summary>
    public int? CaptionCharacters { get; init; }

    /// <summary>The largest file, in bytes.</summary>
    public long? MediaBytes { get; init; }

    /// <summary>The most files of one message.</summary>
    public int MediaCount { get; init; } = 1;

    /// <summary>Messages per second and sender (SMS: segments), unless <c>{CARRIER}_RATE</c> says otherwise.</summary>
    public double? RatePerSecond { get; init; }
}

/// <summary>The carriers. One entry each; a new carrier adds its own.</summary>
public static class CarrierCatalogue
{
    private const long Megabyte = 1024 * 1024;

    private static readonly ContentType[] PhoneMedia = [ContentType.Image, ContentType.Video, ContentType.Audio, ContentType.Document];

    /// <summary>All carriers, in the order in which the API lists them.</summary>
    public static IReadOnlyList<Carrier> All { get; } =
    [
        new()
        {
            Id = "whatsapp",
            Name = "WhatsApp",
            Capabilities = new()
            {
                RichMedia = true, Templates = true, Interactive = true, DeliveryReports = true, ReadReceipts = true, TwoWay = true,
                Webhooks = true, MediaConversion = true,
            },
            Limits = new() { TextCharacters = 4096, CaptionCharacters = 1024, MediaBytes = 16 * Megabyte, RatePerSecond = 80 },
            ContentTypes =
            [
                ContentType.Text, .. PhoneMedia, ContentType.Sticker, ContentType.Location, ContentType.Contacts, ContentType.Template,
                ContentType.Interactive, ContentType.Reaction,
            ],
            To = [AddressType.Phone, AddressType.WhatsappUserId],
            From = [AddressType.Phone],
            ReplyWindow = TimeSpan.FromHours(24),
            WebhookMethods = ["POST", "GET"],
        },
        new()
        {
            Id = "bandwidth",
            Name = "Bandwidth",
            Capabilities = new() { Sms = true, Mms = true, DeliveryReports = true, TwoWay = true, Webhooks = true, MediaConversion = true },
            Limits = new()
            {
                TextCharacters = 2048, CaptionCharacters = 2048, MediaBytes = (long)(3.75 * Megabyte), MediaCount = 10, RatePerSecond = 1,
            },
            ContentTypes = [ContentType.Text, .. PhoneMedia],
            To = [AddressType.Phone],
            From = [AddressType.Phone, AddressType.ShortCode],
        },
        new()
        {
            Id = "twilio",
            Name = "Twilio",
            Available = true,
            Capabilities = new()
            {
                Sms = true, Mms = true, Templates = true, DeliveryReports = true, TwoWay = true, Webhooks = true, MediaConversion = true,
            },
            Limits = new()
            {
                TextCharacters = 1600, CaptionCharacters = 1600, MediaBytes = 5 * Megabyte, MediaCount = 10, RatePerSecond = 400,
            },
            ContentTypes = [ContentType.Text, .. PhoneMedia, ContentType.Template],
            To = [AddressType.Phone],
            From = [AddressType.Phone, AddressType.ShortCode, AddressType.Alphanumeric, AddressType.SenderPool],
        },
        new()
        {
            Id = "livechat",
            Name = "LiveChat",
            Capabilities = new()
            {
                RichMedia = true, Interactive = true, DeliveryReports = true, ReadReceipts = true, TwoWay = true, Webhooks = true,
                MediaConversion = true,
            },
            Limits = new() { MediaBytes = 10 * Megabyte },
            ContentTypes = [ContentType.Text, .. PhoneMedia, ContentType.Interactive],
            To = [AddressType.LivechatChat],
            From = [AddressType.LivechatChat],
        },
        new()
        {
            Id = "messagebird",
            Name = "MessageBird",
            Capabilities = new()
            {
                Sms = true, Mms = true, RichMedia = true, Templates = true, DeliveryReports = true, TwoWay = true, Webhooks = true,
                MediaConversion = true,
            },
            Limits = new()
            {
                TextCharacters = 1000, CaptionCharacters = 1000, MediaBytes = Megabyte, MediaCount = 10, RatePerSecond = 30,
            },
            ContentTypes = [ContentType.Text, .. PhoneMedia, ContentType.Location, ContentType.Template],
            To = [AddressType.Phone],
            From = [AddressType.Phone, AddressType.ShortCode, AddressType.Alphanumeric, AddressType.SenderPool],
            WebhookMethods = ["POST", "GET"],
        },
        new()
        {
            Id = "inteliquent",
            Name = "Inteliquent",
            Capabilities = new() { Sms = true, DeliveryReports = true, TwoWay = true, Webhooks = true },
            Limits = new() { TextCharacters = 160, SegmentsPerPart = 1, RatePerSecond = 10 },
            ContentTypes = [ContentType.Text],
            To = [AddressType.Phone],
            From = [AddressType.Phone],
            EchoesReference = false,
        },
    ];

    private static readonly FrozenDictionary<string, Carrier> ById = All.ToFrozenDictionary(c => c.Id, StringComparer.Ordinal);

    /// <summary>The carrier with an id; null when there is none.</summary>
    /// <param name="id">The id, lower case.</param>
    public static Carrier? Find(string? id) => id is not null && ById.TryGetValue(id, out var carrier) ? carrier : null;

    /// <summary>The carrier with an id.</summary>
    /// <param name="id">The id, lower case.</param>
    /// <exception cref="ArgumentException">There is none.</exception>
    public static Carrier Get(string id) => Find(id) ?? throw new ArgumentException("No such carrier.", nameof(id));
}
