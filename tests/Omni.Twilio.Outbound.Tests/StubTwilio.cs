using System.Net;
using System.Net.Http.Headers;
using Microsoft.Extensions.Time.Testing;
using Omni.Aws;
using Omni.Pipeline;
using Omni.Shared;

namespace Omni.Twilio.Outbound.Tests;

/// <summary>A sender whose carrier answers what a test told it to, and remembers what it was asked.</summary>
internal sealed class StubTwilio : HttpMessageHandler
{
    public const string Account = "AC00000000000000000000000000000042";
    public const string Token = "0123456789abcdef0123456789abcdef";

    public static readonly DateTimeOffset Now = new(2026, 11, 23, 10, 15, 0, TimeSpan.Zero);

    private readonly Func<HttpResponseMessage> _answer;

    public StubTwilio(Func<HttpResponseMessage> answer, params (string Name, string Value)[] settings)
    {
        _answer = answer;
        foreach (var (name, value) in settings) Environment[name] = value;
        var clock = new FakeTimeProvider(Now);
        Sender = new TwilioSender(new CarrierHttp(new HttpClient(this), clock), new TwilioOptions(new Settings(Environment)), clock);
    }

    public StubTwilio(HttpStatusCode status, string body, string contentType = "application/json")
        : this(() => new HttpResponseMessage(status) { Content = new StringContent(body, new MediaTypeHeaderValue(contentType)) })
    {
    }

    /// <summary>The function's environment; changes count at once.</summary>
    public Dictionary<string, string> Environment { get; } = new()
    {
        ["TWILIO_ACCOUNT_SID"] = Account,
        ["TWILIO_AUTH_TOKEN"] = Token,
        ["PUBLIC_BASE_URL"] = "https://omni.example.com/",
    };

    public TwilioSender Sender { get; }

    public List<(HttpMethod Method, string Url, HttpRequestHeaders Headers, string? ContentType, string Body)> Requests { get; } = [];

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

    public static Message Planned(Message message) => MessagePlanner.Plan(message).Message!;

    public static OutboundPart Part(Message message, int index = 0) => new(message, index, new AttemptReference(message.Id, index, 1));

    public Task<SendOutcome> SendAsync(Message message, int part = 0) => Sender.SendAsync(Part(message, part), CancellationToken.None);

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var body = request.Content is { } content ? await content.ReadAsStringAsync(cancellationToken) : "";
        Requests.Add((request.Method, request.RequestUri!.AbsoluteUri, request.Headers, request.Content?.Headers.ContentType?.ToString(), body));
        return _answer();
    }
}
