using System.Globalization;
using Amazon.Runtime;
using Amazon.Runtime.Internal;
using Amazon.SQS;
using Amazon.SQS.Model;
using Omni.Pipeline;

namespace Omni.Testing.Simulation;

/// <summary>
/// A FIFO queue in memory, as SQS keeps it: visibility in whole seconds, a group held back while one of its records is out,
/// many groups a batch.
/// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/FIFO-queues-understanding-logic.html
/// </summary>
/// <param name="clock">The time.</param>
public sealed class MemoryQueue(TimeProvider clock)
{
    private static readonly TimeSpan Visibility = TimeSpan.FromSeconds(120);

    /// <summary>The URL under which a client sends to it; whatever goes elsewhere is a dead letter.</summary>
    public const string Url = "queue";

    // https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/using-messagededuplicationid-property.html
    private static readonly TimeSpan Deduplication = TimeSpan.FromMinutes(5);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, DateTimeOffset> _ids = [];
    private readonly Dictionary<string, List<Entry>> _groups = [];
    private readonly SortedDictionary<long, Entry> _ready = [];
    private readonly PriorityQueue<Entry, DateTimeOffset> _hidden = new();
    private readonly Dictionary<string, Entry> _out = [];
    private long _sent;

    /// <summary>How many records are in it.</summary>
    public int Count { get; private set; }

    /// <summary>How often a record was handed out.</summary>
    public int Deliveries { get; private set; }

    /// <summary>Dead letters.</summary>
    public List<string> DeadLetters { get; } = [];

    public void Send(string body, string group, string? deduplicationId = null)
    {
        lock (_lock)
        {
            var now = clock.GetUtcNow();
            if (deduplicationId is not null)
            {
                if (_ids.TryGetValue(deduplicationId, out var sentAt) && now - sentAt < Deduplication) return;

                _ids[deduplicationId] = now;
            }

            var entry = new Entry(++_sent, body, group, clock.GetUtcNow());
            if (!_groups.TryGetValue(group, out var members)) _groups[group] = members = [];
            members.Add(entry);
            Count++;
            if (members.Count == 1) _ready[entry.Order] = entry;
        }
    }

    public IReadOnlyList<QueueRecord> Receive(int most = 10)
    {
        lock (_lock)
        {
            var now = clock.GetUtcNow();
            while (_hidden.TryPeek(out var entry, out var at) && at <= now)
            {
                _hidden.Dequeue();
                if (entry.VisibleAt != at || !entry.IsIn) continue; // it was changed since

                _out.Remove(entry.Handle);
                Show(entry.Group);
            }

            var records = new List<QueueRecord>();
            while (records.Count < most && _ready.Count > 0)
            {
                var head = _ready.First().Value;
                _ready.Remove(head.Order);
                foreach (var entry in _groups[head.Group].Take(most - records.Count))
                {
                    entry.Receives++;
                    entry.Handle = string.Create(CultureInfo.InvariantCulture, $"{entry.Order}.{entry.Receives}");
                    _out[entry.Handle] = entry;
                    Hide(entry, now + Visibility);
                    Deliveries++;
                    records.Add(new(
                        entry.Order.ToString(CultureInfo.InvariantCulture),
                        entry.Handle,
                        entry.Body,
                        entry.Group,
                        entry.Receives,
                        entry.SentAt));
                }
            }

            return records;
        }
    }

    /// <summary>Takes out what a batch has finished.</summary>
    public void Delete(IEnumerable<QueueRecord> records)
    {
        lock (_lock)
        {
            foreach (var record in records)
            {
                if (!_out.Remove(record.ReceiptHandle, out var entry)) continue;

                entry.IsIn = false;
                Count--;
                var members = _groups[entry.Group];
                members.Remove(entry);
                if (members.Count == 0) _groups.Remove(entry.Group);
                else Show(entry.Group);
            }
        }
    }

    /// <summary>A client that puts records off and takes dead letters, as a process has one.</summary>
    /// <param name="latency">Waits as long as half of a call takes.</param>
    public IAmazonSQS NewClient(Func<Task> latency) => new Client(this, latency);

    private void ChangeVisibility(string handle, int seconds)
    {
        lock (_lock)
        {
            if (_out.TryGetValue(handle, out var entry)) Hide(entry, clock.GetUtcNow().AddSeconds(seconds));
        }
    }

    private void Hide(Entry entry, DateTimeOffset until)
    {
        entry.VisibleAt = until;
        _hidden.Enqueue(entry, until);
    }

    // A group is handed out from its head, and only while none of it is out.
    private void Show(string group)
    {
        if (_groups.TryGetValue(group, out var members) && members.All(m => !_out.ContainsKey(m.Handle)))
            _ready[members[0].Order] = members[0];
    }

    private sealed class Entry(long order, string body, string group, DateTimeOffset sentAt)
    {
        public long Order => order;

        public string Body => body;

        public string Group => group;

        public DateTimeOffset SentAt => sentAt;

        public int Receives { get; set; }

        public string Handle { get; set; } = "";

        public DateTimeOffset VisibleAt { get; set; }

        public bool IsIn { get; set; } = true;
    }

    private sealed class Client(MemoryQueue queue, Func<Task> latency) : AmazonSQSClient(
        new AnonymousAWSCredentials(), new AmazonSQSConfig { ServiceURL = "http://127.0.0.1:1", AuthenticationRegion = "us-east-1" })
    {
        protected override void CustomizeRuntimePipeline(RuntimePipeline pipeline)
        {
            base.CustomizeRuntimePipeline(pipeline);
            pipeline.AddHandler(new Answers(this));
        }

        private AmazonWebServiceResponse Answer(AmazonWebServiceRequest request)
        {
            switch (request)
            {
                case ChangeMessageVisibilityBatchRequest change:
                    foreach (var entry in change.Entries) queue.ChangeVisibility(entry.ReceiptHandle, entry.VisibilityTimeout!.Value);
                    return new ChangeMessageVisibilityBatchResponse();
                case SendMessageBatchRequest send:
                    foreach (var entry in send.Entries)
                    {
                        if (send.QueueUrl == Url) queue.Send(entry.MessageBody, entry.MessageGroupId, entry.MessageDeduplicationId);
                        else lock (queue._lock) queue.DeadLetters.Add(entry.MessageBody);
                    }

                    return new SendMessageBatchResponse();
                default:
                    throw new NotSupportedException(request.GetType().Name);
            }
        }

        private Func<Task> Latency { get; } = latency;

        private sealed class Answers(Client client) : PipelineHandler
        {
            public override async Task<T> InvokeAsync<T>(IExecutionContext executionContext)
            {
                await client.Latency().ConfigureAwait(false);
                var response = client.Answer(executionContext.RequestContext.OriginalRequest);
                executionContext.ResponseContext.Response = response;
                return (T)(object)response;
            }
        }
    }
}
