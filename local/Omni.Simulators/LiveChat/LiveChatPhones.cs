using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Omni.Simulators.Phones;

namespace Omni.Simulators.LiveChat;

/// <summary>The chat windows of the people on the company's page: texts, files, rich messages.</summary>
internal sealed class LiveChatPhones(LiveChatAccount account, LiveChatControl control, LiveChatPeople people) : IPhones
{
    public PhoneFacts Facts =>
        new() { Senders = [account.Options.LicenseId], Colour = "#8a3500", Person = "name", Reads = true, Off = false };

    public PhoneLog Written => account.Written;

    public string? NameOf(string person)
    {
        lock (account.Gate) return account.ChatOf(person)?.Id;
    }

    public IEnumerable<PhoneMessage> Received(string person, string sender)
    {
        lock (account.Gate)
        {
            var seen = account.ChatOf(person)?.SeenUpTo.GetValueOrDefault(person) ?? "";
            return [.. account.Messages.All().Where(message => message.CustomerId == person).Select(message => Shown(message.Event, seen))];
        }
    }

    public Task<IResult> ReadAsync(PhonePair pair, HttpRequest request)
    {
        lock (account.Gate)
        {
            return account.ChatOf(pair.Person) is { } chat
                ? control.SeeAsync(new() { Chat = chat.Id }, request)
                : Task.FromResult(SimulatorJson.Refuse("They have no chat yet."));
        }
    }

    public Task<IResult> WriteAsync(PhoneWrite order, HttpRequest request)
    {
        if (order.Choice is { } choice)
        {
            lock (account.Gate)
            {
                return account.ChatOf(order.Person) is { } chat
                    ? people.PressAsync(new() { Chat = chat.Id, Button = choice.Id }, request)
                    : Task.FromResult(SimulatorJson.Refuse("They have no chat yet."));
            }
        }

        return people.WriteAsync(
            new()
            {
                Customer = order.Person,
                Name = order.Name ?? order.Person,
                Text = order.Text,
                File = order.Picture is { } picture
                    ? new()
                    {
                        ContentType = picture.ContentType,
                        Name = "picture." + picture.ContentType.Split('/')[^1],
                        Base64 = Convert.ToBase64String(picture.Base64),
                    }
                    : null,
            },
            request);
    }

    private static PhoneMessage Shown(JsonObject e, string seen) => new()
    {
        Id = e.Text("id")!,
        At = DateTimeOffset.Parse(e.Text("created_at")!, System.Globalization.CultureInfo.InvariantCulture),
        Text = e.Text("text"),
        Files = e.Text("type") is "file" ? [e.Text("url")!] : [],
        Header = (e.Array("elements") ?? []) is [JsonObject only] ? only.Text("title") : null,
        Choices = [.. (e.Array("elements") ?? []).SelectMany(Choices)],
        Read = string.CompareOrdinal(e.Text("created_at"), seen) <= 0,
    };

    private static IEnumerable<PhoneChoice> Choices(JsonNode? element) =>
        from button in element.Array("buttons") ?? []
        select new PhoneChoice(button.Text("postback_id") ?? "", button.Text("text") ?? "")
        {
            Url = button.Text("type") is "url" ? button.Text("value") : null,
            Group = element.Text("title"),
            Description = element.Text("subtitle"),
        };
}
