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

    public required PersonDeleter PersonDeleter { get; init; }

    public required PersonDeletionStore PersonDeletions { get; init; }

    public required MessageQueries Queries { get; init; }

    public required BatchStore Batches { get; init; }

    public required BatchStatuses BatchStatuses { get; init; }

    public required UsageStore Usage { get; init; }

    public required TemplateStore Templates { get; init; }

    public required SessionStore Sessions { get; init; }

    /// <summary>What processors leave between turns.</summary>
    public required DialogStore Dialogs { get; init; }

    public required ConsentStore Consents { get; init; }

    public required PersonStore People { get; init; }

    public required BlobStore Blobs { get; init; }

    public required MediaStore Media { get; init; }

    /// <summary>Where the public reaches the stage, without a slash at its end.</summary>
    public required string PublicBaseUrl { get; init; }

    /// <summary>The log of events; null where none are kept.</summary>
    public required EventLog? Events { get; init; }

    /// <summary>How many calls may wait at once; null for any number.</summary>
    public required LongPolls? LongPolls { get; init; }

    /// <summary>How many calls a key may make; null for any number.</summary>
    public CallBudget? Calls { get; init; }

    /// <summary>Our own addresses, and whose they are.</summary>
    public required SenderStore Senders { get; init; }

    /// <summary>The rules by which carriers and senders are chosen.</summary>
    public required RouteStore Routes { get; init; }

    /// <summary>The senders that people last wrote to.</summary>
    public required LastSenderStore LastSenders { get; init; }

    /// <summary>Whether the default tenant too sends from registered senders only.</summary>
    public bool OnlyRegisteredSenders { get; init; }

    /// <summary>The answers to requests that may be repeated.</summary>
    public required AnswerStore Answers { get; init; }

    /// <summary>The carriers through which nothing is sent for now.</summary>
    public required PauseStore Pauses { get; init; }

    public required HealthStore Health { get; init; }

    public required RateLimiter Rates { get; init; }

    /// <summary>The rate of a carrier that is configured; null for none.</summary>
    public required Func<Carrier, double?> RateOf { get; init; }

    /// <summary>What webhook endpoints are made of; null where clients are told of nothing.</summary>
    public required EndpointParts? Endpoints { get; init; }

    public required SqsQueues Queues { get; init; }

    /// <summary>All queues of dead letters.</summary>
    public required IReadOnlyList<DeadLetterQueue> DeadLetters { get; init; }

    public required Redriver Redriver { get; init; }

    /// <summary>The queues of each carrier that this version can send through.</summary>
    public required IReadOnlyDictionary<string, CarrierQueues> CarrierQueues { get; init; }

    /// <summary>Whether the stage is the one on a single machine: files may stand on it, and it is called without TLS.</summary>
    public required bool IsLocal { get; init; }

    public required TimeProvider Clock { get; init; }

    public required ILogger Log { get; init; }

    private static readonly string[] OfEvents =
    [
        SettingNames.EventsTable, SettingNames.NotifyQueue, SettingNames.NotifyDeadLetters,
    ];

    public static ApiParts Create(Settings settings)
    {
        var available = settings.Carriers();
        settings.Require(
        [
            SettingNames.MessagesTable, SettingNames.SessionsTable, SettingNames.ControlTable, SettingNames.BlobBucket,
            SettingNames.InboundQueue, SettingNames.InboundDeadLetters, SettingNames.DispatcherDeadLetters, SettingNames.MediaDeadLetters,
            SettingNames.PublicBaseUrl, SettingNames.BatchQueue, SettingNames.BatchDeadLetters, SettingNames.RecorderDeadLetters,
            SettingNames.RouterDeadLetters,
            .. settings.KeepsEvents() ? OfEvents : [],
            .. ProcessorCatalogue.All.SelectMany(p => new[] { SettingNames.TurnQueue(p), SettingNames.TurnDeadLetters(p) }),
            .. available.SelectMany(Api.CarrierQueues.SettingsOf),
        ]);
        var aws = new AwsClients(settings);
        var queues = available.ToDictionary(carrier => carrier.Id, carrier => Api.CarrierQueues.Of(carrier, settings));
        return new()
        {
            Keys = aws.Keys,
            Messages = aws.Messages,
            Deletion = aws.Deletion,
            PersonDeleter = aws.PersonDeleter,
            PersonDeletions = aws.PersonDeletions,
            Queries = aws.Queries,
            Batches = aws.Batches,
            BatchStatuses = aws.BatchStatuses,
            Usage = aws.Usage,
            Templates = aws.Templates,
            Sessions = aws.Sessions,
            Dialogs = aws.Dialogs,
            Consents = aws.Consents,
            People = aws.People,
            Blobs = aws.Blobs,
            Media = aws.Media,
            PublicBaseUrl = settings.Require(SettingNames.PublicBaseUrl)[0].TrimEnd('/'),
            Events = settings.KeepsEvents() ? aws.Events : null,
            LongPolls = aws.LongPolls,
            Calls = aws.Calls,
            Senders = aws.Senders,
            Routes = aws.Routes,
            LastSenders = aws.LastSenders,
            OnlyRegisteredSenders = settings.OnlyRegisteredSenders(),
            Answers = aws.Answers,
            Pauses = aws.Pauses,
            Health = aws.Health,
            Rates = aws.Rates,
            RateOf = settings.RateOf,
            Endpoints = settings.KeepsEvents() ? EndpointParts.Create(settings, aws) : null,
            Queues = aws.Queues,
            CarrierQueues = queues,
            DeadLetters = [.. available.Select(carrier => queues[carrier.Id].DeadLettersOf(carrier)), .. DeadLettersOfPlatform(settings)],
            Redriver = aws.Redriver,
            IsLocal = settings.IsLocal,
            Clock = TimeProvider.System,
            Log = JsonLogger.Console,
        };
    }

    private static IEnumerable<DeadLetterQueue> DeadLettersOfPlatform(Settings settings)
    {
        string UrlOf(string name) => settings.Require(name)[0];
        yield return new(DeadLetterKind.Inbound, UrlOf(SettingNames.InboundDeadLetters), null, UrlOf(SettingNames.InboundQueue));
        yield return new(DeadLetterKind.Changes, UrlOf(SettingNames.DispatcherDeadLetters), null);
        yield return new(DeadLetterKind.Events, UrlOf(SettingNames.RecorderDeadLetters), null);
        yield return new(DeadLetterKind.Batches, UrlOf(SettingNames.BatchDeadLetters), null, UrlOf(SettingNames.BatchQueue));
        yield return new(DeadLetterKind.Media, UrlOf(SettingNames.MediaDeadLetters), null);
        yield return new(DeadLetterKind.Plans, UrlOf(SettingNames.RouterDeadLetters), null);
        foreach (var processor in ProcessorCatalogue.All)
        {
            yield return new(
                DeadLetterKind.Turns, UrlOf(SettingNames.TurnDeadLetters(processor)), null, UrlOf(SettingNames.TurnQueue(processor)));
        }

        if (!settings.KeepsEvents()) yield break;

        yield return new(DeadLetterKind.Wakes, UrlOf(SettingNames.NotifyDeadLetters), null, UrlOf(SettingNames.NotifyQueue));
    }
}

/// <summary>The URLs of a carrier's queues.</summary>
internal sealed record CarrierQueues(string Outbound, string Bulk, string DeadLetters)
{
    public static string[] SettingsOf(Carrier carrier) =>
        [SettingNames.OutboundQueue(carrier), SettingNames.BulkQueue(carrier), SettingNames.OutboundDeadLetters(carrier)];

    /// <summary>The dead letters, with where they come from.</summary>
    public DeadLetterQueue DeadLettersOf(Carrier carrier) => new(DeadLetterKind.Commands, DeadLetters, carrier, Outbound, Bulk);

    public static CarrierQueues Of(Carrier carrier, Settings settings)
    {
        var urls = settings.Require(SettingsOf(carrier));
        return new(urls[0], urls[1], urls[2]);
    }
}
