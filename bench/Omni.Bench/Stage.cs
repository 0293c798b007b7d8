using System.Net.Http.Headers;
using System.Net.Http.Json;
using Omni.Aws;
using Omni.Local;
using Omni.Local.Deployment;
using Omni.Local.Hosting;

namespace Omni.Bench;

/// <summary>The local host with Twilio alone, moved step by step, every call to AWS counted and every event kept.</summary>
internal sealed class Stage : IAsyncDisposable
{
    public const string EventRecorder = "Omni.EventRecorder";

    private const string Sender = "+12065550100";

    private readonly LocalHost _host;
    private readonly List<Recorder> _recorders;
    private readonly HttpClient _http;

    private Stage(LocalHost host, Meter meter, List<Recorder> recorders, string key)
    {
        (_host, Meter, _recorders) = (host, meter, recorders);
        _http = new HttpClient
        {
            BaseAddress = host.Url, DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", key) }
        };
    }

    public Meter Meter { get; }

    public static async Task<Stage> StartAsync(IProgress<string> progress, CancellationToken cancellation)
    {
        var meter = new Meter();
        var recorders = new List<Recorder>();
        var options = new LocalOptions
        {
            Port = 0,
            Carriers = ["twilio"],
            // So fast that no message waits for its slot: what is measured is work.
            Environment = new Dictionary<string, string> { ["TWILIO_RATE"] = "1000000" },
        };
        var probe = new Probe
        {
            Between = meter.Around,
            IsStepped = true,
            Around = function =>
            {
                recorders.Add(new(function));
                return recorders[^1];
            },
        };
        var host = await LocalHost.StartAsync(options, probe, progress, cancellation);
        return new(host, meter, recorders, options.ApiKey);
    }

    /// <summary>A function, with the way to AWS that does not lead through the meter.</summary>
    public StackFunction Function(string project)
    {
        var function = _host.Functions.Single(f => f.Project == project);
        var direct = new Dictionary<string, string>(function.Settings)
        {
            ["AWS_ENDPOINT_URL_DYNAMODB"] = _host.DynamoDb.ToString(),
            ["AWS_ENDPOINT_URL_SQS"] = _host.Sqs.ToString(),
        };
        return function with { Settings = direct };
    }

    public int Invocations(string project) => Of(project).Events.Count;

    public int Invocations() => _recorders.Sum(r => r.Events.Count);

    /// <summary>All events of a function so far.</summary>
    public IReadOnlyList<byte[]> Events(string project) => [.. Of(project).Events];

    /// <summary>The newest event of a function that holds a word.</summary>
    public byte[] Event(string project, string word) =>
        Of(project).Events.Last(e => System.Text.Encoding.UTF8.GetString(e).Contains(word, StringComparison.Ordinal));

    /// <summary>Sends a text to each of so many people.</summary>
    public async Task SendAsync(int people, CancellationToken cancellation)
    {
        for (var i = 0; i < people; i++)
        {
            using var answer = await _http.PostAsJsonAsync(
                "/api/v1/messages/send",
                new
                {
                    carrier = "twilio",
                    to = $"+1415555{2000 + i}",
                    from = Sender,
                    content = new
                    {
                        type = "text", body = "Your order has left the house and will be with you today between two and four."
                    },
                },
                cancellation);
            if ((int)answer.StatusCode != 202)
                throw new BenchException(
                    $"The API answered {(int)answer.StatusCode}: {await answer.Content.ReadAsStringAsync(cancellation)}");
        }
    }

    /// <summary>Lets a person write.</summary>
    public async Task WriteAsync(int people, CancellationToken cancellation)
    {
        for (var i = 0; i < people; i++)
        {
            using var answer = await _http.PostAsJsonAsync(
                "/sim/twilio/inbound",
                new
                {
                    from = $"+1415555{2000 + i}",
                    to = Sender,
                    body = "Thank you, but could it be tomorrow? I shall be away from one o'clock."
                },
                cancellation);
            answer.EnsureSuccessStatusCode();
        }
    }

    /// <summary>From now on the carrier takes any number of texts and says nothing of them.</summary>
    public async Task SilenceAsync(CancellationToken cancellation)
    {
        using var silent = await _http.PostAsJsonAsync("/sim/twilio/behaviour", new { receipts = new { lost = true } }, cancellation);
        silent.EnsureSuccessStatusCode();
        using var patient = await _http.PostAsJsonAsync("/sim/twilio/rate", new { perSecond = 1_000_000, burst = 1_000_000 }, cancellation);
        patient.EnsureSuccessStatusCode();
    }

    /// <summary>Waits until a function was invoked so often.</summary>
    public async Task InvokedAsync(string project, int times, CancellationToken cancellation)
    {
        if (!await IsInvokedAsync(project, times, TimeSpan.FromSeconds(60), cancellation)) throw TooFew(project, times);
    }

    /// <summary>
    /// Hands a function's records over until another was invoked so often: what a sender puts back, because its call came too
    /// late for its place in the line, is handed over again.
    /// </summary>
    public async Task QueueUntilAsync(string project, int records, string other, int times, CancellationToken cancellation)
    {
        await QueueAsync(project, records, cancellation);
        for (var rounds = 0; !await IsInvokedAsync(other, times, TimeSpan.FromSeconds(2), cancellation); rounds++)
        {
            if (rounds == 30) throw TooFew(other, times);
            await Queue(project).TakeAsync(TimeSpan.FromMilliseconds(100), cancellation);
        }
    }

    /// <summary>Hands the stream's records to one of its readers.</summary>
    public Task StreamAsync(string project, CancellationToken cancellation) =>
        _host.Streams.Single(stream => stream.Mapping.Function == Function(project).Name)
            .TakeAsync(TimeSpan.FromMilliseconds(700), cancellation);

    /// <summary>The log of events as a process sees it that has not appended yet; its calls are counted.</summary>
    public EventLog NewEventLog() => Aws(EventRecorder).Events;

    /// <summary>What a new process of a function calls AWS with; its calls are counted.</summary>
    public AwsClients Aws(string project) => new(new Settings(_host.Functions.Single(f => f.Project == project).Settings));

    /// <summary>
    /// Hands so many records of a function's queue over, in batches as full as they are. The one for bulk stays empty here.
    /// </summary>
    public async Task QueueAsync(string project, int records, CancellationToken cancellation)
    {
        for (var taken = 0; taken < records;)
        {
            var count = await Queue(project).TakeAsync(TimeSpan.FromSeconds(5), cancellation);
            if (count == 0) throw new BenchException($"{project} had {taken} records, not {records}.");
            taken += count;
        }
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _host.DisposeAsync();
    }

    private async Task<bool> IsInvokedAsync(string project, int times, TimeSpan within, CancellationToken cancellation)
    {
        for (var waited = System.Diagnostics.Stopwatch.StartNew(); Invocations(project) < times; await Task.Delay(20, cancellation))
            if (waited.Elapsed > within) return false;
        return true;
    }

    private BenchException TooFew(string project, int times) => new($"{project} was invoked {Invocations(project)} times, not {times}.");

    private QueuePoller Queue(string project) => _host.Queues.First(
        q => q.Mapping.Function == Function(project).Name && !q.Mapping.QueueUrl.Contains("bulk", StringComparison.Ordinal));

    private Recorder Of(string project) => _recorders.Single(r => r.Function.Project == project);
}
