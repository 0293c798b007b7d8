using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Omni.Local.Account;

/// <summary>
/// The one way from functions to the emulators: a server that reads what is asked, has it handled, and passes it on.
/// </summary>
internal sealed class AwsDoor : IAsyncDisposable
{
    // Of the connection, not of the message: RFC 9110, section 7.6.1. The host is the emulator's.
    private static readonly HashSet<string> NotPassedOn = new(StringComparer.OrdinalIgnoreCase)
    {
        "Connection", "Content-Length", "Expect", "Host", "Keep-Alive", "Transfer-Encoding",
    };

    private readonly WebApplication _server;
    private readonly HttpMessageInvoker _http;

    private AwsDoor(WebApplication server, HttpMessageInvoker http) => (_server, _http) = (server, http);

    /// <summary>Where it listens, for every service.</summary>
    public Uri Url => new(_server.Urls.First());

    /// <summary>Opens it.</summary>
    /// <param name="emulators">Where each service's emulator listens.</param>
    /// <param name="around">What happens to a request before it is passed on, and to its answer.</param>
    /// <param name="cancellation">Gives up.</param>
    public static async Task<AwsDoor> OpenAsync(
        IReadOnlyDictionary<string, Uri> emulators, Func<AwsHandler, AwsHandler> around, CancellationToken cancellation)
    {
        var builder = WebApplication.CreateSlimBuilder(LocalHost.WatchesNoFiles);
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestBodySize = null);

        // No proxy of the machine's and no trace: this is a wire.
        var http = new HttpMessageInvoker(new SocketsHttpHandler
        {
            AllowAutoRedirect = false, UseCookies = false, UseProxy = false,
            ActivityHeadersPropagator = DistributedContextPropagator.CreateNoOutputPropagator(),
        });
        var door = new AwsDoor(builder.Build(), http);
        var handle = around((call, stop) => door.PassOnAsync(emulators[call.Service], call, stop));
        door._server.Run(async context =>
        {
            var answer = await handle(await AwsCall.ReadAsync(context), context.RequestAborted);
            await WriteAsync(answer, context.Response, context.RequestAborted);
        });
        await door._server.StartAsync(cancellation);
        return door;
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _http.Dispose();
    }

    private async Task<AwsAnswer> PassOnAsync(Uri emulator, AwsCall call, CancellationToken cancellation)
    {
        // What was signed is what is asked: Uri must not tidy it.
        var address = new Uri(
            emulator.GetLeftPart(UriPartial.Authority) + call.Target,
            new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
        using var request = new HttpRequestMessage(new(call.Method), address) { Content = new ByteArrayContent(call.Body) };
        foreach (var (name, values) in call.Headers)
        {
            if (NotPassedOn.Contains(name)) continue;
            if (!request.Headers.TryAddWithoutValidation(name, values)) request.Content.Headers.TryAddWithoutValidation(name, values);
        }

        using var response = await _http.SendAsync(request, cancellation);
        return new(
            (int)response.StatusCode,
            [
                .. response.Headers.NonValidated.Concat(response.Content.Headers.NonValidated)
                    .Where(header => !NotPassedOn.Contains(header.Key) || IsLengthOfNothing(header.Key))
                    .Select(header => KeyValuePair.Create(header.Key, header.Value.ToArray())),
            ],
            await response.Content.ReadAsByteArrayAsync(cancellation));

        // An answer to HEAD names the length of a body that it does not have.
        bool IsLengthOfNothing(string header) => call.Method == "HEAD" && header == "Content-Length";
    }

    private static async Task WriteAsync(AwsAnswer answer, HttpResponse response, CancellationToken cancellation)
    {
        response.StatusCode = answer.Status;
        foreach (var (name, values) in answer.Headers) response.Headers[name] = values;
        if (answer.Body.Length == 0) return;

        response.ContentLength = answer.Body.Length;
        await response.Body.WriteAsync(answer.Body, cancellation);
    }
}
