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
[JsonSerializable(typeof(PlayedMessage))]
[JsonSerializable(typeof(PlayedReading))]
[JsonSerializable(typeof(PlayedOrder))]
[JsonSerializable(typeof(BootstrapEvent))]
[JsonSerializable(typeof(BootstrapAnswer))]
internal sealed partial class CliJson : JsonSerializerContext;

/// <summary>Things as JSON, one a line, for people's eyes too: + stays +.</summary>
internal static class JsonLine
{
    private static readonly JsonSerializerOptions Options = new(OmniJson.Default.Options)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        TypeInfoResolver = JsonTypeInfoResolver.Combine(OmniJson.Default, CliJson.Default),
    };

    public static string Of<T>(T value) => JsonSerializer.Serialize(value, (JsonTypeInfo<T>)Options.GetTypeInfo(typeof(T)));
}
