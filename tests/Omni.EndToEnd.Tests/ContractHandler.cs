using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Json.Pointer;
using Json.Schema;
using Xunit.Sdk;

namespace Omni.EndToEnd.Tests;

/// <summary>Holds every answer of the API to the OpenAPI document that the same host serves.</summary>
internal sealed class ContractHandler : DelegatingHandler
{
    private const string Root = "/api/v1/";

    private readonly Lazy<Task<Contract>> _contract;

    /// <summary>Checks the answers of a host.</summary>
    /// <param name="host">Where it is served.</param>
    public ContractHandler(Uri host)
        : base(new SocketsHttpHandler { AllowAutoRedirect = false }) // where a redirect leads is not the API any more
    {
        _contract = new(() => LoadAsync(new Uri(host, Root + "openapi.json")));
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = await base.SendAsync(request, cancellationToken);
        if (!request.RequestUri!.AbsolutePath.StartsWith(Root, StringComparison.Ordinal)) return response;

        await response.Content.LoadIntoBufferAsync(cancellationToken);
        var answer = new Answer(
            request.Method.Method,
            request.RequestUri.AbsolutePath,
            (int)response.StatusCode,
            response.Content.Headers.ContentType?.MediaType,
            await response.Content.ReadAsStringAsync(cancellationToken));
        return (await _contract.Value).Fault(answer) is { } fault ? throw new XunitException($"{answer}\n{fault}") : response;
    }

    private async Task<Contract> LoadAsync(Uri document)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, document);
        using var answer = await base.SendAsync(request, CancellationToken.None);
        return new(await answer.EnsureSuccessStatusCode().Content.ReadAsStringAsync());
    }
}

/// <summary>What the API answered to a request.</summary>
/// <param name="Method">The request's method.</param>
/// <param name="Path">The request's path.</param>
/// <param name="Status">The status.</param>
/// <param name="ContentType">The body's type, without its parameters; null for none.</param>
/// <param name="Body">The body; empty for none.</param>
internal sealed record Answer(string Method, string Path, int Status, string? ContentType, string Body);

/// <summary>
/// An OpenAPI document as a judge of answers. The document leaves answers open for clients: members and words may be added to them. This
/// version says only what it describes, so both are closed here.
/// </summary>
internal sealed class Contract
{
    private static readonly Uri Base = new("https://omni.example/openapi.json");
    private static readonly JsonPointer AnyProblem = JsonPointer.Parse("/components/responses/Other");
    private static readonly EvaluationOptions Options = new() { OutputFormat = OutputFormat.List, RequireFormatValidation = true };

    private readonly BuildOptions _build = new() { SchemaRegistry = new() };
    private readonly ConcurrentDictionary<string, JsonSchema> _schemas = new();
    private readonly JsonElement _document;
    private readonly string[] _templates;

    /// <summary>Reads the document.</summary>
    /// <param name="text">Its text.</param>
    public Contract(string text)
    {
        var document = JsonNode.Parse(text)!.AsObject();
        Close(document);
        _document = JsonSerializer.SerializeToElement(document);
        _build.SchemaRegistry.Register(new JsonElementBaseDocument(_document, Base));

        // What is written out comes before what is left open: {id} fits every word.
        _templates = [.. document["paths"]!.AsObject().Select(path => path.Key).OrderBy(template => template.Count(c => c == '{'))];
    }

    /// <summary>What is wrong with an answer; null when it is as described.</summary>
    public string? Fault(Answer answer)
    {
        if (Described(answer) is not { } described) return "The document describes no such answer.";
        if (described.Evaluate(_document)!.Value.TryGetProperty("content", out var types) is var hasBody && !hasBody)
            return answer.Body.Length == 0 ? null : "The document describes no body.";
        if (!types.TryGetProperty(answer.ContentType ?? "", out _)) return $"The document describes no {answer.ContentType}.";

        var schema = _schemas.GetOrAdd(described.Combine("content", answer.ContentType!, "schema").ToString(), Build);
        var result = schema.Evaluate(JsonElement.Parse(answer.Body), Options);
        return result.IsValid ? null : string.Join('\n', result.Details!.Where(detail => detail.Errors is not null)
            .SelectMany(detail => detail.Errors!.Select(error => $"{detail.InstanceLocation} {error.Key}: {error.Value}")));
    }

    /// <summary>Where the document describes an answer; a path or a method that it has not is answered by a problem.</summary>
    private JsonPointer? Described(Answer answer)
    {
        var operation = _templates.FirstOrDefault(template => Fits(template, answer.Path)) is { } path
            ? JsonPointer.Create("paths", path, answer.Method.ToLowerInvariant())
            : AnyProblem;
        if (operation.Evaluate(_document) is not { } found || operation == AnyProblem) return AnyProblem;

        var responses = found.GetProperty("responses");
        var status = answer.Status.ToString(CultureInfo.InvariantCulture);
        if (!responses.TryGetProperty(status, out var response) && !responses.TryGetProperty(status = "default", out response)) return null;

        return response.TryGetProperty("$ref", out var reference)
            ? JsonPointer.Parse(reference.GetString()![1..])
            : operation.Combine("responses", status);
    }

    private static bool Fits(string template, string path)
    {
        var (wanted, given) = (template.Split('/'), path.Split('/'));
        return wanted.Length == given.Length && wanted.Zip(given).All(pair => pair.First.StartsWith('{') || pair.First == pair.Second);
    }

    private JsonSchema Build(string pointer) =>
        JsonSchema.Build(
            JsonSerializer.SerializeToElement(
                new JsonObject { ["$ref"] = $"{Base}#{pointer.Replace("+", "%2B", StringComparison.Ordinal)}" }),
            _build);

    /// <summary>Makes schemas of answers say that there is nothing but what they describe.</summary>
    private static void Close(JsonNode? node)
    {
        if (node is JsonArray array)
        {
            foreach (var element in array) Close(element);
        }

        if (node is not JsonObject schema) return;

        foreach (var (_, member) in schema) Close(member);
        if (schema.Remove("x-extensible-enum", out var words)) schema["enum"] = words;
        schema.Remove("discriminator"); // a hint that JSON Schema does not know; oneOf says the same
        if (schema["properties"] is JsonObject && (string?)schema["type"] == "object") schema.TryAdd("additionalProperties", false);
    }
}
