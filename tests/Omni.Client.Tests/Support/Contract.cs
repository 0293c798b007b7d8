using System.Text.Json;
using System.Text.Json.Nodes;

namespace Omni.Client.Tests;

/// <summary>The API's own description, which the client is held to.</summary>
internal static class Contract
{
    private static readonly JsonElement Document =
        JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "openapi.json"))).RootElement;

    public static IEnumerable<JsonProperty> Schemas => Document.GetProperty("components").GetProperty("schemas").EnumerateObject();

    /// <summary>What clients call; other paths are for the people who get messages.</summary>
    public static IEnumerable<Operation> Operations =>
        from path in Document.GetProperty("paths").EnumerateObject()
        where path.Name.StartsWith("/api/v1/", StringComparison.Ordinal)
        from operation in path.Value.EnumerateObject()
        select new Operation(operation.Name.ToUpperInvariant(), path.Name, operation.Value);

    public static JsonElement Resolve(JsonElement element) => element.TryGetProperty("$ref", out var reference)
        ? Resolve(reference.GetString()![2..].Split('/').Aggregate(Document, (at, step) => at.GetProperty(step)))
        : element;

    /// <summary>The words that a schema knows; empty when it is no list of words.</summary>
    public static string[] Words(JsonElement schema) =>
        schema.TryGetProperty("x-extensible-enum", out var words) || schema.TryGetProperty("enum", out words)
            ? [.. words.EnumerateArray().Select(word => word.GetString()!)]
            : [];

    /// <summary>A value that fits a schema and has all members that it knows.</summary>
    public static JsonNode Sample(JsonElement schema)
    {
        schema = Resolve(schema);
        if (schema.TryGetProperty("const", out var constant)) return JsonNode.Parse(constant.GetRawText())!;
        if (Words(schema) is [var word, ..]) return word;
        if (schema.TryGetProperty("oneOf", out var choices)) return Sample(choices[0]);
        if (schema.TryGetProperty("allOf", out var all)) return Sample(all[0]);

        return schema.GetProperty("type").GetString() switch
        {
            "object" when schema.TryGetProperty("properties", out var members) =>
                new JsonObject(members.EnumerateObject().Select(m => KeyValuePair.Create(m.Name, (JsonNode?)Sample(m.Value)))),
            "object" when schema.TryGetProperty("additionalProperties", out var values) && values.ValueKind == JsonValueKind.Object =>
                new JsonObject { ["name"] = Sample(values) },
            "object" => new JsonObject { ["member"] = 1 },
            "array" => new JsonArray(Sample(schema.GetProperty("items"))),
            "boolean" => true,
            "integer" => 7,
            "number" => 1.5,
            _ => Text(schema.TryGetProperty("format", out var format) ? format.GetString() : null),
        };
    }

    private static string Text(string? format) => format switch
    {
        "date-time" => "2026-01-31T08:00:00.000Z",
        "date" => "2026-01-31",
        "uri" => "https://example.com/a",
        _ => "text",
    };
}

/// <summary>An operation of the API.</summary>
internal sealed record Operation(string Method, string Path, JsonElement Value)
{
    public string Id => Value.GetProperty("operationId").GetString()!;

    public string[] Parameters(string place) =>
    [
        .. from parameter in Value.GetProperty("parameters").EnumerateArray().Select(Contract.Resolve)
           where parameter.GetProperty("in").GetString() == place
           select parameter.GetProperty("name").GetString()!,
    ];

    public bool HasBody => Value.TryGetProperty("requestBody", out _);

    /// <summary>An answer of the best case, with all that it may have.</summary>
    public (int Status, JsonNode? Body) Answer
    {
        get
        {
            var (status, answer) = Value.GetProperty("responses").EnumerateObject()
                .Select(response => (response.Name, Contract.Resolve(response.Value)))
                .First(response => response.Name is ['2' or '3', ..]);
            var body = answer.TryGetProperty("content", out var content)
                ? Contract.Sample(content.EnumerateObject().First().Value.GetProperty("schema"))
                : null;
            return (int.Parse(status), body);
        }
    }
}
