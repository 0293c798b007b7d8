using Omni.Pipeline;
using Omni.Shared;

namespace Omni.MessageBird.Inbound;

/// <summary>MessageBird's statuses in our words: SMS, MMS and the Conversations API write the same ones. Pure.</summary>
/// <param name="Reference">Our reference; null when it did not come back.</param>
/// <param name="Id">MessageBird's id.</param>
/// <param name="Code">The code of a failure.</param>
/// <param name="Errors">The table that the code belongs to.</param>
internal sealed record MessageBirdStatus(string? Reference, string Id, string? Code, CarrierErrors Errors)
{
    /// <summary>The person; null when the call does not say.</summary>
    public Address? Person { get; init; }

    /// <summary>Our sender or channel; null when the call does not say.</summary>
    public Address? Ours { get; init; }

    /// <summary>What it costs.</summary>
    public Pricing? Pricing { get; init; }

    /// <summary>The event of a status.</summary>
    /// <param name="status">MessageBird's word.</param>
    public CarrierEvent Map(string status) => status switch
    {
        // MessageBird has it and has not delivered it yet, whichever of its steps that is.
        // If the answer to our send was lost, this says that it was taken.
        "accepted" or "scheduled" or "pending" or "pending_media" or "delayed" or "buffered" or "dispatched" or "transmitted" or "sent" =>
            Report(MessageStatus.Sent),
        "delivered" => Report(MessageStatus.Delivered),
        "read" or "opened" or "clicked" => Report(MessageStatus.Read),
        "expired" => Failure(MessageStatus.Expired, FailureReason.Expired),
        "delivery_failed" or "bounce" or "out_of_bounded" => Failure(MessageStatus.Undelivered, FailureReason.Unknown),
        "failed" or "rejected" or "unknown" => Failure(MessageStatus.Failed, FailureReason.Unknown),
        "unsupported" => Failure(MessageStatus.Failed, FailureReason.Unsupported),
        "deleted" or "received" => new CarrierEvent.Ignored { Reason = status },
        _ => new CarrierEvent.Ignored { Reason = $"unknown_status:{status}" },
    };

    private CarrierEvent.DeliveryReported Report(MessageStatus to) => new()
    {
        Reference = Reference, CarrierMessageId = Id, From = Person, To = Ours, Status = to, Pricing = Pricing,
    };

    // The code says more than the status, where it is one that we know. What expired has expired, whatever the network said last.
    private CarrierEvent.DeliveryReported Failure(MessageStatus to, FailureReason otherwise) => Report(to) with
    {
        Reason = to == MessageStatus.Expired ? otherwise : Errors.Find(Code)?.Reason ?? otherwise,
        CarrierCode = Code,
    };
}
