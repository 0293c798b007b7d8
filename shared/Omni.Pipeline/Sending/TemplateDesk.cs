using Omni.Aws;

namespace Omni.Pipeline;

/// <summary>Keeps what a carrier's templates are, where it lists them: its sender alone calls the carrier.</summary>
internal sealed class TemplateDesk(ICarrierSender sender, SenderOptions options, AwsClients aws)
{
    // In an hour it is asked again in any case.
    private const int MaxTries = 5;

    /// <summary>Asks the carrier, and keeps what it lists. A list that cannot be had leaves the last one.</summary>
    /// <param name="record">The record.</param>
    /// <param name="timeLeft">How much time the invocation has left.</param>
    public async Task<RecordResult> RunAsync(QueueRecord record, Func<TimeSpan> timeLeft)
    {
        if (sender is not ICarrierTemplates lister) return RecordResult.Done;
        if (timeLeft() < options.NeededTime) return RecordResult.PutOff(TimeSpan.Zero);

        using var patience = new CancellationTokenSource(timeLeft() - options.FinishingTime); // real time, as that of the invocation
        try
        {
            if (await lister.ListAsync(patience.Token).ConfigureAwait(false) is { } templates)
                await aws.Templates.SetAsync(options.Carrier.Id, templates, CancellationToken.None).ConfigureAwait(false);
            return RecordResult.Done;
        }
        catch (Exception lost) when (lost is HttpRequestException or OperationCanceledException or IOException)
        {
            return record.ReceiveCount < MaxTries
                ? RecordResult.PutOff(Backoff.FullJitter(options, record.ReceiveCount))
                : RecordResult.Done;
        }
    }
}
