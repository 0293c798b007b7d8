using Microsoft.AspNetCore.Http;
using Omni.Simulators.Phones;
using Omni.Simulators.Script;

namespace Omni.Simulators.Bandwidth;

/// <summary>Phones that are written to through Bandwidth: text and pictures.</summary>
internal sealed class BandwidthPhones(BandwidthAccount account, BandwidthInbound inbound) : IPhones
{
    public PhoneFacts Facts =>
        new() { Senders = [.. account.Options.OwnNumbers.Where(number => number[0] == '+')], Colour = "#00567a" };

    public PhoneLog Written => account.Written;

    // https://dev.bandwidth.com/docs/messaging/errors: destination-unavailable
    public ReceiptRule Off { get; } = new() { ErrorCode = "4700" };

    public IEnumerable<PhoneMessage> Received(string person, string sender) =>
        from message in account.Messages.All()
        where message.IsOutbound && message.To.Contains(person) && message.From == sender && message.Status != "message-failed"
        select new PhoneMessage { Id = message.Id, At = message.CreatedAt, Text = message.Text, Files = message.Media };

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
