using System.Text.Json;
using Amazon.Lambda.Core;
using Amazon.Lambda.SQSEvents;
using Microsoft.Extensions.Logging.Abstractions;
using Moq;
using Omni.Aws;
using Omni.Pipeline;
using Omni.Shared;
using Omni.Testing.Simulation;

namespace Omni.Conversations.Tests.Support;

/// <summary>
/// People who write, and a processor's function that answers them, over tables and a queue in memory and a clock that plays hours in
/// moments. The function's process can die at any call.
/// </summary>
internal sealed class Town
{
    private static readonly TimeSpan FunctionTimeout = TimeSpan.FromSeconds(20);

    private readonly Random _random;
    private readonly List<Task> _running = [];
    private readonly List<Message> _heard = [];
    private readonly AwsClients _aws;
    private int _calls;
    private bool _isOver;

    public Town(int seed = 7)
    {
        _random = new(seed);
        Queue = new(Clock);
        _aws = NewAws(new Process());
    }

    public EventClock Clock { get; } = new();

    public MemoryTables Tables { get; } = new();

    public MemoryQueue Queue { get; }

    public Random Random => _random;

    public MessageProcessor Processor { get; set; } = new Scripted(turn => turn.Reply("ok"));

    /// <summary>How likely the function dies at a call to AWS, and how often it does at most.</summary>
    public (double Chance, int Most) Deaths { get; set; }

    /// <summary>At which of its calls the function dies, counted from 1 over all processes; 0 for none.</summary>
    public int DiesAt { get; set; }

    /// <summary>How likely somebody else changes what a turn began with, just before it is written.</summary>
    public double Conflicts { get; set; }

    public int Died { get; private set; }

    /// <summary>How many halves of calls to AWS the function made.</summary>
    public int Halves => _calls;

    public DialogStore Dialogs => _aws.Dialogs;

    /// <summary>What people wrote, in the order of each.</summary>
    public IReadOnlyList<Message> Heard => _heard;

    public static Conversation Between(int person, string carrier = "twilio") => new(
        Defaults.Tenant, carrier, Defaults.Account, Address.Phone("+12065550100"), Address.Phone($"+1415{5_550_000 + person}"));

    /// <summary>A person writes: the message is there, and its turn is given.</summary>
    public async Task<Message> SayAsync(int person, string text, string carrier = "twilio")
    {
        var conversation = Between(person, carrier);
        var message = new Message
        {
            Id = Ids.DerivedMessage("said", $"{_heard.Count}"),
            Direction = Direction.Inbound,
            Carrier = carrier,
            From = conversation.Theirs,
            To = conversation.Ours,
            Content = new TextContent { Body = text },
            CarrierMessageId = $"theirs-{_heard.Count}",
            Processor = "Omni.Concierge",
            CreatedAt = Clock.GetUtcNow(),
        };
        _heard.Add(message);
        await _aws.Messages.CreateAsync(MessageStore.NewRecord(message));
        Give(message);
        return message;
    }

    /// <summary>Gives a message's turn, once more under another deduplication id.</summary>
    public void Give(Message message, string? again = null) => Give(new TurnCommand.Hear { Message = message }, again);

    public void Give(TurnCommand command, string? again = null)
    {
        var entry = WakeRounds.EntryOf(command);
        Queue.Send(entry.Body, entry.GroupId!, entry.DeduplicationId + again);
    }

    /// <summary>Plays something while the function and the Scheduler run, until the queue is empty.</summary>
    public void Play(Func<Task> play, TimeSpan? most = null)
    {
        SynchronizationContext.SetSynchronizationContext(null); // with one, what waited would go on elsewhere
        _isOver = false;
        _running.AddRange([PumpAsync(), TickAsync()]);
        var played = PlayToEndAsync();
        Clock.Run(() => played.IsCompleted || _running.Exists(task => task.IsFaulted), most ?? TimeSpan.FromHours(12));
        _isOver = true;
        foreach (var broken in _running.Where(task => task.IsFaulted)) broken.GetAwaiter().GetResult();
        played.GetAwaiter().GetResult();

        async Task PlayToEndAsync()
        {
            await play();
            while (Queue.Count > 0) await WaitAsync(TimeSpan.FromSeconds(1));
        }
    }

    public Task WaitAsync(TimeSpan time) => Task.Delay(time, Clock);

    /// <summary>The replies to a message, in their order.</summary>
    public IReadOnlyList<Message> RepliesTo(Message heard) =>
    [
        .. Enumerable.Range(0, Turn.MaxReplies).Select(index => Tables.Peek("messages", Ids.Reply(heard.Id, index), "m"))
            .Where(item => item is not null).Select(item => MessageCodec.FromItem(item!).Message),
    ];

    /// <summary>Everything that was answered.</summary>
    public IReadOnlyList<MessageRecord> Replies =>
        [.. Tables.Items("messages").Where(item => item["sk"].S == "m").Select(MessageCodec.FromItem)
            .Where(record => record.Message.Direction == Direction.Outbound)];

    public TurnResult? ResultOf(Message heard) => MessageCodec.FromItem(Tables.Peek("messages", heard.Id, "m")!).State.Turn;

    public static string TextOf(Message message) => ((TextContent)message.Content).Body;

    /// <summary>The types of what clients are told of, each event once.</summary>
    public IReadOnlyList<ClientEvent> Events =>
        [.. Tables.Items("messages").Where(EventOutbox.Holds).Select(EventOutbox.Read)
            .Where(e => e.Type.StartsWith("conversation.", StringComparison.Ordinal))];

    /// <summary>Handles records at once, in a process of their own.</summary>
    public Task<SQSBatchResponse> HandleAsync(params QueueRecord[] records)
    {
        var process = new Process { IsMortal = true };
        return HandleAsync(process, records);
    }

    public static QueueRecord Record(TurnCommand command, string id) => new(
        id, id, JsonSerializer.Serialize(command, OmniJson.Wire.TurnCommand), command.ConversationId, 1, default);

    private async Task PumpAsync()
    {
        while (!_isOver)
        {
            _running.RemoveAll(task => task.IsCompletedSuccessfully);
            while (Queue.Receive() is { Count: > 0 } records) _running.Add(HandleBatchAsync([.. records]));
            await WaitAsync(TimeSpan.FromMilliseconds(100));
        }
    }

    private async Task HandleBatchAsync(QueueRecord[] records)
    {
        var process = new Process { IsMortal = true };
        var response = await HandleAsync(process, records);
        if (process.IsDead) return;

        var failed = response.BatchItemFailures.Select(failure => failure.ItemIdentifier).ToHashSet();
        Queue.Delete(records.Where(record => !failed.Contains(record.Id)));
    }

    private Task<SQSBatchResponse> HandleAsync(Process process, QueueRecord[] records)
    {
        var until = Clock.GetUtcNow() + FunctionTimeout;
        var context = new Mock<ILambdaContext>();
        context.SetupGet(c => c.RemainingTime).Returns(() => until - Clock.GetUtcNow());
        var batch = new SQSEvent
        {
            Records = [.. records.Select(record => new SQSEvent.SQSMessage
            {
                MessageId = record.Id,
                ReceiptHandle = record.ReceiptHandle,
                Body = record.Body,
                Attributes = new() { ["MessageGroupId"] = record.GroupId!, ["ApproximateReceiveCount"] = $"{record.ReceiveCount}" },
            })],
        };
        return NewPipeline(process).HandleAsync(batch, context.Object);
    }

    private async Task TickAsync()
    {
        var rounds = new WakeRounds(
            Dialogs, _aws.Queues, new Dictionary<string, string> { ["Omni.Concierge"] = MemoryQueue.Url }, Clock);
        while (!_isOver)
        {
            await WaitAsync(TimeSpan.FromMinutes(1));
            for (var shard = 0; shard < DialogStore.WakeShards; shard++)
            {
                await foreach (var id in rounds.DueAsync(shard)) await rounds.WakeAsync(id);
            }
        }
    }

    private TurnPipeline NewPipeline(Process process)
    {
        var aws = NewAws(process);
        return new(Processor, new()
        {
            Processor = ProcessorCatalogue.Find("Omni.Concierge")!,
            Dialogs = aws.Dialogs,
            Queries = aws.Queries,
            Queues = aws.Queues,
            Queue = MemoryQueue.Url,
            DeadLetters = "dead-letters",
            Clock = Clock,
            Log = NullLogger.Instance,
        });
    }

    private AwsClients NewAws(Process process)
    {
        async Task Latency()
        {
            if (process.IsMortal && !process.IsDead)
            {
                _calls++;
                if (_calls == DiesAt || (Died < Deaths.Most && _random.NextDouble() < Deaths.Chance))
                {
                    Died++;
                    process.IsDead = true;
                }
            }

            if (process.IsDead) throw new OperationCanceledException("The process is gone.");
            await WaitAsync(process.IsMortal ? TimeSpan.FromMilliseconds(1 + (3 * _random.NextDouble())) : TimeSpan.Zero);
            if (process.IsMortal && _random.NextDouble() < Conflicts) Disturb();
        }

        var settings = new Settings(new Dictionary<string, string>
        {
            [SettingNames.MessagesTable] = "messages", [SettingNames.SessionsTable] = "sessions", [SettingNames.ControlTable] = "control",
        });
        return new(settings, Clock) { Dynamo = new MemoryDynamoDb(Tables, Latency), Sqs = Queue.NewClient(Latency) };
    }

    /// <summary>Somebody else writes what is left of a conversation, and changes nothing that matters.</summary>
    private void Disturb()
    {
        foreach (var item in Tables.Items("sessions").Where(item => item.ContainsKey("v")).Take(20))
        {
            var changed = new Dictionary<string, Amazon.DynamoDBv2.Model.AttributeValue>(item)
            {
                ["v"] = new() { N = $"{long.Parse(item["v"].N, null) + 1}" },
            };
            Tables.Put("sessions", changed);
        }
    }

    private sealed class Process
    {
        public bool IsMortal { get; init; }

        public bool IsDead { get; set; }
    }
}
