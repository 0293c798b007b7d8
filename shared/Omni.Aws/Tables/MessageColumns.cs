namespace Omni.Aws;

/// <summary>The attributes of a message's item. Short, because every write is billed by the kilobyte of the whole item.</summary>
internal static class MessageColumns
{
    /// <summary>The sort key of the message itself.</summary>
    public const string Main = "m";

    /// <summary>The sort key of the carrier's own words.</summary>
    public const string RawItem = "raw";

    /// <summary>The sort key of an event that another writer than the recorder made: the recorder puts it into the log.</summary>
    public const string OutboxItem = "o";

    /// <summary>The sort key of a batch.</summary>
    public const string BatchItem = "b";

    /// <summary>The start of the sort keys of timeline events that no longer fit into the item.</summary>
    public const string EventPrefix = "e#";

    public const string Pk = "pk";
    public const string Sk = "sk";
    public const string Version = "v";
    public const string Direction = "dr";
    public const string Carrier = "ca";
    public const string Tenant = "tn";
    public const string Account = "ac";
    public const string To = "to";
    public const string From = "fr";
    public const string Content = "ct";
    public const string AdaptedFrom = "af";
    public const string Priority = "pr";
    public const string TtlSeconds = "tt";
    public const string ScheduledAt = "sa";
    public const string DeliveryWindow = "dw";
    public const string ClientReference = "cr";
    public const string Label = "lb";
    public const string Metadata = "md";
    public const string OnUnknown = "uo";
    public const string CreatedAt = "c";
    public const string Trace = "tp";
    public const string Actor = "kb";
    public const string RequestHash = "rh";
    public const string ResendOf = "ro";

    /// <summary>How carrier and sender were chosen.</summary>
    public const string Route = "ru";

    /// <summary>The batch of a message, its place there and the batch's size: <c>bat_…#7#10000</c>.</summary>
    public const string Batch = "ba";
    public const string ResentAs = "rs";

    /// <summary>The legs of a plan.</summary>
    public const string Failover = "fo";

    /// <summary>Of a message with a plan: the leg that was begun last. Of a leg: which one it is.</summary>
    public const string Leg = "lg";

    /// <summary>The message whose plan a leg is of.</summary>
    public const string Parent = "pa";

    /// <summary>The other legs that may have reached the person.</summary>
    public const string AlsoSent = "as";
    public const string Automatic = "aa";

    /// <summary>The processor that has a turn because of it, or whose reply it is.</summary>
    public const string Processor = "ps";

    /// <summary>The other replies of its turn.</summary>
    public const string Followers = "fo";

    /// <summary>What became of the turn that it gave: written once.</summary>
    public const string Turn = "tu";
    public const string CarrierMessageId = "cm";
    public const string ReplyTo = "re";
    public const string Participants = "pp";
    public const string Thread = "td";
    public const string SentAt = "wa";
    public const string Referral = "rf";
    public const string Forwarded = "fw";
    public const string FrequentlyForwarded = "ff";

    /// <summary>What is wished for the files.</summary>
    public const string Media = "mo";

    /// <summary>The files as the carrier takes them.</summary>
    public const string Prepared = "mf";

    /// <summary>The links in the place of files, as JSON.</summary>
    public const string FileLinks = "fu";

    /// <summary>Why the files cannot go.</summary>
    public const string MediaProblem = "mp";

    /// <summary>When the client asked that the carrier be told that an inbound message was read.</summary>
    public const string ReadAsked = "ra";
    public const string Rank = "rk";
    public const string Parts = "pt";
    public const string Timeline = "tl";
    public const string Dispatch = "dn";
    public const string Contradicted = "cx";
    public const string CancelRequested = "cn";

    /// <summary>When its content was deleted. Whoever writes something of it again looks for this.</summary>
    public const string Gone = "gn";

    /// <summary>How many files its content had when it was deleted.</summary>
    public const string GoneFiles = "gf";

    /// <summary>When its person was deleted. Whoever writes something that names them again looks for this.</summary>
    public const string PersonGone = "pg";

    public const string UpdatedAt = "u";
    public const string Expires = "ex";

    /// <summary>Key of the index <c>list</c>: tenant, day and shard.</summary>
    public const string ListKey = "lp";

    /// <summary>Key of the sparse index <c>label</c>: tenant, label and shard.</summary>
    public const string LabelKey = "lk";

    /// <summary>Key of the index <c>conversation</c>.</summary>
    public const string Conversation = "cv";

    /// <summary>Key of the sparse index <c>due</c>: a shard.</summary>
    public const string DueKey = "dp";

    /// <summary>Sort key of the index <c>due</c>.</summary>
    public const string DueAt = "da";

    public const string PartOffset = "o";
    public const string PartLength = "n";
    public const string PartSegments = "sg";
    public const string PartEncoding = "en";
    public const string PartAttempts = "at";
    public const string PartRetries = "rt";
    public const string PartLease = "lu";
    public const string PartOwner = "ow";
    public const string PartSlot = "sl";
    public const string PartUnknownSince = "un";
    public const string PartFaults = "of";
    public const string PartIsCaption = "cp";
    public const string PartCarrierTime = "kt";
    public const string PartPricing = "pz";
    public const string PartDeferral = "df";

    public const string EventTime = "t";
    public const string EventReason = "r";
    public const string EventCarrierId = "i";

    public const string ListIndex = "list";
    public const string LabelIndex = "label";
    public const string ConversationIndex = "conversation";
    public const string DueIndex = "due";

    /// <summary>
    /// The shards of the index <c>due</c>. More than the table's default quota of writes can fill, because a message in a shard that nobody
    /// reads would never be released: this is no setting. Raise it in the reader first.
    /// </summary>
    public const int DueShards = 64;

    /// <summary>The name of a part in the map of parts.</summary>
    /// <param name="part">The part, from 0.</param>
    public static string PartName(int part) => "p" + part.ToString(System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>The name of a file's state: an attribute of its own, so that files are written side by side.</summary>
    /// <param name="file">The file, from 0.</param>
    public static string FileName(int file) => "f" + file.ToString(System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>The key of the index <c>list</c> for a moment and shard.</summary>
    public static string ListKeyOf(string tenant, DateTimeOffset day, int shard) =>
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{tenant}#{day.UtcDateTime:yyyyMMdd}#{shard}");

    /// <summary>
    /// The key of the index <c>label</c> for a shard: a campaign writes many messages of one label at once, and a hot key would throttle
    /// the table.
    /// </summary>
    public static string LabelKeyOf(string tenant, string label, int shard) =>
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{tenant}#{label}#{shard}");

    /// <summary>The key of the index <c>due</c> for a shard.</summary>
    public static string DueKeyOf(int shard) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"d{shard:00}");
}
