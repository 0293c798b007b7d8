using Omni.Aws;
using Omni.Shared;

namespace Omni.Pipeline;

/// <summary>A record on its way through the pipeline.</summary>
internal sealed class Work
{
    private Work(QueueRecord record, Message message, bool isReconciliation, IReadOnlyList<PlanProblem> problems)
    {
        (Record, Message, IsReconciliation, Problems) = (record, message, isReconciliation, problems);
        Slots = new Slot?[message.Parts.Count];
    }

    public QueueRecord Record { get; }

    public Message Message { get; }

    public bool IsReconciliation { get; }

    /// <summary>What the carrier cannot carry of a message that came into the queue by hand.</summary>
    public IReadOnlyList<PlanProblem> Problems { get; }

    /// <summary>The turns of the parts, as far as this invocation knows them.</summary>
    public Slot?[] Slots { get; }

    /// <summary>
    /// What is known of the sender, once it was looked at: this invocation goes by it to its end. A slot belongs to the line of that look.
    /// </summary>
    public SenderLook? Sender { get; set; }

    /// <summary>Whether the line had no place near enough: it waits without one.</summary>
    public bool IsCrowdedOut { get; set; }

    /// <summary>The part being worked on.</summary>
    public int CurrentPart { get; set; }

    /// <summary>
    /// A message that comes from the API is planned; one put into the queue by hand is planned here and counts from its arrival in the
    /// queue.
    /// </summary>
    public static Work Of(QueueRecord record, Message message, bool isReconciliation)
    {
        if (message.CreatedAt == default) message = message with { CreatedAt = record.SentAt };
        if (message.Parts.Count > 0) return new(record, message, isReconciliation, []);

        var plan = MessagePlanner.Plan(message);
        return new(record, plan.Message ?? message with { Parts = [new PlannedPart()] }, isReconciliation, plan.Problems);
    }
}

/// <summary>What is known of the sender of a record.</summary>
/// <param name="Line">Its line; null where nothing limits it.</param>
/// <param name="IsPaused">Whether nothing leaves from it now.</param>
internal sealed record SenderLook(RateKey? Line, bool IsPaused);
