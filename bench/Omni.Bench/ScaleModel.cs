namespace Omni.Bench;

/// <summary>What lifts a limit.</summary>
/// <param name="Kind">A setting of the stage, a constant and a deployment, a quota that AWS raises, or nothing.</param>
/// <param name="How">Which, or why.</param>
internal sealed record Lift(string Kind, string How)
{
    public static Lift Setting(string how) => new("setting", how);

    public static Lift Constant(string how) => new("constant", how);

    public static Lift Quota(string how) => new("quota", how);

    public static Lift Nothing(string why) => new("nothing", why);
}

/// <summary>A limit, and how much of it some messages a second use.</summary>
/// <param name="What">What is limited.</param>
/// <param name="Most">The limit.</param>
/// <param name="Unit">Of what.</param>
/// <param name="Used">How much of it so many messages a second use; it never falls.</param>
/// <param name="Lift">What raises it. None of them needs data to be moved.</param>
internal sealed record ScaleLimit(string What, double Most, string Unit, Func<double, double> Used, Lift Lift)
{
    private const double Endless = 1e9;

    /// <summary>The messages a second that use all of it; infinite when no number does.</summary>
    public double ReachedAt
    {
        get
        {
            if (Used(Endless) < Most) return double.PositiveInfinity;

            var (low, high) = (0.0, Endless);
            while (high - low > Math.Max(0.01, low * 1e-6))
            {
                var middle = (low + high) / 2;
                if (Used(middle) < Most) low = middle;
                else high = middle;
            }

            return high;
        }
    }
}

/// <summary>A function at work.</summary>
/// <param name="Project">Its project.</param>
/// <param name="MemoryMegabytes">Its memory.</param>
/// <param name="Milliseconds">How long an invocation takes.</param>
/// <param name="Invocations">Its invocations a second.</param>
internal sealed record FunctionLoad(string Project, int MemoryMegabytes, double Milliseconds, double Invocations)
{
    /// <summary>How many run at once: Little's law.</summary>
    public double Concurrency => Invocations * Milliseconds / 1000;

    public double GigabyteSeconds => Concurrency * MemoryMegabytes / 1024;
}

/// <summary>
/// What so many texts a second use of AWS, all of one tenant, in one day, through one carrier: the worst way to spread them. Every text is
/// of one segment, to a person of its own, reported `sent` and `delivered`; some are answered.
/// </summary>
internal sealed class ScaleModel(ScaleData data, ScaleStack stack, Prices prices)
{
    private const double SecondsAMonth = 30 * 24 * 3600;

    private double Answers => data.Assume("answers");

    /// <summary>Write units a second of a table or an index, by the name that it has in <c>scale.json</c>.</summary>
    public double Writes(double texts, string table) =>
        texts * (data.Text.Writes.GetValueOrDefault(table) + (Answers * data.Answer.Writes.GetValueOrDefault(table)))
        + (table == "control" ? SlotWrites(texts) : 0);

    /// <summary>Read units a second of a table.</summary>
    public double Reads(double texts, string table) =>
        texts * (data.Text.Reads.GetValueOrDefault(table) + (Answers * data.Answer.Reads.GetValueOrDefault(table)));

    /// <summary>The tables and indexes that are written.</summary>
    public IEnumerable<string> Written => data.Text.Writes.Keys.Concat(data.Answer.Writes.Keys).Append("control").Distinct();

    /// <summary>How many of our addresses it takes at the carrier's rate.</summary>
    public double Senders(double texts) => Math.Max(1, Math.Ceiling(texts / stack.SenderRate));

    /// <summary>Writes of senders' lines: one for each batch and sender in it. The more senders, the more of them a batch has.</summary>
    public double SlotWrites(double texts) => data.Text.SlotWritesABatch * Batches(texts) * SendersABatch(Senders(texts));

    /// <summary>Writes of the line of one sender that all texts come from.</summary>
    public double HottestSlot(double texts) => data.Text.SlotWritesABatch * Batches(texts);

    /// <summary>Records a second that the stream hands to the Dispatcher.</summary>
    public double StreamRecords(double texts) => texts * (data.Text.StreamRecords + (Answers * data.Answer.StreamRecords));

    /// <summary>
    /// The stream's shards: one for each partition of the table. A new table has as many as its first writes need; a full one splits.
    /// </summary>
    public double StreamShards(double texts) => Math.Max(data.Of("newTableWrites"), Writes(texts, "messages")) / data.Of("partitionWrites");

    /// <summary>The records of a shard's batch: what gathers between two reads, until a batch is full.</summary>
    public double StreamBatch(double texts)
    {
        var ofShard = StreamRecords(texts) / StreamShards(texts);
        return Math.Clamp(ofShard * Math.Max(stack.Stream.WindowSeconds, 1 / data.Of("streamPolls")), 1, stack.Stream.BatchSize);
    }

    /// <summary>How much of the time a shard's batches take; at 1 the Dispatcher falls behind.</summary>
    public double ShardBusy(double texts)
    {
        var full = stack.Stream.BatchSize;
        return StreamRecords(texts) / StreamShards(texts) / full * DispatcherMilliseconds(full) / 1000 / stack.Stream.Parallel;
    }

    /// <summary>Requests a second to the carrier's FIFO queue, of the action that has the most.</summary>
    public double FifoRequests(double texts) => Math.Max(Batches(texts), DispatcherInvocations(texts) * SendsABatch(StreamBatch(texts)));

    /// <summary>Requests a second to the standard queue between webhooks and InboundProcessor, all actions.</summary>
    public double InboundRequests(double texts) => Webhooks(texts) + (2 * Webhooks(texts) / stack.Inbound.BatchSize);

    /// <summary>Calls of the carrier's webhook a second.</summary>
    public double Webhooks(double texts) => texts * (data.Text.Receipts + Answers);

    public double HttpCalls(double texts) => texts + Webhooks(texts);

    /// <summary>Every function at work.</summary>
    public IReadOnlyList<FunctionLoad> Functions(double texts) =>
    [
        Load(ScaleStack.Api, Cpu(ScaleStack.Api, data.Assume("sendCpuMs")) + Dynamo, texts),
        Load(ScaleStack.Dispatcher, DispatcherMilliseconds(StreamBatch(texts)), DispatcherInvocations(texts)),
        Load(stack.Sender, SenderMilliseconds, Batches(texts)),
        Load(stack.Webhook, Cpu(stack.Webhook, data.Assume("webhookCpuMs")) + data.Assume("sqsMs"), Webhooks(texts)),
        Load(
            ScaleStack.Processor,
            Cpu(ScaleStack.Processor, stack.Inbound.BatchSize * data.Assume("processorRecordCpuMs")) + (2 * Dynamo),
            Webhooks(texts) / stack.Inbound.BatchSize),
    ];

    /// <summary>The limits, the first to be reached first.</summary>
    public IReadOnlyList<ScaleLimit> Limits()
    {
        var scheduler = stack.Functions[ScaleStack.Scheduler];
        ScaleLimit[] limits =
        [
            new("one shard of a tenant's list of the day", data.Of("partitionWrites"), "write units/s",
                n => Writes(n, "messages/list") / stack.ListShards, Lift.Setting("`-c listShards`, up to 64")),
            new("the line of one sender, if all texts are its", data.Of("partitionWrites"), "write units/s",
                HottestSlot, Lift.Nothing("no carrier lets one sender send as fast")),
            new("the table of messages", data.Of("tableWrites"), "write units/s",
                n => Writes(n, "messages"), Lift.Quota("table-level write throughput")),
            new("the table of messages, when it is new", data.Of("newTableWrites"), "write units/s",
                n => Writes(n, "messages"), Lift.Quota("warm throughput; else it doubles in half an hour")),
            new("one shard of what is due, if all texts are scheduled", data.Of("partitionWrites"), "write units/s",
                n => n * data.Scheduled.DueWrites / stack.DueShards, Lift.Constant("`MessageColumns.DueShards`, the reader first")),
            new("what the Scheduler releases, if all texts are scheduled", scheduler.TimeoutSeconds / 60.0, "of its minute",
                n => n * Cpu(ScaleStack.Scheduler, data.Assume("schedulerMessageCpuMs")) / 1000,
                Lift.Constant("its memory (`Core`)")),
            new("the Dispatcher's batches of one stream shard", 1, "of the time",
                ShardBusy, Lift.Constant("`ParallelizationFactor`, its memory (`Core`)")),
            new("requests to a FIFO queue, smallest regions", data.Of("fifoRequests"), "requests/s of an action",
                FifoRequests, Lift.Quota("region; SQS raises it")),
            new("records in flight in a FIFO queue", data.Of("fifoInFlight"), "records",
                n => n * SenderMilliseconds / 1000, Lift.Quota("SQS raises it")),
            new("senders of one carrier", stack.Outbound.Concurrency!.Value, "concurrent",
                n => Batches(n) * SenderMilliseconds / 1000, Lift.Setting("`-c senders` and `-c rates`, up to 1,000")),
            new("senders of one carrier, while a backlog waits for its turns", stack.Outbound.Concurrency!.Value, "concurrent",
                n => Batches(n) * data.Assume("waitingBatchMs") / 1000, Lift.Setting("`-c senders` and `-c rates`, up to 1,000")),
            new("InboundProcessors", data.Of("queueMapping"), "concurrent",
                n => Functions(n).Single(f => f.Project == ScaleStack.Processor).Concurrency, Lift.Quota("of the event source mapping")),
            new("all functions", data.Of("lambdaConcurrency"), "concurrent",
                n => Functions(n).Sum(f => f.Concurrency), Lift.Quota("concurrent executions")),
            new("all functions", data.Of("lambdaConcurrency") * data.Of("lambdaRequestsEach"), "invocations/s",
                n => Functions(n).Sum(f => f.Invocations), Lift.Quota("concurrent executions: ten invocations/s for each")),
            new("the gateway, all routes", data.Of("gatewayRate"), "requests/s", HttpCalls, Lift.Quota("throttle rate")),
            new("the gateway, one carrier's webhook", stack.RouteRate, "requests/s",
                Webhooks, Lift.Constant("`ThrottlingRateLimit` (`HttpFront`)")),
            new("the gateway, the client API", stack.RouteRate, "requests/s", n => n, Lift.Constant("`ThrottlingRateLimit` (`HttpFront`)")),
            new("parameters read by new environments", data.Of("parameterReads"), "reads/s",
                n => Functions(n).Where(ReadsParameters).Sum(f => f.Concurrency) / data.Assume("rampSeconds"),
                Lift.Quota("higher throughput of Parameter Store: 100")),
            new("files kept, if every answer has one", data.Of("prefixPuts"), "PUT/s",
                n => n * Answers, Lift.Quota("S3 splits the prefix by itself")),
        ];
        return [.. limits.OrderBy(l => l.ReachedAt)];
    }

    /// <summary>USD a month for so many texts a second, all day and all night, when the retention is full.</summary>
    public IReadOnlyList<(string What, double Usd)> Cost(double texts)
    {
        double Month(double aSecond) => aSecond * SecondsAMonth;
        double Millions(double aSecond, string price) => Month(aSecond) / 1e6 * prices.Of(price);
        var functions = Functions(texts);
        var invocations = functions.Sum(f => f.Invocations);
        var stored = texts * stack.Retention.TotalSeconds / 1e9
            * (data.Assume("storedBytesOfText") + (Answers * data.Assume("storedBytesOfAnswer")));
        var logged = (invocations * data.Assume("logBytesAnInvocation"))
            + (texts * data.Assume("logBytesAText"))
            + (HttpCalls(texts) * data.Assume("logBytesAnHttpCall"));
        return
        [
            ("DynamoDB, writes", Millions(Written.Sum(table => Writes(texts, table)), "dynamoWriteUnit")),
            ("DynamoDB, reads", Millions(Reads(texts, "messages") + Reads(texts, "control"), "dynamoReadUnit")),
            ($"DynamoDB, {stack.Retention.TotalDays:N0} days kept", stored * prices.GigabyteMonth("dynamoStorage")),
            ("DynamoDB, backup of it", stored * prices.GigabyteMonth("dynamoBackup")),
            ("SQS, FIFO", Millions((2 * Batches(texts)) + FifoRequests(texts), "sqsFifoRequest")),
            ("SQS, standard", Millions(InboundRequests(texts), "sqsStandardRequest")),
            ("HTTP API", Millions(HttpCalls(texts), "httpApiRequest")),
            ("Lambda, invocations", Millions(invocations, "lambdaInvocation")),
            ("Lambda, time", Millions(functions.Sum(f => f.GigabyteSeconds), "lambdaArmGigabyteSecond")),
            ("logs", prices.Logs(Month(logged) / 1e9)),
            ("traces", Millions(invocations * data.Assume("tracedShare"), "trace")),
        ];
    }

    /// <summary>How many texts a month cost what <see cref="Cost"/> says, in millions.</summary>
    public static double MillionsAMonth(double texts) => texts * SecondsAMonth / 1e6;

    private double Dynamo => data.Assume("dynamoMs");

    private bool ReadsParameters(FunctionLoad function) => function.Project == stack.Sender || function.Project == stack.Webhook;

    /// <summary>A batch: its places; then of each message, side by side, consent, intent, the carrier's answer, outcome.</summary>
    private double SenderMilliseconds =>
        Cpu(stack.Sender, data.Assume("senderBatchCpuMs") * stack.Outbound.BatchSize / Flows.Messages)
            + (4 * Dynamo)
            + data.Assume("carrierMs");

    private FunctionLoad Load(string project, double milliseconds, double invocations) =>
        new(project, stack.Functions[project].MemoryMegabytes, milliseconds, invocations);

    /// <summary>How long work takes with the share of a processor that comes with a function's memory.</summary>
    private double Cpu(string project, double milliseconds) =>
        milliseconds * Math.Max(1, data.Of("lambdaProcessorMegabytes") / stack.Functions[project].MemoryMegabytes);

    private double Batches(double texts) => texts / stack.Outbound.BatchSize;

    private double SendersABatch(double senders) => senders * (1 - Math.Pow(1 - (1 / senders), stack.Outbound.BatchSize));

    private double DispatcherInvocations(double texts) => StreamRecords(texts) / StreamBatch(texts);

    private double DispatcherMilliseconds(double batch) =>
        Cpu(ScaleStack.Dispatcher, batch * data.Assume("dispatcherRecordCpuMs")) + (SendsABatch(batch) * data.Assume("sqsMs"));

    /// <summary>
    /// Calls of the queue for a batch of the stream: one record in so many is a new text, ten go together, one after the other.
    /// </summary>
    private double SendsABatch(double records)
    {
        var texts = records / (data.Text.StreamRecords + (Answers * data.Answer.StreamRecords));
        return texts < 1 ? texts : Math.Ceiling(texts / 10);
    }
}
