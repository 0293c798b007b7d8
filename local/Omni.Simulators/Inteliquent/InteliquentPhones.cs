using Microsoft.AspNetCore.Http;
using Omni.Simulators.Phones;
using Omni.Simulators.Script;

namespace Omni.Simulators.Inteliquent;

/// <summary>Phones that are written to through Inteliquent: text and pictures.</summary>
internal sealed class InteliquentPhones(InteliquentAccount account, InteliquentInbound inbound) : IPhones
{
    private static readonly string[] Failures = ["UNDELIV", "REJECTD", "DELETED", "EXPIRED"];

    public PhoneFacts Facts => new() { Senders = [.. account.Options.OwnNumbers.Select(number => "+" + number)], Colour = "#4f3591" };

    public PhoneLog Written => account.Written;

    public ReceiptRule Off { get; } = new() { Path = ["ENROUTE", "UNDELIV"], ErrorCode = "027" };

    public IEnumerable<string> AddressesOf(string person) => [InteliquentNumbers.OfPerson(person)];

    public IEnumerable<PhoneMessage> Received(string person, string sender) =>
        from message in account.Messages.All()
        where "+" + message.To == person && "+" + message.From == sender && !Failures.Contains(message.State)
        select new PhoneMessage { Id = message.ReferenceId, At = message.CreatedAt, Text = message.Text, Files = message.MediaUrls };

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
