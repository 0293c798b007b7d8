using System.Globalization;
using Omni.Pipeline;
using Omni.Shared;

namespace Omni.LiveChat.Outbound;

// What is done for messages that came in: their files, and that they were read.
internal sealed partial class LiveChatSender
{
    // https://platform.text.com/docs/messaging/agent-chat-api#upload-file names the first; the others are where its files have been seen.
    private static readonly string[] Cdns = ["livechat-files.com", "files-text.com", "livechatinc.com", "livechat.com", "text.com"];

    /// <inheritdoc/>
    public async Task<MediaAnswer> OpenAsync(MediaItem file, CancellationToken cancellation)
    {
        if (file.MediaUrl is not { } url || !IsLiveChats(url)) return new MediaAnswer.Gone("foreign_host");

        // Without credentials: the CDN asks for none.
        using var request = new HttpRequestMessage(HttpMethod.Get, url);
        return await http.OpenAsync(request, cancellation).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task<SendOutcome> MarkReadAsync(Message inbound, CancellationToken cancellation)
    {
        // By our clock, when we had it: by LiveChat's it was written before.
        // Were ours slow, the mark would come too early, and mark nothing that is not read.
        var seenUpTo = inbound.CreatedAt.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);
        var body = LiveChatClient.Json(new LiveChatMarkSeen(inbound.From.Value, seenUpTo), LiveChatJson.Wire.LiveChatMarkSeen);
        try
        {
            var reply = await _client.CallAsync("mark_events_as_seen", body, cancellation).ConfigureAwait(false);
            return reply.IsSuccess ? new SendOutcome.Accepted(null) : Unprepared(reply);
        }
        catch (Exception lost) when (lost is HttpRequestException or OperationCanceledException or IOException)
        {
            return new SendOutcome.Deferred(DeferralCause.CarrierUnavailable, lost is OperationCanceledException ? "timeout" : "reset");
        }
    }

    private bool IsLiveChats(Uri url) =>
        url.Authority.Equals(options.BaseUrl.Authority, StringComparison.OrdinalIgnoreCase)
        || (url.Scheme == Uri.UriSchemeHttps && Cdns.Any(cdn =>
            url.Host.Equals(cdn, StringComparison.OrdinalIgnoreCase) || url.Host.EndsWith("." + cdn, StringComparison.OrdinalIgnoreCase)));
}
