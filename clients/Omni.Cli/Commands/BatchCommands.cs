using System.CommandLine;
using Omni.Client;

namespace Omni.Cli.Commands;

/// <summary>Batches: how far they are, and the switch.</summary>
internal static class BatchCommands
{
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(2);

    public static Command All()
    {
        OmniCommand command = new("batches", "Lists batches, newest first.", "omni batches");
        var limit = command.Limit();
        command.Add(Get());
        command.Add(Watch());
        command.Add(Messages());
        command.Add(Turn("pause", "Lets a batch rest.", (batches, id, cancellation) => batches.PauseAsync(id, cancellation)));
        command.Add(Turn(
            "resume", "Goes on with a batch that rests.", (batches, id, cancellation) => batches.ResumeAsync(id, cancellation)));
        command.Add(Turn(
            "cancel", "Ends a batch: what has not left never will.", (batches, id, cancellation) => batches.CancelAsync(id, cancellation)));
        return command.Does(async (run, cancellation) =>
        {
            var list = run.Omni.Batches.List(Run.PageSize(run.Get(limit)));
            run.Screen.Table(
                await Run.TakeAsync(list, run.Get(limit), cancellation),
                "There are none.",
                ("ID", batch => batch.Id),
                ("CREATED", batch => batch.CreatedAt),
                ("NAME", batch => batch.Name),
                ("STATE", batch => batch.State),
                ("MESSAGES", batch => batch.Total));
            return ExitCode.Done;
        });
    }

    /// <summary>Shows how far a batch is until its end.</summary>
    public static async Task<int> FollowAsync(Run run, string id, TimeSpan poll, CancellationToken cancellation)
    {
        try
        {
            while (true)
            {
                var batch = await run.Omni.Batches.GetAsync(id, poll, cancellation);
                var isLast = batch.State is BatchState.Completed or BatchState.Canceled or BatchState.Paused or BatchState.Scheduled;
                run.Screen.Progress(Bar(batch), isLast);
                if (!isLast) continue;

                run.Screen.Show(batch, () => Show(run, batch));
                return ExitCode.Done;
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            run.Screen.Note($"\nIt goes on by itself. Follow it: omni batches watch {id}. End it: omni batches cancel {id}.");
            throw;
        }
    }

    private static string Bar(Batch batch)
    {
        const int Width = 30;
        var (percent, rate) = (batch.Percent ?? 0, batch.RatePerSecond is { } perSecond ? $"  {perSecond:0}/s" : "");
        var end = batch.EstimatedEndAt is { } at ? $"  until {Screen.Time(at)[11..]}" : "";
        return $"{new string('#', percent * Width / 100).PadRight(Width, '.')} {percent,3} % of {batch.Total}{rate}{end}";
    }

    private static OmniCommand Get() => OfOne(
        "get", "Shows how far a batch is.", async (run, id, cancellation) =>
        {
            var batch = await run.Omni.Batches.GetAsync(id, cancellation: cancellation);
            run.Screen.Show(batch, () => Show(run, batch));
            return ExitCode.Done;
        });

    private static OmniCommand Watch() => OfOne(
        "watch", "Shows how far a batch is until its end.", (run, id, cancellation) => FollowAsync(run, id, Poll, cancellation));

    private static OmniCommand Turn(
        string name, string description, Func<BatchesApi, string, CancellationToken, Task<Batch>> turn) => OfOne(
        name, description, async (run, id, cancellation) =>
        {
            var batch = await turn(run.Omni.Batches, id, cancellation);
            run.Screen.Show(batch, () => Show(run, batch));
            return ExitCode.Done;
        });

    private static OmniCommand Messages()
    {
        OmniCommand command = new(
            "messages", "Lists a batch's messages.", "omni batches messages bat_5b1c --status failed --limit 0");
        var id = command.Argument<string>("id", "The batch.");
        var status = command.Option<string?>("--status", "Only those with this status.", "status");
        var limit = command.Limit();
        return command.Does(async (run, cancellation) =>
        {
            var list = run.Omni.Batches.ListMessages(run.Get(id), run.Get(status), Run.PageSize(run.Get(limit)));
            MessageCommands.Show(run, await Run.TakeAsync(list, run.Get(limit), cancellation));
            return ExitCode.Done;
        });
    }

    private static OmniCommand OfOne(string name, string description, Func<Run, string, CancellationToken, Task<int>> does)
    {
        OmniCommand command = new(name, description, $"omni batches {name} bat_5b1c");
        var id = command.Argument<string>("id", "The batch.");
        return command.Does((run, cancellation) => does(run, run.Get(id), cancellation));
    }

    private static void Show(Run run, Batch batch)
    {
        var counts = batch.Counts;
        run.Screen.Fields(
            ("id", batch.Id),
            ("name", batch.Name),
            ("state", batch.State),
            ("messages", batch.Total),
            ("waiting", counts?.Waiting + counts?.Pending + counts?.Scheduled),
            ("sent", counts?.Sent),
            ("delivered", counts?.Delivered + counts?.Read),
            ("failed", counts?.Failed + counts?.Undelivered + counts?.Rejected + counts?.Expired),
            ("canceled", counts?.Canceled),
            ("unknown", counts?.Unknown),
            ("refused", batch.Refused),
            ("duplicates", batch.Duplicates));
    }
}
