using System.Text.Json.Serialization;
using Omni.Pipeline;
using Omni.Shared;

namespace Omni.MessageBird.Outbound;

/// <summary>
/// The approved WhatsApp templates of an account. https://developers.messagebird.com/api/integrations
/// </summary>
/// <param name="http">The call.</param>
/// <param name="options">Where and as whom.</param>
internal sealed class MessageBirdTemplateList(CarrierHttp http, MessageBirdOptions options)
{
    private const int PageSize = 100;
    private const int MaxPages = 60;

    /// <summary>The templates.</summary>
    /// <param name="cancellation">Stops the call.</param>
    /// <exception cref="HttpRequestException">MessageBird did not answer.</exception>
    public async Task<IReadOnlyList<CarrierTemplate>?> ListAsync(CancellationToken cancellation)
    {
        var found = new List<CarrierTemplate>();
        var seen = 0;
        for (var pages = 0; pages < MaxPages; pages++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, $"{options.TemplatesUrl}?limit={PageSize}&offset={seen}")
            {
                Headers = { Authorization = options.Authorization },
            };
            var reply = await http.CallAsync(request, cancellation).ConfigureAwait(false);
            if (!reply.IsSuccess || reply.Read(MessageBirdJson.Default.MessageBirdListedTemplates) is not { Items: { } listed } page)
                throw new HttpRequestException($"MessageBird's templates could not be read: {reply.StatusCode}.");

            found.AddRange(listed.Where(template => template is { Status: "APPROVED", Name.Length: > 0 }).Select(Template));
            seen += listed.Count;
            if (listed.Count == 0 || !(seen < page.TotalCount)) break;
        }

        return found;
    }

    private static CarrierTemplate Template(MessageBirdListedTemplate listed)
    {
        MessageBirdListedComponent? Component(string type) => listed.Components?.FirstOrDefault(component => component.Type == type);

        var text = Component("BODY")?.Text;
        return new()
        {
            Name = listed.Name!,
            Language = listed.Language,
            Category = listed.Category?.ToLowerInvariant(),
            Text = text,
            Variables = CarrierTemplate.PlacesIn(text),
            Header = Component("HEADER") switch
            {
                { Format: "IMAGE" or "VIDEO" or "DOCUMENT" } file => file.Format.ToLowerInvariant(),
                { Text: { } header } when CarrierTemplate.PlacesIn(header).Count > 0 => "text",
                _ => null,
            },
        };
    }
}

/// <summary>A page of templates.</summary>
internal sealed record MessageBirdListedTemplates
{
    /// <summary>The templates.</summary>
    [JsonPropertyName("items")]
    public IReadOnlyList<MessageBirdListedTemplate>? Items { get; init; }

    /// <summary>How many there are in all.</summary>
    [JsonPropertyName("totalCount")]
    public int? TotalCount { get; init; }
}

/// <summary>A template as MessageBird lists it.</summary>
internal sealed record MessageBirdListedTemplate
{
    /// <summary>Its name.</summary>
    [JsonPropertyName("name")]
    public string? Name { get; init; }

    /// <summary>Its language, such as <c>nl</c>.</summary>
    [JsonPropertyName("language")]
    public string? Language { get; init; }

    /// <summary>Such as <c>UTILITY</c>.</summary>
    [JsonPropertyName("category")]
    public string? Category { get; init; }

    /// <summary>Such as <c>APPROVED</c>.</summary>
    [JsonPropertyName("status")]
    public string? Status { get; init; }

    /// <summary>What it is made of.</summary>
    [JsonPropertyName("components")]
    public IReadOnlyList<MessageBirdListedComponent>? Components { get; init; }
}

/// <summary>A piece of a template.</summary>
internal sealed record MessageBirdListedComponent
{
    /// <summary><c>HEADER</c>, <c>BODY</c>, <c>FOOTER</c> or <c>BUTTONS</c>.</summary>
    [JsonPropertyName("type")]
    public string? Type { get; init; }

    /// <summary>Of a header: <c>TEXT</c>, <c>IMAGE</c>, <c>VIDEO</c> or <c>DOCUMENT</c>.</summary>
    [JsonPropertyName("format")]
    public string? Format { get; init; }

    /// <summary>Its text.</summary>
    [JsonPropertyName("text")]
    public string? Text { get; init; }
}
