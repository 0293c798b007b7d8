using System.Text.Json;
using Omni.Aws;
using Omni.Shared;

namespace Omni.Api;

/// <summary>
/// Takes a new message with the content of one that did not arrive. It is planned and checked like any send; written with the link from
/// the old one, in one step, so that two requests at once are one message.
/// </summary>
internal sealed class ResendMessage(SendPlanner planner, MessageStore messages, MediaStore media)
{
    // Each try sees a later state of the old message, and states only rise.
    private const int MaxTries = 12;

    public async Task<ApiResult> HandleAsync(ApiCall call, CancellationToken cancellation)
    {
        var (key, malformed) = IdempotencyKey.Read(call);
        if (malformed is not null) return malformed;

        var isForced = false;
        if (call.Request.Body is { Length: > 0 })
        {
            var (body, refusal) = RequestBody.Read(call);
            if (refusal is not null) return refusal;

            using (body)
            {
                var errors = new List<FieldError>();
                isForced = IsForced(body!.RootElement, errors);
                if (errors.Count > 0) return Problems.InvalidRequest.Because(errors);
            }
        }

        if (await messages.FindOfAsync(call, cancellation) is not { } old) return ReadMessage.NotFound;
        if (old.Message.Direction == Direction.Inbound)
            return Problems.NotCarried.Because("Only a message to a person can be sent again.");
        if (OwnMessages.RefuseLeg(old.Message) is { } leg) return leg;

        return await ResendAsync(old, isForced, key, call, cancellation);
    }

    private async Task<ApiResult> ResendAsync(
        MessageRecord old, bool isForced, string? key, ApiCall call, CancellationToken cancellation)
    {
        var hash = Ids.Hash("resend", old.Message.Id, isForced ? "force" : "");
        var id = key is null ? Ids.NewMessage() : Ids.DerivedMessage("idempotency", call.Tenant, key);
        for (var tries = 0; tries < MaxTries; tries++)
        {
            var refusal = Refuse(old, isForced);
            Message? copy = null;
            if (refusal is null)
                (copy, refusal) = await planner.PlanAsync(old.Message, id, hash, call, cancellation);
            if (refusal is not null)
            {
                // What is refused now may have been taken before under the same key.
                var before = key is null ? null : await messages.FindAsync(id, cancellation);
                return before is null ? refusal : Again(before.Message, hash, key);
            }

            await media.PutLinksAsync(copy!, cancellation); // they live as long as the new one
            switch (await messages.ResendAsync(old, copy!, cancellation))
            {
                case Resending.Resent:
                    return SendMessage.Accepted(copy!, replayed: false);
                case Resending.IdTaken taken:
                    return Again(taken.By.Message, hash, key);
                case Resending.Changed changed:
                    old = changed.Old;
                    break;
            }
        }

        return Problems.Busy.Because("The message changes too fast. Try again in a moment.");
    }

    private static ApiResult Again(Message taken, string hash, string? key) =>
        taken.RequestHash == hash ? SendMessage.Accepted(taken, replayed: key is not null) : SendMessage.KeyReused;

    private static ApiResult.Refusal? Refuse(MessageRecord old, bool isForced) => old switch
    {
        { State.ContentDeletedAt: { } at } => Problems.ContentDeleted.Because(
            $"What the message said was deleted at {Rfc3339.Write(at)}: there is nothing left to send."),
        _ when isForced => null,
        { State.ResentAs: { } first } => Problems.AlreadyResent.Because($"It was sent again as {first}. Give force to send it once more."),
        { Status: not MessageStatus.Unknown and var status } when !status.IsFailure() => Problems.NotFailed.Because(
            $"The message is {status.Word()}: the person has it, or may still get it. Give force to send it all the same."),
        _ => null,
    };

    private static bool IsForced(JsonElement body, List<FieldError> errors)
    {
        if (body.ValueKind != JsonValueKind.Object)
        {
            errors.Add(new("$", "wrong_type", "The body must be an object."));
            return false;
        }

        var fields = new JsonFields(body, "", errors);
        var force = fields.Flag("force");
        fields.RefuseOthers();
        return force ?? false;
    }
}
