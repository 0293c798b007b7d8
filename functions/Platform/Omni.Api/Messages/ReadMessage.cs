using Omni.Aws;
using Omni.Shared;

namespace Omni.Api;

/// <summary>A message, and its timeline.</summary>
internal sealed class ReadMessage(MessageStore messages)
{
    public async Task<ApiResult> MessageAsync(ApiCall call, CancellationToken cancellation) =>
        await messages.FindOfAsync(call, cancellation) is { } record
            ? ApiResult.Ok(MessageView.Of(record), ApiJson.Wire.MessageView)
            : NotFound;

    public async Task<ApiResult> TimelineAsync(ApiCall call, CancellationToken cancellation)
    {
        if (await messages.FindOfAsync(call, cancellation) is not { } record) return NotFound;

        var events = await messages.TimelineAsync(record, cancellation);
        return ApiResult.Ok(new TimelineView(call.Id, [.. events.Select(EventView.Of)]), ApiJson.Wire.TimelineView);
    }

    /// <summary>The same for a message that does not exist and one of another tenant: nobody learns which ids exist.</summary>
    public static ApiResult NotFound => Problems.MessageNotFound.Because("No message has this id.");
}

internal static class OwnMessages
{
    /// <summary>The message that a call names, if it is the caller's.</summary>
    public static async Task<MessageRecord?> FindOfAsync(this MessageStore messages, ApiCall call, CancellationToken cancellation) =>
        Ids.IsMessage(call.Id) && await messages.FindAsync(call.Id, cancellation) is { } record && record.Message.Tenant == call.Tenant
            ? record
            : null;

    /// <summary>Why a leg cannot be changed by itself; null for a message that is none.</summary>
    public static ApiResult.Refusal? RefuseLeg(Message message) => message.Parent is { } parent
        ? Problems.LegOfAnother.Because($"It is leg {message.Leg} of {parent}. Ask for that message.")
        : null;
}

/// <summary>Everything that happened to a message, in order of time.</summary>
internal sealed record TimelineView(string Id, IReadOnlyList<EventView> Events);

/// <summary>One thing that happened.</summary>
internal sealed record EventView
{
    public required string Id { get; init; }

    public required string Type { get; init; }

    public required DateTimeOffset At { get; init; }

    public int? Part { get; init; }

    public int? Attempt { get; init; }

    /// <summary>Of a message with legs: which leg; null for the whole message.</summary>
    public int? Leg { get; init; }

    public string? Reason { get; init; }

    public string? CarrierCode { get; init; }

    public string? CarrierMessageId { get; init; }

    public static EventView Of(TimelineEvent e) => new()
    {
        Id = e.Id,
        Type = e.Type,
        At = e.At,
        Part = e.Part,
        Attempt = e.Attempt,
        Leg = e.Leg,
        Reason = e.Reason?.Code(),
        CarrierCode = e.CarrierCode,
        CarrierMessageId = e.CarrierMessageId,
    };
}
