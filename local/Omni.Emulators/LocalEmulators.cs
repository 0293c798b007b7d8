using System.Diagnostics;

namespace Omni.Emulators;

/// <summary>
/// DynamoDB Local and fauxqs (SQS and S3), running as children of this process on 127.0.0.1. Any access key and secret are taken;
/// each access key, of letters and digits only, has tables of its own unless <see cref="EmulatorOptions.SharedDatabase"/> is set.
/// </summary>
public sealed class LocalEmulators : IAsyncDisposable
{
    /// <summary>The region to sign requests for.</summary>
    public const string Region = "us-east-1";

    private readonly EmulatorProcess _dynamoDb;
    private readonly EmulatorProcess _sqs;

    private LocalEmulators(EmulatorProcess dynamoDb, EmulatorProcess sqs) => (_dynamoDb, _sqs) = (dynamoDb, sqs);

    /// <summary>Where DynamoDB and DynamoDB Streams listen.</summary>
    public Uri DynamoDb => _dynamoDb.Address;

    /// <summary>Where SQS listens.</summary>
    public Uri Sqs => _sqs.Address;

    /// <summary>Where S3 listens; clients must use path style.</summary>
    public Uri S3 => _sqs.Address;

    /// <summary>Installs what is not installed yet, and starts both.</summary>
    /// <param name="options">How they run.</param>
    /// <param name="progress">Told what takes its time, and where the emulators listen.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="EmulatorException">Something is missing on this machine, or an emulator does not start.</exception>
    public static async Task<LocalEmulators> StartAsync(
        EmulatorOptions options, IProgress<string>? progress = null, CancellationToken cancellation = default)
    {
        var tools = Tools.Find();
        var folder = Installation.FindFolder();
        await Installation.EnsureAsync(folder, tools, progress, cancellation).ConfigureAwait(false);
        if (options.DataDirectory is not null)
            progress?.Report("Tables are kept over a restart; the SQS server has no storage, so queues and blobs are not");

        var dynamoDb = EmulatorProcess.StartAsync("DynamoDB Local", DynamoDbStart(folder, tools, options), progress, cancellation);
        var sqs = EmulatorProcess.StartAsync(
            "SQS and S3 (fauxqs)", new(tools.Node, [Path.Combine(folder, "sqs.mjs")]), progress, cancellation);
        try
        {
            await Task.WhenAll(dynamoDb, sqs).ConfigureAwait(false);
        }
        catch
        {
            foreach (var started in new[] { dynamoDb, sqs }.Where(task => task.IsCompletedSuccessfully))
                await started.Result.DisposeAsync().ConfigureAwait(false);
            throw;
        }

        return new(await dynamoDb.ConfigureAwait(false), await sqs.ConfigureAwait(false));
    }

    /// <summary>Stops both and waits for their end.</summary>
    public async ValueTask DisposeAsync() =>
        await Task.WhenAll(_dynamoDb.DisposeAsync().AsTask(), _sqs.DisposeAsync().AsTask()).ConfigureAwait(false);

    private static ProcessStartInfo DynamoDbStart(string folder, Tools tools, EmulatorOptions options)
    {
        var installed = Path.Combine(folder, "node_modules", "amplify-dynamodb-simulator", "emulator");
        List<string> arguments =
        [
            // The default heap is a quarter of the machine.
            "-Xmx256m", "-XX:+UseSerialGC",
            $"-Djava.library.path={Path.Combine(installed, "DynamoDBLocal_lib")}",
            "-cp", string.Join(Path.PathSeparator, Path.Combine(installed, "DynamoDBLocal.jar"), Installation.ClassFolder(folder)),
            "LoopbackDynamo",
        ];
        if (options.SharedDatabase) arguments.Add("-sharedDb");
        arguments.AddRange(options.DataDirectory is { } data
            ? ["-dbPath", Directory.CreateDirectory(Path.Combine(data, "dynamodb")).FullName]
            : ["-inMemory"]);

        return new(tools.Java, arguments) { Environment = { ["DDB_LOCAL_TELEMETRY"] = "0" } };
    }
}
