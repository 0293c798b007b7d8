using System.Text.Json;
using Amazon.Lambda.Core;
using Amazon.Lambda.SQSEvents;
using Microsoft.Extensions.Logging;
using Omni.Aws;
using Omni.Shared;

namespace Omni.InboundProcessor;

/// <summary>
/// Brings what the webhooks took into the tables. Every write can be repeated: a record that is delivered again, or a webhook that the
/// carrier repeats, ends in the same items.
/// </summary>
public sealed class Function
{
    private readonly EventWriter _writer;
    private readonly ILogger _log;

    /// <summary>The function over its settings.</summary>
    /// <param name="settings">The settings.</param>
    public Function(Settings settings)
        : this(
            new EventWriter(
                new AwsClients(settings), TimeProvider.System, JsonLogger.Console, settings.Find(SettingNames.Processor)),
            JsonLogger.Console)
    {
        settings.Require(SettingNames.MessagesTable, SettingNames.SessionsTable, SettingNames.ControlTable, SettingNames.BlobBucket);
    }

    internal Function(EventWriter writer, ILogger log) => (_writer, _log) = (writer, log);

    /// <summary>Handles a batch of the queue from the webhooks.</summary>
    /// <param name="batch">The event.</param>
    /// <param name="context">Not needed.</param>
    public async Task<SQSBatchResponse> HandleAsync(SQSEvent batch, ILambdaContext context)
    {
        var failed = await Task.WhenAll((batch.Records ?? []).Select(
            async record => await IsWrittenAsync(record).ConfigureAwait(false) ? null : record.MessageId)).ConfigureAwait(false);
        return new SQSBatchResponse(
            [.. failed.OfType<string>().Select(id => new SQSBatchResponse.BatchItemFailure { ItemIdentifier = id })]);
    }

    private async Task<bool> IsWrittenAsync(SQSEvent.SQSMessage record)
    {
        try
        {
            var envelope = JsonSerializer.Deserialize(record.Body, OmniJson.Wire.InboundEnvelope)
                ?? throw new JsonException("The record is empty.");
            JsonLogger.Trace = envelope.Trace;
            return await _writer.WriteAsync(envelope).ConfigureAwait(false);
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            // It comes again; after a few times the queue moves it to its dead-letter queue.
            Log.NotWritten(_log, fault, record.MessageId);
            return false;
        }
    }
}
