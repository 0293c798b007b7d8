using System.Text.Json.Serialization;
using Omni.Pipeline;
using Omni.Shared;

namespace Omni.WhatsApp.Outbound;

/// <summary>
/// The approved templates of a business account.
/// https://developers.facebook.com/docs/graph-api/reference/whats-app-business-account/message_templates
/// </summary>
/// <param name="http">The call.</param>
/// <param name="options">Where and as whom.</param>
internal sealed class WhatsAppTemplates(CarrierHttp http, WhatsAppOptions options)
{
    // Of an account's 6,000 at most; an answer stays below a megabyte.
    private const int PageSize = 200;
    private const int MaxPages = 40;

    /// <summary>The templates; null where it is not said whose.</summary>
    /// <param name="cancellation">Stops the call.</param>
    /// <exception cref="HttpRequestException">Meta did not answer.</exception>
    public async Task<IReadOnlyList<CarrierTemplate>?> ListAsync(CancellationToken cancellation)
    {
        if (options.TemplatesUrl is not { } url) return null;

        var found = new List<CarrierTemplate>();
        string? after = null;
        for (var pages = 0; pages < MaxPages; pages++)
        {
            var place = after is null ? "" : "&after=" + Uri.EscapeDataString(after);
            using var request = new HttpRequestMessage(HttpMethod.Get, $"{url}?status=APPROVED&limit={PageSize}{place}")
            {
                Headers = { Authorization = options.Authorization },
            };
            var reply = await http.CallAsync(request, cancellation).ConfigureAwait(false);
            if (!reply.IsSuccess || reply.Read(WhatsAppJson.Default.TemplatesAnswer) is not { Data: { } listed } page)
                throw new HttpRequestException($"Meta's templates could not be read: {reply.StatusCode}.");

            found.AddRange(listed.Where(template => template is { Status: "APPROVED", Name.Length: > 0 }).Select(Template));
            after = page.Paging?.Next is null ? null : page.Paging.Cursors?.After;
            if (after is null) break;
        }

        return found;
    }

    private static CarrierTemplate Template(ListedTemplate listed)
    {
        var text = Component(listed, "BODY")?.Text;
        return new()
        {
            Name = listed.Name!,
            Language = listed.Language,
            Category = listed.Category?.ToLowerInvariant(),
            Text = text,
            Variables = CarrierTemplate.PlacesIn(text),
            Header = Component(listed, "HEADER") switch
            {
                { Format: "IMAGE" } => "image",
                { Format: "VIDEO" } => "video",
                { Format: "DOCUMENT" } => "document",
                { Text: { } header } when CarrierTemplate.PlacesIn(header).Count > 0 => "text",
                _ => null,
            },
        };
    }

    private static ListedComponent? Component(ListedTemplate template, string type) =>
        template.Components?.FirstOrDefault(component => component.Type == type);
}

/// <summary>A page of templates.</summary>
internal sealed record TemplatesAnswer
{
    /// <summary>The templates.</summary>
    [JsonPropertyName("data")]
    public IReadOnlyList<ListedTemplate>? Data { get; init; }

    /// <summary>Where the list goes on.</summary>
    [JsonPropertyName("paging")]
    public ListPaging? Paging { get; init; }
}

/// <summary>Where a list goes on.</summary>
internal sealed record ListPaging
{
    /// <summary>The places of the page's ends.</summary>
    [JsonPropertyName("cursors")]
    public ListCursors? Cursors { get; init; }

    /// <summary>The address of the next page; missing at the end.</summary>
    [JsonPropertyName("next")]
    public string? Next { get; init; }
}

/// <summary>The places of a page's ends.</summary>
internal sealed record ListCursors
{
    /// <summary>The place behind its last entry.</summary>
    [JsonPropertyName("after")]
    public string? After { get; init; }
}

/// <summary>A template as Meta lists it.</summary>
internal sealed record ListedTemplate
{
    /// <summary>Its name.</summary>
    [JsonPropertyName("name")]
    public string? Name { get; init; }

    /// <summary>Its language, such as <c>en_US</c>.</summary>
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
    public IReadOnlyList<ListedComponent>? Components { get; init; }
}

/// <summary>A piece of a template.</summary>
internal sealed record ListedComponent
{
    /// <summary><c>HEADER</c>, <c>BODY</c>, <c>FOOTER</c> or <c>BUTTONS</c>.</summary>
    [JsonPropertyName("type")]
    public string? Type { get; init; }

    /// <summary>Of a header: <c>TEXT</c>, <c>IMAGE</c>, <c>VIDEO</c>, <c>DOCUMENT</c> or <c>LOCATION</c>.</summary>
    [JsonPropertyName("format")]
    public string? Format { get; init; }

    /// <summary>Its text.</summary>
    [JsonPropertyName("text")]
    public string? Text { get; init; }
}
