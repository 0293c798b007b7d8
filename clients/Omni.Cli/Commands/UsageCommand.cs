using System.CommandLine;
using Omni.Client;

namespace Omni.Cli.Commands;

/// <summary>What messages came to.</summary>
internal static class UsageCommand
{
    public static Command Usage()
    {
        OmniCommand command = new(
            "usage", "Sums messages and what they cost.", "omni usage --from 2026-01-01 --to 2026-01-31 --by carrier");
        var from = command.Option<DateOnly?>("--from", "The first day, in UTC (29 days before the last).", "date");
        var to = command.Option<DateOnly?>("--to", "The last day (today).", "date");
        var by = command.Option(
            "--by", "What makes a row (day).", UsageKind.Day, UsageKind.Carrier, UsageKind.Sender, UsageKind.Status);
        return command.Does(async (run, cancellation) =>
        {
            var usage = await run.Omni.GetUsageAsync(run.Get(from), run.Get(to), run.Get(by), cancellation);
            run.Screen.Table(
                usage.Data,
                "There were none.",
                (usage.By.ToUpperInvariant(), row => row.Day ?? row.Sender ?? (object?)row.Carrier ?? row.Status),
                ("OUTBOUND", row => row.Outbound),
                ("INBOUND", row => row.Inbound),
                ("SEGMENTS", row => row.Segments),
                ("PRICES", row => string.Join(", ", row.Prices.Select(price => $"{price.Amount} {price.Currency}"))));
            return ExitCode.Done;
        });
    }
}
