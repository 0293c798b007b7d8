using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Omni.Simulators.Phones;

namespace Omni.Simulators.Bandwidth;

/// <summary>A receipt ordered by hand.</summary>
internal sealed record BandwidthReceiptOrder
{
    public required string Id { get; init; }
    public required string Type { get; init; }
    public int? ErrorCode { get; init; }

    /// <summary>The recipient of a group; null: the first one.</summary>
    public string? To { get; init; }
}

/// <summary>The control API, for people and tests: what was submitted, what was refused, and how to play the other side.</summary>
internal sealed class BandwidthControl(
    BandwidthAccount account, BandwidthInbound inbound, BandwidthReceipts receipts, BandwidthCallbacks callbacks, BackgroundWork background)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        account.Script.Map(routes);
        var phones = new PhoneEndpoints(new BandwidthPhones(account, inbound), account.Script, account.Clock);
        phones.Map(routes);

        routes.MapPost("/inbound", (HttpRequest request) =>
            SimulatorJson.HandleAsync<BandwidthInboundOrder>(request, order => inbound.ReceiveAsync(order, request)))
            .WithSummary("A person sends {from, to, body?, media?:[{contentType, filename?, base64?, sizeBytes?, expired?}], "
                + "participants?:[number], suggestion?:{text, postbackData, pairedMessageId?}, location?:{latitude, longitude}, "
                + "extra?:{member:value|null}, messageId?}; answers what the webhook answered. STOP to a toll-free number blocks, "
                + "START and UNSTOP unblock");

        routes.MapPost("/receipts", (HttpRequest request) => SimulatorJson.HandleAsync<BandwidthReceiptOrder>(request, PostReceiptAsync))
            .WithSummary("Makes one callback {id, type, errorCode?, to?}, late or out of turn; the message's own status stays as it is");

        routes.MapPost(
            "/callbacks", (HttpRequest request) => SimulatorJson.HandleAsync<JsonElement?>(request, async body => SimulatorJson.Result(
                await callbacks.DeliverAsync(callbacks.UrlFor($"{request.Scheme}://{request.Host}"), body!.Value, background.Stopping))))
            .WithSummary("Makes a callback of the JSON that it is given, whatever that is: several events in one array, kinds that do "
                + "not exist yet");

        routes.MapPost("/rate", (HttpRequest request) => SimulatorJson.HandleAsync<RateLimit>(request, limit =>
        {
            if (limit is not { PerSecond: >= 0, Burst: >= 1 })
                return Task.FromResult(SimulatorJson.Refuse("perSecond must be 0 or more, burst 1 or more."));
            account.Queue.Use(limit);
            return Task.FromResult(SimulatorJson.Result(limit));
        })).WithSummary(
            "Sets the account's queue {perSecond, burst}, in segments; over it the answer is 429 with max-message-queue-size-exceeded");

        routes.MapPost("/tokens/revoke", () =>
        {
            account.Tokens.Revoke();
            return Results.NoContent();
        }).WithSummary("No token given out so far is good any more: the next call with one is answered 401");

        routes.MapGet("/messages", (string? to, string? from) => SimulatorJson.Result(
            account.Messages.All()
                .Where(message => message.IsOutbound && (to is null || message.To.Contains(to)) && (from ?? message.From) == message.From)
                .Select(message => message.Snapshot())))
            .WithSummary(
                "Everything accepted, oldest first: requests, statuses, callbacks and the answers to them; ?to= and ?from= filter");

        routes.MapGet(
            "/messages/{id}",
            (string id) => account.Messages.Find(id) is { } message ? SimulatorJson.Result(message.Snapshot()) : Results.NotFound())
            .WithSummary("One message, in either direction");

        routes.MapGet("/refused", () => SimulatorJson.Result(account.Refused.All()))
            .WithSummary("Every submission that was refused, with its type");

        routes.MapGet("/numbers", () => SimulatorJson.Result(
            new { own = account.Options.OwnNumbers, account.Options.ApplicationId, tokensIssued = account.Tokens.Issued }))
            .WithSummary("The account's numbers, its application, and how many tokens were given out");

        routes.MapPost("/reset", () =>
        {
            background.Reset();
            account.Reset();
            phones.Reset();
            return Results.NoContent();
        }).WithSummary("Forgets everything: messages, files, rules, blocks, rates, receipts under way");
    }

    private async Task<IResult> PostReceiptAsync(BandwidthReceiptOrder order)
    {
        if (account.Messages.Find(order.Id) is not { IsOutbound: true } message) return SimulatorJson.Refuse("id is unknown.");
        return SimulatorJson.Result(
            await receipts.PostAsync(message, order.To ?? message.To[0], order.Type, order.ErrorCode, background.Stopping));
    }
}
