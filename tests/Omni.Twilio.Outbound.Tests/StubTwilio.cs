using System.Net;
using Omni.Aws;
using Omni.Pipeline;
using Omni.Shared;
using Omni.Testing;

namespace Omni.Twilio.Outbound.Tests;

/// <summary>A sender whose carrier answers what a test told it to, and remembers what it was asked.</summary>
internal sealed class StubTwilio
{
    public const string Account = "AC00000000000000000000000000000042";
    public const string Token = "0123456789abcdef0123456789abcdef";

    public static readonly DateTimeOffset Now = StubCarrier.Now;

    private readonly StubCarrier _carrier;

    public StubTwilio(Func<HttpResponseMessage> answer, params (string Name, string Value)[] settings)
        : this(new StubCarrier(answer), settings) { }

    public StubTwilio(HttpStatusCode status, string body, string contentType = "application/json")
        : this(new StubCarrier(status, body, contentType)) { }

    private StubTwilio(StubCarrier carrier, params (string Name, string Value)[] settings)
    {
        _carrier = carrier;
        foreach (var (name, value) in settings) Environment[name] = value;
        Sender = new TwilioSender(carrier.Http, new TwilioOptions(new Settings(Environment)), carrier.Clock);
    }

    /// <summary>The function's environment; changes count at once.</summary>
    public Dictionary<string, string> Environment { get; } = new()
    {
        ["TWILIO_ACCOUNT_SID"] = Account,
        ["TWILIO_AUTH_TOKEN"] = Token,
        ["PUBLIC_BASE_URL"] = "https://omni.example.com/",
    };

    public TwilioSender Sender { get; }

    public IReadOnlyList<StubRequest> Requests => _carrier.Requests;

    /// <summary>A text, planned as the API plans it.</summary>
    public static Message Text(string body) => Planned(new()
    {
        Id = "msg_01jd7q",
        Carrier = "twilio",
        To = Address.Phone("+14155550123"),
        From = Address.Phone("+12065550100"),
        Content = new TextContent { Body = body },
        CreatedAt = Now,
    });

    public static Message Planned(Message message) => StubCarrier.Planned(message);

    public static OutboundPart Part(Message message, int index = 0) => StubCarrier.Part(message, index);

    public Task<SendOutcome> SendAsync(Message message, int part = 0) => Sender.SendAsync(Part(message, part), CancellationToken.None);
}
