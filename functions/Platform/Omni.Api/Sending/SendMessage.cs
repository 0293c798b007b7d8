using System.Text;
using System.Text.Json;
using Omni.Aws;
using Omni.Shared;

namespace Omni.Api;

/// <summary>
/// Takes a message: checks everything that can be checked before, and writes one item. That put is the only AWS call (design, section 1),
/// but for a carrier with a reply window or a message that names another or a file of ours: the stream makes the work, and the same
/// condition that keeps an id unique makes the idempotency.
/// </summary>
internal sealed class SendMessage(ApiParts parts)
{
    private readonly MessageStore _messages = parts.Messages;
    private readonly MessageReferences _references = new(parts.Messages);
    private readonly MediaReferences _media = new(parts.Blobs);
    private readonly ReplyWindow _window = new(parts.Sessions);

    private const int MaxIdempotencyKey = 255;

    // The item may have 400 KB; this leaves room for all that is not content.
    private const int MaxContentBytes = 128 * 1024;

    private static readonly TimeSpan FurthestSchedule = TimeSpan.FromDays(35);

    public async Task<ApiResult> HandleAsync(ApiCall call, CancellationToken cancellation)
    {
        // An empty one is a client that lost its key: without the refusal its repetition would be a second message.
        var key = call.Request.Headers?.TryGetValue("idempotency-key", out var given) == true ? given : null;
        if (key is not null && (string.IsNullOrWhiteSpace(key) || key.Length > MaxIdempotencyKey || key.Any(c => c is < ' ' or > '~')))
        {
            return Problems.InvalidIdempotencyKey.Because($"It has 1 to {MaxIdempotencyKey} printable ASCII characters.");
        }

        var (body, refusal) = RequestBody.Read(call);
        if (refusal is not null) return refusal;

        using (body)
        {
            var errors = new List<FieldError>();
            return SendRequest.Read(body!.RootElement, errors) is { } request
                ? await TakeAsync(request, key, call, cancellation)
                : Problems.InvalidRequest.Because(errors);
        }
    }

    private async Task<ApiResult> TakeAsync(SendRequest request, string? key, ApiCall call, CancellationToken cancellation)
    {
        if (CarrierCatalogue.Find(request.Carrier) is { } carrier && !parts.CarrierQueues.ContainsKey(carrier.Id))
        {
            return Problems.CarrierNotAvailable.Because($"{carrier.Name} is in the catalogue, but this version has no functions for it.");
        }

        var now = Rfc3339.Cut(parts.Clock.GetUtcNow());
        var plan = MessagePlanner.Plan(MessageOf(request, key, call, now), request.Adapt);
        if (plan.Message is not { } message)
        {
            return Problems.NotCarried.Because(
                [.. plan.Problems.Select(problem => new FieldError(problem.Field, problem.Code, problem.Detail))]);
        }

        if (!parts.IsLocal && MediaReferences.RefuseOwnMachine(message.Content) is { } unreachable) return unreachable;

        if (Encoding.UTF8.GetByteCount(JsonSerializer.Serialize(message.Content, OmniJson.Wire.Content)) > MaxContentBytes)
        {
            return Problems.NotCarried.Because([new("content", "too_large", $"The content has at most {MaxContentBytes} bytes as JSON.")]);
        }

        if (request.ScheduledAt > now + FurthestSchedule)
        {
            return Problems.InvalidRequest.Because(
                [new("scheduledAt", "too_far", $"It is at most {FurthestSchedule.Days} days from now.")]);
        }

        ApiResult.Refusal? refusal = request.ScheduledAt <= now
            ? Problems.InvalidRequest.Because(
                [new("scheduledAt", "not_in_future", "It must be in the future; leave it out to send at once.")])
            : await _window.RefuseAsync(message, now, cancellation);
        refusal ??= await _media.RefuseAsync(message, cancellation);
        if (refusal is null) (message, refusal) = await _references.ResolveAsync(message, cancellation);

        var (created, record) = refusal is null
            ? await _messages.CreateAsync(MessageStore.NewRecord(message), cancellation)
            : (false, await TakenBeforeAsync(message.Id, key, cancellation));
        if (record is null) return refusal!;
        if (record.Message.RequestHash != message.RequestHash)
        {
            return Problems.IdempotencyKeyReused.Because("A different request was sent under this Idempotency-Key; use a new one.");
        }

        // Without a key the id is new: one that is taken was taken by this very put, whose first answer the SDK had lost.
        return Accepted(record.Message, replayed: !created && key is not null);
    }

    /// <summary>
    /// A request may be repeated when it could not be made any more: its time has come, or the window is closed. Then what was taken at the
    /// first time is answered, and nothing is written.
    /// </summary>
    private async Task<MessageRecord?> TakenBeforeAsync(string id, string? key, CancellationToken cancellation) =>
        key is null ? null : await _messages.FindAsync(id, cancellation);

    private static Message MessageOf(SendRequest request, string? key, ApiCall call, DateTimeOffset now) => new()
    {
        Id = key is null ? Ids.NewMessage() : Ids.DerivedMessage("idempotency", call.Tenant, key),
        Carrier = request.Carrier,
        Tenant = call.Tenant,
        To = request.To,
        From = request.From,
        Content = request.Content,
        ReplyTo = request.ReplyTo,
        Priority = request.Priority,
        TtlSeconds = request.TtlSeconds,
        ScheduledAt = request.ScheduledAt,
        ClientReference = request.ClientReference,
        Metadata = request.Metadata,
        OnUnknownOutcome = request.OnUnknownOutcome,
        CreatedAt = now,
        Trace = call.Trace,
        Actor = call.Caller!.Id,
        RequestHash = request.Hash(),
    };

    private static ApiResult.Answer Accepted(Message message, bool replayed)
    {
        var view = SendAccepted.Of(message);
        var headers = new Dictionary<string, string> { ["Location"] = view.Links.Self };
        if (replayed) headers["Idempotency-Replayed"] = "true";
        return new ApiResult.Answer(202, JsonSerializer.Serialize(view, ApiJson.Wire.SendAccepted)) { Headers = headers };
    }
}
