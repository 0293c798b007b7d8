using System.Text.Json.Nodes;

namespace Omni.Infra.Tests;

/// <summary>One resource of a template.</summary>
internal sealed record Resource(string LogicalId, string Type, JsonObject Definition)
{
    public JsonObject Properties => Definition[nameof(Properties)] as JsonObject ?? [];

    public JsonNode? this[string property] => Properties[property];

    public string Text(string property) => Properties[property]!.GetValue<string>();

    public int Number(string property) => Properties[property]!.GetValue<int>();

    public override string ToString() => $"{Type} {LogicalId}";
}

/// <summary>A template, and how its resources point at each other.</summary>
internal sealed class StackTemplate
{
    private readonly Dictionary<string, Resource> _resources;

    private StackTemplate(string path, JsonObject json)
    {
        Path = path;
        Json = json;
        _resources = json[nameof(Resources)]!.AsObject().ToDictionary(
            pair => pair.Key, pair => new Resource(pair.Key, pair.Value!["Type"]!.GetValue<string>(), pair.Value.AsObject()));
    }

    public string Path { get; }

    public string Folder => System.IO.Path.GetDirectoryName(Path)!;

    public JsonObject Json { get; }

    public IReadOnlyCollection<Resource> Resources => _resources.Values;

    public IReadOnlyList<Resource> Functions => All("AWS::Lambda::Function");

    public IReadOnlyList<Resource> Queues => All("AWS::SQS::Queue");

    public IReadOnlyList<Resource> EventSources => All("AWS::Lambda::EventSourceMapping");

    public static StackTemplate Read(string path) => new(path, JsonNode.Parse(File.ReadAllText(path))!.AsObject());

    public IReadOnlyList<Resource> All(string type)
    {
        Resource[] found = [.. Resources.Where(resource => resource.Type == type)];
        Assert.NotEmpty(found); // a rule over nothing would hold
        return found;
    }

    /// <summary>The function of a project.</summary>
    public Resource Function(string project) => Functions.Single(function => function.Text("Handler") == project);

    /// <summary>The resource that a Ref or a Fn::GetAtt names.</summary>
    public Resource Follow(JsonNode? reference) =>
        _resources[(reference!["Ref"] ?? reference["Fn::GetAtt"]?[0] ?? reference["Fn::GetAtt"])!.GetValue<string>()];

    /// <summary>
    /// Strings and joins as text, with resources by the names that they have in AWS: <c>[omni-dev-messages]/index/list</c>.
    /// </summary>
    public string Plain(JsonNode? value) => value switch
    {
        JsonValue literal => literal.ToString(),
        JsonObject { } o when o["Fn::Join"] is JsonArray join => string.Join(join[0]!.GetValue<string>(), join[1]!.AsArray().Select(Plain)),
        JsonObject { } o when o["Ref"]?.GetValue<string>() is { } pseudo && pseudo.StartsWith("AWS::", StringComparison.Ordinal) =>
            $"[{pseudo}]",
        JsonObject { } o when o["Ref"] is not null || o["Fn::GetAtt"] is not null => $"[{NameOf(Follow(o))}]",
        _ => throw new InvalidOperationException($"The tests cannot read {value?.ToJsonString()}."),
    };

    /// <summary>As <see cref="Plain"/>, or null where there is nothing.</summary>
    public string? PlainOrNull(JsonNode? value) => value is null ? null : Plain(value);

    /// <summary>A list, or one value where CloudFormation allows both.</summary>
    public static IEnumerable<JsonNode?> Many(JsonNode? value) => value is JsonArray array ? array.AsEnumerable() : [value];

    /// <summary>The statements of the policies attached to the role of a function.</summary>
    public IEnumerable<JsonObject> StatementsOf(Resource function)
    {
        var role = Follow(function["Role"]);
        // What does not fit into a role's own policy, CDK puts into others beside it.
        return Resources.Where(resource => resource.Type is "AWS::IAM::Policy" or "AWS::IAM::ManagedPolicy")
            .Where(policy => policy["Roles"]!.AsArray().Any(r => Follow(r) == role))
            .SelectMany(policy => policy["PolicyDocument"]!["Statement"]!.AsArray())
            .Select(statement => statement!.AsObject());
    }

    private static string NameOf(Resource resource) =>
        resource.Properties.FirstOrDefault(
            p => p.Key is "TableName" or "QueueName" or "FunctionName" or "LogGroupName").Value?.GetValue<string>()
        ?? resource.Type.Split("::")[^1];
}
