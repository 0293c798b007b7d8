namespace Omni.Bench;

/// <summary>One step of a flow: what it called, for each message.</summary>
/// <param name="Name">The step.</param>
/// <param name="Used">What went through the meter in it.</param>
/// <param name="Invocations">Functions invoked in it.</param>
/// <param name="HttpCalls">Calls through the HTTP API in it.</param>
internal sealed record Step(string Name, Reading Used, int Invocations, int HttpCalls);

/// <summary>What a flow costs, counted step by step over a batch of ten messages, everything warm.</summary>
internal sealed class Flows(Stage stage)
{
    /// <summary>How many messages go together: the largest batch of a FIFO queue.</summary>
    public const int Messages = 10;

    /// <summary>The step that a stage with events off does not have.</summary>
    public const string Events = "events recorded";

    private const string Sender = "Omni.Twilio.Outbound";
    private const string Webhook = "Omni.Twilio.Inbound";
    private const string Processor = "Omni.InboundProcessor";
    private const string Dispatcher = "Omni.Dispatcher";

    /// <summary>A text is accepted, sent and delivered; the carrier calls once for `sent` and once for `delivered`.</summary>
    public async Task<IReadOnlyList<Step>> OutboundAsync(CancellationToken cancellation)
    {
        var webhooks = stage.Invocations(Webhook);
        return
        [
            await StepAsync("POST /messages/send", Messages, () => stage.SendAsync(Messages, cancellation)),
            await StepAsync("Dispatcher", 0, () => stage.StreamAsync(Dispatcher, cancellation)),
            await StepAsync(
                "sender",
                0,
                () => stage.QueueUntilAsync(Sender, Messages, Webhook, webhooks + (2 * Messages), cancellation)),
            await StepAsync("receipts written", 0, () => stage.QueueAsync(Processor, 2 * Messages, cancellation)),
            await StepAsync("stream of the changes", 0, () => stage.StreamAsync(Dispatcher, cancellation)),
            await StepAsync(Events, 0, () => stage.StreamAsync(Stage.EventRecorder, cancellation)),
        ];
    }

    /// <summary>A person writes.</summary>
    public async Task<IReadOnlyList<Step>> InboundAsync(CancellationToken cancellation)
    {
        var webhooks = stage.Invocations(Webhook);
        return
        [
            await StepAsync("webhook", Messages, async () =>
            {
                await stage.WriteAsync(Messages, cancellation);
                await stage.InvokedAsync(Webhook, webhooks + Messages, cancellation);
            }),
            await StepAsync("message written", 0, () => stage.QueueAsync(Processor, Messages, cancellation)),
            await StepAsync("stream of the changes", 0, () => stage.StreamAsync(Dispatcher, cancellation)),
            await StepAsync(Events, 0, () => stage.StreamAsync(Stage.EventRecorder, cancellation)),
        ];
    }

    private async Task<Step> StepAsync(string name, int httpCalls, params Func<Task>[] acts)
    {
        var (before, invocations, webhooks) = (stage.Meter.Read(), stage.Invocations(), stage.Invocations(Webhook));
        foreach (var act in acts) await act();
        // A call that was counted by its function has its answer on the way still.
        await Task.Delay(200);
        return new(
            name,
            stage.Meter.Read().Since(before),
            stage.Invocations() - invocations,
            httpCalls == 0 ? stage.Invocations(Webhook) - webhooks : httpCalls);
    }
}
