using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Omni.Client;

/// <summary>A request as it is made, once or again.</summary>
internal sealed record Call
{
    public required HttpMethod Method { get; init; }

    public required Query Path { get; init; }

    public ReadOnlyMemory<byte>? Body { get; init; }

    public string ContentType { get; init; } = "application/json";

    /// <summary>Made once and kept when the call is repeated: what was taken is not taken twice.</summary>
    public string? IdempotencyKey { get; init; }

    /// <summary>The version that the caller has already; null for none.</summary>
    public string? KnownVersion { get; init; }

    /// <summary>The version that the body takes the place of; null for none.</summary>
    public string? ReplacedVersion { get; init; }

    /// <summary>Whether it may be made again when nobody knows if it was done.</summary>
    public required bool MayRepeat { get; init; }

    /// <summary>Whether 503 is an answer: how the service is, and not when to come again.</summary>
    public bool TakesUnavailable { get; init; }

    /// <summary>Whether the answer's body is read by the caller, as it comes.</summary>
    public bool IsStreamed { get; init; }

    public static Call Get(Query path) => new() { Method = HttpMethod.Get, Path = path, MayRepeat = true };

    public static Call Delete(Query path) => new() { Method = HttpMethod.Delete, Path = path, MayRepeat = true };

    /// <summary>A POST without a body that does nothing more when it is repeated.</summary>
    public static Call Post(Query path) => new() { Method = HttpMethod.Post, Path = path, MayRepeat = true };

    public static Call With<T>(HttpMethod method, Query path, T body, JsonTypeInfo<T> type, bool mayRepeat = true) =>
        new() { Method = method, Path = path, Body = JsonSerializer.SerializeToUtf8Bytes(body, type), MayRepeat = mayRepeat };

    /// <summary>The same under an idempotency key, which makes it safe to repeat.</summary>
    /// <param name="key">The caller's; null for a new one.</param>
    public Call Under(string? key) => this with { IdempotencyKey = key ?? Guid.CreateVersion7().ToString(), MayRepeat = true };

    public HttpRequestMessage ToRequest(Uri root, string apiKey)
    {
        var request = new HttpRequestMessage(Method, new Uri(root, Path.ToString()));
        request.Headers.Authorization = new("Bearer", apiKey);
        request.Headers.UserAgent.Add(new("omni-dotnet", typeof(Call).Assembly.GetName().Version?.ToString(3)));
        if (IdempotencyKey is { } key) request.Headers.Add("Idempotency-Key", key);
        if (KnownVersion is { } version) request.Headers.IfNoneMatch.Add(EntityTagHeaderValue.Parse(version));
        if (ReplacedVersion is { } replaced)
            request.Headers.IfMatch.Add(replaced == "*" ? EntityTagHeaderValue.Any : EntityTagHeaderValue.Parse(replaced));
        if (Body is { } body)
        {
            request.Content = new ReadOnlyMemoryContent(body) { Headers = { ContentType = MediaTypeHeaderValue.Parse(ContentType) } };
        }

        return request;
    }
}
