using System.Text.RegularExpressions;
using Amazon.CDK;
using Amazon.CDK.AWS.IAM;
using Amazon.CDK.AWS.Lambda;
using Amazon.CDK.AWS.Logs;
using Constructs;

namespace Omni.Infra;

/// <summary>What one function differs in from another.</summary>
internal sealed record FunctionShape
{
    /// <summary>Its project, which is also its folder, its handler, and the source of its name.</summary>
    public required string Project { get; init; }

    /// <summary>What it does, in one sentence.</summary>
    public required string Description { get; init; }

    public required TimeSpan Timeout { get; init; }

    /// <summary>CPU comes with memory; 1,769 MB are one vCPU.</summary>
    public int MemoryMegabytes { get; init; } = 256;

    /// <summary>Room under <c>/tmp</c>; null for Lambda's 512 MB.</summary>
    public int? TemporaryMegabytes { get; init; }

    public int? ReservedConcurrency { get; init; }

    /// <summary>Failed asynchronous calls are not repeated: the next one makes up for them.</summary>
    public bool CalledByTheClock { get; init; }

    /// <summary>It calls others than AWS, whose certificates any root may have signed.</summary>
    public bool CallsAnyHost { get; init; }

    public Dictionary<string, string> Settings { get; init; } = [];
}

/// <summary>A function on the custom runtime, with a role and a log group of its own.</summary>
internal sealed partial class OmniFunction : Construct
{
    public OmniFunction(Construct scope, StackContext context, FunctionShape shape) : base(scope, shape.Project)
    {
        var options = context.Options;
        Shape = shape;
        Name = $"{options.Prefix}-{ShortName(shape.Project)}";

        var logs = new LogGroup(this, "Logs", new LogGroupProps
        {
            LogGroupName = $"/aws/lambda/{Name}",
            EncryptionKey = context.Key,
            Retention = options.IsProduction ? RetentionDays.THREE_MONTHS : RetentionDays.ONE_MONTH,
            RemovalPolicy = options.IsProduction ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
        });

        // A role of its own instead of AWSLambdaBasicExecutionRole, which may write to every log group of the account.
        var role = new Role(this, "Role", new RoleProps { AssumedBy = new ServicePrincipal("lambda.amazonaws.com") });
        logs.GrantWrite(role);
        CustomerKey.Allow(context.Key, role);

        Function = new Function(this, "Function", new FunctionProps
        {
            FunctionName = Name,
            Description = shape.Description,
            Runtime = options.LambdaRuntime,
            // The custom runtime starts `bootstrap` whatever the handler says; the managed one starts the assembly of that name, which runs
            // the same loop. The local host reads it to find the function's assembly.
            Handler = shape.Project,
            Code = context.Code.For(shape.Project),
            Architecture = options.LambdaArchitecture,
            // With the CPU of less, a start that compiles takes seconds.
            MemorySize = options.IsManaged ? Math.Max(shape.MemoryMegabytes, 512) : shape.MemoryMegabytes,
            Timeout = Duration.Seconds(shape.Timeout.TotalSeconds),
            EphemeralStorageSize = shape.TemporaryMegabytes is { } room ? Size.Mebibytes(room) : null,
            ReservedConcurrentExecutions = shape.ReservedConcurrency,
            RetryAttempts = shape.CalledByTheClock ? 0 : null,
            Tracing = Tracing.ACTIVE,
            LoggingFormat = LoggingFormat.JSON,
            LogGroup = logs,
            Role = role,
            EnvironmentEncryption = context.Key,
            Environment = shape.Settings.Concat(shape.CallsAnyHost || options.TrustsSystem ? TrustStore.System : TrustStore.AmazonRoots)
                .ToDictionary(),
        });

        context.Alarms.WatchFunction(this);
    }

    public FunctionShape Shape { get; }

    /// <summary>Its name in AWS, as a literal.</summary>
    public string Name { get; }

    public Function Function { get; }

    public void Allow(string[] actions, params string[] resources) =>
        Function.AddToRolePolicy(new PolicyStatement(new PolicyStatementProps { Actions = actions, Resources = resources }));

    /// <summary>
    /// Feeds it from a queue, with the rights that Lambda needs for that and no more: CDK's own event source gives others too.
    /// https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
    /// </summary>
    public void ConsumeFrom(WorkQueue source, int batchSize, int? maxConcurrency = null)
    {
        var queue = source.Queue;
        Allow(["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"], queue.QueueArn);
        // Called as CDK calls it: under another name it would be another mapping, and a queue takes one of a function.
        Function.AddEventSourceMapping($"SqsEventSource:{Names.NodeUniqueId(queue.Node)}", new EventSourceMappingOptions
        {
            EventSourceArn = queue.QueueArn,
            BatchSize = batchSize,
            ReportBatchItemFailures = true,
            MaxConcurrency = maxConcurrency,
        });
    }

    // Omni.InboundProcessor -> inbound-processor. A carrier's name is one word whatever its capitals:
    // Omni.WhatsApp.Inbound -> whatsapp-inbound.
    internal static string ShortName(string project)
    {
        var words = project.Split('.')[1..];
        return words is [var platform] ? WordStart.Replace(platform, "-").ToLowerInvariant() : string.Join('-', words).ToLowerInvariant();
    }

    [GeneratedRegex("(?<=[a-z])(?=[A-Z])")]
    private static partial Regex WordStart { get; }
}
