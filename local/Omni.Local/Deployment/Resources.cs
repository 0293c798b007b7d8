using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Omni.Local.Account;

namespace Omni.Local.Deployment;

/// <summary>One resource of the template.</summary>
/// <param name="Id">Its logical id.</param>
/// <param name="Properties">Its properties.</param>
internal sealed record Resource(string Id, JsonObject Properties);

/// <summary>
/// The resources of a template, and what was made of them. Knows the few intrinsic functions that the stack uses and throws on any other,
/// so that a new construct fails loudly here and not quietly later.
/// </summary>
internal sealed class Resources(JsonObject template)
{
    private readonly Dictionary<string, (string Ref, Dictionary<string, string> Attributes)> _made = [];

    public IEnumerable<Resource> Of(string type) =>
        from resource in template["Resources"]!.AsObject()
        where (string?)resource.Value!["Type"] == type
        select new Resource(resource.Key, resource.Value!["Properties"]?.AsObject() ?? []);

    /// <summary>The resource that a reference is to.</summary>
    public Resource Follow(JsonNode? reference)
    {
        var id = (string?)(reference?["Ref"] ?? reference?["Fn::GetAtt"]?[0])
            ?? throw new NotSupportedException($"The template refers to {reference?.ToJsonString() ?? "null"} where a resource is needed.");
        return new(id, template["Resources"]![id]!["Properties"]?.AsObject() ?? []);
    }

    /// <summary>Remembers what a resource became, for references to it.</summary>
    public void Made(Resource resource, string reference, params (string Name, string Value)[] attributes) =>
        _made[resource.Id] = (reference, attributes.ToDictionary(a => a.Name, a => a.Value));

    /// <summary>A property as text, its references put in.</summary>
    public string Text(JsonNode? node) => node switch
    {
        JsonValue value => value.GetValueKind() == JsonValueKind.String ? (string)value! : value.ToJsonString(),
        JsonObject o when o["Ref"] is { } reference => Ref((string)reference!),
        JsonObject o when o["Fn::GetAtt"] is JsonArray { Count: 2 } path => Attribute((string)path[0]!, (string)path[1]!),
        JsonObject o when o["Fn::Join"] is JsonArray { Count: 2 } join => string.Join((string)join[0]!, join[1]!.AsArray().Select(Text)),
        _ => throw new NotSupportedException(
            $"The template has something that the local host does not know: {node?.ToJsonString() ?? "null"}."),
    };

    public string? TextOrNull(JsonNode? node) => node is null ? null : Text(node);

    public int Number(JsonNode? node, int otherwise) => node is null ? otherwise : int.Parse(Text(node), CultureInfo.InvariantCulture);

    private string Attribute(string id, string name) =>
        Made(id).Attributes.GetValueOrDefault(name) ?? throw new NotSupportedException($"{name} of {id} is not made here.");

    private string Ref(string id) => id switch
    {
        "AWS::Region" => Emulators.LocalEmulators.Region,
        "AWS::AccountId" => Arn.AccountId,
        "AWS::Partition" => "aws",
        "AWS::URLSuffix" => "amazonaws.com",
        _ => Made(id).Ref,
    };

    private (string Ref, Dictionary<string, string> Attributes) Made(string id) =>
        _made.TryGetValue(id, out var made)
            ? made
            : throw new NotSupportedException($"The template refers to {id}, which the local host does not make.");
}
