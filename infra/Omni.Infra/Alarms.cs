using Amazon.CDK;
using Amazon.CDK.AWS.CloudWatch;
using Amazon.CDK.AWS.CloudWatch.Actions;
using Amazon.CDK.AWS.KMS;
using Amazon.CDK.AWS.SNS;
using Amazon.CDK.AWS.SNS.Subscriptions;
using Constructs;
using Omni.Shared;

namespace Omni.Infra;

/// <summary>The alarms. Each construct registers itself, so nothing is made without being watched.</summary>
internal sealed class Alarms : Construct
{
    private readonly OmniOptions _options;
    private readonly IAlarmAction? _action;

    public Alarms(Construct scope, OmniOptions options, IKey? key) : base(scope, "Alarms")
    {
        _options = options;
        if (options.AlarmEmail is not { } email) return;

        // Not encrypted with AWS's SNS key: CloudWatch may not use that one. Alarms carry names and numbers of ours only.
        var topic = new Topic(
            this, "Topic", new TopicProps { TopicName = $"{options.Prefix}-alarms", EnforceSSL = true, MasterKey = key });
        topic.AddSubscription(new EmailSubscription(email));
        _action = new SnsAction(topic);
    }

    public void WatchDeadLetters(DeadLetterQueue queue) =>
        Add($"{queue.Name}-not-empty", "A dead-letter queue holds our own faults: look, mend, redrive.",
            queue.Queue.MetricApproximateNumberOfMessagesVisible(Metrics.Every(1, Stats.MAXIMUM)), threshold: 1);

    public void WatchAge(WorkQueue queue) =>
        Add($"{queue.Name}-age", "Records wait longer than they should: its function fails, or is too slow.",
            queue.Queue.MetricApproximateAgeOfOldestMessage(Metrics.Every(5, Stats.MAXIMUM)), queue.UsualAge.TotalSeconds);

    public void WatchFunction(OmniFunction function)
    {
        Add($"{function.Name}-errors", "An invocation failed as a whole: a bug, or a dependency that is down.",
            function.Function.MetricErrors(Metrics.Every(5, Stats.SUM)), threshold: 1);
        Add($"{function.Name}-throttles", "The account's or the function's concurrency is used up.",
            function.Function.MetricThrottles(Metrics.Every(5, Stats.SUM)), threshold: 1, periods: 2);
    }

    /// <summary>Carriers give a webhook between 5 and 15 seconds, and some stop calling one that is slow.</summary>
    public void WatchLatency(OmniFunction webhook) =>
        Add($"{webhook.Name}-slow", "The webhook's slowest hundredth comes near to what carriers wait for.",
            webhook.Function.MetricDuration(Metrics.Every(5, "p99")), threshold: 3000, periods: 2);

    /// <summary>A reader of the stream that is so far behind; the stream itself keeps a day.</summary>
    public void WatchStream(OmniFunction reader, string meaning, TimeSpan behind) =>
        Add($"{reader.Name}-iterator-age", meaning,
            reader.Function.Metric("IteratorAge", Metrics.Every(1, Stats.MAXIMUM)), behind.TotalMilliseconds, periods: 3);

    public void WatchCarrier(Carrier carrier)
    {
        AddCarrier(Metrics.SenderFault, "The carrier refuses our credentials: messages wait until they are right.", threshold: 1);
        AddCarrier(
            Metrics.Throttled,
            "The carrier slows us down for a quarter of an hour: the configured rate is above the agreed one.",
            100,
            periods: 3);
        AddCarrier(Metrics.WebhookUnparsed, "A verified webhook could not be read. It is kept in the bucket.", threshold: 1);
        AddCarrier(
            Metrics.SignatureRefused,
            "Many webhooks without a valid signature: a wrong secret or address, or someone tries.",
            threshold: 20);

        AddCarrier(Metrics.OutcomeHeld, "A message is held: it may have been sent, and nothing tells.", threshold: 1);
        AddCarrier(Metrics.ReceiptUnmatched, "No message is found for a receipt: is the account shared?", threshold: 1);

        void AddCarrier(string metric, string meaning, double threshold, int periods = 1) =>
            Add($"{_options.Prefix}-{carrier.Id}-{metric}", meaning, Metrics.OfCarrier(carrier, metric), threshold, periods);
    }

    public void WatchEndpoints() =>
        Add(
            $"{_options.Prefix}-{Metrics.EndpointDisabled}",
            "A client's endpoint is no longer told of events: it failed for days, or is gone.",
            Metrics.OfService(Metrics.EndpointDisabled), threshold: 1);

    private void Add(string name, string meaning, Metric metric, double threshold, int periods = 1)
    {
        var alarm = new Alarm(this, name, new AlarmProps
        {
            AlarmName = name,
            AlarmDescription = meaning,
            Metric = metric,
            Threshold = threshold,
            ComparisonOperator = ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
            EvaluationPeriods = periods,
            // No traffic is no fault.
            TreatMissingData = TreatMissingData.NOT_BREACHING,
        });
        if (_action is not null) alarm.AddAlarmAction(_action);
    }
}
