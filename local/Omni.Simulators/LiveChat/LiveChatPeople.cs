using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Omni.Simulators.LiveChat;

/// <summary>What somebody writes, as a test or the console orders it.</summary>
internal sealed record LiveChatInboundOrder
{
    /// <summary>The chat. Null: the customer's, or a new one.</summary>
    public string? Chat { get; init; }

    /// <summary>The customer. Null: the chat's, or a new one.</summary>
    public string? Customer { get; init; }

    /// <summary>The name of a new customer.</summary>
    public string? Name { get; init; }

    public string? Text { get; init; }
    public LiveChatInboundFile? File { get; init; }

    /// <summary>The answers of a form, by the labels of its fields.</summary>
    public IReadOnlyDictionary<string, string>? Form { get; init; }

    /// <summary>Another agent writes, not the customer.</summary>
    public string? Agent { get; init; }

    /// <summary>Seen by agents only.</summary>
    public bool Internal { get; init; }

    /// <summary>An earlier event's id, to tell of it a second time.</summary>
    public string? EventId { get; init; }
}

/// <summary>A file that somebody sends.</summary>
internal sealed record LiveChatInboundFile
{
    public required string ContentType { get; init; }
    public string Name { get; init; } = "file";

    /// <summary>The content; without it, some zeros.</summary>
    public string? Base64 { get; init; }

    /// <summary>It is announced, and it is gone when somebody fetches it.</summary>
    public bool Gone { get; init; }
}

/// <summary>A press of a button of a rich message.</summary>
internal sealed record LiveChatPostbackOrder
{
    public required string Chat { get; init; }

    /// <summary>The button's <c>postback_id</c>.</summary>
    public required string Button { get; init; }

    /// <summary>False: the button is released.</summary>
    public bool Toggled { get; init; } = true;
}

/// <summary>Plays the people around a chat, and tells the webhook what they did.</summary>
internal sealed class LiveChatPeople(LiveChatAccount account, LiveChatFiles files, LiveChatWebhooks webhooks)
{
    public async Task<IResult> WriteAsync(LiveChatInboundOrder order, HttpRequest request)
    {
        LiveChatChat chat;
        JsonObject made;
        bool opens;
        lock (account.Gate)
        {
            if (order.Chat is not null && account.FindChat(order.Chat) is null)
                return SimulatorJson.Refuse("There is no such chat: GET /sim/livechat/chats");

            var customer = account.FindChat(order.Chat)?.Customer ?? account.Customer(order.Customer, order.Name);
            if (customer.Banned) return SimulatorJson.Refuse("The customer is banned, and cannot write.");

            chat = account.FindChat(order.Chat) ?? account.ChatOf(customer.Id) ?? account.NewChat(customer);
            if (order.EventId is { } again)
            {
                if (chat.Threads.SelectMany(t => t.Events).FirstOrDefault(e => e.Text("id") == again) is not { } known)
                    return SimulatorJson.Refuse("There is no such event.");
                (made, opens) = (known, false);
            }
            else if (Content(order, files.HostOf(request)) is { } given)
            {
                opens = chat.Active is null;
                if (opens) account.NewThread(chat);
                if (order.Agent is { } agent) chat.Agents.Add(agent);
                if (order.Internal) given["visibility"] = "agents";
                made = account.Append(chat, order.Agent ?? customer.Id, given);
                if (order.Agent is null) Note(chat, made, order.Text, order.File);
            }
            else
            {
                return SimulatorJson.Refuse(
                    "Say one of text, file {contentType, base64?}, form {label: answer}; or eventId of an earlier event.");
            }
        }

        // The first event of a thread may be told within the new thread alone.
        return opens
            ? await TellAsync(chat, made, LiveChatReceipts.IncomingChat, Show(chat), request)
            : await TellAsync(chat, made, LiveChatReceipts.IncomingEvent, Told(chat, made), request);
    }

    /// <summary>A button that says something is told twice: as the message it writes, and as the press.</summary>
    public async Task<IResult> PressAsync(LiveChatPostbackOrder order, HttpRequest request)
    {
        LiveChatChat? chat;
        JsonObject payload, press;
        JsonObject? said = null;
        lock (account.Gate)
        {
            chat = account.FindChat(order.Chat);
            if (chat?.Active is not { } thread) return SimulatorJson.Refuse("There is no such chat, or it is not active.");

            var found = thread.Events.AsEnumerable().Reverse().SelectMany(
                e => (e.Array("elements") ?? []).SelectMany(x => x.Array("buttons") ?? []).Select(b => (Rich: e, Button: b)))
                .FirstOrDefault(x => x.Button.Text("postback_id") == order.Button);
            if (found.Rich is null) return SimulatorJson.Refuse("No rich message of the active thread has such a button.");

            var (type, value, rich) = (found.Button.Text("type"), found.Button.Text("value"), found.Rich.Text("id")!);
            press = new() { ["id"] = order.Button, ["toggled"] = order.Toggled, ["button_type"] = type, ["button_value"] = value };
            payload = new()
            {
                ["user_id"] = chat.Customer.Id, ["chat_id"] = chat.Id, ["thread_id"] = thread.Id, ["event_id"] = rich, ["postback"] = press
            };
            if (order.Toggled && type == "message")
            {
                said = account.Append(chat, chat.Customer.Id, new()
                {
                    ["type"] = "message", ["text"] = found.Button.Text("text"),
                    ["postback"] = new JsonObject
                    {
                        ["id"] = order.Button, ["thread_id"] = thread.Id, ["event_id"] = rich, ["type"] = type, ["value"] = value
                    },
                });
                Note(chat, said, said.Text("text"), file: null);
            }
        }

        if (said is not null) await TellAsync(chat, said, LiveChatReceipts.IncomingEvent, Told(chat, said), request);
        return await TellAsync(chat, said, "incoming_rich_message_postback", payload, request);
    }

    /// <summary>Somebody else, or nobody in particular, closes the chat.</summary>
    public async Task<IResult> CloseAsync(string id, HttpRequest request)
    {
        JsonObject payload;
        LiveChatChat? chat;
        lock (account.Gate)
        {
            chat = account.FindChat(id);
            if (chat?.Active is not { } thread) return SimulatorJson.Refuse("There is no such chat, or it is not active.");
            thread.Active = false;
            payload = new() { ["chat_id"] = chat.Id, ["thread_id"] = thread.Id };
        }

        return await TellAsync(chat, null, "chat_deactivated", payload, request);
    }

    public async Task<IResult> TellAsync(LiveChatChat chat, JsonObject? made, string action, JsonObject payload, HttpRequest request)
    {
        var (webhook, answer) = await webhooks.PostAsync(webhooks.TargetOf(request), action, payload, request.HttpContext.RequestAborted);
        return SimulatorJson.Result(new
        {
            chatId = chat.Id, customerId = chat.Customer.Id, threadId = chat.Threads.LastOrDefault()?.Id, eventId = made.Text("id"),
            answer.Status, answer.Body, answer.Error, answer.Attempts, webhook,
        });
    }

    private void Note(LiveChatChat chat, JsonObject made, string? text, LiveChatInboundFile? file) => account.Written.Add(
        chat.Customer.Id,
        account.Options.LicenseId,
        made.Text("id")!,
        account.Clock.GetUtcNow(),
        text,
        file is { Base64: { } base64 } ? [(file.ContentType, Convert.FromBase64String(base64))] : []);

    private JsonObject? Content(LiveChatInboundOrder order, string host) => order switch
    {
        { Text: { } text } => new() { ["type"] = "message", ["text"] = text },
        { File: { } file } => FileEvent(file, host),
        { Form: { } form } => new()
        {
            ["type"] = "filled_form",
            ["form_id"] = "form-1",
            ["fields"] = new JsonArray(
                [.. form.Select(f => new JsonObject { ["type"] = "question", ["id"] = f.Key, ["label"] = f.Key, ["answer"] = f.Value })]),
        },
        _ => null,
    };

    private JsonObject FileEvent(LiveChatInboundFile file, string host)
    {
        var kept = files.Keep(file.Name, file.ContentType, file.Base64 is { } base64 ? Convert.FromBase64String(base64) : new byte[1024]);
        (kept.Used, kept.Gone) = (true, file.Gone);
        var made = new JsonObject { ["type"] = "file", ["url"] = files.Url(kept, host) };
        LiveChatFiles.Describe(kept, made);
        return made;
    }

    private JsonObject Show(LiveChatChat chat)
    {
        lock (account.Gate) return new() { ["chat"] = chat.Show(chat.Threads[^1]) };
    }

    private static JsonObject Told(LiveChatChat chat, JsonObject made)
    {
        var id = made.Text("id")!;
        return new() { ["chat_id"] = chat.Id, ["thread_id"] = id[..id.LastIndexOf('_')], ["event"] = made.DeepClone() };
    }
}
