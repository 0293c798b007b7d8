using System.Text;
using System.Text.Json;
using Amazon.Lambda.APIGatewayEvents;
using Microsoft.Extensions.Logging;
using Omni.Aws;
using Omni.Shared;

namespace Omni.Pipeline;

/// <summary>
/// The webhook of any carrier: verify the raw bytes, read, put every event into the queue, answer. The carrier hears 2xx only when all is
/// in the queue; a fault of ours becomes a 5xx, and the carrier calls again.
/// </summary>
/// <param name="webhook">What is peculiar to the carrier.</param>
/// <param name="queues">The queues.</param>
/// <param name="inboundQueue">The URL of the queue to the InboundProcessor.</param>
/// <param name="blobs">Keeps what cannot be read or is too large.</param>
/// <param name="publicBaseUrl">The public address of the webhooks.</param>
/// <param name="clock">The time.</param>
/// <param name="log">The log.</param>
public sealed partial class WebhookPipeline(
    ICarrierWebhook webhook, SqsQueues queues, string inboundQueue, BlobStore blobs, string publicBaseUrl, TimeProvider clock, ILogger log)
{
    /// <summary>Above this many bytes the carrier's own words do not travel through the queue. Whole records may have 1 MiB.</summary>
    private const int MaxRawBytes = 32 * 1024;

    /// <summary>
    /// Above this many bytes an event does not travel at all, but as a blob:
    /// a table's item has at most 400 KB, all its attributes together.
    /// </summary>
    private const int MaxEventBytes = 256 * 1024;

    /// <summary>The pipeline of a function.</summary>
    /// <param name="webhook">What is peculiar to the carrier.</param>
    /// <param name="settings">The function's settings.</param>
    public static WebhookPipeline Create(ICarrierWebhook webhook, Settings settings)
    {
        var values = settings.Require(SettingNames.InboundQueue, SettingNames.PublicBaseUrl, SettingNames.BlobBucket);
        var aws = new AwsClients(settings);
        return new(webhook, aws.Queues, values[0], aws.Blobs, values[1].TrimEnd('/'), TimeProvider.System, JsonLogger.Console);
    }

    /// <summary>Handles a call.</summary>
    /// <param name="e">The gateway's event.</param>
    public async Task<APIGatewayHttpApiV2ProxyResponse> HandleAsync(APIGatewayHttpApiV2ProxyRequest e)
    {
        var request = WebhookRequest.From(e, webhook.Carrier, publicBaseUrl, clock.GetUtcNow());
        JsonLogger.Trace = TraceContext.FromHeaderOrNew(request.Header("traceparent"));
        return (await HandleAsync(request).ConfigureAwait(false)).ToResponse();
    }

    private async Task<WebhookAnswer> HandleAsync(WebhookRequest request)
    {
        if (webhook.Challenge(request) is { } answer) return answer;
        if (!webhook.Verify(request))
        {
            Refused(log, webhook.Carrier.Id);
            Metrics.Count("SignatureRefused", webhook.Carrier.Id);
            return webhook.Refuse(request);
        }

        var events = Read(request, out var problem);
        if (events.Contains(CarrierEvent.Ignored.Unreadable))
        {
            var key = await KeepAsync("unparsed", request, webhook.Keepable(request)).ConfigureAwait(false);
            Unparsed(log, webhook.Carrier.Id, key, problem);
            Metrics.Count("WebhookUnparsed", webhook.Carrier.Id);
        }

        var messages = events.Count(e => e is CarrierEvent.MessageReceived);
        var raw = messages > 0 ? await RawAsync(request, messages).ConfigureAwait(false) : default;
        var entries = new List<QueueEntry>(events.Count);
        for (var i = 0; i < events.Count; i++)
        {
            var e = events[i];
            if (e is CarrierEvent.Ignored ignored)
            {
                Ignored(log, webhook.Carrier.Id, OutsideWord.Of(ignored.Reason));
                Metrics.Count("WebhookIgnored", webhook.Carrier.Id);
                continue;
            }

            // What a message says about consent goes with it: records overtake each other, and whoever sees a STOP relies on it.
            var consents = e is CarrierEvent.MessageReceived message
                ? events.Skip(i + 1)
                    .Select(next => next as CarrierEvent.ConsentChanged)
                    .TakeWhile(next => next?.From == message.From).ToArray()
                : [];
            i += consents.Length;
            entries.Add(new(Serialize(e, consents!, request, raw), GroupId: Defaults.Account));
        }

        await queues.SendAsync(inboundQueue, entries).ConfigureAwait(false);
        Taken(log, webhook.Carrier.Id, events.Count);
        return webhook.Acknowledge(request, events);
    }

    /// <summary>What the call says. Read again it would say no more: whatever is wrong with it, the carrier need not call again.</summary>
    private IReadOnlyList<CarrierEvent> Read(WebhookRequest request, out string problem)
    {
        problem = "a part of it";
        try
        {
            return new EventBounds(webhook.Keepable(request), request.ReceivedAt).Of(webhook.Read(request));
        }
        catch (Exception unreadable) when (unreadable is not OutOfMemoryException)
        {
            problem = unreadable is FormatException ? unreadable.Message : unreadable.GetType().Name; // no words of the call
            return [CarrierEvent.Ignored.Unreadable];
        }
    }

    /// <summary>
    /// The carrier's own words, kept for what people wrote; a receipt has nothing that the event does not have. A call of several messages
    /// is kept once, beside the queue: when what one of them says is deleted, no other has it.
    /// </summary>
    private async Task<(string? Raw, string? Blob)> RawAsync(WebhookRequest request, int messages)
    {
        var body = webhook.Keepable(request);
        return messages > 1 || body.Length > MaxRawBytes
            ? (null, await KeepAsync("raw", request, body).ConfigureAwait(false))
            : (Encoding.UTF8.GetString(body.Span), null);
    }

    private string Serialize(
        CarrierEvent e, CarrierEvent.ConsentChanged[] consents, WebhookRequest request, (string? Raw, string? Blob) raw)
    {
        var envelope = new InboundEnvelope
        {
            Carrier = webhook.Carrier.Id,
            ReceivedAt = request.ReceivedAt,
            Trace = JsonLogger.Trace,
            Event = WithoutNeedless(e),
            Consents = consents.Length > 0 ? consents : null,
        };

        if (e is CarrierEvent.MessageReceived) envelope = envelope with { Raw = raw.Raw, RawBlob = raw.Blob };

        var json = JsonSerializer.Serialize(envelope, OmniJson.Wire.InboundEnvelope);
        if (Encoding.UTF8.GetByteCount(json) <= MaxEventBytes) return json;

        // A message too long for the queue, and for any person: its text is in the blob, the record says that it came.
        var received = (CarrierEvent.MessageReceived)e;
        var outline = received with { Content = new UnsupportedContent { Kind = "too_large" }, Participants = null };
        return JsonSerializer.Serialize(envelope with { Event = outline }, OmniJson.Wire.InboundEnvelope);
    }

    // A receipt that names its attempt needs no addresses but those that may be news: numbers of people travel no further than they must.
    private static CarrierEvent WithoutNeedless(CarrierEvent e) =>
        e is CarrierEvent.DeliveryReported receipt && AttemptReference.Parse(receipt.Reference) is not null
            ? receipt with { From = null, To = null }
            : e;

    private async Task<string> KeepAsync(string kind, WebhookRequest request, ReadOnlyMemory<byte> body)
    {
        var digest = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(body.Span)[..16]);
        var key = string.Create(
            System.Globalization.CultureInfo.InvariantCulture,
            $"{kind}/{webhook.Carrier.Id}/{request.ReceivedAt.UtcDateTime:yyyyMMdd}/{digest}");
        // Bytes, whatever the caller says they are: nobody shall open them as a page.
        await blobs.PutAsync(key, body, "application/octet-stream").ConfigureAwait(false);
        return key;
    }

    [LoggerMessage(1, LogLevel.Information, "Took {Events} event(s) from {Carrier}")]
    private static partial void Taken(ILogger log, string carrier, int events);

    [LoggerMessage(2, LogLevel.Warning, "Refused a webhook call that {Carrier} did not sign")]
    private static partial void Refused(ILogger log, string carrier);

    [LoggerMessage(3, LogLevel.Error, "Cannot read a webhook call of {Carrier}, kept as {Blob}: {Problem}")]
    private static partial void Unparsed(ILogger log, string carrier, string blob, string problem);

    [LoggerMessage(4, LogLevel.Information, "Nothing to do for an event of {Carrier}: {Reason}")]
    private static partial void Ignored(ILogger log, string carrier, string reason);
}
