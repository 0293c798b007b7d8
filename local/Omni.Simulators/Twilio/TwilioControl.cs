using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Omni.Simulators.Phones;

namespace Omni.Simulators.Twilio;

/// <summary>A receipt ordered by hand.</summary>
internal sealed record TwilioReceiptOrder
{
    public required string Sid { get; init; }
    public required string Status { get; init; }
    public int? ErrorCode { get; init; }
}

/// <summary>The control API, for people and tests: what was submitted, what was refused, and how to play the other side.</summary>
internal sealed class TwilioControl(TwilioAccount account, TwilioInbound inbound, TwilioReceipts receipts, BackgroundWork background)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        account.Script.Map(routes);
        var phones = new PhoneEndpoints(new TwilioPhones(account, inbound), account.Script, account.Clock);
        phones.Map(routes);

        routes.MapPost("/inbound", (HttpRequest request) =>
            SimulatorJson.HandleAsync<TwilioInboundOrder>(request, order => inbound.ReceiveAsync(order, request)))
            .WithSummary("A person sends {from, to, body?, media?:[{contentType, base64?, sizeBytes?, expired?}], messagingServiceSid?, "
                + "optOutType?, extra?:{field:value|null}, messageSid?}; answers what the webhook answered. STOP, START and HELP words "
                + "block and unblock");

        routes.MapPost("/receipts", (HttpRequest request) => SimulatorJson.HandleAsync<TwilioReceiptOrder>(request, PostReceiptAsync))
            .WithSummary("Sends one receipt {sid, status, errorCode?}, late or out of turn; the message's own status stays as it is");

        routes.MapPost("/rate", (HttpRequest request) => SimulatorJson.HandleAsync<RateLimit>(request, limit =>
        {
            if (limit is not { PerSecond: >= 0, Burst: >= 1 })
                return Task.FromResult(SimulatorJson.Refuse("perSecond must be 0 or more, burst 1 or more."));
            account.Rates.Use(limit);
            return Task.FromResult(SimulatorJson.Result(limit));
        })).WithSummary("Sets every sender's bucket {perSecond, burst}, in message parts; over it the answer is 429 with 20429");

        routes.MapGet("/messages", (string? to, string? from) => SimulatorJson.Result(
            account.Messages.All()
                .Where(message => message.IsOutbound && (to ?? message.To) == message.To && (from ?? message.Sender) == message.Sender)
                .Select(message => message.Snapshot())))
            .WithSummary("Everything accepted, oldest first, one entry for each submission: parameters, statuses, callbacks and the "
                + "answers to them; ?to= and ?from= filter");

        routes.MapGet(
            "/messages/{sid}",
            (string sid) => account.Messages.Find(sid) is { } message ? SimulatorJson.Result(message.Snapshot()) : Results.NotFound())
            .WithSummary("One message, in either direction");

        routes.MapGet("/refused", () => SimulatorJson.Result(account.Refused.All()))
            .WithSummary("Every create call that was refused, with its code");

        routes.MapGet("/numbers", () => SimulatorJson.Result(Numbers()))
            .WithSummary("The account's senders and services, numbers with a meaning, and who has opted out");

        routes.MapPost("/reset", () =>
        {
            background.Reset();
            account.Reset();
            phones.Reset();
            return Results.NoContent();
        }).WithSummary("Forgets everything: messages, media, rules, opt-outs, rates, receipts under way");
    }

    private async Task<IResult> PostReceiptAsync(TwilioReceiptOrder order)
    {
        if (account.Messages.Find(order.Sid) is not { } message) return SimulatorJson.Refuse("sid is unknown.");
        var callback = await receipts.PostAsync(message, order.Status, order.ErrorCode, background.Stopping);
        return callback is null ? SimulatorJson.Refuse("The message has no StatusCallback.") : SimulatorJson.Result(callback);
    }

    private object Numbers() => new
    {
        own = account.Options.OwnNumbers,
        services = account.Options.Services,
        templates = account.Options.ContentTemplates,
        refusedAsFrom = TwilioNumbers.RefusedSenders,
        refusedAsTo = TwilioNumbers.RefusedRecipients,
        endings = TwilioNumbers.Endings,
        optedOut = account.OptOuts.All(),
    };
}
