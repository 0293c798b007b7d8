using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Omni.Simulators.Webhooks;

namespace Omni.Simulators.MessageBird;

/// <summary>
/// MessageBird of the classic kind. <c>MESSAGEBIRD_BASE_URL</c> is <c>http://host:port/messagebird</c>: it stands for
/// <c>https://rest.messagebird.com</c>, and with <c>/v1</c> behind it for <c>https://conversations.messagebird.com/v1</c>; with
/// <c>/v3</c> for <c>https://integrations.messagebird.com/v3</c>.
/// </summary>
internal sealed class MessageBirdSimulator : ISimulator
{
    public const string Name = "messagebird";

    private readonly MessageBirdAccount _account;
    private readonly MessageBirdSends _sends;
    private readonly MessageBirdRestApi _rest;
    private readonly MessageBirdConversationsApi _conversations;
    private readonly MessageBirdIntegrationsApi _integrations;
    private readonly MessageBirdControl _control;

    public MessageBirdSimulator(SimulatorOptions options, WebhookClient client, BackgroundWork background)
    {
        _account = new(options.MessageBird, options.KeepMessages, options.Clock);
        var webhooks = new MessageBirdWebhooks(_account, client);
        var receipts = new MessageBirdReceipts(_account, webhooks, client, background, options.ReceiptDelay);
        _sends = new(_account, receipts, background);
        _rest = new(_account, _sends, options);
        _conversations = new(_account, _sends, webhooks, background, options);
        _integrations = new(_account);
        _control = new(_account, new MessageBirdInbound(_account, webhooks, options), receipts, background);
    }

    public string Carrier => Name;

    /// <summary>Where inbound messages go, and the reports of messages that name no other place.</summary>
    public static string WebhookUrl(SimulatorOptions options, HttpRequest call) =>
        $"{(options.WebhookBaseUrl?.ToString() ?? $"{call.Scheme}://{call.Host}").TrimEnd('/')}/webhooks/{Name}";

    /// <summary>How the simulator is reached from outside.</summary>
    public static string HostOf(SimulatorOptions options, HttpRequest call) =>
        options.BaseUrl?.GetLeftPart(UriPartial.Path).TrimEnd('/') ?? $"{call.Scheme}://{call.Host}";

    public void MapApi(IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup("");
        api.AddEndpointFilter(async (call, next) =>
        {
            var request = call.HttpContext.Request;
            if (_sends.IsSignedIn(request)) return await next(call);
            return (request.Path.Value!.Contains("/v1/", StringComparison.Ordinal)
                ? MessageBirdError.WrongKeyOfConversations
                : MessageBirdError.WrongKey).ToResult();
        });
        _rest.Map(api);
        _conversations.Map(api);
        _integrations.Map(api);
        api.MapGet("/media/{id}", (string id) => _account.Media.Find(id) is { Gone: false } file
            ? Results.Bytes(file.Content, file.ContentType)
            : MessageBirdError.NotFound.ToResult());
        api.Map("/{**path}", () => MessageBirdError.NoSuchApi.ToResult());
    }

    public void MapControl(IEndpointRouteBuilder routes) => _control.Map(routes);
}
