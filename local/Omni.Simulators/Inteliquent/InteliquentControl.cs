using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Omni.Simulators.Phones;

namespace Omni.Simulators.Inteliquent;

/// <summary>A receipt ordered by hand.</summary>
internal sealed record InteliquentReceiptOrder
{
    public required string ReferenceId { get; init; }

    /// <summary>The state, in the words of SMPP.</summary>
    public required string Status { get; init; }

    public string ErrorCode { get; init; } = "000";
}

/// <summary>Which formula makes the hash headers from now on.</summary>
internal sealed record InteliquentHashOrder(InteliquentHash Hash);

/// <summary>The control API, for people and tests: what was submitted, what was refused, and how to play the other side.</summary>
internal sealed class InteliquentControl(
    InteliquentAccount account, InteliquentInbound inbound, InteliquentReceipts receipts, InteliquentMms mms, BackgroundWork background)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        account.Script.Map(routes);
        var phones = new PhoneEndpoints(new InteliquentPhones(account, inbound), account.Script, account.Clock);
        phones.Map(routes);

        routes.MapPost("/inbound", (HttpRequest request) =>
            SimulatorJson.HandleAsync<InteliquentInboundOrder>(request, order => inbound.ReceiveAsync(order, request)))
            .WithSummary("A person sends {from, to, others?:[], body?, media?:[{contentType, base64?, sizeBytes?, expired?}], "
                + "extra?:{member:value|null}, referenceId?}; answers what the webhook answered");

        routes.MapPost("/receipts", (HttpRequest request) => SimulatorJson.HandleAsync<InteliquentReceiptOrder>(request, PostReceiptAsync))
            .WithSummary(
                "Sends one receipt {referenceId, status, errorCode?}, late or out of turn; the message's own state stays as it is");

        routes.MapPost("/hash", (HttpRequest request) => SimulatorJson.HandleAsync<InteliquentHashOrder>(request, order =>
        {
            account.Hash = order.Hash;
            return Task.FromResult(SimulatorJson.Result(order));
        })).WithSummary("Chooses the formula of the hash headers {hash: hmac|sha256}");

        routes.MapPost("/rate", (HttpRequest request) => SimulatorJson.HandleAsync<RateLimit>(request, limit =>
        {
            if (limit is not { PerSecond: >= 0, Burst: >= 1 })
                return Task.FromResult(SimulatorJson.Refuse("perSecond must be 0 or more, burst 1 or more."));
            account.Rates.Use(limit);
            return Task.FromResult(SimulatorJson.Result(limit));
        })).WithSummary("Sets every number's bucket {perSecond, burst}, in messages; over it the answer is 429");

        routes.MapGet("/messages", (string? to, string? from) => SimulatorJson.Result(
            account.Messages.All()
                .Where(message => IsOne(message.To, to) && IsOne(message.From, from))
                .Select(message => message.Snapshot())))
            .WithSummary("Everything accepted, oldest first, one entry for each recipient: state, receipts and the answers to them; "
                + "?to= and ?from= filter");

        routes.MapGet("/messages/{referenceId}", (string referenceId) =>
            account.Messages.Find(referenceId) is { } message ? SimulatorJson.Result(message.Snapshot()) : Results.NotFound())
            .WithSummary("One message");

        routes.MapGet("/refused", () => SimulatorJson.Result(account.Refused.All()))
            .WithSummary("Every call that was refused, with its code");

        routes.MapGet("/numbers", () => SimulatorJson.Result(new
        {
            own = account.Options.OwnNumbers,
            declined = InteliquentNumbers.Declined,
            notTaken = InteliquentNumbers.NotTaken,
            endings = InteliquentNumbers.Endings,
        })).WithSummary("The account's numbers, and numbers with a meaning");

        routes.MapPost("/reset", () =>
        {
            background.Reset();
            account.Reset();
            phones.Reset();
            mms.Clear();
            return Results.NoContent();
        }).WithSummary("Forgets everything: messages, files, rules, rates, receipts under way");
    }

    private static bool IsOne(string number, string? filter) => filter is null || number == InteliquentNumbers.OfPerson(filter.Trim());

    private async Task<IResult> PostReceiptAsync(InteliquentReceiptOrder order) =>
        account.Messages.Find(order.ReferenceId) is { } message
            ? SimulatorJson.Result(await receipts.PostAsync(message, order.Status, order.ErrorCode, background.Stopping))
            : SimulatorJson.Refuse("referenceId is unknown.");
}
