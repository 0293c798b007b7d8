using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Omni.Notifier.Tests;

/// <summary>A call that reached an endpoint.</summary>
/// <param name="Id">The event's id.</param>
/// <param name="At">When it arrived.</param>
/// <param name="Status">What was answered; 0 for nothing.</param>
/// <param name="IsSigned">Whether one of its signatures is of the secret that the receiver knows.</param>
/// <param name="Body">The body.</param>
internal sealed record Arrival(string Id, DateTimeOffset At, int Status, bool IsSigned, JsonNode Body);

/// <summary>An endpoint of a client: takes what comes, and keeps it.</summary>
internal sealed class Receiver(TimeProvider clock)
{
    private readonly List<Arrival> _arrivals = [];

    /// <summary>The secret that it verifies with.</summary>
    public string Secret { get; set; } = "";

    /// <summary>How long it takes.</summary>
    public TimeSpan Latency { get; set; } = TimeSpan.FromMilliseconds(40);

    /// <summary>What it answers to an event; 0 for nothing at all.</summary>
    public Func<string, HttpStatusCode> Answer { get; set; } = _ => HttpStatusCode.OK;

    /// <summary>The wait that it asks for when it does not take an event.</summary>
    public TimeSpan? RetryAfter { get; set; }

    /// <summary>All calls, in order.</summary>
    public IReadOnlyList<Arrival> Arrivals => _arrivals;

    /// <summary>The calls that it took.</summary>
    public IReadOnlyList<Arrival> Taken => [.. _arrivals.Where(arrival => arrival.Status is >= 200 and < 300)];

    public async Task<HttpResponseMessage> CallAsync(HttpRequestMessage request, CancellationToken cancellation)
    {
        var (id, body) = (Header(request, "webhook-id"), await request.Content!.ReadAsStringAsync(CancellationToken.None));
        var wanted = SignatureOf($"{id}.{Header(request, "webhook-timestamp")}.{body}");
        var isSigned = Header(request, "webhook-signature").Split(' ').Contains(wanted);
        var status = Answer(id);
        _arrivals.Add(new(id, clock.GetUtcNow(), (int)status, isSigned, JsonNode.Parse(body)!));
        if (status == 0) await HangAsync(cancellation);
        await Task.Delay(Latency, clock, CancellationToken.None);
        var response = new HttpResponseMessage(status) { Content = new StringContent("noted") };
        if (RetryAfter is { } wait && (int)status >= 400) response.Headers.RetryAfter = new(wait);
        return response;
    }

    // Goes on where it is cancelled, as everything on the clock must.
    private static async Task HangAsync(CancellationToken cancellation)
    {
        var never = new TaskCompletionSource();
        await using var end = cancellation.Register(() => never.TrySetCanceled(cancellation));
        await never.Task;
    }

    private static string Header(HttpRequestMessage request, string name) => request.Headers.GetValues(name).Single();

    private string SignatureOf(string signed) => "v1," + Convert.ToBase64String(
        HMACSHA256.HashData(Convert.FromBase64String(Secret["whsec_".Length..]), Encoding.UTF8.GetBytes(signed)));
}
