using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Omni.Shared;

/// <summary>Makes ids. All are opaque; nothing sorts by them.</summary>
public static class Ids
{
    private const string MessagePrefix = "msg_";
    private const string BatchPrefix = "bat_";
    private const string MediaPrefix = "med_";
    private const string UploadPrefix = "upl_";
    private const string ConversationPrefix = "ses_";
    private const string EventPrefix = "evt_";
    private const string KeyPrefix = "key_";

    /// <summary>How the id of an endpoint begins.</summary>
    public const string EndpointPrefix = "whe_";

    /// <summary>A new message id.</summary>
    public static string NewMessage() => MessagePrefix + Guid.CreateVersion7().ToString("N");

    /// <summary>
    /// The message id that always belongs to these names: (tenant, idempotency key), or (carrier, account, carrier's id).
    /// </summary>
    /// <param name="names">The names.</param>
    public static string DerivedMessage(params ReadOnlySpan<string> names) => MessagePrefix + Hash(names);

    /// <summary>Whether a text has the form of a message id.</summary>
    /// <param name="text">The text.</param>
    public static bool IsMessage(string? text) =>
        text is { Length: > 4 and <= 64 } && text.StartsWith(MessagePrefix, StringComparison.Ordinal)
        && text.AsSpan(4).IndexOfAnyExcept(IdCharacters) < 0;

    /// <summary>A new batch's id.</summary>
    public static string NewBatch() => BatchPrefix + Guid.CreateVersion7().ToString("N");

    /// <summary>The id of the batch that is made by a request under an idempotency key: a repetition makes no other.</summary>
    /// <param name="tenant">Whose batch.</param>
    /// <param name="idempotencyKey">The key.</param>
    public static string DerivedBatch(string tenant, string idempotencyKey) => BatchPrefix + Hash("batch", tenant, idempotencyKey);

    /// <summary>The id of one message of a batch: releasing it twice puts it once.</summary>
    /// <param name="batchId">The batch.</param>
    /// <param name="index">Its place in the batch, from 0.</param>
    public static string MessageOfBatch(string batchId, int index) =>
        DerivedMessage("batch", batchId, index.ToString(System.Globalization.CultureInfo.InvariantCulture));

    /// <summary>The id of a processor's reply: a turn that is taken again makes the same one.</summary>
    /// <param name="turnId">The turn.</param>
    /// <param name="index">Which of its replies, from 0.</param>
    public static string Reply(string turnId, int index) =>
        DerivedMessage("reply", turnId, index.ToString(System.Globalization.CultureInfo.InvariantCulture));

    /// <summary>The id of the turn that a wake gives.</summary>
    /// <param name="conversationId">The conversation.</param>
    /// <param name="name">The wake's name.</param>
    /// <param name="dueAt">Its moment.</param>
    public static string Wake(string conversationId, string name, DateTimeOffset dueAt) =>
        "wake_" + Hash(conversationId, name, dueAt.ToUnixTimeMilliseconds().ToString(System.Globalization.CultureInfo.InvariantCulture));

    /// <summary>Whether a text has the form of a batch's id.</summary>
    /// <param name="text">The text.</param>
    public static bool IsBatch(string? text) =>
        text?.Length == BatchPrefix.Length + 32 && text.StartsWith(BatchPrefix, StringComparison.Ordinal)
        && text.AsSpan(BatchPrefix.Length).IndexOfAnyExcept(LowerHex) < 0;

    /// <summary>The id of a message's file: however often it is fetched it has the same one, and no other message's file has it.</summary>
    /// <param name="messageId">The message.</param>
    /// <param name="file">Which of its files, from 0.</param>
    public static string Media(string messageId, int file) => MediaPrefix + Convert.ToHexStringLower(
        SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{messageId}/{file}"))));

    /// <summary>The id of a client's own file: the same bytes have the same one.</summary>
    /// <param name="sha256">The SHA-256 of its bytes in lower-case hex.</param>
    public static string Media(string sha256) => MediaPrefix + sha256;

    /// <summary>
    /// The id of what is made of a file: told by the file and what it is to become, so that whoever deletes the file finds it.
    /// </summary>
    /// <param name="mediaId">The file.</param>
    /// <param name="recipe">What it is to become.</param>
    public static string MediaMadeOf(string mediaId, string recipe) => MediaPrefix + Convert.ToHexStringLower(
        SHA256.HashData(Encoding.UTF8.GetBytes($"{mediaId}/{recipe}")));

    /// <summary>Whether a text has the form of a kept file's id.</summary>
    /// <param name="text">The text.</param>
    public static bool IsMedia(string? text) =>
        text?.Length == MediaPrefix.Length + 64 && text.StartsWith(MediaPrefix, StringComparison.Ordinal)
        && text.AsSpan(MediaPrefix.Length).IndexOfAnyExcept(LowerHex) < 0;

    /// <summary>Whether a text is meant as an id of a file of ours, well-formed or not: no carrier's own ids begin so.</summary>
    /// <param name="text">The text.</param>
    public static bool IsMeantAsMedia(string? text) =>
        text?.StartsWith(MediaPrefix, StringComparison.Ordinal) == true || text?.StartsWith(UploadPrefix, StringComparison.Ordinal) == true;

    /// <summary>The id of an upload: what its file will be called is not known before its bytes are.</summary>
    public static string NewUpload() => UploadPrefix + Guid.NewGuid().ToString("N");

    /// <summary>Whether a text has the form of an upload's id.</summary>
    /// <param name="text">The text.</param>
    public static bool IsUpload(string? text) =>
        text?.Length == UploadPrefix.Length + 32 && text.StartsWith(UploadPrefix, StringComparison.Ordinal)
        && text.AsSpan(UploadPrefix.Length).IndexOfAnyExcept(LowerHex) < 0;

    /// <summary>The conversation between one of our addresses and a person, over one carrier and account.</summary>
    /// <param name="tenant">Whose conversation.</param>
    /// <param name="carrier">The carrier's id.</param>
    /// <param name="account">The carrier's sub-account.</param>
    /// <param name="ours">Our address.</param>
    /// <param name="theirs">The person's address.</param>
    public static string Conversation(string tenant, string carrier, string account, Address ours, Address theirs) =>
        ConversationPrefix + Hash(tenant, carrier, account, ours.Key, theirs.Key);

    /// <summary>Whether a text has the form of a conversation's id.</summary>
    /// <param name="text">The text.</param>
    public static bool IsConversation(string? text) =>
        text?.Length == ConversationPrefix.Length + 32 && text.StartsWith(ConversationPrefix, StringComparison.Ordinal)
        && text.AsSpan(ConversationPrefix.Length).IndexOfAnyExcept(LowerHex) < 0;

    /// <summary>The id of an event: the same thing that happened to the same subject has the same one.</summary>
    /// <param name="subject">What it happened to: a message's id, a carrier's, an endpoint's.</param>
    /// <param name="happened">What happened, in as many names as it takes to tell it from everything else that may happen.</param>
    public static string Event(string subject, params ReadOnlySpan<string> happened) => EventPrefix + Hash([subject, .. happened]);

    /// <summary>A new endpoint's id.</summary>
    public static string NewEndpoint() => EndpointPrefix + Guid.CreateVersion7().ToString("N");

    /// <summary>The id of the endpoint that is made by a request under an idempotency key: a repetition makes no other.</summary>
    /// <param name="tenant">Whose endpoint.</param>
    /// <param name="idempotencyKey">The key.</param>
    public static string DerivedEndpoint(string tenant, string idempotencyKey) => EndpointPrefix + Hash(tenant, idempotencyKey);

    /// <summary>Whether a text has the form of an endpoint's id.</summary>
    /// <param name="text">The text.</param>
    public static bool IsEndpoint(string? text) =>
        text?.Length == EndpointPrefix.Length + 32 && text.StartsWith(EndpointPrefix, StringComparison.Ordinal)
        && text.AsSpan(EndpointPrefix.Length).IndexOfAnyExcept(LowerHex) < 0;

    /// <summary>A new API key's id: it names the key in lists, logs and messages, and opens nothing.</summary>
    public static string NewKey() => KeyPrefix + Guid.CreateVersion7().ToString("N");

    /// <summary>Whether a text has the form of an API key's id.</summary>
    /// <param name="text">The text.</param>
    public static bool IsKey(string? text) =>
        text is { Length: > 4 and <= 64 } && text.StartsWith(KeyPrefix, StringComparison.Ordinal)
        && text.AsSpan(4).IndexOfAnyExcept(IdCharacters) < 0;

    /// <summary>
    /// Whether a text can be a tenant's name: 1 to 32 lower-case letters, digits and hyphens, no hyphen first. It stands in the keys of
    /// tables and in the names of files.
    /// </summary>
    /// <param name="text">The text.</param>
    public static bool IsTenant(string? text) =>
        text is { Length: > 0 and <= 32 } and not ['-', ..] && text.AsSpan().IndexOfAnyExcept(TenantCharacters) < 0;

    /// <summary>
    /// The first 128 bits of SHA-256 over the names, as lower-case hex. Lengths go in too, so no two lists of names run together.
    /// </summary>
    /// <param name="names">The names.</param>
    public static string Hash(params ReadOnlySpan<string> names)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var name in names)
        {
            var bytes = Encoding.UTF8.GetBytes(name);
            hash.AppendData(BitConverter.GetBytes(bytes.Length));
            hash.AppendData(bytes);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, 16));
    }

    private static readonly System.Buffers.SearchValues<char> LowerHex = System.Buffers.SearchValues.Create("0123456789abcdef");

    private static readonly System.Buffers.SearchValues<char> TenantCharacters =
        System.Buffers.SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-");

    private static readonly System.Buffers.SearchValues<char> IdCharacters =
        System.Buffers.SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-");
}
