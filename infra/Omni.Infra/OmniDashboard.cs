using Amazon.CDK.AWS.CloudWatch;
using Amazon.CDK.AWS.SQS;
using Constructs;

namespace Omni.Infra;

/// <summary>One dashboard: a row for the platform, and the same row for each carrier.</summary>
internal sealed class OmniDashboard : Construct
{
    public OmniDashboard(
        Construct scope,
        OmniOptions options,
        Core core,
        Intake intake,
        Batching batching,
        Routing routing,
        Notifications? notifications,
        HttpFront http,
        IReadOnlyList<CarrierChannel> channels,
        IReadOnlyList<ProcessorChannel> processors)
        : base(scope, "Dashboard")
    {
        var dashboard = new Dashboard(this, "Dashboard", new DashboardProps
        {
            DashboardName = options.Prefix,
            DefaultInterval = Amazon.CDK.Duration.Hours(3),
        });

        dashboard.AddWidgets(Title("Platform"));
        dashboard.AddWidgets(
            Graph("Client API and webhooks: requests and errors",
                http.Api.MetricCount(Sum), http.Api.MetricClientError(Sum), http.Api.MetricServerError(Sum)),
            Graph("Stream: milliseconds behind",
                [.. ((OmniFunction[])[core.Dispatcher, core.Recorder.Function])
                    .Select(reader => reader.Function.Metric("IteratorAge", Maximum))]),
            Graph("Inbound queue, batches, legs: waiting, dead letters",
                [.. ((Queue[])
                [
                    intake.Queue.Queue, intake.DeadLetters.Queue, core.DispatcherDeadLetters.Queue, core.Recorder.DeadLetters.Queue,
                    batching.Queue.Queue, batching.DeadLetters.Queue, routing.Queue.Queue, routing.DeadLetters.Queue,
                ]).Select(Waiting)]),
            Graph("Function errors",
                [.. Platform(core, intake, batching, routing, notifications).Select(f => f.Function.MetricErrors(Sum))]));

        if (notifications is not null) AddWebhooks(dashboard, notifications);

        foreach (var processor in processors)
        {
            dashboard.AddWidgets(Title(processor.Processor.Name));
            dashboard.AddWidgets(
                Graph("Turns: waiting, dead letters", Waiting(processor.Turns.Queue), Waiting(processor.DeadLetters.Queue)),
                Graph("Turns: invocations, errors, throttles",
                    processor.Function.Function.MetricInvocations(Sum),
                    processor.Function.Function.MetricErrors(Sum),
                    processor.Function.Function.MetricThrottles(Sum)));
        }

        foreach (var channel in channels)
        {
            dashboard.AddWidgets(Title(channel.Carrier.Name));
            dashboard.AddWidgets(
                Graph("Outbound queues: waiting, dead letters",
                    Waiting(channel.Outbound.Queue), Waiting(channel.Bulk.Queue), Waiting(channel.DeadLetters.Queue)),
                Graph("Sender: invocations, errors, throttles",
                    channel.Sender.Function.MetricInvocations(Sum),
                    channel.Sender.Function.MetricErrors(Sum),
                    channel.Sender.Function.MetricThrottles(Sum)),
                Graph("Webhook: latency (ms), errors",
                    channel.Webhook.Function.MetricDuration(Metrics.Every(5, "p50")),
                    channel.Webhook.Function.MetricDuration(Metrics.Every(5, "p99")),
                    channel.Webhook.Function.MetricErrors(Sum)),
                Graph("What the carrier refuses, what we refuse, what is in doubt",
                    [.. CarrierMetrics.Select(name => Metrics.OfCarrier(channel.Carrier, name))]));
        }
    }

    private static void AddWebhooks(Dashboard dashboard, Notifications notifications)
    {
        dashboard.AddWidgets(Title("Webhooks"));
        dashboard.AddWidgets(
            Graph("Workers of endpoints: waiting, dead letters",
                Waiting(notifications.Queue.Queue), Waiting(notifications.DeadLetters.Queue)),
            Graph("Events: taken, not taken",
                Metrics.OfService(Metrics.WebhookDelivered), Metrics.OfService(Metrics.WebhookFailed)),
            Graph("Endpoints: failing, disabled",
                Metrics.OfService(Metrics.EndpointFailing), Metrics.OfService(Metrics.EndpointDisabled)),
            Graph("Notifier: invocations, errors, throttles",
                notifications.Notifier.Function.MetricInvocations(Sum),
                notifications.Notifier.Function.MetricErrors(Sum),
                notifications.Notifier.Function.MetricThrottles(Sum)));
    }

    private static readonly string[] CarrierMetrics =
    [
        Metrics.SenderFault, Metrics.Throttled, Metrics.WebhookUnparsed, Metrics.SignatureRefused, Metrics.OutcomeHeld,
        Metrics.ReceiptUnmatched,
    ];

    private static MetricOptions Sum => Metrics.Every(5, Stats.SUM);

    private static MetricOptions Maximum => Metrics.Every(5, Stats.MAXIMUM);

    private static IEnumerable<OmniFunction> Platform(
        Core core, Intake intake, Batching batching, Routing routing, Notifications? notifications) =>
        ((OmniFunction?[])
        [
            core.Api, core.Dispatcher, core.Recorder.Function, core.Scheduler, intake.Processor, batching.Batcher, routing.Router,
            notifications?.Notifier,
        ]).OfType<OmniFunction>();

    private static Metric Waiting(Queue queue) => queue.MetricApproximateNumberOfMessagesVisible(Maximum);

    private static TextWidget Title(string name) => new(new TextWidgetProps { Markdown = $"## {name}", Width = 24, Height = 1 });

    private static GraphWidget Graph(string title, params IMetric[] metrics) =>
        new(new GraphWidgetProps { Title = title, Left = metrics, Width = 6, Height = 6 });
}
