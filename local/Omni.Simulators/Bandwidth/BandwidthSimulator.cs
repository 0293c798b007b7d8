using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Omni.Simulators.Webhooks;

namespace Omni.Simulators.Bandwidth;

/// <summary>
/// Bandwidth's messaging API v2. <c>BANDWIDTH_BASE_URL</c> is <c>http://host:port/bandwidth</c> and stands for
/// <c>https://messaging.bandwidth.com/api/v2</c>; tokens are at <c>/bandwidth/oauth2/token</c>.
/// </summary>
internal sealed class BandwidthSimulator : ISimulator
{
    public const string Name = "bandwidth";

    private readonly BandwidthTokens _tokens;
    private readonly BandwidthMessagesApi _messages;
    private readonly BandwidthMediaApi _media;
    private readonly BandwidthControl _control;

    public BandwidthSimulator(SimulatorOptions options, WebhookClient client, BackgroundWork background)
    {
        var account = new BandwidthAccount(options.Bandwidth, options.KeepMessages, options.Clock);
        var callbacks = new BandwidthCallbacks(account, client, background, options.WebhookBaseUrl);
        var receipts = new BandwidthReceipts(account, callbacks, client, background, options.ReceiptDelay);

        _tokens = account.Tokens;
        _messages = new BandwidthMessagesApi(account, receipts, background);
        _media = new BandwidthMediaApi(account);
        _control = new BandwidthControl(
            account, new BandwidthInbound(account, callbacks, options.BaseUrl), receipts, callbacks, background);
    }

    public string Carrier => Name;

    public void MapApi(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/oauth2/token", (Delegate)_tokens.IssueAsync);

        var api = routes.MapGroup("/users/{account}");
        api.AddEndpointFilter(
            async (call, next) => _tokens.Refuse(call.HttpContext.Request) is { } refusal ? refusal.ToResult() : await next(call));
        _messages.Map(api);
        _media.Map(api);
    }

    public void MapControl(IEndpointRouteBuilder routes) => _control.Map(routes);
}
