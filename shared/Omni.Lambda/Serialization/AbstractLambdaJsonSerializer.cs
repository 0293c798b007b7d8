using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Amazon.Lambda.Serialization.SystemTextJson.Converters;

namespace Amazon.Lambda.Serialization.SystemTextJson;

/// <summary>What every JSON serializer of Lambda has in common: its options, and one kind of exception.</summary>
public abstract class AbstractLambdaJsonSerializer
{
    /// <summary>The customizer gets a copy of a struct, as in the official library, so it changes nothing.</summary>
    protected AbstractLambdaJsonSerializer(Action<JsonWriterOptions> jsonWriterCustomizer) => jsonWriterCustomizer?.Invoke(WriterOptions);

    // Relaxed: Lambda's JSON is never put into HTML.
    protected JsonWriterOptions WriterOptions { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public void Serialize<T>(T response, Stream responseStream)
    {
        try
        {
            using var writer = new Utf8JsonWriter(responseStream, WriterOptions);
            InternalSerialize(writer, response);
        }
        catch (Exception e) when (e is not JsonSerializerException)
        {
            throw new JsonSerializerException($"The result of type {typeof(T).FullName} cannot be written as JSON: {e.Message}", e);
        }
    }

    public T Deserialize<T>(Stream requestStream)
    {
        try
        {
            using var bytes = new MemoryStream();
            requestStream.CopyTo(bytes);
            return InternalDeserialize<T>(bytes.ToArray());
        }
        catch (Exception e) when (e is not JsonSerializerException)
        {
            throw new JsonSerializerException($"The event cannot be read as {typeof(T).FullName}: {e.Message}", e);
        }
    }

    protected virtual JsonSerializerOptions CreateDefaultJsonSerializationOptions() => new()
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        PropertyNameCaseInsensitive = true,
        PropertyNamingPolicy = new AwsNamingPolicy(),
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new DateTimeConverter(), new MemoryStreamConverter(), new ByteArrayConverter() },
    };

    protected abstract void InternalSerialize<T>(Utf8JsonWriter writer, T response);

    protected abstract T InternalDeserialize<T>(byte[] utf8Json);
}
