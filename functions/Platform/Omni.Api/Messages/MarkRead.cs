using System.Text.Json;
using Omni.Aws;
using Omni.Shared;

namespace Omni.Api;

/// <summary>
/// Asks that the carrier be told that an inbound message was read.
/// Asked again, nothing more happens: the endpoint needs no idempotency key.
/// </summary>
internal sealed class MarkRead(MessageStore messages)
{
    public async Task<ApiResult> HandleAsync(ApiCall call, CancellationToken cancellation)
    {
        if (await messages.FindOfAsync(call, cancellation) is not { Message: var message } record) return ReadMessage.NotFound;
        if (message.Direction == Direction.Outbound)
            return Problems.NotCarried.Because("Only a message from a person can be marked as read.");
        if (record.State.PersonDeletedAt is { } at)
            return Problems.ContentDeleted.Because($"Who wrote it was deleted at {Rfc3339.Write(at)}: nobody is left to be told.");
        if (CarrierCatalogue.Get(message.Carrier) is { TakesReadMarks: false } carrier)
        {
            return Problems.NotCarried.Because($"{carrier.Name} cannot be told that a message was read.");
        }

        await messages.AskReadAsync(message.Id, cancellation);
        return new ApiResult.Answer(
            202, JsonSerializer.Serialize(new ReadAccepted(message.Id, MessageLinks.To(message.Id)), ApiJson.Wire.ReadAccepted));
    }
}

/// <summary>The answer to a read mark.</summary>
internal sealed record ReadAccepted(string Id, MessageLinks Links);
