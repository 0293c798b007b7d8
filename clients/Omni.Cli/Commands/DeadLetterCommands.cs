using System.CommandLine;

namespace Omni.Cli.Commands;

/// <summary>What faults of Omni left behind.</summary>
internal static class DeadLetterCommands
{
    public static Command All()
    {
        Command command = new("dead-letters", "What faults of Omni left behind.");
        command.Add(List());
        command.Add(Redrive());
        return command;
    }

    private static OmniCommand List()
    {
        OmniCommand command = new("list", "Lists queues of dead letters that hold some, with a sample.", "omni dead-letters list");
        var queue = command.Option<string?>("--queue", "Only this queue, also when it is empty.", "name");
        return command.Does(async (run, cancellation) =>
        {
            var queues = await run.Omni.DeadLetters.ListAsync(run.Get(queue), cancellation);
            var shown = queues.Where(one => one.Count > 0 || run.Get(queue) is not null).ToArray();
            run.Screen.Table(
                shown,
                "There are none.",
                ("QUEUE", one => one.Queue),
                ("COUNT", one => one.Count),
                ("SINCE", one => one.Since),
                ("HOLDS", one => one.Holds),
                ("SUCH AS", one => one.Sample.Count > 0 ? $"{one.Sample[0].What}: {one.Sample[0].Problem}" : null));
            return shown.Any(one => one.Count > 0) ? ExitCode.NotSo : ExitCode.Done;
        });
    }

    private static OmniCommand Redrive()
    {
        OmniCommand command = new(
            "redrive", "Gives dead letters back their way.", "omni dead-letters redrive omni-twilio-outbound-dlq.fifo --limit 1000");
        var queue = command.Argument<string>("queue", "The queue.");
        var limit = command.Option<int?>("--limit", "How many at most, up to 1,000 (100).", "number");
        return command.Does(async (run, cancellation) =>
        {
            var done = await run.Omni.DeadLetters.RedriveAsync(new() { Queue = run.Get(queue), Limit = run.Get(limit) }, cancellation);
            run.Screen.Show(done, () => run.Screen.Line(
                $"{done.Redriven} given back, {done.Finished} were finished, {done.Kept} kept, {done.Remaining} remain."));
            return done.Kept + done.Remaining == 0 ? ExitCode.Done : ExitCode.NotSo;
        });
    }
}
