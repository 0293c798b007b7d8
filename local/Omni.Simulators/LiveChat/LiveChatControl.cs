using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Omni.Simulators.Phones;

namespace Omni.Simulators.LiveChat;

/// <summary>A chat to do something with.</summary>
internal sealed record LiveChatChatOrder
{
    public required string Chat { get; init; }

    /// <summary>Up to when it was seen, RFC 3339. Null: all of it.</summary>
    public string? UpTo { get; init; }
}

/// <summary>A customer to ban, or to allow again; known by their chat or by themselves.</summary>
internal sealed record LiveChatBanOrder
{
    public string? Chat { get; init; }
    public string? Customer { get; init; }
    public bool Banned { get; init; } = true;
}

/// <summary>The control API, for people and tests: what was sent, what was refused, and how to play the other side.</summary>
internal sealed class LiveChatControl(LiveChatAccount account, LiveChatPeople people, LiveChatReceipts receipts, BackgroundWork background)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        account.Script.Map(routes);
        var phones = new PhoneEndpoints(new LiveChatPhones(account, this, people), account.Script, account.Clock);
        phones.Map(routes);

        routes.MapPost(
            "/inbound",
            (HttpRequest request) => SimulatorJson.HandleAsync<LiveChatInboundOrder>(request, order => people.WriteAsync(order, request)))
            .WithSummary("A customer writes {chat?, customer?, name?, text | file:{contentType, name?, base64?, gone?} | "
                + "form:{label:answer}, agent?, internal?, eventId?}; opens a chat where there is none; answers with its id and what the "
                + "webhook answered");

        routes.MapPost(
            "/postback",
            (HttpRequest request) => SimulatorJson.HandleAsync<LiveChatPostbackOrder>(request, order => people.PressAsync(order, request)))
            .WithSummary("The customer presses a button {chat, button, toggled?} of the newest rich message that has it");

        routes.MapPost(
            "/seen", (HttpRequest request) => SimulatorJson.HandleAsync<LiveChatChatOrder>(request, order => SeeAsync(order, request)))
            .WithSummary("The customer looks at the chat {chat, upTo?}");

        routes.MapPost(
            "/close",
            (HttpRequest request) => SimulatorJson.HandleAsync<LiveChatChatOrder>(request, order => people.CloseAsync(order.Chat, request)))
            .WithSummary("The chat {chat} is closed");

        routes.MapPost("/customers", (HttpRequest request) => SimulatorJson.HandleAsync<LiveChatInboundOrder>(request, order =>
        {
            lock (account.Gate)
                return Task.FromResult(SimulatorJson.Result(new { customerId = account.Customer(order.Customer, order.Name).Id }));
        })).WithSummary("Somebody {customer?, name?} comes to the page, and has no chat yet");

        routes.MapPost("/ban", (HttpRequest request) => SimulatorJson.HandleAsync<LiveChatBanOrder>(request, Ban))
            .WithSummary("Bans a customer {chat | customer, banned?}");

        routes.MapPost("/rate", (HttpRequest request) => SimulatorJson.HandleAsync<RateLimit>(request, limit =>
        {
            if (limit is not { PerSecond: >= 0, Burst: >= 1 })
                return Task.FromResult(SimulatorJson.Refuse("perSecond must be 0 or more, burst 1 or more."));
            account.Rates.Use(limit);
            return Task.FromResult(SimulatorJson.Result(limit));
        })).WithSummary("Sets the license's bucket {perSecond, burst}, in calls; over it the answer is 429 too_many_requests");

        routes.MapGet("/messages", (string? to) => SimulatorJson.Result(
            account.Messages.All().Where(m => to is null || to == m.ChatId || to == m.CustomerId).Select(m => m.Snapshot())))
            .WithSummary("Every event that was taken from us, oldest first, with the webhooks that told of it; ?to= a chat or a customer");

        routes.MapGet("/chats", () =>
        {
            lock (account.Gate)
                return SimulatorJson.Result(account.Chats.Select(chat => chat.Show(chat.Threads.LastOrDefault())).ToArray());
        }).WithSummary("Every chat with its newest thread");

        routes.MapGet("/refused", () => SimulatorJson.Result(account.Refused.All()))
            .WithSummary("Every call that was refused, with its type");

        routes.MapPost("/reset", () =>
        {
            background.Reset();
            account.Reset();
            phones.Reset();
            return Results.NoContent();
        }).WithSummary("Forgets everything: chats, customers, files, rules, rates, webhooks under way");
    }

    public Task<IResult> SeeAsync(LiveChatChatOrder order, HttpRequest request)
    {
        LiveChatChat? chat;
        lock (account.Gate) chat = account.FindChat(order.Chat);
        return chat is null
            ? Task.FromResult(SimulatorJson.Refuse("There is no such chat."))
            : people.TellAsync(chat, null, LiveChatReceipts.Seen, receipts.See(chat.Id, order.UpTo), request);
    }

    private Task<IResult> Ban(LiveChatBanOrder order)
    {
        lock (account.Gate)
        {
            if ((account.FindChat(order.Chat)?.Customer ?? account.FindCustomer(order.Customer)) is not { } customer)
                return Task.FromResult(SimulatorJson.Refuse("There is no such customer."));
            customer.Banned = order.Banned;
            return Task.FromResult(SimulatorJson.Result(new { customerId = customer.Id, customer.Banned }));
        }
    }
}
