using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Omni.Simulators.MessageBird;

/// <summary>What a person sends, as a test or the console orders it.</summary>
internal sealed record MessageBirdInboundOrder
{
    /// <summary>The person's number, with or without its plus.</summary>
    public required string From { get; init; }

    /// <summary>One of the account's numbers or short codes, or the id of a channel.</summary>
    public required string To { get; init; }

    /// <summary>The text, or the caption of the files.</summary>
    public string? Body { get; init; }

    public IReadOnlyList<MessageBirdInboundMedia> Media { get; init; } = [];

    /// <summary>Channels: a place.</summary>
    public MessageBirdPlace? Location { get; init; }

    /// <summary>Channels: the button or the row that was tapped.</summary>
    public MessageBirdReply? Reply { get; init; }

    /// <summary>Channels: content of any other type, as MessageBird writes it.</summary>
    public JsonObject? Content { get; init; }

    /// <summary>The type of <see cref="Content"/>.</summary>
    public string? Type { get; init; }

    /// <summary>Channels: the name in the person's profile.</summary>
    public string? Name { get; init; }

    /// <summary>Fields to add to the form or to replace in it; null takes one away.</summary>
    public IReadOnlyDictionary<string, string?> Extra { get; init; } = new Dictionary<string, string?>();

    /// <summary>An earlier message's id, to deliver it a second time. Null: a new one.</summary>
    public string? Id { get; init; }
}

/// <summary>A place on the map.</summary>
internal sealed record MessageBirdPlace(double Latitude, double Longitude);

/// <summary>A choice that was made.</summary>
internal sealed record MessageBirdReply(string Id, string Text, string? Description);

/// <summary>A file of an inbound message.</summary>
internal sealed record MessageBirdInboundMedia
{
    public required string ContentType { get; init; }

    /// <summary>The content; without it, zeros of <see cref="SizeBytes"/>.</summary>
    public byte[]? Base64 { get; init; }

    public int SizeBytes { get; init; } = 1024;

    /// <summary>It is announced, and it is gone when somebody fetches it.</summary>
    public bool Expired { get; init; }
}

/// <summary>Plays the person: makes the inbound message and posts it to the webhook.</summary>
internal sealed class MessageBirdInbound(MessageBirdAccount account, MessageBirdWebhooks webhooks, SimulatorOptions options)
{
    private const int MaxShortCode = 8;

    public async Task<IResult> ReceiveAsync(MessageBirdInboundOrder order, HttpRequest call)
    {
        var channel = account.ChannelOf(order.To);
        var (from, to) = (order.From.TrimStart('+'), order.To.TrimStart('+'));
        if (channel is null && !account.Options.Numbers.Contains(to))
            return SimulatorJson.Refuse("to must be one of the account's numbers or channels: GET /sim/messagebird/numbers");
        if (!long.TryParse(from, NumberStyles.None, CultureInfo.InvariantCulture, out _))
            return SimulatorJson.Refuse("from must be a phone number.");
        if (order.Media.Any(file => file.SizeBytes is < 0 or > 100 * 1024 * 1024))
            return SimulatorJson.Refuse("media: sizeBytes is out of range.");

        var id = order.Id ?? MessageBirdAccount.NewId();
        account.Written.Add(
            "+" + from,
            "+" + to,
            id,
            account.Clock.GetUtcNow(),
            order.Body,
            order.Media.Select(file => (file.ContentType, file.Base64 ?? new byte[file.SizeBytes])));
        var keyword = account.Hear(from, channel?.Id ?? to, order.Body ?? "");
        (string Url, string ContentType)[] files = [.. order.Media.Select(file => (Keep(file, call), file.ContentType))];
        var (body, contentType) = channel is null
            ? (Form(order, id, from, to, files), MessageBirdWebhooks.Form)
            : (Event(order, id, from, channel, files).ToJsonString(), MessageBirdWebhooks.Json);
        var answer = await webhooks.PostAsync(
            MessageBirdSimulator.WebhookUrl(options, call), body, contentType, call.HttpContext.RequestAborted);
        return SimulatorJson.Result(
            new { id, answer.Status, answer.Body, answer.ContentType, answer.Error, answer.Attempts, keyword, request = body });
    }

    private string Keep(MessageBirdInboundMedia file, HttpRequest call)
    {
        var id = MessageBirdAccount.NewId();
        account.Media.Add(id, new(id, file.ContentType, file.Base64 ?? new byte[file.SizeBytes], file.Expired));
        return $"{MessageBirdSimulator.HostOf(options, call)}/{MessageBirdSimulator.Name}/media/{id}";
    }

    private string Form(MessageBirdInboundOrder order, string id, string from, string to, (string Url, string ContentType)[] files)
    {
        var now = account.Clock.GetUtcNow();
        (string Name, string Value)[] fields = to.Length <= MaxShortCode
            ?
            [
                ("mid", id), ("shortcode", to), ("originator", from), ("operator", "20408"), ("keyword", ""), ("message", order.Body ?? ""),
                ("receive_datetime", now.UtcDateTime.ToString("yyyyMMddHHmmss", CultureInfo.InvariantCulture)),
            ]
            :
            [
                // Some fields come twice, and the last one counts.
                ("id", "0"), ("id", id), ("originator", from), ("recipient", to), ("receiver", to),
                ("body", order.Body ?? ""), ("body", order.Body ?? ""),
                ("createdDatetime", now.ToString("yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture)),
                .. files.Select(file => ("mediaUrls", file.Url)),
            ];
        return MessageBirdWebhooks.Encode(
            fields.Where(field => !order.Extra.ContainsKey(field.Name))
                .Concat(order.Extra.Where(extra => extra.Value is not null).Select(extra => (extra.Key, extra.Value!))));
    }

    private JsonObject Event(
        MessageBirdInboundOrder order, string id, string from, MessageBirdChannel channel, (string Url, string ContentType)[] files)
    {
        var (type, content) = Content(order, files);
        var now = account.Clock.GetUtcNow();
        return MessageBirdConversation.Event("message.created", channel.Id, from, order.Name, new()
        {
            ["id"] = id,
            ["conversationId"] = MessageBirdConversation.ConversationOf(channel.Id, from),
            ["channelId"] = channel.Id,
            ["platform"] = channel.Platform,
            ["to"] = channel.Number,
            ["from"] = from,
            ["direction"] = "received",
            ["status"] = "received",
            ["type"] = type,
            ["content"] = content,
            ["createdDatetime"] = MessageBirdConversation.Time(now),
            ["updatedDatetime"] = MessageBirdConversation.Time(now),
        }, now);
    }

    private static (string Type, JsonObject Content) Content(MessageBirdInboundOrder order, (string Url, string ContentType)[] files)
    {
        if (order.Content is { } content) return (order.Type ?? "text", (JsonObject)content.DeepClone());
        if (order.Location is { } place)
            return ("location", new() { ["location"] = new JsonObject { ["latitude"] = place.Latitude, ["longitude"] = place.Longitude } });
        if (order.Reply is { } reply)
        {
            var chosen = new JsonObject { ["id"] = reply.Id, ["text"] = reply.Text };
            if (reply.Description is not null) chosen["description"] = reply.Description;
            return ("interactive", new() { ["interactive"] = new JsonObject { ["type"] = "button_reply", ["reply"] = chosen } });
        }

        if (files is not [var file, ..]) return ("text", new() { ["text"] = order.Body ?? "" });
        var type = file.ContentType.Split('/')[0] is "image" or "video" or "audio" ? file.ContentType.Split('/')[0] : "file";
        var medium = new JsonObject { ["url"] = file.Url };
        if (order.Body is not null) medium["caption"] = order.Body;
        return (type, new() { [type] = medium });
    }
}
