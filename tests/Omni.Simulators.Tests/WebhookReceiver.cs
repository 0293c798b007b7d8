using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace Omni.Simulators.Tests;

internal sealed record ReceivedWebhook(string RawTarget, IReadOnlyDictionary<string, string> Form, IHeaderDictionary Headers);

/// <summary>Our side of the wire: keeps what simulators post, and answers what the test wants.</summary>
internal sealed class WebhookReceiver : IAsyncDisposable
{
    private readonly WebApplication _app = KestrelApp.Create();
    private readonly Channel<ReceivedWebhook> _received = Channel.CreateUnbounded<ReceivedWebhook>();

    public string Url => _app.Urls.Single();

    /// <summary>The statuses to answer, in turn; then 200.</summary>
    public Queue<int> Answers { get; } = [];

    public int Waiting => _received.Reader.Count;

    public static async Task<WebhookReceiver> StartAsync()
    {
        var receiver = new WebhookReceiver();
        receiver._app.Run(receiver.TakeAsync);
        await receiver._app.StartAsync();
        return receiver;
    }

    /// <summary>The next webhook; the limit only ends a test that has failed already.</summary>
    public async Task<ReceivedWebhook> NextAsync() =>
        await _received.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30));

    public async Task<string[]> NextStatusesAsync(int count)
    {
        var statuses = new List<string>();
        while (statuses.Count < count) statuses.Add((await NextAsync()).Form["MessageStatus"]);
        return [.. statuses];
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task TakeAsync(HttpContext context)
    {
        var form = await context.Request.ReadFormAsync();
        var target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        _received.Writer.TryWrite(new ReceivedWebhook(
            target,
            form.ToDictionary(field => field.Key, field => field.Value.ToString()),
            new HeaderDictionary(context.Request.Headers.ToDictionary())));
        context.Response.StatusCode = Answers.TryDequeue(out var status) ? status : 200;
        context.Response.ContentType = "text/xml";
        await context.Response.WriteAsync("<Response/>");
    }
}

internal static class KestrelApp
{
    public static WebApplication Create()
    {
        var builder = WebApplication.CreateSlimBuilder(["--hostBuilder:reloadConfigOnChange=false"]);
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        return app;
    }
}
