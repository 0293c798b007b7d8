using System.Text.Json;

namespace Omni.Simulators.WhatsApp;

/// <summary>Whether a template's values fit the template.</summary>
internal static class WhatsAppTemplateChecks
{
    private const int CountMismatch = 132000,
        Unknown = 132001,
        FormatMismatch = 132012,
        Paused = 132015,
        Disabled = 132016,
        NoPhone = 131062;
    private const int MaxParameter = 1024, MaxLoneParameter = 32768;

    public static WhatsAppError? Check(WhatsAppSend send, WhatsAppAccount account, WhatsAppChecks checks)
    {
        var language = send.Content.Member("language").Text("code");
        if (account.TemplateOf(send.Content.Text("name")) is not { } template || !template.Languages.Contains(language))
        {
            return WhatsAppError.Of(Unknown, $"template name ({send.Content.Text("name")}) does not exist in {language}");
        }

        if (template.Status is "PAUSED") return WhatsAppError.Of(Paused);
        if (template.Status is "DISABLED") return WhatsAppError.Of(Disabled);
        if (template.Category is "AUTHENTICATION" && send.To is null) return WhatsAppError.Of(NoPhone);

        var components = send.Content.Member("components").Items().ToArray();
        return components.FirstOrDefault(
            component => component.Text("type") is not ("header" or "body" or "button")) is { ValueKind: JsonValueKind.Object } odd
            ? WhatsAppChecks.Wrong($"component type {odd.Text("type")}")
            : CheckHeader(template, Parameters(components, "header"), checks)
                ?? CheckBody(template, Parameters(components, "body"), isAlone: components.Length == 1)
                ?? CheckButtons(template, [.. components.Where(component => component.Text("type") is "button")]);
    }

    private static WhatsAppError? CheckHeader(WhatsAppTemplate template, JsonElement[] parameters, WhatsAppChecks checks)
    {
        var expected = template.Header is null ? 0 : 1;
        if (parameters.Length != expected) return Count("header", parameters.Length, expected);
        if (template.Header is not { } kind) return null;
        if (parameters[0].Text("type") != kind)
            return WhatsAppError.Of(FormatMismatch, $"header: Format mismatch, expected {kind.ToUpperInvariant()}");
        return kind is "text" ? null : checks.CheckMedia(kind, parameters[0].Member(kind), hasCaption: false);
    }

    private static WhatsAppError? CheckBody(WhatsAppTemplate template, JsonElement[] parameters, bool isAlone)
    {
        if (parameters.Length != template.Variables.Count) return Count("body", parameters.Length, template.Variables.Count);
        foreach (var parameter in parameters)
        {
            var name = parameter.Text("parameter_name");
            if (template.IsPositional ? name is not null : !template.Variables.Contains(name))
                return WhatsAppError.Of(FormatMismatch, $"body: no parameter {name}");
            if (parameter.Text("type") is not "text" || parameter.Text("text") is not { Length: > 0 } text)
                return WhatsAppError.Of(FormatMismatch, "body: a parameter has no text");
            if (text.Length > (isAlone ? MaxLoneParameter : MaxParameter)) return WhatsAppError.Of(132005, "body: a parameter is too long");
        }

        return null;
    }

    private static WhatsAppError? CheckButtons(WhatsAppTemplate template, JsonElement[] buttons)
    {
        var given = new HashSet<int>();
        foreach (var button in buttons)
        {
            if (!int.TryParse(button.Text("index"), out var index) || index >= template.Buttons.Count || !given.Add(index))
                return WhatsAppChecks.Wrong("button: index");
            var kind = button.Text("sub_type")?.ToLowerInvariant();
            if (kind != template.Buttons[index]) return WhatsAppError.Of(FormatMismatch, $"button {index} is no {kind}");

            var parameter = Parameters([button], "button").FirstOrDefault();
            var (type, member) = kind switch
            {
                "url" => ("text", "text"),
                "copy_code" => ("coupon_code", "coupon_code"),
                _ => ("payload", "payload")
            };
            if (parameter.Text("type") != type || parameter.Text(member) is not { Length: > 0 })
                return WhatsAppError.Of(FormatMismatch, $"button {index} needs {member}");
        }

        return template.Buttons.Index()
            .FirstOrDefault(button => button.Item is not "quick_reply" && !given.Contains(button.Index)) is { Item: { } missing } at
            ? WhatsAppError.Of(WhatsAppError.Missing, $"button {at.Index} ({missing}) needs its parameter")
            : null;
    }

    private static JsonElement[] Parameters(JsonElement[] components, string type) =>
        [.. components.Where(component => component.Text("type") == type).SelectMany(component => component.Member("parameters").Items())];

    private static WhatsAppError Count(string where, int given, int expected) =>
        WhatsAppError.Of(
            CountMismatch, $"{where}: number of localizable_params ({given}) does not match the expected number of params ({expected})");
}
