using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Omni.Simulators.Inteliquent;

/// <summary>What a person sends, as a test or the console orders it. Numbers are written with their plus.</summary>
internal sealed record InteliquentInboundOrder
{
    public required string From { get; init; }

    /// <summary>One of the account's numbers.</summary>
    public required string To { get; init; }

    /// <summary>The others of a group; they stand in front of the account's number.</summary>
    public IReadOnlyList<string> Others { get; init; } = [];

    public string? Body { get; init; }
    public IReadOnlyList<InteliquentFile> Media { get; init; } = [];

    /// <summary>Members to add to the call or to replace in it; null takes one away.</summary>
    public IReadOnlyDictionary<string, JsonElement?> Extra { get; init; } = new Dictionary<string, JsonElement?>();

    /// <summary>An earlier message's id, to deliver it a second time. Null: a new one.</summary>
    public string? ReferenceId { get; init; }
}

/// <summary>Plays the person: makes the inbound message and posts it to the webhook.</summary>
internal sealed class InteliquentInbound(InteliquentAccount account, InteliquentWebhook webhook, InteliquentMms mms)
{
    public async Task<IResult> ReceiveAsync(InteliquentInboundOrder order, HttpRequest request)
    {
        var to = InteliquentNumbers.OfPerson(order.To);
        if (!account.Options.OwnNumbers.Contains(to))
            return SimulatorJson.Refuse("to must be one of the account's numbers: GET /sim/inteliquent/numbers");
        if (order.Media.Any(file => file.Content() is null))
            return SimulatorJson.Refuse("media: base64 cannot be read, or sizeBytes is out of range.");

        var id = order.ReferenceId ?? InteliquentAccount.NewInboundId();
        var body = new JsonObject
        {
            ["referenceId"] = id,
            ["from"] = InteliquentNumbers.OfPerson(order.From),
            ["to"] = new JsonArray([.. order.Others.Select(InteliquentNumbers.OfPerson).Append(to).Select(number => (JsonNode)number)]),
            ["text"] = order.Body ?? "",
            ["deliveryReceipt"] = false,
        };
        if (mms.Add(id, order.Media, request) is { Count: > 0 } urls)
            body["mediaUrls"] = new JsonArray([.. urls.Select(url => (JsonNode)url)]);
        foreach (var (name, value) in order.Extra)
        {
            if (value is { ValueKind: not JsonValueKind.Null } element) body[name] = JsonSerializer.SerializeToNode(element);
            else body.Remove(name);
        }

        account.Written.Add(
            order.From,
            "+" + to,
            id,
            account.Clock.GetUtcNow(),
            order.Body,
            order.Media.Select(file => (file.ContentType, file.Content()!)));
        var answer = await webhook.PostAsync(webhook.UrlFor(request), body.ToJsonString(), request.HttpContext.RequestAborted);
        return SimulatorJson.Result(
            new { referenceId = id, answer.Status, answer.Body, answer.ContentType, answer.Error, answer.Attempts, call = body });
    }
}
