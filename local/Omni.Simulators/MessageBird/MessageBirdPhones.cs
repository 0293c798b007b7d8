using Microsoft.AspNetCore.Http;
using Omni.Simulators.Phones;
using Omni.Simulators.Script;

namespace Omni.Simulators.MessageBird;

/// <summary>Phones that are written to through MessageBird's text messages.</summary>
internal sealed class MessageBirdPhones(MessageBirdAccount account, MessageBirdInbound inbound) : IPhones
{
    private const int MinNumberDigits = 9;

    private static readonly string[] Failures = ["delivery_failed", "expired"];

    public PhoneFacts Facts => new()
    {
        Senders = [.. account.Options.Numbers.Where(number => number.Length >= MinNumberDigits).Select(number => "+" + number)],
        Colour = "#1d4fa3",
    };

    public PhoneLog Written => account.Written;

    public ReceiptRule Off { get; } = new() { Path = ["sent", "buffered", "delivery_failed"], ErrorCode = "27" };

    public IEnumerable<string> AddressesOf(string person) => [person.TrimStart('+')];

    public IEnumerable<PhoneMessage> Received(string person, string sender) =>
        from message in account.Messages.All()
        where "+" + message.From == sender
        from recipient in message.Recipients
        where "+" + recipient.Number == person && !Failures.Contains(recipient.Status)
        select new PhoneMessage
        {
            Id = message.Id,
            At = message.CreatedAt,
            Text = message.Text,
            Files = [.. message.Request["mediaUrls"]?.AsArray().Select(url => (string)url!) ?? []],
        };

    public Task<IResult> WriteAsync(PhoneWrite order, HttpRequest request) => inbound.ReceiveAsync(
        new()
        {
            From = order.Person,
            To = order.Sender,
            Body = order.Text ?? order.Choice?.Title,
            Media = order.Picture is { } picture ? [new() { ContentType = picture.ContentType, Base64 = picture.Base64 }] : [],
        },
        request);
}
