using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Omni.Simulators.Phones;

namespace Omni.Simulators.WhatsApp;

/// <summary>A person reads: one message, or all that a number sent them.</summary>
internal sealed record WhatsAppReadOrder
{
    public string? Id { get; init; }
    public string? Person { get; init; }
    public string? Number { get; init; }

    /// <summary><c>read</c>, or <c>played</c> for voice notes.</summary>
    public string Status { get; init; } = "read";
}

/// <summary>A receipt ordered by hand.</summary>
internal sealed record WhatsAppReceiptOrder
{
    public required string Id { get; init; }
    public required string Status { get; init; }
    public int? ErrorCode { get; init; }
}

/// <summary>A person's own switch for marketing.</summary>
internal sealed record WhatsAppPreferenceOrder
{
    public required string From { get; init; }
    public required string To { get; init; }

    /// <summary><c>stop</c> or <c>resume</c>.</summary>
    public required string Value { get; init; }
}

/// <summary>Any other webhook.</summary>
internal sealed record WhatsAppEventOrder
{
    public required string To { get; init; }
    public required string Field { get; init; }
    public required JsonObject Value { get; init; }
}

/// <summary>Several people at once.</summary>
internal sealed record WhatsAppBatchOrder
{
    public required IReadOnlyList<WhatsAppInboundOrder> Messages { get; init; }
}

/// <summary>The measures of the two limits.</summary>
internal sealed record WhatsAppRateOrder(RateLimit? Number = null, RateLimit? Pair = null);

/// <summary>The control API, for people and tests: what was submitted, what was refused, and how to play the other side.</summary>
internal sealed class WhatsAppControl(
    WhatsAppAccount account, WhatsAppInbound inbound, WhatsAppReceipts receipts, WhatsAppWebhooks webhooks, BackgroundWork background)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        account.Script.Map(routes);
        var phones = new PhoneEndpoints(new WhatsAppPhones(account, this), account.Script, account.Clock);
        phones.Map(routes);
        MapPeople(routes);
        MapRecords(routes);

        routes.MapPost("/receipts", (HttpRequest request) => SimulatorJson.HandleAsync<WhatsAppReceiptOrder>(request, async order =>
            account.Messages.Find(order.Id) is { } message
                ? SimulatorJson.Result(await receipts.PostAsync([message], order.Status, order.ErrorCode, background.Stopping))
                : SimulatorJson.Refuse("id is unknown.")))
            .WithSummary("Sends one receipt {id, status, errorCode?}, late or out of turn; the message's own status stays as it is");

        routes.MapPost("/event", (HttpRequest request) => SimulatorJson.HandleAsync<WhatsAppEventOrder>(request, async order =>
            account.NumberOf(order.To) is { } number
                ? SimulatorJson.Result(
                    await webhooks.PostAsync([new(number, order.Field, order.Value)], rawUnicode: false, background.Stopping))
                : SimulatorJson.Refuse("to must be one of the account's numbers.")))
            .WithSummary("Sends any webhook {to, field, value}");

        routes.MapPost("/verify", async (string? token) =>
        {
            var (challenge, answer) = await webhooks.VerifyAsync(token, background.Stopping);
            return SimulatorJson.Result(new { challenge, answer.Status, answer.ContentType, answer.Body, answer.Error });
        }).WithSummary("Asks the webhook the question of its set-up, with the right token or ?token=");

        routes.MapPost("/rate", (HttpRequest request) => SimulatorJson.HandleAsync<WhatsAppRateOrder>(request, order =>
        {
            foreach (var (limit, buckets)
                in ((RateLimit?, SenderBuckets)[])[(order.Number, account.Rates), (order.Pair, account.PairRates)])
            {
                if (limit is { PerSecond: < 0 } or { Burst: < 1 })
                    return Task.FromResult(SimulatorJson.Refuse("perSecond must be 0 or more, burst 1 or more."));
                if (limit is not null) buckets.Use(limit);
            }

            return Task.FromResult(SimulatorJson.Result(order));
        })).WithSummary("Sets the limits {number?:{perSecond, burst}, pair?:{perSecond, burst}}; over them the answer is 130429 or 131056");

        routes.MapPost("/reset", () =>
        {
            background.Reset();
            account.Reset();
            phones.Reset();
            return Results.NoContent();
        }).WithSummary("Forgets everything: messages, media, rules, windows, limits, receipts and repeated calls under way");
    }

    private void MapPeople(IEndpointRouteBuilder routes)
    {
        routes.MapPost(
            "/inbound", (HttpRequest request) => SimulatorJson.HandleAsync<WhatsAppInboundOrder>(request, order => ReceiveAsync([order])))
            .WithSummary("A person sends {from, to, body | media:{type, contentType, base64?, sizeBytes?, caption?, filename?, expired?} | "
                + "choice:{id, title?} | button:{text, payload?} | location | contacts | reaction | raw, replyTo?, profileName?, "
                + "hidesNumber?, messageId?, rawUnicode?}; answers what the webhook answered, and opens the 24-hour window");

        routes.MapPost(
            "/batch",
            (HttpRequest request) => SimulatorJson.HandleAsync<WhatsAppBatchOrder>(request, order => ReceiveAsync(order.Messages)))
            .WithSummary("Several people at once {messages:[…]}: one webhook call, an entry for each number");

        routes.MapPost("/read", (HttpRequest request) => SimulatorJson.HandleAsync<WhatsAppReadOrder>(request, ReadAsync))
            .WithSummary("A person reads one message {id}, or all that a number sent them {person, number}; {status:played} for voice "
                + "notes. One webhook call");

        routes.MapPost("/preferences", (HttpRequest request) => SimulatorJson.HandleAsync<WhatsAppPreferenceOrder>(request, PreferAsync))
            .WithSummary("A person stops or resumes marketing with WhatsApp's own switch {from, to, value:stop|resume}");
    }

    private void MapRecords(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/messages", (string? to, string? from) => SimulatorJson.Result(
            account.Messages.All()
                .Where(message => (to ?? message.Send.To ?? message.Send.Recipient) == (message.Send.To ?? message.Send.Recipient)
                    && (from ?? message.Number.Phone) == message.Number.Phone)
                .Select(message => message.Snapshot())))
            .WithSummary(
                "Everything accepted, oldest first: request, statuses, webhook calls and the answers to them; ?to= and ?from= filter");

        routes.MapGet(
            "/messages/{id}",
            (string id) => account.Messages.Find(id) is { } message ? SimulatorJson.Result(message.Snapshot()) : Results.NotFound())
            .WithSummary("One message");

        routes.MapGet("/refused", () => SimulatorJson.Result(account.Refused.All()))
            .WithSummary("Every call that was refused, with its code");

        routes.MapGet("/reads", () => SimulatorJson.Result(account.ReadMarks.All()))
            .WithSummary("The inbound messages that were marked as read");

        routes.MapGet(
            "/numbers",
            () => SimulatorJson.Result(new { own = account.Options.Numbers, account.Options.Templates, endings = WhatsAppPeople.Endings }))
            .WithSummary("The account's numbers and templates, and people's numbers with a meaning");
    }

    public async Task<IResult> ReceiveAsync(IReadOnlyList<WhatsAppInboundOrder> orders) =>
        orders.Select(inbound.Problem).FirstOrDefault(problem => problem is not null) is { } problem
            ? SimulatorJson.Refuse(problem)
            : SimulatorJson.Result(await inbound.ReceiveAsync(orders, background.Stopping));

    public async Task<IResult> ReadAsync(WhatsAppReadOrder order)
    {
        var person = order.Person is ['+', ..] phone
            ? account.People.OfPhone(phone)
            : order.Person is { } user ? account.People.OfUser(user) : null;
        var read = account.Messages.All()
            .Where(message => order.Id is { } id
                ? message.Id == id
                : message.Person == person && (order.Number ?? message.Number.Phone) == message.Number.Phone)
            .Where(message => message.TryRead(order.Status, account.Clock.GetUtcNow()))
            .ToArray();
        if (read.Length > 0) await receipts.PostAsync(read, order.Status, errorCode: null, background.Stopping);
        return SimulatorJson.Result(new { read = read.Select(message => message.Id) });
    }

    private async Task<IResult> PreferAsync(WhatsAppPreferenceOrder order)
    {
        if (account.NumberOf(order.To) is not { } number) return SimulatorJson.Refuse("to must be one of the account's numbers.");
        if (order.Value is not ("stop" or "resume")) return SimulatorJson.Refuse("value must be stop or resume.");

        var person = order.From is ['+', ..] ? account.People.OfPhone(order.From) : account.People.OfUser(order.From);
        account.SetMarketing(number, person, order.Value is "stop");
        var preference = new JsonObject
        {
            ["category"] = "marketing_messages", ["value"] = order.Value, ["detail"] = $"User requested to {order.Value} marketing messages"
        };
        if (person.WaId is { } waId) preference["wa_id"] = waId;
        preference["user_id"] = person.UserId;
        preference["timestamp"] = account.Clock.GetUtcNow().ToUnixTimeSeconds();

        var value = new JsonObject
        {
            ["contacts"] = new JsonArray(WhatsAppInbound.Contact(person)), ["user_preferences"] = new JsonArray(preference)
        };
        return SimulatorJson.Result(
            await webhooks.PostAsync([new(number, "user_preferences", value)], rawUnicode: false, background.Stopping));
    }
}
