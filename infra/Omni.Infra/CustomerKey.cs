using Amazon.CDK;
using Amazon.CDK.AWS.IAM;
using Amazon.CDK.AWS.KMS;
using Constructs;

namespace Omni.Infra;

/// <summary>One key of the customer's for all that is stored, where AWS's own are not enough.</summary>
internal static class CustomerKey
{
    // What the callers of an encrypted table, queue or bucket need:
    // docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.usagenotes.html
    // docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html
    private static readonly string[] _use = ["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*"];

    /// <summary>The key that the options ask for, or null. The policy of one that stands already is its owner's: docs/security.</summary>
    public static IKey? Of(Construct scope, OmniOptions options)
    {
        if (options.KmsKeyArn is { } arn) return Key.FromKeyArn(scope, "Key", arn);
        if (!options.CreatesKey) return null;

        var key = new Key(scope, "Key", new KeyProps
        {
            Alias = options.Prefix,
            Description = "Omni's tables, queues, bucket, logs and settings.",
            EnableKeyRotation = true,
            // Without it nothing that was written can be read again.
            RemovalPolicy = options.IsProduction ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
        });
        var stack = Stack.Of(scope);
        // docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
        key.AddToResourcePolicy(new PolicyStatement(new PolicyStatementProps
        {
            Principals = [new ServicePrincipal($"logs.{stack.Region}.amazonaws.com")],
            Actions = _use,
            Resources = ["*"],
            Conditions = new Dictionary<string, object>
            {
                ["ArnLike"] = new Dictionary<string, object>
                {
                    ["kms:EncryptionContext:aws:logs:arn"] =
                        $"arn:{stack.Partition}:logs:{stack.Region}:{stack.Account}:log-group:*{options.Prefix}-*",
                },
            },
        }));
        // Alarms are published by CloudWatch: docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
        key.AddToResourcePolicy(new PolicyStatement(new PolicyStatementProps
        {
            Principals = [new ServicePrincipal("cloudwatch.amazonaws.com")],
            Actions = ["kms:Decrypt", "kms:GenerateDataKey*"],
            Resources = ["*"],
            Conditions = new Dictionary<string, object>
            {
                ["StringEquals"] = new Dictionary<string, object> { ["aws:SourceAccount"] = stack.Account },
            },
        }));
        return key;
    }

    /// <summary>Lets a function use what is encrypted. Which table or queue it may touch is said elsewhere.</summary>
    public static void Allow(IKey? key, IGrantable function) =>
        key?.Grant(function, _use);
}
