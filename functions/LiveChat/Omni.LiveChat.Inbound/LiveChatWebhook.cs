using System.Text.Json;
using Omni.Pipeline;
using Omni.Shared;

namespace Omni.LiveChat.Inbound;

/// <summary>
/// LiveChat's webhook: JSON that carries its secret, one action a call. https://platform.text.com/docs/management/webhooks
/// </summary>
/// <param name="options">Its options.</param>
internal sealed class LiveChatWebhook(LiveChatOptions options) : ICarrierWebhook
{
    private static readonly WebhookAnswer Taken = new(200); // LiveChat documents 200, and no other 2xx

    private readonly LiveChatMapper _mapper = new(options.LicenseId, options.AgentId);

    /// <inheritdoc/>
    public Carrier Carrier { get; } = CarrierCatalogue.Get("livechat");

    /// <inheritdoc/>
    public bool Verify(WebhookRequest request)
    {
        var tokens = options.PathTokens;
        var isOurPath = tokens.Length == 0 | WebhookSecret.IsOneOf(request.PathToken, tokens);
        return WebhookSecret.IsOneOf(LiveChatSecret.Find(request.Body.Span)?.Value, options.Secrets) & isOurPath;
    }

    /// <inheritdoc/>
    public IReadOnlyList<CarrierEvent> Read(WebhookRequest request)
    {
        var call = WebhookJson.Read(WebhookJson.Parse(request.Body.Span), LiveChatJson.Default.LiveChatCall)
            ?? throw new FormatException("The call is empty.");
        return IsOurs(call) ? _mapper.Map(call) : [new CarrierEvent.Ignored { Reason = "other_organization" }];
    }

    /// <inheritdoc/>
    public ReadOnlyMemory<byte> Keepable(WebhookRequest request) => LiveChatSecret.Strip(request.Body);

    /// <inheritdoc/>
    public WebhookAnswer Acknowledge(WebhookRequest request, IReadOnlyList<CarrierEvent> events) => Taken;

    // Registrations of before version 3.4 name the license in place of the organization.
    private bool IsOurs(LiveChatCall call) => call.OrganizationId is { } organization
        ? organization.Equals(options.OrganizationId, StringComparison.OrdinalIgnoreCase)
        : call.LicenseId.ValueKind is JsonValueKind.Number or JsonValueKind.String && call.LicenseId.ToString() == options.LicenseId;
}
