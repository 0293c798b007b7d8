using System.Text.Json;
using Omni.Aws;
using Omni.Shared;

namespace Omni.Api;

/// <summary>
/// Takes a message: plans it, and writes one item. That put is the only AWS call beside the planner's (design, section 1): the stream makes
/// the work, and the same condition that keeps an id unique makes the idempotency. What is urgent goes into its queue at once as well.
/// </summary>
internal sealed class SendMessage(SendPlanner planner, MessageStore messages, MediaStore media, ExpressLane express)
{
    public Task<ApiResult> HandleAsync(ApiCall call, CancellationToken cancellation) => HandleAsync(call, within: null, cancellation);

    /// <summary>Takes a message.</summary>
    /// <param name="call">The call.</param>
    /// <param name="within">The conversation that it is an answer in; null for one that names carrier and addresses itself.</param>
    /// <param name="cancellation">Stops the call.</param>
    public async Task<ApiResult> HandleAsync(ApiCall call, Session? within, CancellationToken cancellation)
    {
        var (key, malformed) = IdempotencyKey.Read(call);
        if (malformed is not null) return malformed;

        var (body, refusal) = RequestBody.Read(call);
        if (refusal is not null) return refusal;

        using (body)
        {
            var errors = new List<FieldError>();
            return SendRequest.Read(body!.RootElement, errors, within) is { } request
                ? await TakeAsync(request, key, call, cancellation)
                : Problems.InvalidRequest.Because(errors);
        }
    }

    private async Task<ApiResult> TakeAsync(SendRequest request, string? key, ApiCall call, CancellationToken cancellation)
    {
        var (message, refusal) = await planner.PlanAsync(request, key, call, cancellation);
        if (refusal is null) await media.PutLinksAsync(message, cancellation); // whoever reads the message may open them
        var (created, record) = refusal is null
            ? await messages.CreateAsync(MessageStore.NewRecord(message), cancellation)
            : (false, await TakenBeforeAsync(message.Id, key, cancellation));
        if (record is null) return refusal!;
        if (created) await express.PutAsync(record);
        if (record.Message.RequestHash != message.RequestHash) return KeyReused;

        // Without a key the id is new: one that is taken was taken by this very put, whose first answer the SDK had lost.
        return Accepted(record.Message, replayed: !created && key is not null);
    }

    /// <summary>
    /// A request may be repeated when it could not be made any more: its time has come, or the window is closed. Then what was taken at the
    /// first time is answered, and nothing is written.
    /// </summary>
    private async Task<MessageRecord?> TakenBeforeAsync(string id, string? key, CancellationToken cancellation) =>
        key is null ? null : await messages.FindAsync(id, cancellation);

    /// <summary>The refusal of a key under which another request was taken.</summary>
    public static ApiResult.Refusal KeyReused =>
        Problems.IdempotencyKeyReused.Because("A different request was sent under this Idempotency-Key; use a new one.");

    /// <summary>The answer to a request that was taken.</summary>
    public static ApiResult.Answer Accepted(Message message, bool replayed)
    {
        var view = SendAccepted.Of(message);
        var headers = new Dictionary<string, string> { ["Location"] = view.Links.Self };
        if (replayed) headers["Idempotency-Replayed"] = "true";
        return new ApiResult.Answer(202, JsonSerializer.Serialize(view, ApiJson.Wire.SendAccepted)) { Headers = headers };
    }
}
