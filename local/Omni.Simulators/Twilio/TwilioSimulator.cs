using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Omni.Simulators.Webhooks;

namespace Omni.Simulators.Twilio;

/// <summary>
/// Twilio Programmable Messaging. <c>TWILIO_BASE_URL</c> is <c>http://host:port/twilio</c> and stands for <c>https://api.twilio.com</c>,
/// and for <c>https://content.twilio.com</c>.
/// </summary>
internal sealed class TwilioSimulator : ISimulator
{
    public const string Name = "twilio";

    private readonly TwilioOptions _options;
    private readonly TwilioMessagesApi _messages;
    private readonly TwilioMediaApi _media;
    private readonly TwilioContentApi _content;
    private readonly TwilioControl _control;

    public TwilioSimulator(SimulatorOptions options, WebhookClient client, BackgroundWork background)
    {
        _options = options.Twilio;
        var account = new TwilioAccount(options.Twilio, options.KeepMessages, options.Clock);
        var webhooks = new TwilioWebhooks(options.Twilio, account.Script, client);
        var receipts = new TwilioReceipts(account, webhooks, client, background, options.ReceiptDelay);

        _messages = new TwilioMessagesApi(account, receipts, background);
        _media = new TwilioMediaApi(account, options.BaseUrl);
        _content = new TwilioContentApi(account);
        _control = new TwilioControl(account, new TwilioInbound(account, webhooks, options), receipts, background);
    }

    public string Carrier => Name;

    public void MapApi(IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup($"/{TwilioMessageResource.Version}/Accounts/{{account}}");
        api.AddEndpointFilter(async (call, next) =>
            TwilioCredentials.Refuse(call.HttpContext.Request, _options) is { } refusal ? refusal.ToResult() : await next(call));
        _messages.Map(api);
        _media.Map(api);
        _media.MapLinks(routes);
        _content.Map(routes);
    }

    public void MapControl(IEndpointRouteBuilder routes) => _control.Map(routes);
}
