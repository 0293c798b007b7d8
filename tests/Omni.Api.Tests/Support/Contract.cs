using System.Collections.Concurrent;
using System.Text.Json;

namespace Omni.Api.Tests;

/// <summary>Holds answers to the OpenAPI document: what the document does not describe, the API must not say.</summary>
internal static class Contract
{
    public static JsonElement Document { get; } = JsonDocument.Parse(
        new StreamReader(typeof(Function).Assembly.GetManifestResourceStream("openapi.json")!).ReadToEnd()).RootElement;

    private static readonly ConcurrentDictionary<string, JsonElement> Responses = new(StringComparer.Ordinal);

    private static readonly Router Router = new(Routes.Of(TestParts.Unused));

    public static JsonElement Schema(string name) => Document.GetProperty("components").GetProperty("schemas").GetProperty(name);

    public static void Check(string method, string path, Reply reply)
    {
        Assert.Equal(reply.Text is null, reply.Header("Content-Type") is null);
        if (reply.Header("Content-Type") == "application/problem+json") Assert.Empty(SchemaWalk.Faults(Schema("Problem"), reply.Json));
        if (Router.Find(method, path).Route is not { } route) return;

        var responses = Responses.GetOrAdd(
            route.Method + route.Template,
            _ => Document.GetProperty("paths")
                .GetProperty(route.Template)
                .GetProperty(route.Method.ToLowerInvariant())
                .GetProperty("responses"));
        Assert.True(
            responses.TryGetProperty(reply.Status.ToString(), out var response),
            $"{method} {route.Template} is not described to answer {reply.Status}: {reply.Text}");
        response = SchemaWalk.Resolve(response);
        if (reply.Text is null)
        {
            Assert.False(response.TryGetProperty("content", out _));
            return;
        }

        Assert.Empty(SchemaWalk.Faults(
            response.GetProperty("content").GetProperty(reply.Header("Content-Type")!).GetProperty("schema"), reply.Json));
    }
}

/// <summary>The parts of an API whose table is looked at, but never called.</summary>
internal static class TestParts
{
    public static ApiParts Unused { get; } = new()
    {
        Keys = null!, Messages = null!, Deletion = null!, PersonDeleter = null!, PersonDeletions = null!, Queries = null!, Usage = null!,
        Batches = null!, BatchStatuses = null!, Templates = null!, Sessions = null!, Dialogs = null!,
        Consents = null!, People = null!, Blobs = null!,
        Media = null!, PublicBaseUrl = "",
        Events = null, LongPolls = null, Answers = null!, Pauses = null!, DeadLetters = [], Redriver = null!, Senders = null!,
        Health = null!, Rates = null!, RateOf = null!, Routes = null!, LastSenders = null!,
        Endpoints = new()
        {
            Events = null!, Endpoints = null!, Positions = null!, Attempts = null!, Client = null!, Queues = null!, NotifyQueue = "",
            IsLocal = false, Clock = TimeProvider.System,
        },
        Queues = null!, CarrierQueues = null!, IsLocal = false, Clock = TimeProvider.System, Log = null!,
    };
}

/// <summary>A walk along a JSON schema with the few keywords that the document uses; an unknown keyword is a fault of the test.</summary>
internal static class SchemaWalk
{
    // The document is long, and a member of it is found by reading up to it.
    private static readonly ConcurrentDictionary<string, JsonElement> Led = new(StringComparer.Ordinal);

    public static JsonElement Resolve(JsonElement element)
    {
        if (!element.TryGetProperty("$ref", out var reference)) return element;

        return Resolve(At(reference.GetString()!));
    }

    /// <summary>What a reference leads to.</summary>
    public static JsonElement At(string reference) => Led.GetOrAdd(
        reference, static path => path.Split('/').Skip(1).Aggregate(Contract.Document, (found, step) => found.GetProperty(step)));

    public static IReadOnlyList<string> Faults(JsonElement schema, JsonElement value) => [.. Walk(Resolve(schema), value, "$")];

    private static IEnumerable<string> Walk(JsonElement schema, JsonElement value, string at) =>
        schema.EnumerateObject().SelectMany(keyword => Apply(keyword.Name, keyword.Value, schema, value, at));

    private static IEnumerable<string> Apply(string keyword, JsonElement rule, JsonElement schema, JsonElement value, string at)
    {
        bool holds = (keyword, value.ValueKind) switch
        {
            ("description" or "title" or "format" or "default" or "discriminator" or "required" or "properties" or "additionalProperties"
                or "items" or "oneOf" or "allOf", _) => true,
            ("type", var kind) => rule.GetString() switch
            {
                "object" => kind == JsonValueKind.Object,
                "array" => kind == JsonValueKind.Array,
                "string" => kind == JsonValueKind.String,
                "boolean" => kind is JsonValueKind.True or JsonValueKind.False,
                "integer" => kind == JsonValueKind.Number && value.TryGetInt64(out _),
                "number" => kind == JsonValueKind.Number,
                _ => false,
            },
            ("enum" or "x-extensible-enum", _) => rule.EnumerateArray().Any(e => e.GetString() == value.ToString()),
            ("const", _) => rule.GetString() == value.ToString(),
            ("pattern", _) => System.Text.RegularExpressions.Regex.IsMatch(value.ToString(), rule.GetString()!),
            ("minimum", _) => value.GetDouble() >= rule.GetDouble(),
            ("maximum", _) => value.GetDouble() <= rule.GetDouble(),
            ("minLength", _) => value.ToString().Length >= rule.GetInt32(),
            ("maxLength", _) => value.ToString().Length <= rule.GetInt32(),
            ("maxItems", _) => value.GetArrayLength() <= rule.GetInt32(),
            ("minItems", _) => value.GetArrayLength() >= rule.GetInt32(),
            ("maxProperties", _) => value.EnumerateObject().Count() <= rule.GetInt32(),
            _ => throw new NotSupportedException($"The walk does not know the keyword {keyword}."),
        };
        if (!holds) yield return $"{at}: {keyword} {rule}";

        foreach (var fault in Deeper(keyword, rule, schema, value, at)) yield return fault;
    }

    // Answers are open for clients, as their words are; this version still says only what it describes.
    private static IEnumerable<string> Undescribed(JsonElement properties, JsonElement schema, JsonElement value, string at) =>
        schema.TryGetProperty("additionalProperties", out _)
            ? []
            : value.EnumerateObject().Where(p => !properties.TryGetProperty(p.Name, out _)).Select(p => $"{at}: {p.Name} is not described");

    private static IEnumerable<string> Deeper(string keyword, JsonElement rule, JsonElement schema, JsonElement value, string at) =>
        (keyword, value.ValueKind) switch
        {
            ("required", JsonValueKind.Object) => rule.EnumerateArray()
                .Where(name => !value.TryGetProperty(name.GetString()!, out _))
                .Select(name => $"{at}: {name} is missing"),
            ("properties", JsonValueKind.Object) => rule.EnumerateObject()
                .Where(p => value.TryGetProperty(p.Name, out _))
                .SelectMany(p => Walk(Resolve(p.Value), value.GetProperty(p.Name), $"{at}.{p.Name}"))
                .Concat(Undescribed(rule, schema, value, at)),
            ("additionalProperties", JsonValueKind.Object) => value.EnumerateObject()
                .Where(p => !(schema.TryGetProperty("properties", out var known) && known.TryGetProperty(p.Name, out _)))
                .SelectMany(p => rule.ValueKind == JsonValueKind.False
                    ? [$"{at}: {p.Name} is not described"]
                    : Walk(Resolve(rule), p.Value, $"{at}.{p.Name}")),
            ("items", JsonValueKind.Array) =>
                value.EnumerateArray().Index().SelectMany(e => Walk(Resolve(rule), e.Item, $"{at}[{e.Index}]")),
            ("allOf", _) => rule.EnumerateArray().SelectMany(s => Walk(Resolve(s), value, at)),
            ("oneOf", _) => rule.EnumerateArray().Count(s => !Walk(Resolve(s), value, at).Any()) == 1
                ? []
                : [$"{at}: not exactly one of the schemas fits"],
            _ => [],
        };
}
