using Omni.Shared;

namespace Omni.Api;

/// <summary>Reads what a client wishes for the files of a message.</summary>
internal static class MediaOptionsReader
{
    private const int MinBytes = 1_000;
    private const int MaxBytes = 100 * 1024 * 1024;

    // What is written: of the types that carriers take, those that are made here.
    private static readonly string[] Formats =
    [
        FileTypes.Jpeg, FileTypes.Png, FileTypes.WebP, FileTypes.Mp4, FileTypes.Mp3, FileTypes.M4a, FileTypes.Ogg,
    ];

    /// <summary>The wishes; null for none, or when they cannot be read, and then the errors tell why.</summary>
    public static MediaOptions? Read(JsonFields request)
    {
        if (request.Object("media") is not { } fields) return null;

        var options = new MediaOptions
        {
            Convert = fields.Word<MediaConversion>("convert") ?? default,
            MaxBytes = fields.Whole("maxBytes", MinBytes, MaxBytes),
            Format = fields.Text("format", max: 64),
            Quality = fields.Whole("quality", 1, 100),
            TimeoutSeconds = fields.Whole("timeoutSeconds", 1, MediaOptions.MaxTimeoutSeconds),
            Fallback = fields.Word<MediaFallback>("fallback"),
        };
        if (options.Format is { } format && !Formats.Contains(format))
            fields.Refuse("format", "invalid_value", $"It is one of {string.Join(", ", Formats)}.");
        fields.RefuseOthers();
        return options;
    }
}
