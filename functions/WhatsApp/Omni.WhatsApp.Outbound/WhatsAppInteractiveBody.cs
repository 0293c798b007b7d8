using System.Text.Json.Serialization;

namespace Omni.WhatsApp.Outbound;

/// <summary>A text with choices.</summary>
internal sealed record InteractiveBody(
    [property: JsonPropertyName("type")] string Type,
    [property: JsonPropertyName("header")] HeaderBody? Header,
    [property: JsonPropertyName("body")] WordsBody Body,
    [property: JsonPropertyName("footer")] WordsBody? Footer,
    [property: JsonPropertyName("action")] ActionBody Action);

/// <summary>A headline.</summary>
internal sealed record HeaderBody([property: JsonPropertyName("text")] string Text)
{
    [JsonPropertyName("type"), JsonPropertyOrder(-1)]
    public string Type { get; init; } = "text";
}

/// <summary>Words.</summary>
internal sealed record WordsBody([property: JsonPropertyName("text")] string Text);

/// <summary>The choices.</summary>
internal sealed record ActionBody
{
    [JsonPropertyName("name")]
    public string? Name { get; init; }

    [JsonPropertyName("buttons")]
    public IReadOnlyList<ButtonBody>? Buttons { get; init; }

    [JsonPropertyName("button")]
    public string? Button { get; init; }

    [JsonPropertyName("sections")]
    public IReadOnlyList<SectionBody>? Sections { get; init; }

    [JsonPropertyName("parameters")]
    public LinkBody? Parameters { get; init; }
}

/// <summary>A button that answers.</summary>
internal sealed record ButtonBody([property: JsonPropertyName("reply")] ReplyBody Reply)
{
    [JsonPropertyName("type"), JsonPropertyOrder(-1)]
    public string Type { get; init; } = "reply";
}

/// <summary>What a button answers.</summary>
internal sealed record ReplyBody([property: JsonPropertyName("id")] string Id, [property: JsonPropertyName("title")] string Title);

/// <summary>A section of a list.</summary>
internal sealed record SectionBody(
    [property: JsonPropertyName("title")] string? Title, [property: JsonPropertyName("rows")] IReadOnlyList<RowBody> Rows);

/// <summary>A row of a list.</summary>
internal sealed record RowBody(
    [property: JsonPropertyName("id")] string Id,
    [property: JsonPropertyName("title")] string Title,
    [property: JsonPropertyName("description")] string? Description);

/// <summary>A page that a button opens.</summary>
internal sealed record LinkBody(
    [property: JsonPropertyName("display_text")] string DisplayText, [property: JsonPropertyName("url")] string Url);
