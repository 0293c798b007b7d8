using Omni.Shared;

namespace Omni.Aws;

/// <summary>Tells what clients are told of a batch, by comparing it before and after a change. Calls nobody.</summary>
public static class BatchEvents
{
    /// <summary>The events of a change; none for most.</summary>
    /// <param name="before">The batch before the change; null for a new one.</param>
    /// <param name="after">The batch after it.</param>
    public static IEnumerable<ClientEvent> Of(BatchRecord? before, BatchRecord after)
    {
        if (before is null) yield break;

        // A batch can rest many times: each has the number of the step that it rests before.
        var (was, step) = (before.Progress, $"{after.Progress.Dispatch}");
        if (after.Progress.Wanted != was.Wanted)
        {
            if (after.Progress.Wanted == BatchState.Paused) yield return About(after, EventTypes.BatchPaused, ["paused", step]);
            if (after.Progress.Wanted == BatchState.Canceled) yield return About(after, EventTypes.BatchCanceled, ["canceled"]);
        }

        if (after.Progress.Open == 0 && was.Open > 0) yield return About(after, EventTypes.BatchCompleted, ["completed"]);
    }

    private static ClientEvent About(BatchRecord record, string type, ReadOnlySpan<string> happened) => new()
    {
        Id = Ids.Event(record.Batch.Id, happened),
        Type = type,
        Timestamp = record.Progress.UpdatedAt,
        Tenant = record.Batch.Tenant,
        Data = EventData.Of(BatchView.Of(record, record.Progress.UpdatedAt), EventJson.Wire.BatchView),
    };
}
