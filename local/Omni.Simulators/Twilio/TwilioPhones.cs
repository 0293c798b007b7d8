using Microsoft.AspNetCore.Http;
using Omni.Simulators.Phones;
using Omni.Simulators.Script;

namespace Omni.Simulators.Twilio;

/// <summary>Phones that are written to through Twilio: text and pictures.</summary>
internal sealed class TwilioPhones(TwilioAccount account, TwilioInbound inbound) : IPhones
{
    private static readonly string[] Failures = ["failed", "undelivered", "canceled", "scheduled"];

    public PhoneFacts Facts =>
        new()
        {
            Senders = [.. account.Options.OwnNumbers.Where(number => number[0] == '+' && number != TwilioNumbers.MagicSender)],
            Colour = "#9f1d2c",
        };

    public PhoneLog Written => account.Written;

    public ReceiptRule Off { get; } = new() { Path = ["sent", "undelivered"], ErrorCode = "30003" };

    public IEnumerable<PhoneMessage> Received(string person, string sender) =>
        from message in account.Messages.All()
        where message.IsOutbound && message.To == person && message.Sender == sender && !Failures.Contains(message.Status)
        select new PhoneMessage
        {
            Id = message.Sid,
            At = message.CreatedAt,
            Text = message.Body,
            Files = message.Parameters.GetValueOrDefault("MediaUrl") ?? [],
        };

    public Task<IResult> WriteAsync(PhoneWrite order, HttpRequest request) => inbound.ReceiveAsync(
        new()
        {
            From = order.Person,
            To = order.Sender,
            Body = order.Text ?? order.Choice?.Title,
            Media = order.Picture is { } picture
                ? [new() { ContentType = picture.ContentType, Base64 = Convert.ToBase64String(picture.Base64) }]
                : [],
        },
        request);
}
