using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Omni.Simulators.Webhooks;

namespace Omni.Simulators.WhatsApp;

/// <summary>
/// WhatsApp's Cloud API. <c>WHATSAPP_BASE_URL</c> is <c>http://host:port/whatsapp</c> and stands for <c>https://graph.facebook.com</c>.
/// </summary>
internal sealed class WhatsAppSimulator : ISimulator
{
    public const string Name = "whatsapp";

    private readonly WhatsAppAccount _account;
    private readonly WhatsAppMessagesApi _messages;
    private readonly WhatsAppMediaApi _media;
    private readonly WhatsAppTemplatesApi _templates;
    private readonly WhatsAppControl _control;

    public WhatsAppSimulator(SimulatorOptions options, WebhookClient client, BackgroundWork background)
    {
        _account = new(options.WhatsApp, options);
        var webhooks = new WhatsAppWebhooks(_account, client, background);
        var receipts = new WhatsAppReceipts(_account, webhooks, client, background, options.ReceiptDelay);
        var inbound = new WhatsAppInbound(_account, webhooks);

        _messages = new(_account, new WhatsAppChecks(_account), receipts, inbound, background);
        _media = new(_account);
        _templates = new(_account);
        _control = new(_account, inbound, receipts, webhooks, background);
    }

    public string Carrier => Name;

    public void MapApi(IEndpointRouteBuilder routes)
    {
        var all = routes.MapGroup("");
        all.AddEndpointFilter(async (call, next) =>
        {
            var request = call.HttpContext.Request;
            _account.Note(request);
            return request.Headers.Authorization == $"Bearer {_account.Options.AccessToken}"
                ? await next(call)
                : WhatsAppError.Of(WhatsAppError.Token).ToResult();
        });
        _media.MapLinks(all);

        // The version stands in the path; which ones live is not played.
        var api = all.MapGroup("/v{version:double}");
        _messages.Map(api);
        _media.Map(api);
        _templates.Map(api);
    }

    public void MapControl(IEndpointRouteBuilder routes)
    {
        var all = routes.MapGroup("");
        all.AddEndpointFilter((call, next) =>
        {
            _account.Note(call.HttpContext.Request);
            return next(call);
        });
        _control.Map(all);
    }
}
