using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Omni.Simulators.Phones;
using Omni.Simulators.Script;

namespace Omni.Simulators.WhatsApp;

/// <summary>Phones with WhatsApp: what it shows of each kind of message, and what can be tapped.</summary>
internal sealed class WhatsAppPhones(WhatsAppAccount account, WhatsAppControl control) : IPhones
{
    // A template's quick reply is told otherwise than that of an interactive message.
    private const string TemplateTap = "template:";

    public PhoneFacts Facts =>
        new() { Senders = [.. account.Options.Numbers.Select(number => number.Phone)], Colour = "#075e54", Reads = true };

    public PhoneLog Written => account.Written;

    // It lies at WhatsApp until the phone is on again.
    public ReceiptRule Off { get; } = new() { Path = ["sent"] };

    public IEnumerable<string> AddressesOf(string person) => [person, account.People.OfPhone(person).UserId];

    public IEnumerable<PhoneMessage> Received(string person, string sender) =>
        from message in account.Messages.All()
        where message.Person == account.People.OfPhone(person) && message.Number.Phone == sender && message.Status != "failed"
        select Shown(message);

    public Task<IResult> ReadAsync(PhonePair pair, HttpRequest request) =>
        control.ReadAsync(new() { Person = pair.Person, Number = pair.Sender });

    public Task<IResult> WriteAsync(PhoneWrite order, HttpRequest request)
    {
        var isTemplate = order.Choice?.Id.StartsWith(TemplateTap, StringComparison.Ordinal) is true;
        return control.ReceiveAsync(
        [
            new()
            {
                From = order.Person,
                To = order.Sender,
                ProfileName = order.Name ?? "Ann",
                Body = order.Text,
                Media = order.Picture is { } picture
                    ? new() { Type = "image", ContentType = picture.ContentType, Base64 = Convert.ToBase64String(picture.Base64) }
                    : null,
                Choice = order.Choice is { } choice && !isTemplate ? new(choice.Id, choice.Title) : null,
                Button = isTemplate ? new(order.Choice!.Title, order.Choice.Id[TemplateTap.Length..]) : null,
            },
        ]);
    }

    private static PhoneMessage Shown(WhatsAppMessage message)
    {
        var send = message.Send;
        return new()
        {
            Id = message.Id,
            At = message.CreatedAt,
            Header = send.Content.Member("header").Text("text"),
            Text = send.Type is "template" ? Template(send.Content) : send.Text,
            Footer = send.Content.Member("footer").Text("text"),
            Files = [.. send.Links],
            Choices = [.. Choices(send)],
            Read = message.Status is "read" or "played",
        };
    }

    // The words of a template are Meta's, and not in the call: its name and what fills it in are.
    private static string Template(JsonElement template)
    {
        var variables =
            from component in template.Member("components").Items()
            where component.Text("type") is "body"
            from parameter in component.Member("parameters").Items()
            select parameter.Text("text");
        return string.Join(" · ", variables.Prepend($"[{template.Text("name")}]"));
    }

    private static IEnumerable<PhoneChoice> Choices(WhatsAppSend send)
    {
        var action = send.Content.Member("action");
        foreach (var reply in action.Member("buttons").Items().Select(button => button.Member("reply")))
            yield return new(reply.Text("id") ?? "", reply.Text("title") ?? "");
        foreach (var section in action.Member("sections").Items())
        {
            foreach (var row in section.Member("rows").Items())
            {
                yield return new(row.Text("id") ?? "", row.Text("title") ?? "")
                {
                    Row = true, Group = section.Text("title"), Description = row.Text("description"),
                };
            }
        }

        if (action.Member("parameters").Text("url") is { } url)
            yield return new("url", action.Member("parameters").Text("display_text") ?? url) { Url = url };
        foreach (var component in send.Content.Member("components").Items())
        {
            if (component.Text("type") is not "button" || component.Text("sub_type") is not "quick_reply") continue;
            var payload = component.Member("parameters").Items().Select(parameter => parameter.Text("payload")).FirstOrDefault() ?? "";
            yield return new(TemplateTap + payload, payload);
        }
    }
}
