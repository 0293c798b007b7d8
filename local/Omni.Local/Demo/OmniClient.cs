using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace Omni.Local.Demo;

/// <summary>A client of Omni's API and of the simulators, over HTTP only.</summary>
public sealed class OmniClient : IDisposable
{
    private const string IdempotencyKey = "Idempotency-Key";

    private readonly HttpClient _http;

    /// <summary>A client of a host.</summary>
    /// <param name="url">The host.</param>
    /// <param name="apiKey">The API key.</param>
    /// <param name="transport">What carries the calls; null for the network.</param>
    public OmniClient(Uri url, string apiKey, HttpMessageHandler? transport = null)
    {
        _http = new(new RepeatWhenBusy { InnerHandler = transport ?? new SocketsHttpHandler() })
        {
            BaseAddress = url, Timeout = TimeSpan.FromSeconds(40)
        };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", apiKey);
    }

    /// <summary>The client underneath.</summary>
    public HttpClient Http => _http;

    /// <summary>Sends a message.</summary>
    /// <param name="request">The request's body.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <returns>Its id.</returns>
    public async Task<string> SendAsync(JsonObject request, CancellationToken cancellation = default)
    {
        using var call = new HttpRequestMessage(HttpMethod.Post, "/api/v1/messages/send") { Content = JsonContent.Create(request) };
        call.Headers.Add(IdempotencyKey, Guid.NewGuid().ToString());
        using var response = await _http.SendAsync(call, cancellation);
        var answer = await response.Content.ReadAsStringAsync(cancellation);
        return response.IsSuccessStatusCode
            ? (string)JsonNode.Parse(answer)!["id"]!
            : throw new HttpRequestException($"The API refused the message: {answer}");
    }

    /// <summary>Waits until a message has a status, or one that it cannot come back from.</summary>
    /// <param name="id">The message.</param>
    /// <param name="wanted">The status.</param>
    /// <param name="patience">How long to wait.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <returns>The status it had in the end.</returns>
    public async Task<string> WaitForAsync(string id, string wanted, TimeSpan patience, CancellationToken cancellation = default)
    {
        var until = TimeProvider.System.GetUtcNow() + patience;
        while (true)
        {
            var status = await GetAsync($"/api/v1/messages/{id}/status?wait=2", cancellation);
            if ((string?)status["status"] == wanted || TimeProvider.System.GetUtcNow() > until) return (string)status["status"]!;
            await Task.Delay(100, cancellation);
        }
    }

    /// <summary>Reads something.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="cancellation">Stops the call.</param>
    public async Task<JsonNode> GetAsync(string path, CancellationToken cancellation = default) =>
        JsonNode.Parse(await _http.GetStringAsync(path, cancellation))!;

    /// <summary>Tells a simulator something.</summary>
    /// <param name="path">The control endpoint.</param>
    /// <param name="body">The body; null for none.</param>
    /// <param name="cancellation">Stops the call.</param>
    public async Task<JsonNode?> PostAsync(string path, JsonObject? body = null, CancellationToken cancellation = default)
    {
        using var response = body is null
            ? await _http.PostAsync(path, null, cancellation)
            : await _http.PostAsJsonAsync(path, body, cancellation);
        var answer = await response.Content.ReadAsStringAsync(cancellation);
        if (!response.IsSuccessStatusCode) throw new HttpRequestException($"{path}: {answer}");
        return answer.Length > 0 ? JsonNode.Parse(answer) : null;
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    /// <summary>
    /// Repeats what the API asks to repeat (503 with <c>Retry-After</c>) and what may be: a read, or a request under an idempotency key.
    /// </summary>
    private sealed class RepeatWhenBusy : DelegatingHandler
    {
        private const int MostRepeats = 10;

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            for (var repeats = 0; ; repeats++)
            {
                var response = await base.SendAsync(request, cancellationToken);
                var mayRepeat = request.Method == HttpMethod.Get || request.Headers.Contains(IdempotencyKey);
                if (repeats == MostRepeats
                    || !mayRepeat
                    || response.StatusCode != HttpStatusCode.ServiceUnavailable
                    || response.Headers.RetryAfter?.Delta is not { } wait)
                {
                    return response;
                }

                response.Dispose();
                await Task.Delay(wait, cancellationToken);
            }
        }
    }
}
