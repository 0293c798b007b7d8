using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Omni.Cli.Commands;
using Omni.Client;

namespace Omni.Cli;

/// <summary>What the command line alone reads and writes.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Settings))]
[JsonSerializable(typeof(Finding))]
[JsonSerializable(typeof(Forwarded))]
[JsonSerializable(typeof(Saved))]
[JsonSerializable(typeof(BootstrapEvent))]
[JsonSerializable(typeof(BootstrapAnswer))]
internal sealed partial class CliJson : JsonSerializerContext
{
    // For people's eyes: + stays +.
    private static readonly JavaScriptEncoder Plain = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;

    private static readonly JsonSerializerOptions Options = new(OmniJson.Default.Options)
    {
        Encoder = Plain,
        TypeInfoResolver = JsonTypeInfoResolver.Combine(OmniJson.Default, Default),
    };

    /// <summary>A thing on one line.</summary>
    public static string Line<T>(T value) => JsonSerializer.Serialize(value, (JsonTypeInfo<T>)Options.GetTypeInfo(typeof(T)));
}
