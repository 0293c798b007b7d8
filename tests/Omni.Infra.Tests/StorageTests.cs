using Omni.Shared;

namespace Omni.Infra.Tests;

[Collection(TemplatesDefinition.Name)]
public sealed class StorageTests(Templates templates)
{
    private readonly StackTemplate _template = templates.Everything;

    [Fact]
    public void Every_table_is_encrypted_restorable_cleaned_by_ttl_and_paid_by_request()
    {
        Assert.All(_template.All("AWS::DynamoDB::Table"), table =>
        {
            Assert.True(table["SSESpecification"]!["SSEEnabled"]!.GetValue<bool>());
            Assert.True(table["PointInTimeRecoverySpecification"]!["PointInTimeRecoveryEnabled"]!.GetValue<bool>());
            Assert.True(table["TimeToLiveSpecification"]!["Enabled"]!.GetValue<bool>());
            Assert.Equal("ex", table["TimeToLiveSpecification"]!["AttributeName"]!.GetValue<string>());
            Assert.Equal("PAY_PER_REQUEST", table.Text("BillingMode"));
        });
    }

    [Theory]
    [InlineData("omni-dev-messages", "pk HASH, sk RANGE", "SS")]
    [InlineData("omni-dev-sessions", "pk HASH", "S")]
    [InlineData("omni-dev-control", "pk HASH, sk RANGE", "SS")]
    [InlineData("omni-dev-events", "pk HASH, sk RANGE", "SN")]
    public void Tables_have_their_keys(string name, string keys, string types)
    {
        Assert.Equal(keys, Keys(Table(name)["KeySchema"]!));
        Assert.Equal(types, string.Concat(Table(name)["AttributeDefinitions"]!.AsArray()
            .Where(a => a!["AttributeName"]!.GetValue<string>() is "pk" or "sk").Select(a => a!["AttributeType"]!.GetValue<string>())));
    }

    [Fact]
    public void The_indexes_of_the_messages_hold_keys_only()
    {
        var table = Table("omni-dev-messages");
        var indexes = table["GlobalSecondaryIndexes"]!.AsArray()
            .Select(i => $"{i!["IndexName"]!.GetValue<string>()}: {Keys(i["KeySchema"]!)}, "
                + $"{i["Projection"]!["ProjectionType"]!.GetValue<string>()}");
        var types = table["AttributeDefinitions"]!.AsArray()
            .ToDictionary(a => a!["AttributeName"]!.GetValue<string>(), a => a!["AttributeType"]!.GetValue<string>());

        Assert.Equal(
            ["list: lp HASH, c RANGE, KEYS_ONLY", "conversation: cv HASH, c RANGE, KEYS_ONLY", "due: dp HASH, da RANGE, KEYS_ONLY",
                "label: lk HASH, c RANGE, KEYS_ONLY"],
            indexes);
        Assert.All(["lp", "cv", "dp", "lk"], key => Assert.Equal("S", types[key]));
        Assert.All(["c", "da"], key => Assert.Equal("N", types[key]));
    }

    [Fact]
    public void The_sessions_have_one_index_of_their_last_days_and_one_of_processors_wakes()
    {
        var indexes = Table("omni-dev-sessions")["GlobalSecondaryIndexes"]!.AsArray();

        Assert.Equal(
            ["active: ak HASH, at RANGE", "wake: wp HASH, wa RANGE"],
            indexes.Select(index => $"{index!["IndexName"]!.GetValue<string>()}: {Keys(index["KeySchema"]!)}"));
        Assert.All(indexes, index => Assert.Equal("KEYS_ONLY", index!["Projection"]!["ProjectionType"]!.GetValue<string>()));
    }

    [Fact]
    public void The_control_table_has_one_index_of_what_endpoints_wait_for()
    {
        var table = Assert.Single(
            _template.All("AWS::DynamoDB::Table"), table => table.Text("TableName").EndsWith("-control", StringComparison.Ordinal));
        var index = Assert.Single(table["GlobalSecondaryIndexes"]!.AsArray())!;

        Assert.Equal("due: dp HASH, da RANGE", $"{index["IndexName"]!.GetValue<string>()}: {Keys(index["KeySchema"]!)}");
        Assert.Equal("KEYS_ONLY", index["Projection"]!["ProjectionType"]!.GetValue<string>());
    }

    [Fact]
    public void All_who_write_messages_or_list_them_spread_the_list_over_as_many_keys()
    {
        Assert.All([(_template, "8"), (templates.Production, "32")], stage =>
        {
            var (template, shards) = stage;
            // The Notifier and the MediaConverter put events beside the messages, which no list shows.
            Resource[] concerned =
            [
                .. template.Functions.Where(
                    function => MayPutOrList(template, function)
                        && function.Text("Handler") is not ("Omni.Notifier" or "Omni.MediaConverter")),
            ];
            Assert.Contains(concerned, function => function.Text("Handler") == "Omni.Api");
            Assert.Contains(concerned, function => function.Text("Handler") == "Omni.InboundProcessor");
            Assert.Contains(concerned, function => function.Text("Handler") == "Omni.Twilio.Outbound");
            Assert.All(
                concerned,
                function => Assert.Equal(shards, function["Environment"]!["Variables"]![SettingNames.ListShards]!.GetValue<string>()));
        });
    }

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    [InlineData(65)]
    public void Fewer_list_shards_than_there_were_ever_or_more_than_a_page_can_ask_are_refused(int shards)
    {
        Assert.Throws<ArgumentException>(() => new OmniOptions { Stage = "dev", ListShards = shards });
    }

    [Fact]
    public void Only_the_messages_have_a_stream()
    {
        var table = Assert.Single(_template.All("AWS::DynamoDB::Table"), table => table["StreamSpecification"] is not null);

        Assert.Equal("omni-dev-messages", table.Text("TableName"));
        Assert.Equal("NEW_AND_OLD_IMAGES", table["StreamSpecification"]!["StreamViewType"]!.GetValue<string>());
    }

    [Fact]
    public void Every_bucket_is_private_encrypted_and_forgets()
    {
        Assert.All(_template.All("AWS::S3::Bucket"), bucket =>
        {
            Assert.All(["BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets"], block =>
                Assert.True(bucket["PublicAccessBlockConfiguration"]![block]!.GetValue<bool>()));
            Assert.NotNull(bucket["BucketEncryption"]!["ServerSideEncryptionConfiguration"]![0]!["ServerSideEncryptionByDefault"]);
            Assert.Equal(90, bucket["LifecycleConfiguration"]!["Rules"]![0]!["ExpirationInDays"]!.GetValue<int>());
            Assert.Contains(_template.All("AWS::S3::BucketPolicy"), policy =>
                _template.Follow(policy["Bucket"]) == bucket &&
                policy["PolicyDocument"]!["Statement"]![0]!["Condition"]!["Bool"]!["aws:SecureTransport"]!.GetValue<string>() == "false");
        });
    }

    [Theory]
    [InlineData("AWS::DynamoDB::Table")]
    [InlineData("AWS::S3::Bucket")]
    public void What_holds_data_outlives_its_stack_in_production_only(string type)
    {
        Assert.All(
            templates.Production.All(type), resource => Assert.Equal("Retain", resource.Definition["DeletionPolicy"]!.GetValue<string>()));
        Assert.All(
            templates.Production.All(type),
            resource => Assert.Equal("Retain", resource.Definition["UpdateReplacePolicy"]!.GetValue<string>()));
        Assert.All(_template.All(type), resource => Assert.Equal("Delete", resource.Definition["DeletionPolicy"]!.GetValue<string>()));
    }

    [Fact]
    public void Tables_in_production_cannot_be_deleted_by_mistake()
    {
        Assert.All(
            templates.Production.All("AWS::DynamoDB::Table"), table => Assert.True(table["DeletionProtectionEnabled"]!.GetValue<bool>()));
        Assert.All(
            _template.All("AWS::DynamoDB::Table"), table => Assert.False(table["DeletionProtectionEnabled"]?.GetValue<bool>() ?? false));
    }

    [Fact]
    public void Every_log_group_ends_some_day()
    {
        Assert.All(_template.All("AWS::Logs::LogGroup"), group => Assert.Equal(30, group.Number("RetentionInDays")));
        Assert.All(templates.Production.All("AWS::Logs::LogGroup"), group => Assert.Equal(90, group.Number("RetentionInDays")));
    }

    private static bool MayPutOrList(StackTemplate template, Resource function) => template.StatementsOf(function).Any(statement =>
        StackTemplate.Many(statement["Resource"]).Select(template.Plain).Any(on =>
            (on.EndsWith("messages]", StringComparison.Ordinal) && MayDo(statement, "dynamodb:PutItem"))
                || on.EndsWith("/index/list", StringComparison.Ordinal)));

    private static bool MayDo(System.Text.Json.Nodes.JsonObject statement, string action) =>
        StackTemplate.Many(statement["Action"]).Any(a => a!.GetValue<string>() == action);

    private Resource Table(string name) => _template.All("AWS::DynamoDB::Table").Single(table => table.Text("TableName") == name);

    private static string Keys(System.Text.Json.Nodes.JsonNode schema) =>
        string.Join(
            ", ", schema.AsArray().Select(key => $"{key!["AttributeName"]!.GetValue<string>()} {key["KeyType"]!.GetValue<string>()}"));
}
