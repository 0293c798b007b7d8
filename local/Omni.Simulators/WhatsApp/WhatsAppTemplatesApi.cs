using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Omni.Simulators.WhatsApp;

/// <summary>The templates of the business account, each in each of its languages.</summary>
internal sealed class WhatsAppTemplatesApi(WhatsAppAccount account)
{
    private const int DefaultLimit = 25, MaxLimit = 1000;

    public void Map(IEndpointRouteBuilder routes) => routes.MapGet("/{account}/message_templates", List);

    private IResult List(HttpRequest request)
    {
        if ((string?)request.RouteValues["account"] != account.Options.AccountId)
        {
            return WhatsAppError.Of(
                WhatsAppError.Parameter, "Object does not exist, or cannot be loaded due to missing permissions.").ToResult();
        }

        var (status, after) = (request.Query["status"].ToString(), request.Query["after"].ToString());
        var limit = Math.Clamp(Number(request.Query["limit"]) ?? DefaultLimit, 1, MaxLimit);
        var start = after.StartsWith("at", StringComparison.Ordinal) ? Number(after[2..]) ?? 0 : 0;
        var all = account.Options.Templates.Where(template => status.Length == 0 || template.Status == status)
            .SelectMany(template => template.Languages.Select(language => (Template: template, Language: language))).ToArray();
        var shown = all.Skip(start).Take(limit).ToArray();
        var paging = new JsonObject
        {
            ["cursors"] = new JsonObject { ["before"] = $"at{start}", ["after"] = $"at{start + shown.Length}" },
        };
        if (start + shown.Length < all.Length)
            paging["next"] = $"{account.ApiUrl}{request.Path}?limit={limit}&after=at{start + shown.Length}";
        return Results.Json(new JsonObject
        {
            ["data"] = new JsonArray([.. shown.Select(one => Show(one.Template, one.Language))]),
            ["paging"] = paging,
        });
    }

    private static JsonObject Show(WhatsAppTemplate template, string language)
    {
        var components = new JsonArray();
        if (template.Header is { } header)
        {
            components.Add(header == "text"
                ? new JsonObject { ["type"] = "HEADER", ["format"] = "TEXT", ["text"] = "{{1}}" }
                : new JsonObject { ["type"] = "HEADER", ["format"] = header.ToUpperInvariant() });
        }

        var places = string.Concat(template.Variables.Select(name => $" {{{{{name}}}}}"));
        components.Add(new JsonObject { ["type"] = "BODY", ["text"] = $"The text of {template.Name}.{places}" });
        if (template.Buttons.Count > 0)
        {
            components.Add(new JsonObject
            {
                ["type"] = "BUTTONS",
                ["buttons"] = new JsonArray(
                    [.. template.Buttons.Select(kind => new JsonObject { ["type"] = kind.ToUpperInvariant(), ["text"] = kind })]),
            });
        }

        return new()
        {
            ["name"] = template.Name,
            ["parameter_format"] = template.IsPositional ? "POSITIONAL" : "NAMED",
            ["components"] = components,
            ["language"] = language,
            ["status"] = template.Status,
            ["category"] = template.Category,
            ["id"] = "7" + string.Concat((template.Name + language).Select(c => (c % 10).ToString(CultureInfo.InvariantCulture)))[..12],
        };
    }

    private static int? Number(string? text) => int.TryParse(text, CultureInfo.InvariantCulture, out var number) ? number : null;
}
