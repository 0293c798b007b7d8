using Omni.Aws;
using Omni.Pipeline;
using Omni.Shared;
using Omni.Testing;

namespace Omni.MessageBird.Outbound.Tests;

/// <summary>A sender over a carrier that answers what a test told it to.</summary>
internal static class Sender
{
    public const string ApiKey = "live_q1w2e3r4t5y6u7i8o9p0";
    public const string Namespace = "5ca1ab1e";

    public static readonly Address Channel = new(AddressType.SenderPool, "c0ffee11c0ffee11");

    public static readonly Message Text = Planned(new TextContent { Body = "Hello" });

    public static MessageBirdSender Over(StubCarrier carrier, params (string Name, string? Value)[] settings) =>
        new(carrier.Http, new MessageBirdOptions(new Settings(Environment(settings))), carrier.Clock);

    /// <summary>Settings; null takes one away.</summary>
    public static Dictionary<string, string> Environment(params (string Name, string? Value)[] settings)
    {
        var all = new Dictionary<string, string>
        {
            ["PUBLIC_BASE_URL"] = "https://omni.example.com/",
            ["MESSAGEBIRD_API_KEY"] = ApiKey,
            ["MESSAGEBIRD_TEMPLATE_NAMESPACE"] = Namespace,
        };
        foreach (var (name, value) in settings)
        {
            if (value is null) all.Remove(name);
            else all[name] = value;
        }

        return all;
    }

    public static Message Planned(Content content, Address? from = null) => StubCarrier.Planned(Message(content, from));

    public static Message Message(Content content, Address? from = null) => new()
    {
        Id = "msg_01jd7q", Carrier = "messagebird", To = Address.Phone("+14155550123"), From = from ?? Address.Phone("+12065550100"),
        Content = content,
        CreatedAt = StubCarrier.Now, Parts = [new PlannedPart()],
    };

    public static Task<SendOutcome> SendAsync(this MessageBirdSender sender, Message message) =>
        sender.SendAsync(StubCarrier.Part(message), CancellationToken.None);
}
