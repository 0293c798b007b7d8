using Microsoft.AspNetCore.Routing;
using Omni.Simulators.Webhooks;

namespace Omni.Simulators.Inteliquent;

/// <summary>
/// Inteliquent's message broker, as its API description (version 2.0.0) and the clients that ran against it show it.
/// <c>INTELIQUENT_BASE_URL</c> is <c>http://host:port/inteliquent</c> and stands for
/// <c>https://messagebroker.inteliquent.com/msgbroker/rest</c>.
/// </summary>
internal sealed class InteliquentSimulator : ISimulator
{
    public const string Name = "inteliquent";

    private readonly InteliquentBroker _broker;
    private readonly InteliquentMms _mms;
    private readonly InteliquentControl _control;

    public InteliquentSimulator(SimulatorOptions options, WebhookClient client, BackgroundWork background)
    {
        var account = new InteliquentAccount(options.Inteliquent, options.KeepMessages, options.Clock);
        var webhook = new InteliquentWebhook(account, client, options.WebhookBaseUrl);
        var receipts = new InteliquentReceipts(account, webhook, background, options.ReceiptDelay);

        _broker = new InteliquentBroker(account, receipts, background);
        _mms = new InteliquentMms(options.BaseUrl);
        _control = new InteliquentControl(account, new InteliquentInbound(account, webhook, _mms), receipts, _mms, background);
    }

    public string Carrier => Name;

    public void MapApi(IEndpointRouteBuilder routes)
    {
        _broker.Map(routes);
        _mms.Map(routes);
    }

    public void MapControl(IEndpointRouteBuilder routes) => _control.Map(routes);
}
