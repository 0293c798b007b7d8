using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Omni.Simulators.WhatsApp;

/// <summary>Plays the people: makes what they send and posts it to the webhook.</summary>
internal sealed class WhatsAppInbound(WhatsAppAccount account, WhatsAppWebhooks webhooks)
{
    private readonly ConcurrentDictionary<string, bool> _known = new();

    /// <summary>Whether somebody sent this message.</summary>
    public bool IsKnown(string messageId) => _known.ContainsKey(messageId);

    /// <summary>Delivers what several people did in one call: an entry for each number, the messages of a number side by side.</summary>
    public async Task<object> ReceiveAsync(IReadOnlyList<WhatsAppInboundOrder> orders, CancellationToken cancellation)
    {
        var messages = (
            from order in orders
            let number = account.NumberOf(order.To)!
            let person = PersonOf(order)
            select (Order: order, Number: number, Person: person, Message: Message(order, number, person))).ToArray();
        var changes = messages.GroupBy(item => item.Number).Select(number => new WhatsAppChange(number.Key, "messages", new()
        {
            ["contacts"] = new JsonArray([.. number.DistinctBy(item => item.Person).Select(
                item => Contact(item.Person, item.Order.ProfileName, item.Order.HidesNumber))]),
            ["messages"] = new JsonArray([.. number.Select(item => item.Message)]),
        })).ToArray();

        foreach (var (order, number, person, message) in messages)
        {
            var id = (string)message["id"]!;
            _known[id] = true;
            account.Written.Add(order.From, order.To, id, account.Clock.GetUtcNow(), order.Words, order.Files);
            account.OpenWindow(number, person);
        }

        var delivery = await webhooks.PostAsync(changes, orders.Any(order => order.RawUnicode), cancellation);
        return new
        {
            messageIds = messages.Select(item => (string)item.Message["id"]!),
            delivery.Answer.Status,
            delivery.Answer.Body,
            delivery.Answer.Error,
            request = JsonNode.Parse(delivery.Body),
            delivery.Signature,
        };
    }

    /// <summary>Why an order makes no sense; null when it does.</summary>
    public string? Problem(WhatsAppInboundOrder order)
    {
        if (account.NumberOf(order.To) is null) return "to must be one of the account's numbers: GET /sim/whatsapp/numbers";
        object?[] contents =
            [order.Body, order.Media, order.Choice, order.Button, order.Location, order.Contacts, order.Reaction, order.Raw];
        if (contents.Count(content => content is not null) != 1)
            return "Order exactly one of body, media, choice, button, location, contacts, reaction and raw.";
        if (order.Media is { Base64: { } base64 } && !Convert.TryFromBase64String(base64, new byte[base64.Length], out _))
            return "media.base64 cannot be read.";
        if (order.Media is { SizeBytes: < 0 or > 100 << 20 }) return "media.sizeBytes is out of range.";
        return order.Choice is { Title: null } choice && Offered(order, choice.Id) is null
            ? "choice.id was not offered to this person; give a title to choose it all the same."
            : null;
    }

    /// <summary>A contact as it stands beside messages and statuses.</summary>
    public static JsonObject Contact(WhatsAppPerson person) => Contact(person, "Ann", hidesNumber: false);

    private static JsonObject Contact(WhatsAppPerson person, string name, bool hidesNumber)
    {
        var contact = new JsonObject { ["profile"] = new JsonObject { ["name"] = name } };
        if (person.WaId is { } waId && !hidesNumber) contact["wa_id"] = waId;
        else contact["profile"]!["username"] = name.ToLowerInvariant();
        contact["user_id"] = person.UserId;
        return contact;
    }

    private WhatsAppPerson PersonOf(WhatsAppInboundOrder order) =>
        order.From is ['+', ..] ? account.People.OfPhone(order.From) : account.People.OfUser(order.From);

    private JsonObject Message(WhatsAppInboundOrder order, WhatsAppNumber number, WhatsAppPerson person)
    {
        var message = new JsonObject();
        if (person.WaId is { } waId && !order.HidesNumber) message["from"] = waId;
        message["from_user_id"] = person.UserId;
        message["id"] = order.MessageId ?? WhatsAppMessage.NewId();
        message["timestamp"] = account.Clock.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);

        var offer = order.Choice is { } choice ? Offered(order, choice.Id) : null;
        if ((order.ReplyTo ?? offer?.Message.Id) is { } quoted)
            message["context"] = new JsonObject { ["from"] = number.Display, ["id"] = quoted };

        var (type, content) = Content(order, offer?.Kind, offer?.Item, number);
        if (type is not null) (message["type"], message[type]) = (type, content);
        foreach (var (name, member) in order.Raw ?? []) message[name] = member?.DeepClone();
        return message;
    }

    private (string? Type, JsonNode? Content) Content(WhatsAppInboundOrder order, string? kind, JsonElement? item, WhatsAppNumber number) =>
        order switch
        {
            { Body: { } body } => ("text", new JsonObject { ["body"] = body }),
            { Media: { } media } => (media.Type is "voice" ? "audio" : media.Type, Media(media, number)),
            { Choice: { } choice } => ("interactive", Choice(choice, kind ?? "button_reply", item)),
            { Button: { } tap } => ("button", new JsonObject { ["payload"] = tap.Payload ?? tap.Text, ["text"] = tap.Text }),
            { Location: { } place } => ("location", place.DeepClone()),
            { Contacts: { } cards } => ("contacts", cards.DeepClone()),
            { Reaction: { } reaction } => ("reaction", reaction.DeepClone()),
            _ => default,
        };

    private JsonObject Media(WhatsAppInboundMedia order, WhatsAppNumber number)
    {
        var bytes = order.Base64 is { } base64 ? Convert.FromBase64String(base64) : new byte[order.SizeBytes];
        var media = new WhatsAppMedia(WhatsAppMedia.NewId(), number.Id, order.ContentType, bytes, account.Clock.GetUtcNow()) { Gone =
            order.Expired };
        account.Media.Add(media.Id, media);

        var content = media.ToWebhook();
        if (order.Caption is { } caption) content["caption"] = caption;
        if (order.Filename is { } filename) content["filename"] = filename;
        if (order.Type is "audio" or "voice") content["voice"] = order.Type is "voice";
        if (order.Type is "sticker") content["animated"] = false;
        return content;
    }

    private static JsonObject Choice(WhatsAppChoice choice, string kind, JsonElement? item)
    {
        var reply = new JsonObject { ["id"] = choice.Id, ["title"] = choice.Title ?? item?.Text("title") };
        if (item?.Text("description") is { } description) reply["description"] = description;
        return new() { ["type"] = kind, [kind] = reply };
    }

    // The newest interactive message to this person that offered it.
    private (WhatsAppMessage Message, string Kind, JsonElement Item)? Offered(WhatsAppInboundOrder order, string id)
    {
        var person = PersonOf(order);
        foreach (var message in account.Messages.All()
            .Reverse()
            .Where(message => message.Person == person && message.Number.Phone == order.To && message.Send.Type is "interactive"))
        {
            var action = message.Send.Content.Member("action");
            foreach (var reply in action.Member("buttons").Items().Select(button => button.Member("reply")))
            {
                if (reply.Text("id") == id) return (message, "button_reply", reply);
            }

            foreach (var row in action.Member("sections").Items().SelectMany(section => section.Member("rows").Items()))
            {
                if (row.Text("id") == id) return (message, "list_reply", row);
            }
        }

        return null;
    }
}
