using System.Text.Json;
using Amazon.Lambda.Core;
using Amazon.Lambda.SQSEvents;
using Microsoft.Extensions.Logging;
using Omni.Aws;
using Omni.Shared;

namespace Omni.Router;

/// <summary>
/// Follows plans of legs: when a leg does not reach the person the next one begins, and the message is what its legs made of it. A record
/// only says which plan to look at, so that records that are repeated, late or of the same plan come to the same.
/// </summary>
public sealed class Function
{
    /// <summary>Each try sees a later state of the plan, and states only rise.</summary>
    private const int MaxTries = 12;

    private static readonly TimeSpan AfterFault = TimeSpan.FromSeconds(2);

    private readonly MessageStore _messages;
    private readonly ConsentStore _consents;
    private readonly SqsQueues _queues;
    private readonly string _queue;
    private readonly TimeProvider _clock;
    private readonly ILogger _log;

    /// <summary>The function over its settings.</summary>
    /// <param name="settings">The settings.</param>
    public Function(Settings settings)
        : this(
            settings.Require(SettingNames.RouterQueue, SettingNames.MessagesTable, SettingNames.ControlTable)[0],
            new AwsClients(settings),
            TimeProvider.System,
            JsonLogger.Console)
    {
    }

    internal Function(string queue, AwsClients aws, TimeProvider clock, ILogger log) =>
        (_messages, _consents, _queues, _queue, _clock, _log) = (aws.Messages, aws.Consents, aws.Queues, queue, clock, log);

    /// <summary>Handles a batch of the queue.</summary>
    /// <param name="batch">The event.</param>
    /// <param name="context">Not needed.</param>
    public async Task<SQSBatchResponse> HandleAsync(SQSEvent batch, ILambdaContext context)
    {
        var plans = batch.Records.GroupBy(record => record.Group());
        var open = await Task.WhenAll(plans.Select(plan => RunAsync([.. plan]))).ConfigureAwait(false);
        return new([.. open.SelectMany(ids => ids).Select(id => new SQSBatchResponse.BatchItemFailure { ItemIdentifier = id })]);
    }

    /// <returns>The ids of the records that come again.</returns>
    private async Task<IEnumerable<string>> RunAsync(SQSEvent.SQSMessage[] records)
    {
        try
        {
            var wishes = records.Select(record => JsonSerializer.Deserialize(record.Body, OmniJson.Wire.FollowPlan)!);
            foreach (var wish in wishes.Distinct()) await FollowAsync(wish.MessageId).ConfigureAwait(false);
            return [];
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            Log.Fault(_log, fault, records[0].Attributes?.GetValueOrDefault("MessageGroupId"));
            await PutOffAsync(records).ConfigureAwait(false);
            return records.Select(record => record.MessageId);
        }
    }

    private async Task PutOffAsync(SQSEvent.SQSMessage[] records)
    {
        try
        {
            await _queues.PutOffAsync(_queue, [.. records.Select(record => (record.ReceiptHandle, AfterFault))]).ConfigureAwait(false);
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            // They come when their visibility ends.
            Log.Fault(_log, fault, records[0].Attributes?.GetValueOrDefault("MessageGroupId"));
        }
    }

    private async Task FollowAsync(string messageId)
    {
        for (var tries = 0; tries < MaxTries; tries++)
        {
            if (await LookAsync(messageId).ConfigureAwait(false)) return;
        }

        throw new TimeoutException($"The plan of {messageId} met a change at every try.");
    }

    /// <summary>Looks at a plan, and does what is to be done.</summary>
    /// <returns>Whether it is done; false when something changed meanwhile.</returns>
    private async Task<bool> LookAsync(string messageId)
    {
        if (await _messages.FindAsync(messageId).ConfigureAwait(false) is not { Message.Failover: not null } parent) return true;
        if (await _messages.LegsAsync(parent).ConfigureAwait(false) is not { } legs) return true; // they are past their retention

        var now = DateTimeOffset.FromUnixTimeMilliseconds(_clock.GetUtcNow().ToUnixTimeMilliseconds());
        JsonLogger.Trace = parent.Message.Trace;
        var outlook = PlanOutlook.Of(parent, legs, now);
        if (outlook.Next is not null && await IsUnwantedAsync(parent.Message, legs).ConfigureAwait(false))
            outlook = PlanOutlook.Of(parent, legs, now, isUnwanted: true);

        foreach (var leg in outlook.TakenBack)
        {
            await _messages.CancelAsync(legs[leg]).ConfigureAwait(false);
            Log.TookBack(_log, messageId, leg);
        }

        if (outlook.Next is not { } next) return await _messages.MoveAsync(parent, outlook).ConfigureAwait(false);
        if (!await _messages.StepAsync(parent, legs[^1], outlook).ConfigureAwait(false)) return false;

        Log.WentOn(_log, messageId, next.Leg!.Value, next.Carrier);
        return true;
    }

    // Who opted out of a leg's sender did not ask for another one.
    private async Task<bool> IsUnwantedAsync(Message plan, IReadOnlyList<MessageRecord> legs)
    {
        foreach (var leg in legs)
        {
            if (await _consents.IsOptedOutAsync(plan.Tenant, leg.Message.To, leg.Message.From).ConfigureAwait(false)) return true;
        }

        return false;
    }
}
