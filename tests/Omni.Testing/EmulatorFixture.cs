using Amazon.DynamoDBv2;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.SQS;
using Omni.Emulators;
using Xunit;

namespace Omni.Testing;

/// <summary>
/// DynamoDB, SQS and S3 for integration tests: one pair of emulators for the whole test process, started by the first class that
/// asks (<c>IClassFixture&lt;EmulatorFixture&gt;</c>). Tests stay apart by access keys, queue prefixes and bucket names, so nothing is
/// ever cleared. At most one table of an access key should have a stream: the emulator is slow with more.
/// </summary>
public sealed class EmulatorFixture : IAsyncLifetime
{
    private static readonly Lazy<Task<LocalEmulators>> Shared = new(StartAsync);

    private LocalEmulators? _emulators;

    public LocalEmulators Emulators => _emulators ?? throw new InvalidOperationException("Used before xunit has initialised the fixture.");

    public async Task InitializeAsync() => _emulators = await Shared.Value;

    // They live as long as the process: other classes use them too.
    public Task DisposeAsync() => Task.CompletedTask;

    /// <summary>An access key that owns no tables yet.</summary>
    public static string NewAccessKey() => $"test{Guid.NewGuid():N}";

    /// <summary>A prefix that no other test's queues have, short enough for 56 more characters.</summary>
    public static string NewQueuePrefix() => $"t{Guid.NewGuid():N}"[..24];

    /// <summary>A bucket name that no other test uses.</summary>
    public static string NewBucketName() => $"test-{Guid.NewGuid():N}";

    /// <summary>A client with a database of its own, or the one of an access key.</summary>
    public AmazonDynamoDBClient NewDynamoDb(string? accessKey = null) =>
        new(new BasicAWSCredentials(accessKey ?? NewAccessKey(), "secret"), At(Emulators.DynamoDb, new AmazonDynamoDBConfig()));

    public AmazonSQSClient NewSqs() => new(new BasicAWSCredentials("test", "secret"), At(Emulators.Sqs, new AmazonSQSConfig()));

    public AmazonS3Client NewS3() =>
        new(new BasicAWSCredentials("test", "secret"), At(Emulators.S3, new AmazonS3Config { ForcePathStyle = true }));

    private static TConfig At<TConfig>(Uri address, TConfig config) where TConfig : ClientConfig
    {
        config.ServiceURL = address.ToString();
        config.AuthenticationRegion = LocalEmulators.Region;
        return config;
    }

    private static async Task<LocalEmulators> StartAsync()
    {
        var emulators = await LocalEmulators.StartAsync(new());
        AppDomain.CurrentDomain.ProcessExit += (_, _) => emulators.DisposeAsync().AsTask().Wait();
        return emulators;
    }
}
