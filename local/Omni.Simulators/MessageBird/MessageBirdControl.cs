using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Omni.Simulators.Phones;

namespace Omni.Simulators.MessageBird;

/// <summary>A report ordered by hand.</summary>
internal sealed record MessageBirdReportOrder
{
    public required string Id { get; init; }
    public required string Status { get; init; }
    public int? ErrorCode { get; init; }
}

/// <summary>Which scheme signs from now on.</summary>
internal sealed record MessageBirdSchemeOrder(MessageBirdScheme Scheme);

/// <summary>The control API, for people and tests: what was submitted, what was refused, and how to play the other side.</summary>
internal sealed class MessageBirdControl(
    MessageBirdAccount account, MessageBirdInbound inbound, MessageBirdReceipts receipts, BackgroundWork background)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        account.Script.Map(routes);
        var phones = new PhoneEndpoints(new MessageBirdPhones(account, inbound), account.Script, account.Clock);
        phones.Map(routes);

        routes.MapPost("/inbound", (HttpRequest request) =>
            SimulatorJson.HandleAsync<MessageBirdInboundOrder>(request, order => inbound.ReceiveAsync(order, request)))
            .WithSummary("A person sends {from, to: number|short code|channel, body?, media?:[{contentType, base64?, sizeBytes?, "
                + "expired?}], location?:{latitude, longitude}, reply?:{id, text, description?}, type? with content?, name?, "
                + "extra?:{field:value|null}, id?}; answers what the webhook answered. STOP and START words block and unblock");

        routes.MapPost("/receipts", (HttpRequest request) => SimulatorJson.HandleAsync<MessageBirdReportOrder>(request, ReportAsync))
            .WithSummary(
                "Makes one report {id, status, errorCode?}, late or out of turn, such as read; the message's own status stays as it is");

        routes.MapPost("/signature", (HttpRequest request) => SimulatorJson.HandleAsync<MessageBirdSchemeOrder>(request, order =>
        {
            account.Scheme = order.Scheme;
            return Task.FromResult(SimulatorJson.Result(order));
        })).WithSummary("Signs webhooks by {scheme: jwt|legacy|both} from now on");

        routes.MapPost("/rate", (HttpRequest request) => SimulatorJson.HandleAsync<RateLimit>(request, limit =>
        {
            if (limit is not { PerSecond: >= 0, Burst: >= 1 })
                return Task.FromResult(SimulatorJson.Refuse("perSecond must be 0 or more, burst 1 or more."));
            account.Rates.Use(limit);
            return Task.FromResult(SimulatorJson.Result(limit));
        })).WithSummary("Sets the account's bucket {perSecond, burst}, in messages; over it the answer is 429");

        routes.MapGet("/messages", (string? to, string? from) => SimulatorJson.Result(
            account.Messages.All()
                .Where(message => (to is null || message.Recipients.Any(one => one.Number == Digits(to)))
                    && (from is null || message.From == Digits(from)))
                .Select(message => message.Snapshot())))
            .WithSummary("Everything accepted, oldest first: request, statuses, reports and the answers to them; ?to= and ?from= filter");

        routes.MapGet(
            "/messages/{id}",
            (string id) => account.Messages.Find(id) is { } message ? SimulatorJson.Result(message.Snapshot()) : Results.NotFound())
            .WithSummary("One message");

        routes.MapGet("/refused", () => SimulatorJson.Result(account.Refused.All()))
            .WithSummary("Every send that was refused, with its code");

        routes.MapGet("/numbers", () => SimulatorJson.Result(new
        {
            own = account.Options.Numbers,
            channels = account.Options.Channels,
            templates = account.Options.Templates,
            refusedAsTo = MessageBirdNumbers.Nobody,
            endings = MessageBirdNumbers.Endings,
            conversationEndings = MessageBirdNumbers.ConversationEndings,
            optedOut = account.OptedOut,
        })).WithSummary("The account's senders, channels and templates, numbers with a meaning, and who has opted out");

        routes.MapPost("/reset", () =>
        {
            background.Reset();
            account.Reset();
            phones.Reset();
            return Results.NoContent();
        }).WithSummary("Forgets everything: messages, media, rules, opt-outs, rates, reports under way");
    }

    private async Task<IResult> ReportAsync(MessageBirdReportOrder order)
    {
        if (account.Messages.Find(order.Id) is not { } message) return SimulatorJson.Refuse("id is unknown.");
        var report = await receipts.ReportAsync(message, message.Recipients[0], order.Status, order.ErrorCode, background.Stopping);
        return report is null ? SimulatorJson.Refuse("Nobody asked for reports on this message.") : SimulatorJson.Result(report);
    }

    // A plus in a query may have become a space on its way.
    private static string Digits(string number) => number.TrimStart('+', ' ');
}
