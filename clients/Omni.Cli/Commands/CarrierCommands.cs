using System.CommandLine;
using Omni.Client;

namespace Omni.Cli.Commands;

/// <summary>Carriers: what they can do, how they are, the operator's switch.</summary>
internal static class CarrierCommands
{
    public static Command All()
    {
        OmniCommand command = new("carriers", "Lists the carriers and what they carry.", "omni carriers");
        command.Add(Status());
        command.Add(Pause());
        command.Add(Resume());
        return command.Does(async (run, cancellation) =>
        {
            run.Screen.Table(
                await run.Omni.Carriers.ListAsync(cancellation),
                "There are none.",
                ("ID", carrier => carrier.Id),
                ("NAME", carrier => carrier.Name),
                ("AVAILABLE", carrier => carrier.Available),
                ("RATE", carrier => carrier.Limits.RatePerSecond),
                ("CONTENT", carrier => carrier.ContentTypes));
            return ExitCode.Done;
        });
    }

    public static Command Templates()
    {
        OmniCommand command = new("templates", "Lists the templates that a carrier has approved.", "omni templates whatsapp");
        var carrier = command.Argument<string>("carrier", "The carrier.");
        var limit = command.Limit();
        return command.Does(async (run, cancellation) =>
        {
            var list = run.Omni.Carriers.ListTemplates(run.Get(carrier), Run.PageSize(run.Get(limit)));
            run.Screen.Table(
                await Run.TakeAsync(list, run.Get(limit), cancellation),
                "There are none.",
                ("NAME", template => template.Name),
                ("LANGUAGE", template => template.Language),
                ("VARIABLES", template => template.Variables),
                ("TEXT", template => template.Text));
            return ExitCode.Done;
        });
    }

    private static OmniCommand Status()
    {
        OmniCommand command = new("status", "Shows how a carrier is, and what waits for it.", "omni carriers status twilio");
        var id = command.Argument<string>("id", "The carrier.");
        return command.Does(async (run, cancellation) =>
        {
            var status = await run.Omni.Carriers.GetStatusAsync(run.Get(id), cancellation);
            run.Screen.Show(status, () =>
            {
                run.Screen.Fields(
                    ("state", status.State),
                    ("paused", status.Paused?.Reason),
                    ("degraded since", status.DegradedSince),
                    ("attempts in the last minute", status.AttemptsInLastMinute),
                    ("faults in the last minute", status.FaultsInLastMinute),
                    ("last accepted", status.LastAcceptedAt),
                    ("last fault", status.LastFaultAt),
                    ("fault", status.LastFaultCode),
                    ("waiting", status.Queues?.Outbound.Waiting),
                    ("waiting in bulk", status.Queues?.Bulk.Waiting),
                    ("dead letters", status.Queues?.DeadLetters.Waiting));
                foreach (var sender in status.Senders ?? [])
                {
                    var name = sender.Sender?.ToString() ?? sender.Account;
                    run.Screen.Line($"{name}  {sender.RatePerSecond}/s, {sender.AheadSeconds:0.#} s ahead");
                }
            });
            return status.State == "degraded" ? ExitCode.NotSo : ExitCode.Done;
        });
    }

    private static OmniCommand Pause()
    {
        OmniCommand command = new(
            "pause",
            "Sends nothing through a carrier for now: what is taken waits.",
            "omni carriers pause twilio --reason \"its status page says so\" --until 2026-01-31T12:00:00Z");
        var id = command.Argument<string>("id", "The carrier.");
        var reason = command.Option<string>("--reason", "Why.", "text", isRequired: true);
        var until = command.Time("--until", "When it ends by itself.");
        return command.Does(async (run, cancellation) =>
        {
            PauseCarrier request = new() { Reason = run.Get(reason)!, Until = run.Get(until) };
            return Show(run, await run.Omni.Carriers.PauseAsync(run.Get(id), request, cancellation));
        });
    }

    private static OmniCommand Resume()
    {
        OmniCommand command = new("resume", "Sends through a carrier again.", "omni carriers resume twilio");
        var id = command.Argument<string>("id", "The carrier.");
        return command.Does(async (run, cancellation) => Show(run, await run.Omni.Carriers.ResumeAsync(run.Get(id), cancellation)));
    }

    private static int Show(Run run, CarrierSwitch carrier)
    {
        run.Screen.Show(carrier, () => run.Screen.Line(carrier.Paused is { } pause
            ? $"{carrier.Id} is paused{(pause.Until is { } until ? $" until {Screen.Time(until)}" : "")}: {pause.Reason}"
            : $"{carrier.Id} sends."));
        return ExitCode.Done;
    }
}
