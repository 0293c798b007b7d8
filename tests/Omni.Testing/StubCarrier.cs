using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Microsoft.Extensions.Time.Testing;
using Omni.Pipeline;
using Omni.Shared;

namespace Omni.Testing;

/// <summary>A request that a carrier got.</summary>
public sealed record StubRequest(HttpMethod Method, string Url, HttpRequestHeaders Headers, string? ContentType, byte[] Body)
{
    public string Text => Encoding.UTF8.GetString(Body);
}

/// <summary>
/// A carrier that answers what a test told it to, in order, the last answer again and again; it remembers what it was asked.
/// </summary>
public sealed class StubCarrier : HttpMessageHandler
{
    /// <summary>When everything happens.</summary>
    public static readonly DateTimeOffset Now = new(2026, 11, 23, 10, 15, 0, TimeSpan.Zero);

    private readonly Queue<Func<HttpResponseMessage>> _answers;

    public StubCarrier(params Func<HttpResponseMessage>[] answers) => _answers = new(answers);

    public StubCarrier(HttpStatusCode status, string body, string contentType = "application/json")
        : this(Answer(status, body, contentType)) { }

    public List<StubRequest> Requests { get; } = [];

    public FakeTimeProvider Clock { get; } = new(Now);

    /// <summary>The call to it, for a sender to use.</summary>
    public CarrierHttp Http => field ??= new(new HttpClient(this), Clock);

    /// <summary>An answer with a body.</summary>
    public static Func<HttpResponseMessage> Answer(HttpStatusCode status, string body = "", string contentType = "application/json") =>
        () => new HttpResponseMessage(status) { Content = new StringContent(body, new MediaTypeHeaderValue(contentType)) };

    /// <summary>A message as the API plans it.</summary>
    public static Message Planned(Message message)
    {
        var plan = MessagePlanner.Plan(message);
        return plan.Message ?? throw new InvalidOperationException(string.Join(' ', plan.Problems));
    }

    /// <summary>A part of a planned message, at its first attempt.</summary>
    public static OutboundPart Part(Message message, int index = 0, int attempt = 1) =>
        new(message, index, new AttemptReference(message.Id, index, attempt));

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var body = request.Content is { } content ? await content.ReadAsByteArrayAsync(cancellationToken) : [];
        Requests.Add(
            new(request.Method, request.RequestUri!.AbsoluteUri, request.Headers, request.Content?.Headers.ContentType?.ToString(), body));
        return (_answers.Count > 1 ? _answers.Dequeue() : _answers.Peek())();
    }
}
