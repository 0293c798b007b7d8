using System.Text.Json;
using System.Text.Json.Serialization;
using Omni.Pipeline;
using Omni.Shared;

namespace Omni.Twilio.Outbound;

/// <summary>
/// The templates of an account's Content API. SMS needs nobody's approval, so all of them may be sent.
/// https://www.twilio.com/docs/content/content-api-resources
/// </summary>
/// <param name="http">The call.</param>
/// <param name="options">Where and as whom.</param>
internal sealed class TwilioTemplates(CarrierHttp http, TwilioOptions options)
{
    private const int PageSize = 200;
    private const int MaxPages = 40;

    /// <summary>The templates.</summary>
    /// <param name="cancellation">Stops the call.</param>
    /// <exception cref="HttpRequestException">Twilio did not answer.</exception>
    public async Task<IReadOnlyList<CarrierTemplate>?> ListAsync(CancellationToken cancellation)
    {
        var found = new List<CarrierTemplate>();
        var query = $"?PageSize={PageSize}";
        for (var pages = 0; pages < MaxPages; pages++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, options.ContentUrl + query)
            {
                Headers = { Authorization = options.Authorization },
            };
            var reply = await http.CallAsync(request, cancellation).ConfigureAwait(false);
            if (!reply.IsSuccess || reply.Read(TwilioJson.Default.TwilioContents) is not { Contents: { } listed } page)
                throw new HttpRequestException($"Twilio's templates could not be read: {reply.StatusCode}.");

            found.AddRange(listed.Where(content => content.Sid is { Length: > 0 }).Select(Template));

            // Of the next page's address only the query counts: credentials go to our own host and no other.
            if (page.Meta?.NextPageUrl is not { } next || !Uri.TryCreate(next, UriKind.Absolute, out var url)) break;
            query = url.Query;
        }

        return found;
    }

    private static CarrierTemplate Template(TwilioContent content)
    {
        // Every kind of content has its text as its body, where it has one.
        var text = content.Types?.Values
            .Select(type => type.ValueKind == JsonValueKind.Object && type.TryGetProperty("body", out var body) ? body.GetString() : null)
            .FirstOrDefault(body => body is not null);
        return new()
        {
            Name = content.Sid!,
            Title = content.FriendlyName,
            Language = content.Language,
            Text = text,
            // A place may stand anywhere in a card or a list.
            Variables =
            [
                .. CarrierTemplate.PlacesIn(text)
                    .Union((content.Types?.Values ?? []).SelectMany(type => CarrierTemplate.PlacesIn(type.GetRawText())))
                    .Union(content.Variables?.Keys ?? []),
            ],
        };
    }
}

/// <summary>A page of templates.</summary>
internal sealed record TwilioContents
{
    /// <summary>The templates.</summary>
    [JsonPropertyName("contents")]
    public IReadOnlyList<TwilioContent>? Contents { get; init; }

    /// <summary>Where the list goes on.</summary>
    [JsonPropertyName("meta")]
    public TwilioMeta? Meta { get; init; }
}

/// <summary>Where a list goes on.</summary>
internal sealed record TwilioMeta
{
    /// <summary>The address of the next page; null at the end.</summary>
    [JsonPropertyName("next_page_url")]
    public string? NextPageUrl { get; init; }
}

/// <summary>A template as Twilio lists it.</summary>
internal sealed record TwilioContent
{
    /// <summary>Its <c>ContentSid</c>.</summary>
    [JsonPropertyName("sid")]
    public string? Sid { get; init; }

    /// <summary>What people call it.</summary>
    [JsonPropertyName("friendly_name")]
    public string? FriendlyName { get; init; }

    /// <summary>Its language, such as <c>en</c>.</summary>
    [JsonPropertyName("language")]
    public string? Language { get; init; }

    /// <summary>Its variables with the values that stand where none is given.</summary>
    [JsonPropertyName("variables")]
    public IReadOnlyDictionary<string, JsonElement>? Variables { get; init; }

    /// <summary>What it is by kind, such as <c>twilio/text</c>.</summary>
    [JsonPropertyName("types")]
    public IReadOnlyDictionary<string, JsonElement>? Types { get; init; }
}
