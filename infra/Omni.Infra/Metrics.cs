using Amazon.CDK;
using Amazon.CDK.AWS.CloudWatch;
using Omni.Shared;

namespace Omni.Infra;

/// <summary>The metrics that alarms and dashboard share.</summary>
internal static class Metrics
{
    public const string SenderFault = "SenderFault";
    public const string Throttled = "Throttled";
    public const string WebhookUnparsed = "WebhookUnparsed";
    public const string SignatureRefused = "SignatureRefused";
    public const string OutcomeHeld = "OutcomeHeld";
    public const string ReceiptUnmatched = "ReceiptUnmatched";

    public const string EndpointDisabled = "EndpointDisabled";
    public const string EndpointFailing = "EndpointFailing";
    public const string WebhookDelivered = "WebhookDelivered";
    public const string WebhookFailed = "WebhookFailed";

    public static MetricOptions Every(double minutes, string statistic) =>
        new() { Period = Duration.Minutes(minutes), Statistic = statistic };

    /// <summary>A count of the service as a whole.</summary>
    public static Metric OfService(string name) => new(new MetricProps
    {
        Namespace = "Omni", MetricName = name, Period = Duration.Minutes(5), Statistic = Stats.SUM,
    });

    /// <summary>A count that the functions write in CloudWatch's embedded metric format, by carrier.</summary>
    public static Metric OfCarrier(Carrier carrier, string name) => new(new MetricProps
    {
        Namespace = "Omni",
        MetricName = name,
        DimensionsMap = new Dictionary<string, string> { ["Carrier"] = carrier.Id },
        Period = Duration.Minutes(5),
        Statistic = Stats.SUM,
    });
}
