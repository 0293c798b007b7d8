using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Omni.Simulators.MessageBird;

/// <summary>The list of the Integrations API, which has a host of its own (<c>integrations.messagebird.com</c>).</summary>
internal sealed class MessageBirdIntegrationsApi(MessageBirdAccount account)
{
    private const int DefaultLimit = 20, MaxLimit = 100;

    public void Map(IEndpointRouteBuilder routes) => routes.MapGet("/v3/platforms/whatsapp/templates", (HttpRequest request) =>
    {
        var limit = Math.Clamp(Number(request.Query["limit"]) ?? DefaultLimit, 1, MaxLimit);
        var offset = Math.Max(Number(request.Query["offset"]) ?? 0, 0);
        var all = account.Options.Templates.OrderBy(template => template.Key, StringComparer.Ordinal).ToArray();
        var shown = all.Skip(offset).Take(limit).ToArray();
        return Results.Json(new JsonObject
        {
            ["offset"] = offset,
            ["limit"] = limit,
            ["count"] = shown.Length,
            ["totalCount"] = all.Length,
            ["items"] = new JsonArray([.. shown.Select(template => Show(template.Key, template.Value))]),
        });
    });

    private JsonObject Show(string name, string body) => new()
    {
        ["name"] = name,
        ["language"] = "nl",
        ["category"] = "UTILITY",
        ["status"] = "APPROVED",
        ["namespace"] = account.Options.TemplateNamespace,
        ["components"] = new JsonArray(new JsonObject { ["type"] = "BODY", ["text"] = body }),
    };

    private static int? Number(string? text) => int.TryParse(text, CultureInfo.InvariantCulture, out var number) ? number : null;
}
