using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Omni.Aws;
using Omni.Pipeline;
using Omni.Shared;
using Omni.Testing;

namespace Omni.Bandwidth.Outbound.Tests;

/// <summary>A sender of our account over a carrier that answers what a test told it to; tokens come from a place of their own.</summary>
internal sealed class Account : HttpMessageHandler
{
    public const string Id = "9900000";
    public const string Application = "5c1d7a52-0b3e-4f0a-9f57-0c6c2f7d1e11";
    public const string TokenUrl = "https://api.bandwidth.com/api/v1/oauth2/token";
    public const string MessagesUrl = "https://messaging.bandwidth.com/api/v2/users/9900000/messages";

    public const string Taken =
        """
        {"id":"1764000000000abcdefghijklmnop","owner":"+12065550100","applicationId":"5c1d7a52-0b3e-4f0a-9f57-0c6c2f7d1e11",
         "time":"2026-11-23T10:15:00.123456Z",
         "segmentCount":1,"direction":"out","to":["+14155550123"],"from":"+12065550100","text":"Hello","tag":"msg_01jd7q.0.1",
         "brandNew":{"a":[1]}}
        """;

    private readonly HttpMessageInvoker _carrier;

    public Account(StubCarrier carrier, params (string Name, string Value)[] settings)
    {
        foreach (var (name, value) in settings) Environment[name] = value;
        _carrier = new(carrier);
        Sender = BandwidthSender.Create(
            new CarrierHttp(new HttpClient(this), carrier.Clock), new BandwidthOptions(new Settings(Environment)), carrier.Clock);
    }

    public Account(HttpStatusCode status, string body) : this(new StubCarrier(status, body)) { }

    /// <summary>The function's environment; changes count at once.</summary>
    public Dictionary<string, string> Environment { get; } = new()
    {
        ["BANDWIDTH_ACCOUNT_ID"] = Id,
        ["BANDWIDTH_APPLICATION_ID"] = Application,
        ["BANDWIDTH_API_TOKEN"] = "client-id",
        ["BANDWIDTH_API_SECRET"] = "client-secret",
    };

    public BandwidthSender Sender { get; }

    /// <summary>The requests for tokens.</summary>
    public List<StubRequest> TokenRequests { get; } = [];

    /// <summary>How a request for a token is answered: with <c>token-1</c>, <c>token-2</c>, … for an hour.</summary>
    public Func<int, Task<HttpResponseMessage>> Token { get; set; } = number => Task.FromResult(
        StubCarrier.Answer(HttpStatusCode.OK, $$"""{"access_token":"token-{{number}}","token_type":"Bearer","expires_in":3600}""")());

    /// <summary>A text, planned as the API plans it.</summary>
    public static Message Text(string body) => StubCarrier.Planned(new()
    {
        Id = "msg_01jd7q",
        Carrier = "bandwidth",
        To = Address.Phone("+14155550123"),
        From = Address.Phone("+12065550100"),
        Content = new TextContent { Body = body },
        CreatedAt = StubCarrier.Now,
    });

    public static AuthenticationHeaderValue Bearer(int number) => new("Bearer", $"token-{number}");

    public static AuthenticationHeaderValue Basic(string pair) => new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(pair)));

    public Task<SendOutcome> SendAsync(Message? message = null) =>
        Sender.SendAsync(StubCarrier.Part(message ?? Text("Hello")), CancellationToken.None);

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (!request.RequestUri!.AbsolutePath.EndsWith("/oauth2/token", StringComparison.Ordinal))
            return await _carrier.SendAsync(request, cancellationToken);

        var content = request.Content!;
        int number;
        lock (TokenRequests)
        {
            TokenRequests.Add(new(
                request.Method,
                request.RequestUri.AbsoluteUri,
                request.Headers,
                content.Headers.ContentType?.ToString(),
                content.ReadAsByteArrayAsync(cancellationToken).Result));
            number = TokenRequests.Count;
        }

        return await Token(number);
    }
}
