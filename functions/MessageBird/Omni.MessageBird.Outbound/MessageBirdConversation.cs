using System.Text.Json.Serialization;

namespace Omni.MessageBird.Outbound;

/// <summary>A message to send through a channel. https://developers.messagebird.com/api/conversations/#send-message</summary>
internal sealed record MessageBirdConversation
{
    /// <summary>The person: digits.</summary>
    [JsonPropertyName("to")]
    public required string To { get; init; }

    /// <summary>The channel.</summary>
    [JsonPropertyName("from")]
    public required string From { get; init; }

    /// <summary>The kind of content.</summary>
    [JsonPropertyName("type")]
    public required string Type { get; init; }

    /// <summary>The content: the member of its kind is set.</summary>
    [JsonPropertyName("content")]
    public required MessageBirdContent Content { get; init; }

    /// <summary>Where MessageBird reports on this message.</summary>
    [JsonPropertyName("reportUrl")]
    public required string ReportUrl { get; init; }

    /// <summary>Comes back in the message's events.</summary>
    [JsonPropertyName("source")]
    public required MessageBirdSource Source { get; init; }
}

/// <summary>What comes back with a message.</summary>
/// <param name="Reference">Our reference.</param>
internal sealed record MessageBirdSource([property: JsonPropertyName("ref")] string Reference);

/// <summary>The content of a message.</summary>
internal sealed record MessageBirdContent
{
    /// <summary>A text.</summary>
    [JsonPropertyName("text")]
    public string? Text { get; init; }

    /// <summary>A picture.</summary>
    [JsonPropertyName("image")]
    public MessageBirdFile? Image { get; init; }

    /// <summary>A film.</summary>
    [JsonPropertyName("video")]
    public MessageBirdFile? Video { get; init; }

    /// <summary>A sound.</summary>
    [JsonPropertyName("audio")]
    public MessageBirdFile? Audio { get; init; }

    /// <summary>Any other file.</summary>
    [JsonPropertyName("file")]
    public MessageBirdFile? File { get; init; }

    /// <summary>A place.</summary>
    [JsonPropertyName("location")]
    public MessageBirdPlace? Location { get; init; }

    /// <summary>A WhatsApp template.</summary>
    [JsonPropertyName("hsm")]
    public MessageBirdTemplate? Template { get; init; }
}

/// <summary>A file.</summary>
/// <param name="Url">Where MessageBird fetches it.</param>
/// <param name="Caption">The text beside it.</param>
internal sealed record MessageBirdFile(
    [property: JsonPropertyName("url")] string Url, [property: JsonPropertyName("caption")] string? Caption = null);

/// <summary>A place.</summary>
/// <param name="Latitude">Degrees north.</param>
/// <param name="Longitude">Degrees east.</param>
internal sealed record MessageBirdPlace(
    [property: JsonPropertyName("latitude")] double Latitude, [property: JsonPropertyName("longitude")] double Longitude);

/// <summary>
/// A WhatsApp template: its body's values alone are <see cref="Values"/>;
/// with a header or buttons all of them are <see cref="Components"/>.
/// </summary>
internal sealed record MessageBirdTemplate
{
    /// <summary>The namespace of the account's templates.</summary>
    [JsonPropertyName("namespace")]
    public required string Namespace { get; init; }

    /// <summary>Its name.</summary>
    [JsonPropertyName("templateName")]
    public required string Name { get; init; }

    /// <summary>Its language.</summary>
    [JsonPropertyName("language")]
    public required MessageBirdLanguage Language { get; init; }

    /// <summary>The values of the body, in order.</summary>
    [JsonPropertyName("params")]
    public IReadOnlyList<MessageBirdValue>? Values { get; init; }

    /// <summary>The pieces with their values.</summary>
    [JsonPropertyName("components")]
    public IReadOnlyList<MessageBirdComponent>? Components { get; init; }
}

/// <summary>A language.</summary>
/// <param name="Policy"><c>deterministic</c>: that language and no other.</param>
/// <param name="Code">Such as <c>nl</c> or <c>en_US</c>.</param>
internal sealed record MessageBirdLanguage(
    [property: JsonPropertyName("policy")] string Policy, [property: JsonPropertyName("code")] string Code);

/// <summary>A value of the body.</summary>
/// <param name="Text">The value.</param>
internal sealed record MessageBirdValue([property: JsonPropertyName("default")] string Text);

/// <summary>A piece of a template.</summary>
internal sealed record MessageBirdComponent
{
    /// <summary><c>header</c>, <c>body</c> or <c>button</c>.</summary>
    [JsonPropertyName("type")]
    public required string Type { get; init; }

    /// <summary>The kind of button.</summary>
    [JsonPropertyName("sub_type")]
    public string? SubType { get; init; }

    /// <summary>Which button, from 0.</summary>
    [JsonPropertyName("index")]
    public int? Index { get; init; }

    /// <summary>Its values.</summary>
    [JsonPropertyName("parameters")]
    public required IReadOnlyList<MessageBirdParameter> Parameters { get; init; }
}

/// <summary>A value of a piece.</summary>
internal sealed record MessageBirdParameter
{
    /// <summary>Its kind; the member of that name is set.</summary>
    [JsonPropertyName("type")]
    public required string Type { get; init; }

    /// <summary>A text.</summary>
    [JsonPropertyName("text")]
    public string? Text { get; init; }

    /// <summary>What a quick reply sends back.</summary>
    [JsonPropertyName("payload")]
    public string? Payload { get; init; }

    /// <summary>A code to copy.</summary>
    [JsonPropertyName("coupon_code")]
    public string? CouponCode { get; init; }

    /// <summary>A picture.</summary>
    [JsonPropertyName("image")]
    public MessageBirdFile? Image { get; init; }

    /// <summary>A film.</summary>
    [JsonPropertyName("video")]
    public MessageBirdFile? Video { get; init; }

    /// <summary>Any other file.</summary>
    [JsonPropertyName("document")]
    public MessageBirdFile? Document { get; init; }
}
