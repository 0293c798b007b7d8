using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Omni.Aws;
using Omni.Shared;

namespace Omni.Testing;

/// <summary>The tables of Omni as the infrastructure defines them, empty, in a database of their own, with the stores over them.</summary>
public sealed class OmniTables : IDisposable
{
    public const string Messages = "messages";
    public const string Sessions = "sessions";
    public const string Control = "control";
    public const string Events = "events";

    private readonly AmazonDynamoDBClient _dynamo;
    private readonly TimeProvider _clock;

    private OmniTables(AmazonDynamoDBClient dynamo, string accessKey, TimeProvider clock)
    {
        _dynamo = dynamo;
        AccessKey = accessKey;
        _clock = clock;
        Aws = Over(dynamo);
    }

    /// <summary>Whose tables they are: another client or a stream reader sees them with this key.</summary>
    public string AccessKey { get; }

    public IAmazonDynamoDB Dynamo => _dynamo;

    public AwsClients Aws { get; }

    /// <summary>Makes the tables.</summary>
    /// <param name="emulators">Where.</param>
    /// <param name="clock">The stores' time.</param>
    public static async Task<OmniTables> CreateAsync(EmulatorFixture emulators, TimeProvider clock)
    {
        var key = EmulatorFixture.NewAccessKey();
        var tables = new OmniTables(emulators.NewDynamoDb(key), key, clock);
        await tables.CreateAsync(Messages, ["pk", "sk"], ("list", "lp", "c"), ("conversation", "cv", "c"), ("due", "dp", "da"),
            ("label", "lk", "c"));
        await tables.CreateAsync(Sessions, ["pk"], ("active", "ak", "at"), ("wake", "wp", "wa"));
        await tables.CreateAsync(Control, ["pk", "sk"], ("due", "dp", "da"));
        await tables.CreateEventsAsync();
        return tables;
    }

    /// <summary>The stores over the same tables through another client.</summary>
    public AwsClients Over(IAmazonDynamoDB dynamo) => new(
        new Settings(new Dictionary<string, string>
        {
            [SettingNames.MessagesTable] = Messages,
            [SettingNames.SessionsTable] = Sessions,
            [SettingNames.ControlTable] = Control,
            [SettingNames.EventsTable] = Events,
        }),
        _clock) { Dynamo = dynamo };

    /// <summary>Reads an item as it is stored; empty when there is none.</summary>
    public async Task<Dictionary<string, AttributeValue>> ItemAsync(string table, string pk, string? sk = null)
    {
        var key = new Dictionary<string, AttributeValue> { ["pk"] = new(pk) };
        if (sk is not null) key["sk"] = new(sk);
        return (await Dynamo.GetItemAsync(table, key, consistentRead: true)).Item ?? [];
    }

    public void Dispose() => _dynamo.Dispose();

    // Segments are numbered.
    private Task CreateEventsAsync() => Dynamo.CreateTableAsync(new CreateTableRequest
    {
        TableName = Events,
        BillingMode = BillingMode.PAY_PER_REQUEST,
        KeySchema = [new("pk", KeyType.HASH), new("sk", KeyType.RANGE)],
        AttributeDefinitions = [new("pk", ScalarAttributeType.S), new("sk", ScalarAttributeType.N)],
    });

    private Task CreateAsync(string table, string[] keys, params (string Name, string Partition, string Sort)[] indexes) =>
        Dynamo.CreateTableAsync(new CreateTableRequest
        {
            TableName = table,
            BillingMode = BillingMode.PAY_PER_REQUEST,
            KeySchema = [.. keys.Select((key, i) => new KeySchemaElement(key, i == 0 ? KeyType.HASH : KeyType.RANGE))],
            AttributeDefinitions =
            [
                .. keys.Concat(indexes.Select(index => index.Partition)).Select(
                    name => new AttributeDefinition(name, ScalarAttributeType.S)),
                .. indexes.Select(index => index.Sort).Distinct().Select(name => new AttributeDefinition(name, ScalarAttributeType.N)),
            ],
            GlobalSecondaryIndexes = indexes.Length == 0 ? null :
            [
                .. indexes.Select(index => new GlobalSecondaryIndex
                {
                    IndexName = index.Name,
                    KeySchema = [new(index.Partition, KeyType.HASH), new(index.Sort, KeyType.RANGE)],
                    Projection = new() { ProjectionType = ProjectionType.KEYS_ONLY },
                }),
            ],
        });
}
