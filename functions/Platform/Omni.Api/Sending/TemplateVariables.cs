using Omni.Aws;
using Omni.Shared;

namespace Omni.Api;

/// <summary>
/// Holds a template's values against the template, where the carrier lists it. One that it has not listed may have been approved within
/// the hour, and is for the carrier to judge.
/// </summary>
internal sealed class TemplateVariables(TemplateStore templates)
{
    /// <summary>The template of a message as the carrier lists it; null for none, and where it lists none.</summary>
    public async Task<CarrierTemplate?> FindAsync(Message message, CancellationToken cancellation) =>
        message.Content is TemplateContent content && CarrierCatalogue.Get(message.Carrier).ListsTemplates
            ? await templates.FindAsync(message.Carrier, content, cancellation)
            : null;

    /// <summary>Why the values do not fit; null when they do, or nobody knows.</summary>
    public async Task<ApiResult.Refusal?> RefuseAsync(Message message, CancellationToken cancellation)
    {
        if (await FindAsync(message, cancellation) is not { } template) return null;

        var given = ((TemplateContent)message.Content).Variables;

        // Where names are free, what is left out has a value of the template's own.
        var needed = CarrierCatalogue.Get(message.Carrier).VariableNames == VariableNames.Any ? [] : template.Variables;
        FieldError[] errors =
        [
            .. needed.Where(name => !given.ContainsKey(name)).Select(name => new FieldError(
                $"content.variables.{name}", "required", $"The template {template.Name} needs it.")),
            .. given.Keys.Where(name => !template.Variables.Contains(name)).Select(name => new FieldError(
                $"content.variables.{name}", "unknown_variable", template.Variables.Count == 0
                    ? $"The template {template.Name} has no variables."
                    : $"The template {template.Name} has no such variable; it has {string.Join(", ", template.Variables)}.")),
        ];
        return errors.Length > 0 ? Problems.NotCarried.Because(errors) : null;
    }
}
