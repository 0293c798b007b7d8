using System.Text.Json.Nodes;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Amazon.S3;
using Amazon.S3.Model;
using Amazon.SQS;
using Amazon.SQS.Model;
using Omni.Local.Account;
using ResourceNotFoundException = Amazon.DynamoDBv2.Model.ResourceNotFoundException;

namespace Omni.Local.Deployment;

/// <summary>
/// Makes the tables, queues and the bucket of the template in the emulators, and reads off it how everything is joined. Making what is
/// there already changes nothing.
/// </summary>
/// <param name="resources">The template.</param>
/// <param name="dynamo">DynamoDB.</param>
/// <param name="sqs">SQS.</param>
/// <param name="s3">S3.</param>
/// <param name="publicBaseUrl">Where the HTTP API is served.</param>
internal sealed class Deployer(Resources resources, IAmazonDynamoDB dynamo, IAmazonSQS sqs, IAmazonS3 s3, Uri publicBaseUrl)
{
    private readonly Dictionary<string, string> _queueUrls = [];
    private readonly Dictionary<string, string> _keys = [];

    public async Task<LocalStack> DeployAsync(CancellationToken cancellation)
    {
        foreach (var api in resources.Of("AWS::ApiGatewayV2::Api"))
            resources.Made(api, "local", ("ApiEndpoint", publicBaseUrl.ToString().TrimEnd('/')));
        foreach (var key in resources.Of("AWS::KMS::Key")) resources.Made(key, key.Id, ("Arn", Arn.Of("kms", "key/" + key.Id)));
        foreach (var logs in resources.Of("AWS::Logs::LogGroup"))
        {
            var name = resources.Text(logs.Properties["LogGroupName"]);
            resources.Made(logs, name, ("Arn", Arn.Of("logs", $"log-group:{name}:*")));
        }

        foreach (var table in resources.Of("AWS::DynamoDB::Table")) await MakeTableAsync(table, cancellation);
        foreach (var bucket in resources.Of("AWS::S3::Bucket")) await MakeBucketAsync(bucket, cancellation);

        // Dead-letter queues first: the others refer to them.
        foreach (var queue in resources.Of("AWS::SQS::Queue").OrderBy(q => q.Properties.ContainsKey("RedrivePolicy")))
            await MakeQueueAsync(queue, cancellation);

        var functions = resources.Of("AWS::Lambda::Function")
            .Select(resource => (Resource: resource, Function: ReadFunction(resource))).ToList();
        var (roles, reader) = (new RoleReader(resources), new AccessReader(_keys));
        var mappings = resources.Of("AWS::Lambda::EventSourceMapping").ToList();
        return new()
        {
            Functions = [.. functions.Select(made => made.Function)],
            Roles = [.. functions.Select(made => roles.Read(made.Resource, made.Function))],
            PlatformNeeds = new PlatformNeeds(resources, reader).Read(functions, mappings),
            AccessReader = reader,
            Queues = [.. mappings.Select(ReadQueueMapping).OfType<QueueMapping>()],
            Streams = [.. mappings.Select(ReadStreamMapping).OfType<StreamMapping>()],
            Routes = [.. ReadRoutes()],
            Scheduled = [.. resources.Of("AWS::Events::Rule")
                .SelectMany(rule => rule.Properties["Targets"]!.AsArray())
                .Select(target => resources.Text(target!["Arn"]))],
            QueueUrls = _queueUrls,
        };
    }

    private async Task MakeTableAsync(Resource table, CancellationToken cancellation)
    {
        var p = table.Properties;
        var name = resources.Text(p["TableName"]);
        if (!await ExistsAsync(name, cancellation))
        {
            await dynamo.CreateTableAsync(new CreateTableRequest
            {
                TableName = name,
                BillingMode = BillingMode.PAY_PER_REQUEST,
                AttributeDefinitions = [.. p["AttributeDefinitions"]!.AsArray().Select(
                    a => new AttributeDefinition((string)a!["AttributeName"]!, (string)a["AttributeType"]!))],
                KeySchema = KeySchema(p["KeySchema"]),
                GlobalSecondaryIndexes = p["GlobalSecondaryIndexes"] is JsonArray indexes
                    ? [.. indexes.Select(i => new GlobalSecondaryIndex
                    {
                        IndexName = (string)i!["IndexName"]!,
                        KeySchema = KeySchema(i["KeySchema"]),
                        Projection = new() { ProjectionType = (string)i["Projection"]!["ProjectionType"]! },
                    })]
                    : null,
                StreamSpecification = p["StreamSpecification"] is { } stream
                    ? new() { StreamEnabled = true, StreamViewType = (string)stream["StreamViewType"]! }
                    : null,
            }, cancellation);
            if (p["TimeToLiveSpecification"] is { } ttl)
            {
                await dynamo.UpdateTimeToLiveAsync(new UpdateTimeToLiveRequest
                {
                    TableName = name,
                    TimeToLiveSpecification = new() { AttributeName = (string)ttl["AttributeName"]!, Enabled = true },
                }, cancellation);
            }
        }

        var arn = Arn.Table(name);
        // The emulator's stream is found by its table: here it has no date of its own.
        resources.Made(table, name, ("Arn", arn), ("StreamArn", arn + "/stream/local"));
        Encrypted(arn, p["SSESpecification"]?["KMSMasterKeyId"]);
    }

    private async Task<bool> ExistsAsync(string table, CancellationToken cancellation)
    {
        try
        {
            await dynamo.DescribeTableAsync(table, cancellation);
            return true;
        }
        catch (ResourceNotFoundException)
        {
            return false;
        }
    }

    private static List<KeySchemaElement> KeySchema(JsonNode? schema) =>
        [.. schema!.AsArray().Select(k => new KeySchemaElement((string)k!["AttributeName"]!, (string)k["KeyType"]!))];

    private async Task MakeBucketAsync(Resource bucket, CancellationToken cancellation)
    {
        var name = "omni-" + bucket.Id.ToLowerInvariant();
        await s3.PutBucketAsync(new PutBucketRequest { BucketName = name }, cancellation);
        resources.Made(bucket, name, ("Arn", Arn.Bucket(name)));
        var encryption = bucket.Properties["BucketEncryption"]?["ServerSideEncryptionConfiguration"]?[0]?["ServerSideEncryptionByDefault"];
        Encrypted(Arn.Bucket(name), encryption?["KMSMasterKeyID"]);
    }

    /// <summary>Remembers with which key of the account something is encrypted. AWS's own keys (aliases) are everybody's.</summary>
    private void Encrypted(string arn, JsonNode? key)
    {
        if (resources.TextOrNull(key) is not { } id || id.StartsWith("alias/aws/", StringComparison.Ordinal)) return;

        _keys[arn] = id.StartsWith("arn:", StringComparison.Ordinal) ? id : Arn.Of("kms", "key/" + id);
    }

    private async Task MakeQueueAsync(Resource queue, CancellationToken cancellation)
    {
        var p = queue.Properties;
        var name = resources.Text(p["QueueName"]);
        var attributes = new Dictionary<string, string>();
        foreach (var attribute in (string[])[
            "VisibilityTimeout",
            "MessageRetentionPeriod",
            "FifoQueue",
            "DeduplicationScope",
            "FifoThroughputLimit",
            "ContentBasedDeduplication"
        ])
        {
            if (resources.TextOrNull(p[attribute]) is { } value) attributes[attribute] = value;
        }

        if (p["RedrivePolicy"] is { } redrive)
        {
            attributes["RedrivePolicy"] = new JsonObject
            {
                ["deadLetterTargetArn"] = resources.Text(redrive["deadLetterTargetArn"]),
                ["maxReceiveCount"] = resources.Number(redrive["maxReceiveCount"], 10),
            }.ToJsonString();
        }

        var url = (await sqs.CreateQueueAsync(new CreateQueueRequest { QueueName = name, Attributes = attributes }, cancellation)).QueueUrl;
        var arn = (await sqs.GetQueueAttributesAsync(url, ["QueueArn"], cancellation)).QueueARN;
        _queueUrls[name] = url;
        resources.Made(queue, url, ("Arn", arn), ("QueueName", name));
        Encrypted(arn, p["KmsMasterKeyId"]);
    }

    private StackFunction ReadFunction(Resource function)
    {
        var p = function.Properties;
        var name = resources.Text(p["FunctionName"]);
        var settings = p["Environment"]?["Variables"]?.AsObject().ToDictionary(v => v.Key, v => resources.Text(v.Value)) ?? [];
        settings.Remove("SSL_CERT_FILE"); // it is about the certificates of Amazon Linux
        resources.Made(function, name, ("Arn", name)); // here a function's ARN is its name
        return new(
            name,
            resources.Text(p["Handler"]),
            settings,
            TimeSpan.FromSeconds(resources.Number(p["Timeout"], 3)),
            resources.Number(p["MemorySize"], 128),
            p["ReservedConcurrentExecutions"] is { } reserved ? resources.Number(reserved, 0) : null);
    }

    private QueueMapping? ReadQueueMapping(Resource mapping)
    {
        var p = mapping.Properties;
        var arn = resources.Text(p["EventSourceArn"]);
        return arn.StartsWith("arn:aws:sqs:", StringComparison.Ordinal)
            ? new(
                resources.Text(p["FunctionName"]),
                _queueUrls[arn[(arn.LastIndexOf(':') + 1)..]],
                arn,
                resources.Number(p["BatchSize"], 10),
                resources.Number(p["ScalingConfig"]?["MaximumConcurrency"], 5))
            : null;
    }

    private StreamMapping? ReadStreamMapping(Resource mapping)
    {
        var p = mapping.Properties;
        var source = resources.Text(p["EventSourceArn"]);
        return source.StartsWith("arn:aws:dynamodb:", StringComparison.Ordinal)
            ? new(
                resources.Text(p["FunctionName"]),
                source.Split('/')[1],
                resources.Number(p["BatchSize"], 100),
                [.. (p["FilterCriteria"]?["Filters"]?.AsArray() ?? []).Select(f => JsonNode.Parse((string)f!["Pattern"]!)!.AsObject())])
            : null;
    }

    private IEnumerable<Route> ReadRoutes()
    {
        var functions = new Dictionary<string, string>();
        foreach (var integration in resources.Of("AWS::ApiGatewayV2::Integration"))
        {
            resources.Made(integration, integration.Id);
            functions[integration.Id] = resources.Text(integration.Properties["IntegrationUri"]);
        }

        foreach (var route in resources.Of("AWS::ApiGatewayV2::Route"))
        {
            yield return new(
                resources.Text(route.Properties["RouteKey"]),
                functions[resources.Text(route.Properties["Target"])["integrations/".Length..]]);
        }
    }
}
