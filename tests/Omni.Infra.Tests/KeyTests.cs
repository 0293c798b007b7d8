using System.Text.Json.Nodes;

namespace Omni.Infra.Tests;

/// <summary>With a key of the customer's nothing that is stored has one of AWS's own.</summary>
[Collection(TemplatesDefinition.Name)]
public sealed class KeyTests(Templates templates)
{
    private const string GivenKey = "arn:aws:kms:eu-west-1:123456789012:key/0b7c";

    [Fact]
    public void All_that_is_stored_is_encrypted_with_it()
    {
        var template = templates.WithKey;
        var key = Assert.Single(template.All("AWS::KMS::Key"));
        (string Type, Func<Resource, JsonNode?> Key)[] stored =
        [
            ("AWS::DynamoDB::Table", table => table["SSESpecification"]!["KMSMasterKeyId"]),
            ("AWS::SQS::Queue", queue => queue["KmsMasterKeyId"]),
            ("AWS::SNS::Topic", topic => topic["KmsMasterKeyId"]),
            ("AWS::Logs::LogGroup", group => group["KmsKeyId"]),
            ("AWS::Lambda::Function", function => function["KmsKeyArn"]),
            (
                "AWS::S3::Bucket",
                bucket => bucket["BucketEncryption"]!["ServerSideEncryptionConfiguration"]![0]!["ServerSideEncryptionByDefault"]!
                    ["KMSMasterKeyID"]
            ),
        ];

        Assert.All(stored, kind => Assert.All(template.All(kind.Type), resource => Assert.Equal(key, template.Follow(kind.Key(resource)))));
        Assert.True(key["EnableKeyRotation"]!.GetValue<bool>());
        Assert.Equal("alias/omni-key", Assert.Single(template.All("AWS::KMS::Alias")).Text("AliasName"));
    }

    [Fact]
    public void A_key_that_stands_already_is_used_and_not_made()
    {
        var template = templates.WithGivenKey;

        Assert.DoesNotContain(template.Resources, resource => resource.Type is "AWS::KMS::Key" or "AWS::KMS::Alias");
        Assert.All(template.All("AWS::DynamoDB::Table"), table =>
            Assert.Equal(GivenKey, table["SSESpecification"]!["KMSMasterKeyId"]!.GetValue<string>()));
        Assert.All(template.Functions, function => Assert.Contains(template.StatementsOf(function), statement =>
            statement["Resource"]?.ToString() == GivenKey));
    }

    [Fact]
    public void Every_function_may_use_it_and_the_log_service_for_our_groups_alone()
    {
        var template = templates.WithKey;
        var key = Assert.Single(template.All("AWS::KMS::Key"));

        Assert.All(template.Functions, function => Assert.Contains(template.StatementsOf(function), statement =>
            statement["Resource"]!["Fn::GetAtt"] is not null && template.Follow(statement["Resource"]) == key
            && StackTemplate.Many(statement["Action"]).Any(action => action!.GetValue<string>() == "kms:Decrypt")));
        var service = key["KeyPolicy"]!["Statement"]!.AsArray().Single(statement =>
            template.PlainOrNull(statement!["Principal"]!["Service"])?.StartsWith("logs.", StringComparison.Ordinal) == true);
        Assert.EndsWith(
            ":log-group:*omni-key-*",
            template.Plain(service!["Condition"]!["ArnLike"]!["kms:EncryptionContext:aws:logs:arn"]),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("omni")]
    [InlineData("arn:aws:kms:eu-west-1:123456789012:alias/omni")]
    public void What_is_no_key_is_refused(string arn) =>
        Assert.Throws<ArgumentException>(() => new OmniOptions { Stage = "dev", KmsKeyArn = arn });

    [Fact]
    public void What_was_overwritten_is_kept_for_a_while_where_one_asks_for_it()
    {
        var bucket = Assert.Single(templates.WithKey.All("AWS::S3::Bucket"));

        Assert.Equal("Enabled", bucket["VersioningConfiguration"]!["Status"]!.GetValue<string>());
        Assert.Equal(
            30,
            bucket["LifecycleConfiguration"]!["Rules"]![0]!["NoncurrentVersionExpiration"]!["NoncurrentDays"]!.GetValue<int>());
        Assert.Null(Assert.Single(templates.Everything.All("AWS::S3::Bucket"))["VersioningConfiguration"]);
    }
}
