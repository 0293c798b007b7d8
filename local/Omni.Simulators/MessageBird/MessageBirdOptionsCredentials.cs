namespace Omni.Simulators.MessageBird;

/// <summary>MessageBird's credentials under the names of the functions' settings.</summary>
internal static class MessageBirdOptionsCredentials
{
    private const string ApiKey = "MESSAGEBIRD_API_KEY";
    private const string SigningKey = "MESSAGEBIRD_WEBHOOK_SECRET";
    private const string PreviousKey = "MESSAGEBIRD_WEBHOOK_SECRET_PREVIOUS";
    private const string BaseUrl = "MESSAGEBIRD_BASE_URL";

    public static MessageBirdOptions WithCredentials(this MessageBirdOptions options, IReadOnlyDictionary<string, string> settings) =>
        options with
        {
            ApiKey = settings.GetValueOrDefault(ApiKey) ?? SimulatedCredentials.NewSecret(),
            SigningKey = settings.GetValueOrDefault(SigningKey) ?? SimulatedCredentials.NewSecret(),
            PreviousSigningKey = settings.GetValueOrDefault(PreviousKey) ?? SimulatedCredentials.NewSecret(),
        };

    public static Dictionary<string, string> ForFunctions(
        this MessageBirdOptions options, Uri baseUrl, IReadOnlyDictionary<string, string> given)
    {
        var settings = new Dictionary<string, string>
        {
            [ApiKey] = options.ApiKey,
            [SigningKey] = options.SigningKey,
            [PreviousKey] = options.PreviousSigningKey,

            // The Conversations API is served below it, under /v1.
            [BaseUrl] = new Uri(baseUrl, "/" + MessageBirdSimulator.Name).ToString(),
        };
        if (!given.ContainsKey(BaseUrl)) settings["MESSAGEBIRD_TEMPLATE_NAMESPACE"] = options.TemplateNamespace;
        return settings;
    }
}
