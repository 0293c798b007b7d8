namespace Omni.Notifier;

/// <summary>What the Notifier counts.</summary>
internal static class NotifierMetrics
{
    public const string Delivered = "WebhookDelivered";
    public const string Failed = "WebhookFailed";
    public const string Failing = "EndpointFailing";
    public const string Disabled = "EndpointDisabled";
}
