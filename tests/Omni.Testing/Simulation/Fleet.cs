using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Omni.Aws;
using Omni.Pipeline;
using Omni.Shared;

namespace Omni.Testing.Simulation;

/// <summary>A call that reached the carrier.</summary>
/// <param name="MessageId">Whose.</param>
/// <param name="At">When it arrived.</param>
/// <param name="IsTaken">Whether it was taken; else it was refused for its speed.</param>
public sealed record Arrival(string MessageId, DateTimeOffset At, bool IsTaken);

/// <summary>
/// A fleet of senders, each a process of its own with its own view of everything, in front of one FIFO queue, and a carrier that holds a
/// rate of which they are not told. The code of the senders is the real one.
/// </summary>
public sealed class Fleet
{
    private readonly TimeProvider _clock;
    private readonly Random _random;
    private readonly Carrier _carrier;
    private readonly double _declared;
    private readonly List<Arrival> _arrivals = [];
    private readonly Lock _lock = new();
    private readonly List<Task> _lanes = [];
    private bool _isOver;

    private double _rate;
    private double _tokens;
    private DateTimeOffset _tokensAt;

    /// <param name="clock">The time.</param>
    /// <param name="seed">Of all that is left to chance.</param>
    /// <param name="declared">The rate that the senders are told, segments a second.</param>
    public Fleet(TimeProvider clock, int seed, double declared)
    {
        (_clock, _random, _declared) = (clock, new Random(seed), declared);
        _carrier = CarrierCatalogue.Get("twilio");
        Queue = new(clock);
        Bulk = new(clock);
        Hold(declared);
    }

    public MemoryTables Tables { get; } = new();

    public MemoryQueue Queue { get; }

    public MemoryQueue Bulk { get; }

    /// <summary>The most that a call to AWS takes, in milliseconds; each takes at least a quarter of it.</summary>
    public double AwsMilliseconds { get; init; } = 12;

    /// <summary>The most that a call takes to the carrier, in milliseconds, and as much back.</summary>
    public double CarrierMilliseconds { get; init; } = 40;

    /// <summary>How likely a process dies at a call to AWS.</summary>
    public double Deaths { get; set; }

    /// <summary>How many processes died.</summary>
    public int Died { get; private set; }

    /// <summary>Which share of all calls the carrier refuses by chance, whatever the pace.</summary>
    public double RefusedShare { get; set; }

    /// <summary>Whether the carrier answers with a fault of its own, and takes nothing.</summary>
    public bool IsFailing { get; set; }

    /// <summary>The wait that the carrier asks for when it refuses; null when it names none.</summary>
    public TimeSpan? RetryAfter { get; set; }

    /// <summary>All calls that reached the carrier, in order.</summary>
    public IReadOnlyList<Arrival> Arrivals
    {
        get
        {
            lock (_lock) return [.. _arrivals];
        }
    }

    /// <summary>How many messages the carrier took.</summary>
    public int Taken { get; private set; }

    /// <summary>The rate that the carrier holds from now on; its bucket holds 0.3 s of it, and at least three.</summary>
    public void Hold(double rate) => (_rate, _tokens, _tokensAt) = (rate, Math.Max(3, 0.3 * rate), _clock.GetUtcNow());

    /// <summary>Accepts a text, and puts it into the queue.</summary>
    /// <param name="person">To whom.</param>
    /// <param name="priority">How urgent it is.</param>
    /// <returns>Its id.</returns>
    public string Send(int person, Priority priority = Priority.Normal)
    {
        var message = new Message
        {
            Id = Ids.NewMessage(),
            Carrier = _carrier.Id,
            From = Address.Phone("+12065550100"),
            To = Address.Phone($"+1415{5_000_000 + person}"),
            Content = new TextContent { Body = "Your order has left the house." },
            Parts = [new PlannedPart()],
            Priority = priority,
            CreatedAt = _clock.GetUtcNow(),
        };
        Tables.Put("messages", MessageCodec.ToItem(MessageStore.NewRecord(message)));
        var command = new OutboundCommand.Send { Message = message };
        (priority == Priority.Bulk ? Bulk : Queue).Send(
            JsonSerializer.Serialize<OutboundCommand>(command, OmniJson.Wire.OutboundCommand), OutboundQueueing.GroupOf(message, command));
        return message.Id;
    }

    /// <summary>What has become of a message, by the table; null while it has no item.</summary>
    public MessageStatus? StatusOf(string messageId) =>
        Tables.Peek("messages", messageId, "m") is { } item ? MessageCodec.FromItem(item).Status : null;

    /// <summary>How many processes the infrastructure gives each of a carrier's queues at a rate.</summary>
    public static int LanesOf(double rate) => (int)Math.Clamp(5 + (1.3 * rate * 2.5 / 10), 5, 1000);

    /// <summary>Starts so many processes for each queue.</summary>
    public void Start(int lanes, int bulkLanes = 0)
    {
        for (var i = 0; i < lanes; i++) _lanes.Add(RunAsync(Queue));
        for (var i = 0; i < bulkLanes; i++) _lanes.Add(RunAsync(Bulk));
    }

    /// <summary>What broke a process; null when nothing did.</summary>
    public Exception? Fault => _lanes.Select(lane => lane.Exception).FirstOrDefault(fault => fault is not null);

    public void Stop() => _isOver = true;

    private async Task RunAsync(MemoryQueue queue)
    {
        while (!_isOver)
        {
            var process = new Process();
            var pipeline = NewPipeline(queue, process);
            while (!_isOver && !process.IsDead)
            {
                await WaitAsync(1, 30).ConfigureAwait(false); // the poller's own time
                var records = queue.Receive();
                if (records.Count == 0) continue;

                var until = _clock.GetUtcNow().AddSeconds(20);
                var failed = await pipeline.RunAsync(records, "outbound", () => until - _clock.GetUtcNow()).ConfigureAwait(false);
                if (!process.IsDead) queue.Delete(records.Where(r => !failed.Contains(r.Id)));
            }
        }
    }

    private SenderPipeline NewPipeline(MemoryQueue queue, Process process)
    {
        async Task Latency()
        {
            if (!process.IsDead && Deaths > 0 && Chance() < Deaths)
            {
                Died++;
                process.Die();
            }

            if (process.IsDead) throw process.Die();
            await WaitAsync(AwsMilliseconds / 8, AwsMilliseconds / 2).ConfigureAwait(false);
            if (process.IsDead) throw process.Die();
        }

        var settings = new Settings(new Dictionary<string, string>
        {
            [SettingNames.MessagesTable] = "messages", [SettingNames.SessionsTable] = "sessions", [SettingNames.ControlTable] = "control",
        });
        var aws = new AwsClients(settings, _clock) { Dynamo = new MemoryDynamoDb(Tables, Latency), Sqs = queue.NewClient(Latency) };
        var options = new SenderOptions { Carrier = _carrier, DeadLetterQueue = "dead-letters", RatePerSecond = _declared };
        return new(
            new Sender(this, process), new CarrierHttp(new HttpClient(), _clock), options, aws, ["outbound"], _clock, NullLogger.Instance);
    }

    private double Chance()
    {
        lock (_lock) return _random.NextDouble();
    }

    private Task WaitAsync(double least, double most) => Task.Delay(TimeSpan.FromMilliseconds(least + ((most - least) * Chance())), _clock);

    private bool Arrive(string messageId)
    {
        lock (_lock)
        {
            var now = _clock.GetUtcNow();
            _tokens = Math.Min(Math.Max(3, 0.3 * _rate), _tokens + ((now - _tokensAt).TotalSeconds * _rate));
            _tokensAt = now;
            var isTaken = !IsFailing && _tokens >= 1 && !(RefusedShare > 0 && Chance() < RefusedShare);
            if (isTaken) (_tokens, Taken) = (_tokens - 1, Taken + 1);
            _arrivals.Add(new(messageId, now, isTaken));
            return isTaken;
        }
    }

    private sealed class Process
    {
        public bool IsDead { get; private set; }

        public Exception Die()
        {
            IsDead = true;
            return new OperationCanceledException("The process is gone.");
        }
    }

    private sealed class Sender(Fleet fleet, Process process) : ICarrierSender
    {
        public async Task<SendOutcome> SendAsync(OutboundPart part, CancellationToken cancellation)
        {
            if (process.IsDead) throw process.Die();
            await fleet.WaitAsync(fleet.CarrierMilliseconds / 8, fleet.CarrierMilliseconds).ConfigureAwait(false);
            var isTaken = fleet.Arrive(part.Message.Id);
            await fleet.WaitAsync(fleet.CarrierMilliseconds / 8, fleet.CarrierMilliseconds).ConfigureAwait(false);
            if (fleet.IsFailing) return new SendOutcome.Deferred(DeferralCause.CarrierUnavailable, "http_503");

            return isTaken
                ? new SendOutcome.Accepted("cm-" + part.Reference)
                : new SendOutcome.Deferred(DeferralCause.Throttled, "http_429", fleet.RetryAfter);
        }
    }
}
