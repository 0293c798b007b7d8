using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Omni.Shared;

namespace Omni.Infra.Tests;

[Collection(TemplatesDefinition.Name)]
public sealed partial class PermissionTests(Templates templates)
{
    private static readonly Dictionary<string, Needs> Expected =
        JsonSerializer.Deserialize<Dictionary<string, Needs>>(File.ReadAllText("Fixtures/functions.json"), JsonSerializerOptions.Web)!;

    // These actions know no resources: docs.aws.amazon.com/service-authorization/latest/reference (X-Ray, DynamoDB).
    private static readonly string[] WithoutResources = ["xray:PutTraceSegments", "xray:PutTelemetryRecords", "dynamodb:ListStreams"];

    private readonly StackTemplate _template = templates.Everything;

    [Fact]
    public void No_action_is_a_wildcard()
    {
        Assert.All(Allowed(), statement => Assert.All(Actions(statement), action => Assert.DoesNotContain('*', action)));
    }

    [Fact]
    public void Only_actions_without_resources_are_allowed_on_everything()
    {
        Assert.All(Allowed().Where(statement => Resources(statement).Contains("*")), statement =>
            Assert.All(Actions(statement), action => Assert.Contains(action, WithoutResources)));
    }

    [Fact]
    public void A_resource_ends_openly_only_inside_a_bucket_a_parameter_path_or_under_conditions()
    {
        Assert.All(
            Allowed(),
            statement => Assert.All(Resources(statement).Where(resource => resource.Length > 1 && resource.Contains('*')), resource =>
                Assert.True(
                    resource is "[Bucket]/*" or "[Bucket]/media/*" or "[Bucket]/raw/*" or "[Bucket]/uploads/*" or "[Bucket]/batches/*" ||
                    ParameterPath.IsMatch(resource) ||
                    (resource.Contains(":kms:", StringComparison.Ordinal)
                        && statement["Condition"]?["StringEquals"]?["kms:ViaService"] is not null),
                    resource)));
    }

    [Fact]
    public void Keys_decrypt_only_a_carriers_own_parameters_through_ssm()
    {
        var statements = Allowed()
            .Where(statement => Actions(statement).Any(action => action.StartsWith("kms:", StringComparison.Ordinal))).ToArray();

        Assert.Equal(2 * CarrierCatalogue.All.Count, statements.Length);
        Assert.All(statements, statement =>
        {
            Assert.Equal(["kms:Decrypt"], Actions(statement));
            Assert.Equal("ssm.[AWS::Region].amazonaws.com", _template.Plain(statement["Condition"]!["StringEquals"]!["kms:ViaService"]));
            Assert.Matches(ParameterPath, _template.Plain(statement["Condition"]!["StringLike"]!["kms:EncryptionContext:PARAMETER_ARN"]));
        });
    }

    [Fact]
    public void Every_function_has_a_role_of_its_own_without_managed_policies()
    {
        Assert.Equal(
            _template.Functions.Count,
            _template.Functions.Select(function => _template.Follow(function["Role"]).LogicalId).Distinct().Count());
        Assert.All(_template.All("AWS::IAM::Role"), role => Assert.Null(role["ManagedPolicyArns"]));
    }

    [Fact]
    public void A_carriers_functions_reach_no_other_carrier()
    {
        Assert.All(CarrierCatalogue.All, carrier => Assert.All(["Inbound", "Outbound"], direction =>
        {
            var rights = string.Join('\n', Rights(_template.Function($"Omni.{carrier.Name}.{direction}")));
            Assert.All(
                CarrierCatalogue.All.Where(other => other != carrier),
                other => Assert.DoesNotContain(other.Id, rights, StringComparison.Ordinal));
        }));
    }

    [Fact]
    public void Every_function_may_and_knows_exactly_what_it_needs()
    {
        Assert.All(_template.Functions, function =>
        {
            var needs = Expected[General(function.Text("Handler"))];
            Assert.Equal(needs.May, Rights(function).Select(General).Distinct().Order(StringComparer.Ordinal));
            Assert.Equal(needs.Knows, Settings(function).Select(General).Distinct().Order(StringComparer.Ordinal));
        });
    }

    [GeneratedRegex(@"^arn:\[AWS::Partition\]:ssm:\[AWS::Region\]:\[AWS::AccountId\]:parameter/omni/dev/[a-z]+/\*$")]
    private static partial Regex ParameterPath { get; }

    // What each carrier has alike is written down once, with {carrier} for its name.
    private static string General(string text) => CarrierCatalogue.All.Aggregate(text, (line, carrier) =>
        line.Replace(carrier.Name, "{Carrier}", StringComparison.Ordinal)
            .Replace(carrier.Id, "{carrier}", StringComparison.Ordinal)
            .Replace(carrier.SettingPrefix, "{CARRIER}", StringComparison.Ordinal));

    private static IEnumerable<string> Settings(Resource function) =>
        function["Environment"]!["Variables"]!.AsObject().Select(pair => pair.Key);

    private IEnumerable<string> Rights(Resource function) =>
        from statement in _template.StatementsOf(function)
        from action in Actions(statement)
        // Every function logs and traces.
        where !action.StartsWith("logs:", StringComparison.Ordinal) && !action.StartsWith("xray:", StringComparison.Ordinal)
        from resource in Resources(statement)
        select $"{action} {resource}";

    private IEnumerable<JsonObject> Allowed() => _template.Functions.SelectMany(_template.StatementsOf)
        .Where(statement => statement["Effect"]!.GetValue<string>() == "Allow");

    private static string[] Actions(JsonObject statement) =>
        [.. StackTemplate.Many(statement["Action"]).Select(action => action!.GetValue<string>())];

    private string[] Resources(JsonObject statement) => [.. StackTemplate.Many(statement["Resource"]).Select(_template.Plain)];

    private sealed record Needs(string[] Knows, string[] May);
}
