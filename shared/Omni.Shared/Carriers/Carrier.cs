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

    /// <summary>What its senders carry where nobody said it of one.</summary>
    [JsonIgnore]
    public required IReadOnlyList<SenderChannel> Channels { get; init; }

    /// <summary>The kinds of content that it carries from a kind of sender, where that is fewer than all of them.</summary>
    [JsonIgnore]
    public IReadOnlyDictionary<AddressType, IReadOnlyList<ContentType>>? ContentTypesFrom { get; init; }

    /// <summary>Whether its templates take values for a header and buttons, beside the variables of the text.</summary>
    [JsonIgnore]
    public bool TemplateComponents { get; init; }

    /// <summary>Whether it keeps a template in several languages under one name: then the language must be named.</summary>
    [JsonIgnore]
    public bool TemplateLanguage { get; init; }

    /// <summary>What its templates call their variables.</summary>
    [JsonIgnore]
    public VariableNames VariableNames { get; init; }

    /// <summary>Whether it lists its approved templates: then a template's values are held against it.</summary>
    [JsonIgnore]
    public bool ListsTemplates { get; init; }

    /// <summary>The form of its templates' names; null where it is free.</summary>
    [JsonIgnore]
    public CarrierIdForm? TemplateForm { get; init; }

    /// <summary>The form of the ids of its <see cref="AddressType.SenderPool"/>; null where it is free, or there are none.</summary>
    [JsonIgnore]
    public CarrierIdForm? SenderPoolForm { get; init; }

    /// <summary>Whether a place has a name and an address there, beside where it is.</summary>
    [JsonIgnore]
    public bool PlaceNames { get; init; } = true;

    /// <summary>Whether it keeps files itself, so that a <c>mediaId</c> may be an id of its own.</summary>
    [JsonIgnore]
    public bool KeepsFiles { get; init; }

    /// <summary>Whether a message can quote the one that it answers.</summary>
    [JsonIgnore]
    public bool Quotes { get; init; }

    /// <summary>Whether it can be told that an inbound message was read.</summary>
    [JsonIgnore]
    public bool TakesReadMarks { get; init; }

    /// <summary>Whether it gives our reference back in its receipts. If not, sender and receipt meet in a rendezvous item.</summary>
    [JsonIgnore]
    public bool EchoesReference { get; init; } = true;

    /// <summary>
    /// The page that explains its error codes; <c>{code}</c> stands for the code, where each has a page of its own. Null: the carrier shows
    /// none in public.
    /// </summary>
    [JsonIgnore]
    public string? ErrorPage { get; init; }

    /// <summary>Whether its error codes may be words, and not numbers alone.</summary>
    [JsonIgnore]
    public bool ErrorWords { get; init; }

    /// <summary>
    /// Whether it reports <see cref="MessageStatus.Sent"/> of all that it took within seconds, with our reference. Then a send without a
    /// receipt was not taken, if those of later sends came.
    /// </summary>
    [JsonIgnore]
    public bool PromptReceipts { get; init; }

    /// <summary>
    /// The kinds of sender for which it answers STOP and HELP by itself: there Omni leaves it to the carrier, and nobody is answered twice.
    /// </summary>
    [JsonIgnore]
    public IReadOnlyList<AddressType> AnswersKeywordsTo { get; init; } = [];

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

    /// <summary>
    /// The page that explains one of its error codes; null where there is none, and where the code is an HTTP status (<c>http_502</c>).
    /// </summary>
    /// <param name="code">The code; null for none.</param>
    public Uri? ErrorPageOf(string? code) =>
        ErrorPage is { } page && code is not null
        && (ErrorWords ? !IsOurs(code) : code.All(char.IsAsciiDigit))
            ? new(page.Replace("{code}", code, StringComparison.Ordinal))
            : null;

    // An HTTP status, or what Omni itself says of a file.
    private static bool IsOurs(string code) => code.StartsWith("http_", StringComparison.Ordinal)
        || code.StartsWith("media_", StringComparison.Ordinal)
        || code == "converter_missing";

    /// <summary>The kinds of content that it carries from a kind of sender.</summary>
    /// <param name="sender">The kind of sender.</param>
    public IReadOnlyList<ContentType> ContentTypesOf(AddressType sender) => ContentTypesFrom?.GetValueOrDefault(sender) ?? ContentTypes;
}

/// <summary>What a carrier's templates call their variables.</summary>
public enum VariableNames
{
    /// <summary>Anything, and what is left out has a value of the template's own.</summary>
    Any,

    /// <summary>All by numbers or all by names: numbers are sent by their order alone, <c>1</c>, <c>2</c>, … without a gap.</summary>
    NumbersOrNames,

    /// <summary>By numbers alone: <c>1</c>, <c>2</c>, … without a gap.</summary>
    Numbers,
}

/// <summary>The form of a carrier's ids.</summary>
/// <param name="Prefix">What they begin with.</param>
/// <param name="HexDigits">How many hex digits follow.</param>
public sealed record CarrierIdForm(string Prefix, int HexDigits)
{
    /// <summary>Whether a text has this form.</summary>
    /// <param name="text">The text.</param>
    public bool IsOf(string text) =>
        text.StartsWith(Prefix, StringComparison.Ordinal)
        && text.Length == Prefix.Length + HexDigits
        && text.Skip(Prefix.Length).All(char.IsAsciiHexDigit);

    /// <inheritdoc/>
    public override string ToString() => $"{Prefix} and {HexDigits} hex digits";
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

    /// <summary>The longest text of one carrier message in bytes of UTF-8, where the carrier counts those.</summary>
    public int? TextBytes { get; init; }

    /// <summary>The most SMS segments of one carrier message, where the carrier counts those.</summary>
    public int? SegmentsPerPart { get; init; }

    /// <summary>The longest caption beside a file, in UTF-16 units.</summary>
    public int? CaptionCharacters { get; init; }

    /// <summary>The kinds of file that take a caption; null for all. To others it follows as a text of its own.</summary>
    public IReadOnlyList<ContentType>? CaptionTypes { get; init; }

    /// <summary>The most contact cards of one message.</summary>
    public int? Contacts { get; init; }

    /// <summary>What it takes of text with choices; null when it carries none.</summary>
    public InteractiveLimits? Interactive { get; init; }

    /// <summary>The largest file, in bytes, of the kinds that are not in <see cref="MediaBytesOf"/>.</summary>
    public long? MediaBytes { get; init; }

    /// <summary>The largest file of a kind, in bytes, where that is not <see cref="MediaBytes"/>.</summary>
    public IReadOnlyDictionary<ContentType, long>? MediaBytesOf { get; init; }

    /// <summary>What it takes of each kind of file; null where it takes none, or nothing is known.</summary>
    [JsonIgnore]
    public IReadOnlyDictionary<ContentType, FileLimits>? Files { get; init; }

    /// <summary>
    /// The most bytes of all files of one message together with what stands around them, by the kind of number it is sent from.
    /// </summary>
    [JsonIgnore]
    public IReadOnlyDictionary<NumberKind, long>? MessageBytesFrom { get; init; }

    /// <summary>The most files of one message.</summary>
    public int MediaCount { get; init; } = 1;

    /// <summary>The most files of one message from a kind of sender, where that is fewer than <see cref="MediaCount"/>.</summary>
    public IReadOnlyDictionary<AddressType, int>? MediaCountFrom { get; init; }

    /// <summary>
    /// Messages per second (SMS: segments) of what <see cref="RateScope"/> says, unless <c>{CARRIER}_RATE</c> says otherwise.
    /// </summary>
    public double? RatePerSecond { get; init; }

    /// <summary>What the rate is of.</summary>
    public RateScope RateScope { get; init; }

    /// <summary>The largest file of a kind, in bytes; null when no limit is known.</summary>
    /// <param name="kind">The kind.</param>
    public long? LargestFile(ContentType kind) => MediaBytesOf?.TryGetValue(kind, out var bytes) == true ? bytes : MediaBytes;
}

/// <summary>What a rate is of.</summary>
[JsonConverter(typeof(CamelCaseEnumConverter<RateScope>))]
public enum RateScope
{
    /// <summary>Of each of our addresses.</summary>
    Sender,

    /// <summary>Of the carrier's account, all of our addresses together.</summary>
    Account,
}

/// <summary>What a carrier takes of text with choices. Lengths are in UTF-16 units; null: no limit is known.</summary>
public sealed record InteractiveLimits
{
    /// <summary>The kinds of choice that it carries.</summary>
    public required IReadOnlyList<ChoiceKind> Kinds { get; init; }

    /// <summary>The longest text above the choices.</summary>
    public int? BodyCharacters { get; init; }

    /// <summary>The longest headline; 0 when it has none.</summary>
    public int? HeaderCharacters { get; init; }

    /// <summary>The longest small print; 0 when it has none.</summary>
    public int? FooterCharacters { get; init; }

    /// <summary>The most reply buttons, or buttons of a card.</summary>
    public int? Buttons { get; init; }

    /// <summary>The most quick replies.</summary>
    public int? QuickReplies { get; init; }

    /// <summary>The longest title of a button, of a quick reply, or of the button that opens a list or a page.</summary>
    public int? ButtonTitleCharacters { get; init; }

    /// <summary>The longest id of a choice.</summary>
    public int? IdCharacters { get; init; }

    /// <summary>The most sections of a list.</summary>
    public int? Sections { get; init; }

    /// <summary>The most rows of a list, all sections together.</summary>
    public int? Rows { get; init; }

    /// <summary>The longest title of a row or a section.</summary>
    public int? RowTitleCharacters { get; init; }

    /// <summary>The longest second line of a row.</summary>
    public int? RowDescriptionCharacters { get; init; }

    /// <summary>The most cards.</summary>
    public int? Cards { get; init; }

    /// <summary>The most cards with a text above them, where that is fewer than <see cref="Cards"/>.</summary>
    public int? CardsUnderText { get; init; }
}

/// <summary>The carriers. One entry each; a new carrier adds its own.</summary>
public static class CarrierCatalogue
{
    private const long Kilobyte = 1024;
    private const long Megabyte = 1024 * Kilobyte;

    private static readonly ContentType[] PhoneMedia = [ContentType.Image, ContentType.Video, ContentType.Audio, ContentType.Document];

    /// <summary>All carriers, in the order in which the API lists them.</summary>
    public static IReadOnlyList<Carrier> All { get; } =
    [
        new()
        {
            Id = "whatsapp",
            Name = "WhatsApp",
            Available = true,
            Channels = [SenderChannel.Whatsapp],
            Capabilities = new()
            {
                RichMedia = true, Templates = true, Interactive = true, DeliveryReports = true, ReadReceipts = true, TwoWay = true,
                Webhooks = true, MediaConversion = true,
            },
            Limits = new()
            {
                TextCharacters = 4096, CaptionCharacters = 1024,
                CaptionTypes = [ContentType.Image, ContentType.Video, ContentType.Document], Contacts = 5,
                MediaBytes = 16 * Megabyte, RatePerSecond = 80,
                Files = CarrierFiles.WhatsApp,
                MediaBytesOf = new Dictionary<ContentType, long>
                {
                    [ContentType.Image] = 5 * Megabyte,
                    [ContentType.Document] = 100 * Megabyte,
                    // one that moves; Meta alone sees whether it does, and takes 100 KB of one that does not
                    [ContentType.Sticker] = 500 * Kilobyte,
                },
                Interactive = new()
                {
                    Kinds = [ChoiceKind.Buttons, ChoiceKind.List, ChoiceKind.CtaUrl, ChoiceKind.QuickReplies],
                    BodyCharacters = 1024, HeaderCharacters = 60, FooterCharacters = 60, Buttons = 3, QuickReplies = 3,
                    ButtonTitleCharacters = 20, IdCharacters = 200,
                    Sections = 10, Rows = 10, RowTitleCharacters = 24, RowDescriptionCharacters = 72,
                },
            },
            ContentTypes =
            [
                ContentType.Text, .. PhoneMedia, ContentType.Sticker, ContentType.Location, ContentType.Contacts, ContentType.Template,
                ContentType.Interactive, ContentType.Reaction,
            ],
            ErrorPage = "https://developers.facebook.com/documentation/business-messaging/whatsapp/support/error-codes",
            To = [AddressType.Phone, AddressType.WhatsappUserId],
            From = [AddressType.Phone],
            PromptReceipts = true,
            ReplyWindow = TimeSpan.FromHours(24),
            VariableNames = VariableNames.NumbersOrNames,
            ListsTemplates = true,
            TemplateComponents = true,
            TemplateLanguage = true,
            KeepsFiles = true,
            Quotes = true,
            TakesReadMarks = true,
            WebhookMethods = ["POST", "GET"],
        },
        new()
        {
            Id = "bandwidth",
            Name = "Bandwidth",
            Available = true,
            Channels = [SenderChannel.Sms, SenderChannel.Mms],
            Capabilities = new() { Sms = true, Mms = true, DeliveryReports = true, TwoWay = true, Webhooks = true, MediaConversion = true },
            Limits = new()
            {
                TextCharacters = 2048, CaptionCharacters = 2048, MediaBytes = (long)(3.75 * Megabyte), MediaCount = 10, RatePerSecond = 1,
                Files = CarrierFiles.Bandwidth, MessageBytesFrom = CarrierFiles.BandwidthMessages,
                RateScope = RateScope.Account,
            },
            ContentTypes = [ContentType.Text, .. PhoneMedia],
            ContentTypesFrom = new Dictionary<AddressType, IReadOnlyList<ContentType>> { [AddressType.Alphanumeric] = [ContentType.Text] },
            ErrorPage = "https://dev.bandwidth.com/docs/messaging/errors",
            ErrorWords = true,
            To = [AddressType.Phone],
            From = [AddressType.Phone, AddressType.ShortCode, AddressType.Alphanumeric],
            PromptReceipts = true, // where the application asks for message-sent; where it does not, none comes and nothing is concluded
        },
        new()
        {
            Id = "twilio",
            Name = "Twilio",
            Available = true,
            Channels = [SenderChannel.Sms, SenderChannel.Mms],
            Capabilities = new()
            {
                Sms = true, Mms = true, Templates = true, DeliveryReports = true, TwoWay = true, Webhooks = true, MediaConversion = true,
            },
            Limits = new()
            {
                TextCharacters = 1600, CaptionCharacters = 1600, MediaBytes = 500 * Kilobyte, MediaCount = 10, RatePerSecond = 400,
                Files = CarrierFiles.Twilio, MessageBytesFrom = CarrierFiles.TwilioMessages,
                MediaBytesOf = new Dictionary<ContentType, long> { [ContentType.Image] = 5 * Megabyte },
            },
            ContentTypes = [ContentType.Text, .. PhoneMedia, ContentType.Template],
            ErrorPage = "https://www.twilio.com/docs/api/errors/{code}",
            To = [AddressType.Phone],
            From = [AddressType.Phone, AddressType.ShortCode, AddressType.Alphanumeric, AddressType.SenderPool],
            ListsTemplates = true,
            AnswersKeywordsTo = [AddressType.Phone, AddressType.ShortCode, AddressType.SenderPool],
            TemplateForm = new("HX", 32),
            SenderPoolForm = new("MG", 32),
        },
        new()
        {
            Id = "livechat",
            Name = "LiveChat",
            Available = true,
            Channels = [SenderChannel.Chat],
            Capabilities = new()
            {
                RichMedia = true, Interactive = true, DeliveryReports = true, ReadReceipts = true, TwoWay = true, Webhooks = true,
                MediaConversion = true,
            },
            Limits = new()
            {
                TextBytes = 16 * 1024, CaptionTypes = [], MediaBytes = 10 * Megabyte, Files = CarrierFiles.LiveChat,
                Interactive = new()
                {
                    Kinds = [ChoiceKind.Buttons, ChoiceKind.CtaUrl, ChoiceKind.QuickReplies, ChoiceKind.Cards], Buttons = 13,
                    QuickReplies = 13, Cards = 10,
                    CardsUnderText = 9, // the text becomes a card itself
                },
            },
            ContentTypes = [ContentType.Text, .. PhoneMedia, ContentType.Interactive],
            ErrorPage = "https://platform.text.com/docs/messaging/agent-chat-api#errors",
            ErrorWords = true,
            To = [AddressType.LivechatChat, AddressType.LivechatCustomer],
            From = [AddressType.LivechatLicense],
            PromptReceipts = true, // the echo of each event
            TakesReadMarks = true,
        },
        new()
        {
            Id = "messagebird",
            Name = "MessageBird",
            Available = true,
            Channels = [SenderChannel.Sms, SenderChannel.Mms],
            Capabilities = new()
            {
                Sms = true, Mms = true, RichMedia = true, Templates = true, DeliveryReports = true, TwoWay = true, Webhooks = true,
                MediaConversion = true,
            },
            Limits = new()
            {
                TextCharacters = 1000, SegmentsPerPart = 9, CaptionCharacters = 1000,
                CaptionTypes = [ContentType.Image, ContentType.Video, ContentType.Document],
                MediaBytes = Megabyte, MediaCount = 10, MediaCountFrom = new Dictionary<AddressType, int> { [AddressType.SenderPool] = 1 },
                Files = CarrierFiles.MessageBird, MessageBytesFrom = CarrierFiles.MessageBirdMessages,
                RatePerSecond = 30,
            },
            ContentTypes = [ContentType.Text, .. PhoneMedia, ContentType.Location, ContentType.Template],
            // Numbers and names send SMS and MMS; what is richer goes through a channel.
            ContentTypesFrom = new Dictionary<AddressType, IReadOnlyList<ContentType>>
            {
                [AddressType.Phone] = [ContentType.Text, .. PhoneMedia],
                [AddressType.ShortCode] = [ContentType.Text, .. PhoneMedia],
                [AddressType.Alphanumeric] = [ContentType.Text],
            },
            ErrorPage = "https://developers.messagebird.com/api/#errors",
            To = [AddressType.Phone],
            From = [AddressType.Phone, AddressType.ShortCode, AddressType.Alphanumeric, AddressType.SenderPool],
            TemplateComponents = true,
            TemplateLanguage = true,
            VariableNames = VariableNames.Numbers,
            ListsTemplates = true,
            PlaceNames = false,
            // Not in channels.
            AnswersKeywordsTo = [AddressType.Phone, AddressType.ShortCode],
            WebhookMethods = ["POST", "GET"],
        },
        new()
        {
            Id = "inteliquent",
            Name = "Inteliquent",
            Available = true,
            Channels = [SenderChannel.Sms],
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
