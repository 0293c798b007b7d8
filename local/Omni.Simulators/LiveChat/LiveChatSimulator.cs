using Microsoft.AspNetCore.Routing;
using Omni.Simulators.Webhooks;

namespace Omni.Simulators.LiveChat;

/// <summary>
/// LiveChat's Agent Chat API. <c>LIVECHAT_BASE_URL</c> is <c>http://host:port/livechat</c> and stands for
/// <c>https://api.livechatinc.com</c>.
/// </summary>
internal sealed class LiveChatSimulator : ISimulator
{
    public const string Name = "livechat";

    private readonly LiveChatApi _api;
    private readonly LiveChatFiles _files;
    private readonly LiveChatControl _control;

    public LiveChatSimulator(SimulatorOptions options, WebhookClient client, BackgroundWork background)
    {
        var account = new LiveChatAccount(options.LiveChat, options.KeepMessages, options.Clock);
        var webhooks = new LiveChatWebhooks(account, client, options.WebhookBaseUrl);
        var receipts = new LiveChatReceipts(account, webhooks, background, options.ReceiptDelay);

        _files = new LiveChatFiles(account, options.BaseUrl);
        _api = new LiveChatApi(account, _files, receipts, webhooks, background);
        _control = new LiveChatControl(account, new LiveChatPeople(account, _files, webhooks), receipts, background);
    }

    public string Carrier => Name;

    public void MapApi(IEndpointRouteBuilder routes)
    {
        _api.Map(routes);
        _files.Map(routes);
    }

    public void MapControl(IEndpointRouteBuilder routes) => _control.Map(routes);
}
