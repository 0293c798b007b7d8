using System.Text.Json.Serialization;

namespace Omni.Shared;

/// <summary>Whether files are made into what the carrier takes.</summary>
[JsonConverter(typeof(CamelCaseEnumConverter<MediaConversion>))]
public enum MediaConversion
{
    /// <summary>Each is looked at, and converted where the carrier would not take it as it is.</summary>
    Auto,

    /// <summary>They go as they are named.</summary>
    Never,
}

/// <summary>What goes in place of files that the carrier does not carry at all.</summary>
[JsonConverter(typeof(CamelCaseEnumConverter<MediaFallback>))]
public enum MediaFallback
{
    /// <summary>Nothing: the message is refused.</summary>
    Refuse,

    /// <summary>The caption, and for each file a link under which the person finds it.</summary>
    Link,

    /// <summary>The caption alone.</summary>
    Text,
}

/// <summary>What a client wishes for the files of a message.</summary>
public sealed record MediaOptions
{
    /// <summary>The quality of pictures that are written, unless the client wishes another.</summary>
    public const int DefaultQuality = 80;

    /// <summary>How long a file may take unless the client says otherwise, in seconds.</summary>
    public const int DefaultTimeoutSeconds = 30;

    /// <summary>The longest that a client may allow, in seconds.</summary>
    public const int MaxTimeoutSeconds = 300;

    /// <summary>Whether files are converted.</summary>
    public MediaConversion Convert { get; init; }

    /// <summary>The most bytes of each file, where that is fewer than the carrier takes; null for what it takes.</summary>
    public long? MaxBytes { get; init; }

    /// <summary>The content type that files of its kind shall have; null for the best that the carrier takes.</summary>
    public string? Format { get; init; }

    /// <summary>The quality of pictures that are written, 1 to 100; null for <see cref="DefaultQuality"/>.</summary>
    public int? Quality { get; init; }

    /// <summary>How long fetching and converting a file may take, in seconds; null for <see cref="DefaultTimeoutSeconds"/>.</summary>
    public int? TimeoutSeconds { get; init; }

    /// <summary>What goes where the carrier carries no such files; null for <see cref="MediaFallback.Refuse"/>.</summary>
    public MediaFallback? Fallback { get; init; }

    /// <summary>How long fetching and converting a file may take.</summary>
    [JsonIgnore]
    public TimeSpan Timeout => TimeSpan.FromSeconds(TimeoutSeconds ?? DefaultTimeoutSeconds);
}

/// <summary>A file as its carrier takes it.</summary>
public sealed record PreparedFile
{
    /// <summary>Omni's id of it, <c>med_…</c>; null where the file goes as it is named.</summary>
    public string? MediaId { get; init; }

    /// <summary>Its content type.</summary>
    public string? MimeType { get; init; }

    /// <summary>How many bytes it has.</summary>
    public long? Bytes { get; init; }

    /// <summary>The content type that it had, where it was converted; null where it is as it was named.</summary>
    public string? ConvertedFrom { get; init; }

    /// <summary>Whether it is a voice message: sound in one channel that plays where it stands.</summary>
    public bool? Voice { get; init; }
}
