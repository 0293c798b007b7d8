using System.Text.Json;
using Omni.Emulators;

namespace Omni.Local.Account;

/// <summary>
/// Reads off a request what rights it needs, as the services document it. A request that it does not know is refused: its rights would
/// go unchecked. Where a resource is encrypted with a key of the account, the key is needed too.
/// https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
/// </summary>
/// <param name="keys">The ARNs of the account's own keys, by the ARN of what they encrypt.</param>
internal sealed class AccessReader(IReadOnlyDictionary<string, string> keys)
{
    private const string Decrypt = "kms:Decrypt";
    private const string GenerateDataKey = "kms:GenerateDataKey";

    /// <summary>Everything that a request needs.</summary>
    /// <exception cref="NotSupportedException">It is not known; the message says what.</exception>
    public IReadOnlyList<Access> Of(AwsCall call)
    {
        switch (call.Service)
        {
            case "dynamodb":
                using (var body = JsonDocument.Parse(call.Body)) return [.. OfDynamoDb(call.Operation, body.RootElement).Distinct()];
            case "sqs":
                using (var body = JsonDocument.Parse(call.Body)) return OfSqs(call.Operation, body.RootElement);
            case "s3":
                return OfS3(call);
            default:
                throw new NotSupportedException($"this account has no {(call.Service.Length > 0 ? call.Service : "unsigned requests")}");
        }
    }

    /// <summary>An action on a queue, and what it needs of the queue's key.</summary>
    public IReadOnlyList<Access> OfQueue(string action, string arn) =>
        [new("sqs:" + action, arn), .. action switch
        {
            "SendMessage" => OfKey(arn, "sqs", "aws:sqs:arn", arn, GenerateDataKey, Decrypt),
            "ReceiveMessage" => OfKey(arn, "sqs", "aws:sqs:arn", arn, Decrypt),
            _ => [],
        }];

    /// <summary>
    /// An action on a table, or on a part of it, and what it needs of the table's key. DynamoDB asks for that itself, for whoever calls:
    /// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.usagenotes.html
    /// </summary>
    public IReadOnlyList<Access> OfTable(string action, string table, string part = "") =>
    [
        new("dynamodb:" + action, table + part),
        .. OfKey(table, "dynamodb", "aws:dynamodb:tableName", Arn.Last(table, '/'), Decrypt),
    ];

    private IEnumerable<Access> OfDynamoDb(string operation, JsonElement request)
    {
        switch (operation)
        {
            case "GetItem" or "PutItem" or "UpdateItem" or "DeleteItem":
                return OfTable(operation, Table(request));
            case "Query" or "Scan":
                // An index is a resource of its own, and the right to it is all that is needed.
                return OfTable(
                    operation, Table(request), request.TryGetProperty("IndexName", out var index) ? "/index/" + index.GetString() : "");
            case "BatchGetItem" or "BatchWriteItem":
                return request.GetProperty("RequestItems").EnumerateObject().SelectMany(table => OfTable(operation, TableArn(table.Name)));
            case "TransactGetItems":
                return Items(request).SelectMany(item => OfTable("GetItem", Table(item.Value)));
            case "TransactWriteItems":
                // Not an action of its own: each item needs what it does.
                // https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis-iam.html
                return Items(request).SelectMany(item => OfTable(ActionOf(item.Name), Table(item.Value)));
            default:
                throw Unknown("dynamodb", operation);
        }

        static IEnumerable<JsonProperty> Items(JsonElement request) =>
            request.GetProperty("TransactItems").EnumerateArray().SelectMany(item => item.EnumerateObject());

        static string ActionOf(string item) => item switch
        {
            "Put" => "PutItem",
            "Update" => "UpdateItem",
            "Delete" => "DeleteItem",
            "ConditionCheck" => "ConditionCheckItem",
            _ => throw Unknown("dynamodb", "TransactWriteItems with " + item),
        };

        static string Table(JsonElement request) => TableArn(request.GetProperty("TableName").GetString()!);

        static string TableArn(string name) => name.StartsWith("arn:", StringComparison.Ordinal) ? name : Arn.Table(name);
    }

    private IReadOnlyList<Access> OfSqs(string operation, JsonElement request)
    {
        return operation switch
        {
            "SendMessage" or "ReceiveMessage" or "DeleteMessage" or "ChangeMessageVisibility" or "GetQueueAttributes" =>
                OfQueue(operation, Queue("QueueUrl")),
            // A batch needs the right to one: no action is called so.
            "SendMessageBatch" or "DeleteMessageBatch" or "ChangeMessageVisibilityBatch" =>
                OfQueue(operation[..^"Batch".Length], Queue("QueueUrl")),
            "GetQueueUrl" => OfQueue(operation, Queue("QueueName")),
            _ => throw Unknown("sqs", operation),
        };

        string Queue(string field) => Arn.Queue(Arn.Last(request.GetProperty(field).GetString()!, '/'));
    }

    private IReadOnlyList<Access> OfS3(AwsCall call)
    {
        var (bucket, key) = call.Path.Trim('/').Split('/', 2) switch
        {
            [var only] => (only, ""),
            [var first, var rest] => (first, Uri.UnescapeDataString(rest)),
            _ => ("", ""),
        };
        var arn = Arn.Bucket(bucket);
        // What else is asked of a file or a bucket than itself.
        var more = call.QueryNames.FirstOrDefault(name => name is not ("x-id" or "list-type" or "prefix"
            or "delimiter" or "max-keys" or "continuation-token" or "start-after" or "encoding-type" or "fetch-owner")
            && !name.StartsWith("X-Amz-", StringComparison.OrdinalIgnoreCase)
            && !name.StartsWith("response-", StringComparison.Ordinal));
        if (more is not null || bucket.Length == 0)
            throw Unknown("s3", $"{call.Method} {(more is null ? "of no bucket" : "with " + more)}");

        return (call.Method, HasKey: key.Length > 0) switch
        {
            // A copy needs what reading and writing need: https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html
            ("PUT", true) when call.Header("x-amz-copy-source") is { } source =>
            [
                new("s3:GetObject", SourceOf(source)), OfObject("PutObject"), .. OfBlobKey(Decrypt), .. OfBlobKey(GenerateDataKey),
            ],
            ("GET" or "HEAD", true) => [OfObject("GetObject"), .. OfBlobKey(Decrypt)],
            ("PUT", true) => [OfObject("PutObject"), .. OfBlobKey(GenerateDataKey)],
            ("DELETE", true) => [OfObject("DeleteObject")],
            ("GET" or "HEAD", false) => [new("s3:ListBucket", arn)],
            _ => throw Unknown("s3", call.Method),
        };

        Access OfObject(string action) => new("s3:" + action, $"{arn}/{key}");

        static string SourceOf(string source) =>
            Uri.UnescapeDataString(source).TrimStart('/').Split('/', 2) is [var from, var of] ? $"{Arn.Bucket(from)}/{of}" : source;

        IEnumerable<Access> OfBlobKey(string action) => OfKey(arn, "s3", "aws:s3:arn", arn, action);
    }

    private IEnumerable<Access> OfKey(string resource, string service, string contextKey, string contextValue, params string[] actions)
    {
        if (!keys.TryGetValue(resource, out var key)) return [];

        var context = new Dictionary<string, string>
        {
            ["kms:ViaService"] = $"{service}.{LocalEmulators.Region}.amazonaws.com",
            ["kms:EncryptionContext:" + contextKey] = contextValue,
        };
        return actions.Select(action => new Access(action, key) { Context = context });
    }

    private static NotSupportedException Unknown(string service, string what) =>
        new($"the local host does not know what rights {what} of {service} needs");
}
