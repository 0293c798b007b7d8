using System.Text;
using System.Text.Json.Nodes;
using Omni.Local.Account;
using Omni.Local.Deployment;

namespace Omni.EndToEnd.Tests;

/// <summary>How policies are read off a template, and what they say.</summary>
public sealed class PolicyTests
{
    private const string Table = "arn:aws:dynamodb:us-east-1:000000000000:table/messages";
    private const string Key = "arn:aws:kms:us-east-1:000000000000:key/Key";

    [Theory]
    [InlineData("dynamodb:GetItem", Table, true)]
    [InlineData("DYNAMODB:getitem", Table, true)]
    [InlineData("dynamodb:*Item", Table, true)]
    [InlineData("dynamodb:?etItem", Table, true)]
    [InlineData("dynamodb:Get", Table, false)]
    [InlineData("dynamodb:GetItem", "*", true)]
    [InlineData("dynamodb:GetItem", Table + "/index/list", false)]
    [InlineData("dynamodb:GetItem", "arn:aws:dynamodb:us-east-1:000000000000:table/Messages", false)]
    [InlineData("dynamodb:GetItem", "arn:aws:dynamodb:us-east-1:000000000000:table/mess*", true)]
    [InlineData("dynamodb:GetItem", "arn:aws:dynamodb:*:*:table/message?", true)]
    [InlineData("dynamodb:GetItem", "arn:aws:dynamodb:*", false)]
    [InlineData("dynamodb:GetItem", "arn:aws:dynamodb:*/messages", false)]
    public void An_action_on_a_resource_is_allowed_by_what_fits_both(string action, string resource, bool isAllowed)
    {
        var role = Role(Statement("Allow", action, resource));

        Assert.Equal(isAllowed ? Decision.Allowed : Decision.NotAllowed, role.Decide(new("dynamodb:GetItem", Table)));
    }

    [Theory]
    [InlineData("arn:aws:s3:::blobs/*", true)]
    [InlineData("arn:aws:s3:::blobs/media/*", true)]
    [InlineData("arn:aws:s3:::*/file", true)]
    [InlineData("arn:aws:s3:*:*:blobs/*", true)]
    [InlineData("arn:aws:s3:::blobs/raw/*", false)]
    [InlineData("arn:aws:s3:::blobs", false)]
    public void A_file_lies_in_its_bucket(string resource, bool isAllowed)
    {
        var role = Role(Statement("Allow", "s3:GetObject", resource));

        var decision = role.Decide(new("s3:GetObject", "arn:aws:s3:::blobs/media/a/file"));

        Assert.Equal(isAllowed ? Decision.Allowed : Decision.NotAllowed, decision);
    }

    [Fact]
    public void What_is_denied_stays_denied_whatever_is_allowed()
    {
        var role = Role(Statement("Allow", "dynamodb:*", "*"), Statement("Deny", "dynamodb:GetItem", Table));

        Assert.Equal(Decision.Denied, role.Decide(new("dynamodb:GetItem", Table)));
        Assert.Equal(Decision.Allowed, role.Decide(new("dynamodb:Query", Table)));
    }

    [Fact]
    public void An_action_that_knows_no_resource_needs_all_of_them()
    {
        Assert.Equal(
            Decision.NotAllowed, Role(Statement("Allow", "dynamodb:ListStreams", Table)).Decide(new("dynamodb:ListStreams", "*")));
        Assert.Equal(Decision.Allowed, Role(Statement("Allow", "dynamodb:ListStreams", "*")).Decide(new("dynamodb:ListStreams", "*")));
    }

    [Theory]
    [InlineData("ssm.us-east-1.amazonaws.com", "parameter/omni/local/acme/KEY", Decision.Allowed)]
    [InlineData("ssm.us-east-1.amazonaws.com", "parameter/omni/local/other/KEY", Decision.NotAllowed)]
    [InlineData("sqs.us-east-1.amazonaws.com", "parameter/omni/local/acme/KEY", Decision.NotAllowed)]
    [InlineData("sqs.us-east-1.amazonaws.com", null, Decision.NotAllowed)]
    internal void Every_condition_must_hold(string service, string? parameter, Decision expected)
    {
        var statement = Statement("Allow", "kms:Decrypt", Key);
        statement["Condition"] = new JsonObject
        {
            ["StringEquals"] = new JsonObject { ["kms:ViaService"] = "ssm.us-east-1.amazonaws.com" },
            ["StringLike"] = new JsonObject
            {
                ["kms:EncryptionContext:PARAMETER_ARN"] = new JsonArray("nothing", "parameter/omni/local/acme/*"),
            },
        };
        var context = new Dictionary<string, string> { ["kms:ViaService"] = service };
        if (parameter is not null) context["kms:EncryptionContext:PARAMETER_ARN"] = parameter;

        Assert.Equal(expected, Role(statement).Decide(new("kms:Decrypt", Key) { Context = context }));
    }

    [Theory]
    [InlineData("""{"Effect":"Allow","NotAction":"s3:*","Resource":"*"}""", "NotAction")]
    [InlineData("""{"Effect":"Allow","Action":"s3:*","NotResource":"*"}""", "NotResource")]
    [InlineData("""{"Effect":"Allow","Action":"s3:*","Resource":"*","Condition":{"Bool":{"aws:SecureTransport":"true"}}}""", "Bool")]
    [InlineData(
        """{"Effect":"Allow","Action":"s3:*","Resource":"*","Condition":{"StringLike":{"s3:prefix":"a"}}}""", "s3:prefix")]
    [InlineData("""{"Effect":"Allow","Action":"s3:*","Resource":"arn:aws:s3:::b/${aws:username}"}""", "${aws:username}")]
    [InlineData("""{"Effect":"Allow","Action":"s3:*","Resource":{"Fn::ImportValue":"x"}}""", "Fn::ImportValue")]
    [InlineData("""{"Effect":"Allow","Action":"s3:*","Resource":{"Ref":"Nobody"}}""", "Nobody")]
    public void What_the_guard_could_not_hold_is_refused_by_name(string statement, string name)
    {
        var refusal = Assert.Throws<NotSupportedException>(() => Role(JsonNode.Parse(statement)!.AsObject()));

        Assert.Contains(name, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_too_long_for_a_roles_own_policy_stands_beside_it()
    {
        var template = Template(Statement("Allow", "dynamodb:GetItem", Table));
        var overflow = template["Resources"]!["Policy"]!.DeepClone();
        overflow["Type"] = "AWS::IAM::ManagedPolicy";
        overflow["Properties"]!["PolicyDocument"]!["Statement"] = new JsonArray(Statement("Allow", "dynamodb:Query", Table));
        template["Resources"]!["Overflow"] = overflow;

        var role = Read(template);

        Assert.Equal(Decision.Allowed, role.Decide(new("dynamodb:GetItem", Table)));
        Assert.Equal(Decision.Allowed, role.Decide(new("dynamodb:Query", Table)));
    }

    [Fact]
    public void A_managed_policy_is_refused_by_name()
    {
        var template = Template(Statement("Allow", "s3:GetObject", "*"));
        template["Resources"]!["Role"]!["Properties"]!["ManagedPolicyArns"] = new JsonArray("arn:aws:iam::aws:policy/AdministratorAccess");

        Assert.Contains("managed", Assert.Throws<NotSupportedException>(() => Read(template)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GetItem", """{"TableName":"messages"}""", "dynamodb:GetItem messages")]
    [InlineData("Query", """{"TableName":"messages"}""", "dynamodb:Query messages")]
    [InlineData("Query", """{"TableName":"messages","IndexName":"list"}""", "dynamodb:Query messages/index/list")]
    [InlineData(
        "BatchGetItem",
        """{"RequestItems":{"messages":{},"other":{}}}""",
        "dynamodb:BatchGetItem messages, dynamodb:BatchGetItem other")]
    [InlineData("BatchWriteItem", """{"RequestItems":{"messages":[]}}""", "dynamodb:BatchWriteItem messages")]
    [InlineData(
        "TransactGetItems",
        """{"TransactItems":[{"Get":{"TableName":"messages"}},{"Get":{"TableName":"messages"}}]}""",
        "dynamodb:GetItem messages")]
    [InlineData(
        "TransactWriteItems",
        """
        {"TransactItems":[{"Put":{"TableName":"messages"}},{"Update":{"TableName":"messages"}},{"Delete":{"TableName":"other"}},
         {"ConditionCheck":{"TableName":"messages"}}]}
        """,
        "dynamodb:PutItem messages, dynamodb:UpdateItem messages, dynamodb:DeleteItem other, dynamodb:ConditionCheckItem messages")]
    public void A_request_to_a_table_needs_what_each_of_its_items_does(string operation, string body, string expected)
    {
        var needs = new AccessReader(new Dictionary<string, string>()).Of(Call("dynamodb", operation, body));

        Assert.Equal(expected, string.Join(", ", needs).Replace(Arn.Table(""), "", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("SendMessageBatch", "sqs:SendMessage")]
    [InlineData("DeleteMessageBatch", "sqs:DeleteMessage")]
    [InlineData("ChangeMessageVisibilityBatch", "sqs:ChangeMessageVisibility")]
    [InlineData("ReceiveMessage", "sqs:ReceiveMessage")]
    public void A_request_to_a_queue_needs_the_right_to_one_record(string operation, string action)
    {
        var needs = new AccessReader(new Dictionary<string, string>())
            .Of(Call("sqs", operation, """{"QueueUrl":"http://127.0.0.1:1/000000000000/work.fifo"}"""));

        Assert.Equal(new Access(action, "arn:aws:sqs:us-east-1:000000000000:work.fifo").ToString(), Assert.Single(needs).ToString());
    }

    [Theory]
    [InlineData("GET", "/blobs/media/a%20b/c", "s3:GetObject arn:aws:s3:::blobs/media/a b/c")]
    [InlineData("GET", "/blobs/a?x-id=GetObject&response-content-type=x&X-Amz-Expires=1", "s3:GetObject arn:aws:s3:::blobs/a")]
    [InlineData("HEAD", "/blobs/a", "s3:GetObject arn:aws:s3:::blobs/a")]
    [InlineData("PUT", "/blobs/a", "s3:PutObject arn:aws:s3:::blobs/a")]
    [InlineData("DELETE", "/blobs/a", "s3:DeleteObject arn:aws:s3:::blobs/a")]
    [InlineData("GET", "/blobs?list-type=2&prefix=media", "s3:ListBucket arn:aws:s3:::blobs")]
    [InlineData("HEAD", "/blobs", "s3:ListBucket arn:aws:s3:::blobs")]
    public void A_request_to_a_bucket_needs_what_method_and_path_say(string method, string target, string expected)
    {
        var needs = new AccessReader(new Dictionary<string, string>()).Of(Call("s3", "", "") with { Method = method, Target = target });

        Assert.Equal(expected, Assert.Single(needs).ToString());
    }

    [Theory]
    [InlineData("dynamodb", "ExecuteStatement", "POST", "/", "ExecuteStatement")]
    [InlineData("dynamodb", "DeleteTable", "POST", "/", "DeleteTable")]
    [InlineData("sqs", "PurgeQueue", "POST", "/", "PurgeQueue")]
    [InlineData("s3", "", "PUT", "/blobs/a?acl", "acl")]
    [InlineData("s3", "", "POST", "/blobs/a", "POST")]
    [InlineData("sns", "Publish", "POST", "/", "sns")]
    public void A_request_that_is_not_known_is_refused_by_name(string service, string operation, string method, string target, string name)
    {
        var call = Call(service, operation, "{}") with { Method = method, Target = target };

        var refusal = Assert.Throws<NotSupportedException>(() => new AccessReader(new Dictionary<string, string>()).Of(call));

        Assert.Contains(name, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_encrypted_with_a_key_of_the_account_needs_that_key_through_its_service()
    {
        var reader = new AccessReader(new Dictionary<string, string> { [Arn.Table("messages")] = Key, [Arn.Queue("work")] = Key });

        var read = reader.Of(Call("dynamodb", "Query", """{"TableName":"messages","IndexName":"list"}"""));
        var sent = reader.Of(Call("sqs", "SendMessage", """{"QueueUrl":"http://127.0.0.1:1/000000000000/work"}"""));
        var other = reader.Of(Call("dynamodb", "GetItem", """{"TableName":"other"}"""));

        Assert.Equal(["dynamodb:Query", "kms:Decrypt"], read.Select(access => access.Action));
        Assert.Equal(["sqs:SendMessage", "kms:GenerateDataKey", "kms:Decrypt"], sent.Select(access => access.Action));
        Assert.Equal("sqs.us-east-1.amazonaws.com", sent[1].Context["kms:ViaService"]);
        Assert.Equal(["dynamodb:GetItem"], other.Select(access => access.Action));
    }

    private static AwsCall Call(string service, string operation, string body) => new()
    {
        Service = service, AccessKey = "AKIA", Operation = operation, Method = "POST", Target = "/", Headers = [],
        Body = Encoding.UTF8.GetBytes(body),
    };

    private static JsonObject Statement(string effect, string action, string resource) =>
        new() { ["Effect"] = effect, ["Action"] = action, ["Resource"] = resource };

    private static Role Role(params JsonObject[] statements) => Read(Template(statements));

    private static Role Read(JsonObject template)
    {
        var resources = new Resources(template);
        return new RoleReader(resources).Read(
            resources.Of("AWS::Lambda::Function").Single(),
            new("function", "Omni.Function", new Dictionary<string, string>(), TimeSpan.FromSeconds(3), 128));
    }

    private static JsonObject Template(params JsonObject[] statements) => new()
    {
        ["Resources"] = new JsonObject
        {
            ["Role"] = new JsonObject { ["Type"] = "AWS::IAM::Role", ["Properties"] = new JsonObject() },
            ["Function"] = new JsonObject
            {
                ["Type"] = "AWS::Lambda::Function",
                ["Properties"] = new JsonObject { ["Role"] = new JsonObject { ["Fn::GetAtt"] = new JsonArray("Role", "Arn") } },
            },
            ["Policy"] = new JsonObject
            {
                ["Type"] = "AWS::IAM::Policy",
                ["Properties"] = new JsonObject
                {
                    ["Roles"] = new JsonArray(new JsonObject { ["Ref"] = "Role" }),
                    ["PolicyDocument"] = new JsonObject { ["Statement"] = new JsonArray([.. statements]) },
                },
            },
        },
    };
}
