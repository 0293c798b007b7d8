using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Omni.Simulators.Twilio;

/// <summary>The form of a create call, as it came.</summary>
internal sealed record TwilioSend(IReadOnlyDictionary<string, string[]> Parameters)
{
    public string? To => One("To");
    public string? From => One("From");
    public string? MessagingServiceSid => One("MessagingServiceSid");
    public string? Body => One("Body");
    public IReadOnlyList<string> MediaUrls => Parameters.GetValueOrDefault("MediaUrl", []);
    public string? ContentSid => One("ContentSid");
    public string? ContentVariables => One("ContentVariables");
    public string? StatusCallback => One("StatusCallback");
    public string? ValidityPeriod => One("ValidityPeriod");
    public string? ScheduleType => One("ScheduleType");
    public string? SendAt => One("SendAt");

    public static TwilioSend Of(IFormCollection form) =>
        new(form.ToDictionary(field => field.Key, field => field.Value.Select(value => value ?? "").ToArray(), StringComparer.Ordinal));

    /// <summary>The template's variables; null when they are not an object of strings.</summary>
    public Dictionary<string, string>? Variables()
    {
        if (ContentVariables is null) return [];
        try
        {
            return JsonSerializer.Deserialize<Dictionary<string, string>>(ContentVariables);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    // An empty value is no value.
    private string? One(string name) =>
        Parameters.TryGetValue(name, out var values) && values is [{ Length: > 0 } first, ..] ? first : null;
}
