using System.Text.Json.Nodes;
using Omni.Local.Account;

namespace Omni.Local.Deployment;

/// <summary>
/// Reads what the template allows each function: the policies of its role, references put in. What the guard could not hold is refused
/// here, by name, and not quietly allowed.
/// </summary>
/// <param name="resources">The template, all that policies refer to made.</param>
internal sealed class RoleReader(Resources resources)
{
    private static readonly string[] OfStatements = ["Sid", "Effect", "Action", "Resource", "Condition"];

    /// <summary>The role of a function.</summary>
    /// <param name="function">The function's resource.</param>
    /// <param name="stackFunction">The function.</param>
    public Role Read(Resource function, StackFunction stackFunction)
    {
        var role = resources.Follow(function.Properties["Role"]);
        if (role.Properties["ManagedPolicyArns"] is not null || role.Properties["PermissionsBoundary"] is not null)
            throw Unknown($"a managed policy or a boundary at {role.Id}");

        // Where a role's own policy would be too long, CDK puts the rest into one of the stack's beside it.
        var policies = resources.Of("AWS::IAM::Policy").Concat(resources.Of("AWS::IAM::ManagedPolicy"))
            .Where(policy => policy.Properties["Roles"]!.AsArray().Any(reference => resources.Follow(reference).Id == role.Id))
            .Select(policy => policy.Properties)
            .Concat((role.Properties["Policies"]?.AsArray() ?? []).Select(policy => policy!.AsObject()));
        return new(
            resources.TextOrNull(role.Properties["RoleName"]) ?? role.Id,
            stackFunction.Name,
            stackFunction.Project,
            [.. policies.SelectMany(policy => policy["PolicyDocument"]!["Statement"]!.AsArray()).SelectMany(s => Rights(s!.AsObject()))]);
    }

    private IEnumerable<Right> Rights(JsonObject statement)
    {
        if (statement.Select(member => member.Key).Except(OfStatements).FirstOrDefault() is { } unknown)
            throw Unknown($"{unknown} in a policy");

        PolicyCondition[] conditions =
        [
            .. from test in statement["Condition"]?.AsObject() ?? []
               from key in test.Value!.AsObject()
               select Condition(test.Key, key.Key, [.. Many(key.Value)]),
        ];
        return
            from action in Many(statement["Action"])
            from resource in Many(statement["Resource"])
            select new Right((string)statement["Effect"]! == "Allow", action, resource, conditions);
    }

    // Of the keys that conditions can ask for, requests here have those of KMS.
    private static PolicyCondition Condition(string test, string key, string[] values)
    {
        if (test is not ("StringEquals" or "StringLike")) throw Unknown($"the condition {test}");
        if (key != "kms:ViaService" && !key.StartsWith("kms:EncryptionContext:", StringComparison.Ordinal))
            throw Unknown($"the condition key {key}");

        return new(key, test == "StringLike", values);
    }

    /// <summary>One text or several, as policies write it.</summary>
    private IEnumerable<string> Many(JsonNode? node)
    {
        foreach (var one in node is JsonArray several ? several.AsEnumerable() : [node])
        {
            var text = resources.Text(one);
            yield return text.Contains("${", StringComparison.Ordinal) ? throw Unknown($"the policy variable in {text}") : text;
        }
    }

    private static NotSupportedException Unknown(string what) => new($"The template has {what}, which the local host does not know.");
}
