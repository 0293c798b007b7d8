using Omni.Pipeline;
using Omni.Shared;

namespace Omni.LiveChat.Outbound;

/// <summary>Writes into LiveChat's chats as an agent or a bot. https://platform.text.com/docs/messaging/agent-chat-api</summary>
/// <param name="http">The call.</param>
/// <param name="options">Where and as whom.</param>
internal sealed partial class LiveChatSender(CarrierHttp http, LiveChatOptions options)
    : ICarrierSender, ICarrierLookup, ICarrierReadMarker, ICarrierMedia
{
    private readonly LiveChatClient _client = new(http, options);

    /// <summary>LiveChat's entry in the catalogue.</summary>
    public static Carrier Carrier { get; } = CarrierCatalogue.Get("livechat");

    /// <inheritdoc/>
    public async Task<SendOutcome> SendAsync(OutboundPart part, CancellationToken cancellation)
    {
        if (part.Message.From != options.License) return new SendOutcome.Rejected(FailureReason.SenderMisconfigured, "license");

        var (e, refusal) = await EventAsync(part, cancellation).ConfigureAwait(false);
        if (e is null) return refusal!;

        return await FindChatAsync(part, cancellation).ConfigureAwait(false) is { } chat
            ? await WriteAsync(part, chat, e, cancellation).ConfigureAwait(false)
            : await OpenAsync(
                part, "start_chat", new(null, [new(part.Message.To.Value, "customer")], new([e])), cancellation).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task<LookupAnswer?> FindAsync(OutboundPart part, DateTimeOffset since, CancellationToken cancellation)
    {
        // A chat that was to be started has no name yet to ask for it: its echo tells.
        if (await FindChatAsync(part, cancellation).ConfigureAwait(false) is not { } chat) return null;

        var body = LiveChatClient.Json(new LiveChatGetChat(chat), LiveChatJson.Wire.LiveChatGetChat);
        var reply = await _client.CallAsync("get_chat", body, cancellation).ConfigureAwait(false);
        if (!reply.IsSuccess || reply.Read(LiveChatJson.Wire.LiveChatShown) is not { } shown)
        {
            throw new HttpRequestException($"LiveChat's chat could not be read: {reply.StatusCode}."); // no answer is not the answer "none"
        }

        var reference = part.Reference.ToString();
        string[] found = [.. (shown.Thread?.Events ?? []).Where(e => e.CustomId == reference).Select(e => e.Id).OfType<string>()];
        return found.Length == 0 && !(shown.Thread?.CreatedAt < since) ? null : new(found); // it may be in the thread before the newest
    }

    /// <summary>The event for a part; a file is uploaded first, because LiveChat shows none that lies elsewhere.</summary>
    private async Task<(LiveChatEvent? Event, SendOutcome? Refusal)> EventAsync(OutboundPart part, CancellationToken cancellation)
    {
        if (part.Content is not MediaContent { Files: [var wanted], Caption: null or "" })
        {
            return LiveChatEvent.For(part.Content, part.Reference) is { } e
                ? (e, null)
                : (null, new SendOutcome.Rejected(FailureReason.Unsupported, "content"));
        }

        var (file, unread) = await part.Media.ReadAsync(wanted, cancellation).ConfigureAwait(false);
        if (file is null) return (null, unread);

        var reply = await _client.CallAsync("upload_file", LiveChatClient.Form(file), cancellation).ConfigureAwait(false);
        if (!reply.IsSuccess) return (null, UploadRefusal(reply));

        return reply.Read(LiveChatJson.Wire.LiveChatUploaded)?.Url is { Length: > 0 } url
            ? (LiveChatEvent.File(url, part.Reference), null)
            : (null, new SendOutcome.Deferred(DeferralCause.CarrierUnavailable, "upload"));
    }

    /// <summary>The chat to write into; null when the customer has none that we know.</summary>
    private static async Task<string?> FindChatAsync(OutboundPart part, CancellationToken cancellation) => part.Message.To switch
    {
        { Type: AddressType.LivechatChat } chat => chat.Value,
        _ => (await part.FindSessionAsync(cancellation).ConfigureAwait(false))?.Recipient is { Type: AddressType.LivechatChat } chat
            ? chat.Value
            : null,
    };

    /// <summary>Writes into the active thread. Who is not in the chat goes in first; a closed chat is resumed with the message.</summary>
    private async Task<SendOutcome> WriteAsync(OutboundPart part, string chat, LiveChatEvent e, CancellationToken cancellation)
    {
        var body = LiveChatClient.Json(new LiveChatSendEvent(chat, e), LiveChatJson.Wire.LiveChatSendEvent);
        var (reply, outcome) = await _client.SendAsync(part, "send_event", body, cancellation).ConfigureAwait(false);
        if (IsNotInChat(reply))
        {
            if (await JoinAsync(chat, cancellation).ConfigureAwait(false) is { } refusal) return refusal;

            (reply, outcome) = await _client.SendAsync(part, "send_event", body, cancellation).ConfigureAwait(false);
        }

        if (Is(reply, LiveChatErrors.ChatInactive))
            return await OpenAsync(part, "resume_chat", new(chat, null, new([e])), cancellation).ConfigureAwait(false);
        if (reply is not { IsSuccess: true }) return Refusal(reply, outcome);

        return Taken(part, reply.Read(LiveChatJson.Wire.LiveChatSent)?.EventId, chat, thread: null);
    }

    private async Task<SendOutcome> OpenAsync(OutboundPart part, string action, LiveChatNewChat chat, CancellationToken cancellation)
    {
        var body = LiveChatClient.Json(new LiveChatOpenChat(chat), LiveChatJson.Wire.LiveChatOpenChat);
        var (reply, outcome) = await _client.SendAsync(part, action, body, cancellation).ConfigureAwait(false);
        if (reply is not { IsSuccess: true }) return Refusal(reply, outcome);

        var opened = reply.Read(LiveChatJson.Wire.LiveChatOpened);
        return Taken(part, opened?.EventIds is [var id, ..] ? id : null, chat.Id ?? opened?.ChatId, opened?.ThreadId);
    }

    /// <summary>Puts our agent into a chat.</summary>
    /// <returns>Why the message cannot go on; null when it can be tried again.</returns>
    private async Task<SendOutcome?> JoinAsync(string chat, CancellationToken cancellation)
    {
        var body = LiveChatClient.Json(new LiveChatAddUser(chat, options.AgentId), LiveChatJson.Wire.LiveChatAddUser);
        try
        {
            var reply = await _client.CallAsync("add_user_to_chat", body, cancellation).ConfigureAwait(false);

            // Somebody else may have put us in, or have closed the chat: the next try will see.
            return reply.IsSuccess || Is(reply, LiveChatErrors.AlreadyExists) || Is(reply, LiveChatErrors.ChatInactive)
                ? null
                : Unprepared(reply);
        }
        catch (Exception lost) when (lost is HttpRequestException or OperationCanceledException or IOException)
        {
            // the message itself was refused: it is surely not there
            return new SendOutcome.Deferred(DeferralCause.CarrierUnavailable, "prepare");
        }
    }
}
