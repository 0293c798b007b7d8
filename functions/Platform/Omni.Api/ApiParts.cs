using Microsoft.Extensions.Logging;
using Omni.Aws;
using Omni.Shared;

namespace Omni.Api;

/// <summary>What the endpoints are made of.</summary>
internal sealed record ApiParts
{
    public required ApiKeyStore Keys { get; init; }

    public required MessageStore Messages { get; init; }

    public required ContentDeletion Deletion { get; init; }

    public required MessageQueries Queries { get; init; }

    public required UsageStore Usage { get; init; }

    public required SessionStore Sessions { get; init; }

    public required ConsentStore Consents { get; init; }

    public required PersonStore People { get; init; }

    public required BlobStore Blobs { get; init; }

    /// <summary>The log of events; null where none are kept.</summary>
    public required EventLog? Events { get; init; }

    /// <summary>How many calls may wait at once; null for any number.</summary>
    public required LongPolls? LongPolls { get; init; }

    /// <summary>How many calls a key may make; null for any number.</summary>
    public CallBudget? Calls { get; init; }

    /// <summary>Our own addresses, and whose they are.</summary>
    public required SenderStore Senders { get; init; }

    /// <summary>Whether the default tenant too sends from registered senders only.</summary>
    public bool OnlyRegisteredSenders { get; init; }

    /// <summary>The answers to requests that may be repeated.</summary>
    public required AnswerStore Answers { get; init; }

    public required HealthStore Health { get; init; }

    public required RateLimiter Rates { get; init; }

    /// <summary>The rate of a carrier that is configured; null for none.</summary>
    public required Func<Carrier, double?> RateOf { get; init; }

    /// <summary>What webhook endpoints are made of; null where clients are told of nothing.</summary>
    public required EndpointParts? Endpoints { get; init; }

    public required SqsQueues Queues { get; init; }

    /// <summary>The queues of each carrier that this version can send through.</summary>
    public required IReadOnlyDictionary<string, CarrierQueues> CarrierQueues { get; init; }

    /// <summary>Whether the stage is the one on a single machine: files may stand on it, and it is called without TLS.</summary>
    public required bool IsLocal { get; init; }

    public required TimeProvider Clock { get; init; }

    public required ILogger Log { get; init; }

    public static ApiParts Create(Settings settings)
    {
        var available = settings.Carriers();
        settings.Require(
        [
            SettingNames.MessagesTable, SettingNames.SessionsTable, SettingNames.ControlTable, SettingNames.BlobBucket,
            .. settings.KeepsEvents() ? [SettingNames.EventsTable, SettingNames.NotifyQueue] : Array.Empty<string>(),
            .. available.SelectMany(Api.CarrierQueues.SettingsOf),
        ]);
        var aws = new AwsClients(settings);
        return new()
        {
            Keys = aws.Keys,
            Messages = aws.Messages,
            Deletion = aws.Deletion,
            Queries = aws.Queries,
            Usage = aws.Usage,
            Sessions = aws.Sessions,
            Consents = aws.Consents,
            People = aws.People,
            Blobs = aws.Blobs,
            Events = settings.KeepsEvents() ? aws.Events : null,
            LongPolls = aws.LongPolls,
            Calls = aws.Calls,
            Senders = aws.Senders,
            OnlyRegisteredSenders = settings.OnlyRegisteredSenders(),
            Answers = aws.Answers,
            Health = aws.Health,
            Rates = aws.Rates,
            RateOf = settings.RateOf,
            Endpoints = settings.KeepsEvents() ? EndpointParts.Create(settings, aws) : null,
            Queues = aws.Queues,
            CarrierQueues = available.ToDictionary(carrier => carrier.Id, carrier => Api.CarrierQueues.Of(carrier, settings)),
            IsLocal = settings.IsLocal,
            Clock = TimeProvider.System,
            Log = JsonLogger.Console,
        };
    }
}

/// <summary>The URLs of a carrier's queues.</summary>
internal sealed record CarrierQueues(string Outbound, string Bulk, string DeadLetters)
{
    public static string[] SettingsOf(Carrier carrier) =>
        [SettingNames.OutboundQueue(carrier), SettingNames.BulkQueue(carrier), SettingNames.OutboundDeadLetters(carrier)];

    public static CarrierQueues Of(Carrier carrier, Settings settings)
    {
        var urls = settings.Require(SettingsOf(carrier));
        return new(urls[0], urls[1], urls[2]);
    }
}
