namespace Omni.Client;

/// <summary>A carrier of the catalogue: what it can do, and its limits.</summary>
public sealed record Carrier
{
    /// <summary>Its id: <see cref="CarrierId"/>.</summary>
    public required string Id { get; init; }

    /// <summary>Its name, as people write it.</summary>
    public required string Name { get; init; }

    /// <summary>Whether this version can send through it.</summary>
    public required bool Available { get; init; }

    /// <summary>What it can do.</summary>
    public required CarrierCapabilities Capabilities { get; init; }

    /// <summary>What a message of its may hold.</summary>
    public required CarrierLimits Limits { get; init; }

    /// <summary>The kinds of content that it carries: <see cref="ContentType"/>.</summary>
    public required IReadOnlyList<string> ContentTypes { get; init; }

    /// <summary>By type of sender, where that carries fewer kinds of content.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>>? ContentTypesFrom { get; init; }

    /// <summary>The types of address that it sends to: <see cref="AddressType"/>.</summary>
    public required IReadOnlyList<string> To { get; init; }

    /// <summary>The types of address that it sends from: <see cref="AddressType"/>.</summary>
    public required IReadOnlyList<string> From { get; init; }

    /// <summary>
    /// For how long after a person's last message they may be written to freely; later only with a template. Missing: there is no such
    /// rule.
    /// </summary>
    public int? ReplyWindowSeconds { get; init; }

    /// <summary>Whether templates take a header and buttons, beside their variables.</summary>
    public required bool TemplateComponents { get; init; }

    /// <summary>Whether a template needs its language.</summary>
    public required bool TemplateLanguage { get; init; }

    /// <summary>Whether it lists its approved templates: GET /templates, against which variables are checked.</summary>
    public required bool ListsTemplates { get; init; }

    /// <summary>Whether the variables of a template are 1, 2, … without a gap.</summary>
    public required bool NumberedVariables { get; init; }

    /// <summary>Whether a place may have a name and an address.</summary>
    public required bool PlaceNames { get; init; }

    /// <summary>Whether a mediaId may be an id of the carrier's own.</summary>
    public required bool KeepsFiles { get; init; }

    /// <summary>Whether a message can quote another with replyTo.</summary>
    public required bool Quotes { get; init; }

    /// <summary>Whether it can be told that a message was read.</summary>
    public required bool ReadMarks { get; init; }
}

/// <summary>What a carrier can do.</summary>
public sealed record CarrierCapabilities
{
    /// <summary>Text messages.</summary>
    public required bool Sms { get; init; }

    /// <summary>Files beside text messages.</summary>
    public required bool Mms { get; init; }

    /// <summary>Pictures, films, sounds and documents.</summary>
    public required bool RichMedia { get; init; }

    /// <summary>Approved templates.</summary>
    public required bool Templates { get; init; }

    /// <summary>Choices to tap.</summary>
    public required bool Interactive { get; init; }

    /// <summary>Reports of delivery.</summary>
    public required bool DeliveryReports { get; init; }

    /// <summary>Reports of reading.</summary>
    public required bool ReadReceipts { get; init; }

    /// <summary>People can answer.</summary>
    public required bool TwoWay { get; init; }

    /// <summary>It calls Omni about what happens.</summary>
    public required bool Webhooks { get; init; }

    /// <summary>Files are made fit for it.</summary>
    public required bool MediaConversion { get; init; }
}

/// <summary>What a message may hold. What is null has no limit.</summary>
public sealed record CarrierLimits
{
    /// <summary>The longest text of one carrier message, in UTF-16 units; longer text becomes several.</summary>
    public int? TextCharacters { get; init; }

    /// <summary>The longest text of one carrier message, in bytes of UTF-8, where the carrier counts those.</summary>
    public long? TextBytes { get; init; }

    /// <summary>The most SMS segments of one carrier message, where the carrier counts those.</summary>
    public int? SegmentsPerPart { get; init; }

    /// <summary>The longest caption beside a file, in UTF-16 units.</summary>
    public int? CaptionCharacters { get; init; }

    /// <summary>The kinds of file that take a caption; missing: all. To others it follows as parts of its own.</summary>
    public IReadOnlyList<string>? CaptionTypes { get; init; }

    /// <summary>The most contacts of one message.</summary>
    public int? Contacts { get; init; }

    /// <summary>
    /// What it takes of text with choices; missing when it carries none. Lengths are in UTF-16 units; a limit that is missing is not
    /// known.
    /// </summary>
    public InteractiveLimits? Interactive { get; init; }

    /// <summary>The largest file, in bytes.</summary>
    public long? MediaBytes { get; init; }

    /// <summary>By kind of content, where the largest file is another.</summary>
    public IReadOnlyDictionary<string, long>? MediaBytesOf { get; init; }

    /// <summary>The most files of one message.</summary>
    public required int MediaCount { get; init; }

    /// <summary>By type of sender, where that takes fewer files.</summary>
    public IReadOnlyDictionary<string, int>? MediaCountFrom { get; init; }

    /// <summary>Messages (SMS: segments) a second, unless configured otherwise.</summary>
    public double? RatePerSecond { get; init; }

    /// <summary>What the rate is of: each sender, or all senders of the account together.</summary>
    public string? RateScope { get; init; }
}

/// <summary>
/// What it takes of text with choices; missing when it carries none. Lengths are in UTF-16 units; a limit that is missing is not known.
/// </summary>
public sealed record InteractiveLimits
{
    /// <summary>The kinds of choice that it carries.</summary>
    public required IReadOnlyList<string> Kinds { get; init; }

    /// <summary>The longest text above the choices.</summary>
    public int? BodyCharacters { get; init; }

    /// <summary>The longest headline; 0 when it has none.</summary>
    public int? HeaderCharacters { get; init; }

    /// <summary>The longest small print; 0 when it has none.</summary>
    public int? FooterCharacters { get; init; }

    /// <summary>The most buttons, also of a card.</summary>
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

    /// <summary>The most cards with a text above them, where that is fewer.</summary>
    public int? CardsUnderText { get; init; }
}

/// <summary>How a carrier is.</summary>
public sealed record CarrierStatus
{
    /// <summary>Its id: <see cref="CarrierId"/>.</summary>
    public required string Id { get; init; }

    /// <summary>
    /// degraded: of at least ten attempts in a minute more than half were faults of the carrier, or it refused our credentials; routes
    /// avoid it. Ten attempts in a row without a fault end it. paused: an operator let nothing be sent through it. unavailable: this
    /// version cannot send through it.
    /// </summary>
    public required string State { get; init; }

    /// <summary>Missing where nothing is paused.</summary>
    public Pause? Paused { get; init; }

    /// <summary>Since when it is degraded; null when it is not.</summary>
    public DateTimeOffset? DegradedSince { get; init; }

    /// <summary>Degraded: from when on 2 % of its people find out whether it is well again.</summary>
    public DateTimeOffset? ProbedFrom { get; init; }

    /// <summary>How many attempts its senders counted.</summary>
    public int? AttemptsInLastMinute { get; init; }

    /// <summary>How many of them were faults of the carrier, or refused credentials.</summary>
    public int? FaultsInLastMinute { get; init; }

    /// <summary>Exact to ten seconds.</summary>
    public DateTimeOffset? LastAcceptedAt { get; init; }

    /// <summary>When it last refused or failed for a reason that is not the message's.</summary>
    public DateTimeOffset? LastFaultAt { get; init; }

    /// <summary>What was wrong then.</summary>
    public string? LastFaultCode { get; init; }

    /// <summary>What waits for it.</summary>
    public CarrierQueues? Queues { get; init; }

    /// <summary>The senders that have sent within two days, at most 100; none where the carrier has no rate.</summary>
    public IReadOnlyList<SenderPace>? Senders { get; init; }
}

/// <summary>The queues of a carrier.</summary>
public sealed record CarrierQueues
{
    /// <summary>About: the service counts loosely.</summary>
    public required QueueDepth Outbound { get; init; }

    /// <summary>About: the service counts loosely.</summary>
    public required QueueDepth Bulk { get; init; }

    /// <summary>About: the service counts loosely.</summary>
    public required QueueDepth DeadLetters { get; init; }
}

/// <summary>About: the service counts loosely.</summary>
public sealed record QueueDepth
{
    /// <summary>Ready to be taken.</summary>
    public required int Waiting { get; init; }

    /// <summary>Being worked on, or put off.</summary>
    public required int InFlight { get; init; }

    /// <summary>Not yet to be taken.</summary>
    public required int Delayed { get; init; }
}

/// <summary>How fast a sender goes.</summary>
public sealed record SenderPace
{
    /// <summary>The account at the carrier.</summary>
    public required string Account { get; init; }

    /// <summary>The address that messages come from. Missing where the rate is of the whole account.</summary>
    public Address? Sender { get; init; }

    /// <summary>The rate that is configured, in messages (SMS: segments) a second. Missing when none is any more.</summary>
    public double? RatePerSecond { get; init; }

    /// <summary>
    /// The lower pace that was learned from the carrier's refusals; it grows again by itself. Missing when the configured rate is used.
    /// </summary>
    public double? LearnedRatePerSecond { get; init; }

    /// <summary>In how many seconds it would be the turn of a message that came now; high ones go before it.</summary>
    public required double AheadSeconds { get; init; }

    /// <summary>How many messages the carrier refused for their speed in about the last minute.</summary>
    public required int RefusalsInLastMinute { get; init; }
}

/// <summary>How to pause a carrier.</summary>
public sealed record PauseCarrier
{
    /// <summary>Why; the carrier's status shows it.</summary>
    public required string Reason { get; init; }

    /// <summary>When it ends by itself. Without it, when the carrier is resumed.</summary>
    public DateTimeOffset? Until { get; init; }
}

/// <summary>A carrier, and whether it is paused.</summary>
public sealed record CarrierSwitch
{
    /// <summary>Its id: <see cref="CarrierId"/>.</summary>
    public required string Id { get; init; }

    /// <summary>Missing where nothing is paused.</summary>
    public Pause? Paused { get; init; }
}

/// <summary>Missing where nothing is paused.</summary>
public sealed record Pause
{
    /// <summary>Why.</summary>
    public required string Reason { get; init; }

    /// <summary>The id of the API key that asked for it.</summary>
    public required string By { get; init; }

    /// <summary>When it was paused.</summary>
    public required DateTimeOffset Since { get; init; }

    /// <summary>When it ends by itself.</summary>
    public DateTimeOffset? Until { get; init; }
}

/// <summary>That a carrier began to fail, or takes messages again.</summary>
public sealed record CarrierChange
{
    /// <summary>The carrier: <see cref="CarrierId"/>.</summary>
    public required string Carrier { get; init; }

    /// <summary>Since when it failed.</summary>
    public required DateTimeOffset DegradedSince { get; init; }

    /// <summary>The code of its first fault; of the last one when it is over.</summary>
    public string? Code { get; init; }

    /// <summary>When it took a message again.</summary>
    public DateTimeOffset? RecoveredAt { get; init; }
}

/// <summary>A template that a carrier has approved.</summary>
public sealed record CarrierTemplate
{
    /// <summary>What name of a template's content has to be.</summary>
    public required string Name { get; init; }

    /// <summary>What people call it, where that is another name.</summary>
    public string? Title { get; init; }

    /// <summary>What language of a template's content has to be, where the carrier needs it.</summary>
    public string? Language { get; init; }

    /// <summary>The carrier's word for what it is for, such as utility.</summary>
    public string? Category { get; init; }

    /// <summary>Its text, with places such as {{1}}.</summary>
    public string? Text { get; init; }

    /// <summary>The variables of its text, in their order.</summary>
    public required IReadOnlyList<string> Variables { get; init; }

    /// <summary>What its header needs; missing for nothing.</summary>
    public string? Header { get; init; }
}
