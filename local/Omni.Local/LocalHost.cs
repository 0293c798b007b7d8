using System.Net;
using System.Security.Cryptography;
using Amazon.DynamoDBv2;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.SQS;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Omni.Aws;
using Omni.Emulators;
using Omni.Local.Account;
using Omni.Local.Deployment;
using Omni.Local.Functions;
using Omni.Local.Hosting;
using Omni.Shared;
using Omni.Simulators;
using Omni.WebConsole;

namespace Omni.Local;

/// <summary>
/// The whole service on one machine, made from the synthesised template: tables and queues in the emulators, the functions, what joins
/// them, the HTTP API and the simulated carriers behind one port on 127.0.0.1.
/// </summary>
public sealed class LocalHost : IAsyncDisposable
{
    /// <summary>Where the demo's photograph lies.</summary>
    internal const string Photo = "/local/photo.jpg";

    private const string Secret = "local";

    // The account's own: who calls an emulator with it may everything.
    private const string AccessKey = "local";

    // https://docs.aws.amazon.com/IAM/latest/APIReference/API_AccessKey.html
    private const string KeyCharacters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    /// <summary>
    /// A server has no settings that could change. Watching a file for it takes an inotify instance each,
    /// and a machine gives a user 128 of them:
    /// https://man7.org/linux/man-pages/man7/inotify.7.html
    /// </summary>
    internal static readonly string[] WatchesNoFiles = ["--hostBuilder:reloadConfigOnChange=false"];

    private readonly CancellationTokenSource _stopping = new();
    private readonly WebApplication _app;
    private readonly List<Task> _running = [];
    private readonly Probe _probe;
    private readonly DirectoryInfo? _temporary;
    private HostString? _address;
    private LocalEmulators? _emulators;
    private readonly List<TableStreamReader> _readers = [];
    private IReadOnlyDictionary<string, string> _accessKeys = new Dictionary<string, string>();
    private AwsDoor? _door;
    private IReadOnlyDictionary<string, IFunctionHost> _functions = new Dictionary<string, IFunctionHost>();
    private LocalStack? _stack;
    private Gateway? _gateway;
    private ScheduleRunner? _schedule;

    private LocalHost(WebApplication app, DirectoryInfo folder, bool isTemporary, Probe probe)
    {
        (_app, LogFile, _probe) = (app, Path.Combine(folder.FullName, "functions.log"), probe);
        if (!isTemporary) return;

        // Also of a host that ends with its process.
        _temporary = folder;
        AppDomain.CurrentDomain.ProcessExit += RemoveTemporary;
    }

    /// <summary>
    /// Where API, webhooks and simulators are served. <c>localhost</c>, and <c>[::1]</c> where a port was asked for, lead there too.
    /// </summary>
    public Uri Url => new($"http://127.0.0.1:{new Uri(_app.Urls.First()).Port}");

    /// <summary>Where the console is.</summary>
    public Uri ConsoleUrl => new(Url, ConsoleApp.Path + "/");

    /// <summary>Where DynamoDB listens.</summary>
    public Uri DynamoDb => _emulators!.DynamoDb;

    /// <summary>Where SQS listens.</summary>
    public Uri Sqs => _emulators!.Sqs;

    /// <summary>Where S3 listens.</summary>
    public Uri S3 => _emulators!.S3;

    /// <summary>The queues by name.</summary>
    public IReadOnlyDictionary<string, string> QueueUrls => _stack!.QueueUrls;

    /// <summary>
    /// The file that the functions' logs go to: in the data directory, or in a folder that is removed when the host ends.
    /// </summary>
    public string LogFile { get; }

    /// <summary>Brings everything up.</summary>
    /// <param name="options">What is wanted.</param>
    /// <param name="progress">Told what takes its time.</param>
    /// <param name="cancellation">Gives up.</param>
    public static Task<LocalHost> StartAsync(LocalOptions options, IProgress<string> progress, CancellationToken cancellation = default) =>
        StartAsync(options, new Probe(), progress, cancellation);

    /// <summary>The same, looked into.</summary>
    internal static async Task<LocalHost> StartAsync(
        LocalOptions options, Probe probe, IProgress<string> progress, CancellationToken cancellation)
    {
        var builder = WebApplication.CreateSlimBuilder(LocalHost.WatchesNoFiles);
        builder.Logging.ClearProviders();
        LocalHost? host = null;
        builder.Services.AddOmniConsole(_ => new ConsoleOptions(host!.Url, options.ApiKey));
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = 16 * 1024 * 1024;

            // A free port is free on one address only.
            if (options.Port == 0) kestrel.Listen(IPAddress.Loopback, 0);
            else kestrel.ListenLocalhost(options.Port);
        });
        var folder = options.DataDirectory is { } data ? Directory.CreateDirectory(data) : Directory.CreateTempSubdirectory("omni-local-");
        host = new LocalHost(builder.Build(), folder, isTemporary: options.DataDirectory is null, probe);
        try
        {
            await host.StartCoreAsync(options, progress, cancellation);
            return host;
        }
        catch
        {
            await host.DisposeAsync();
            throw;
        }
    }

    /// <summary>What feeds functions from queues.</summary>
    internal IReadOnlyList<QueuePoller> Queues { get; private set; } = [];

    /// <summary>What feeds functions from tables.</summary>
    internal IReadOnlyList<StreamPoller> Streams { get; private set; } = [];

    /// <summary>The functions, with all their settings.</summary>
    internal IReadOnlyList<StackFunction> Functions { get; private set; } = [];

    /// <summary>What the template describes.</summary>
    internal LocalStack Stack => _stack!;

    /// <summary>What holds the functions to their rights.</summary>
    internal Guard Rights { get; private set; } = null!;

    /// <summary>Invokes one function with an event.</summary>
    /// <param name="project">The project that it is built from.</param>
    /// <param name="eventJson">The event.</param>
    /// <param name="cancellation">Stops waiting.</param>
    /// <exception cref="ArgumentException">There is no such function; the message says which there are.</exception>
    internal Task<InvocationResult> InvokeAsync(string project, byte[] eventJson, CancellationToken cancellation) =>
        _functions.Values.FirstOrDefault(function => function.Function.Project == project) is { } function
            ? function.InvokeAsync(eventJson, cancellation)
            : throw new ArgumentException($"There is no function {project}; "
                + $"there are {string.Join(", ", Functions.Select(f => f.Project).Order(StringComparer.Ordinal))}.");

    /// <summary>Runs the Scheduler now.</summary>
    public Task TickAsync() => _schedule!.TickAsync(_stopping.Token);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await Task.WhenAll(_running);
        await _app.DisposeAsync();
        foreach (var function in _functions.Values) await function.DisposeAsync();
        foreach (var reader in _readers) reader.Dispose();
        if (_door is not null) await _door.DisposeAsync();
        if (_emulators is not null) await _emulators.DisposeAsync();
        _stopping.Dispose();
        AppDomain.CurrentDomain.ProcessExit -= RemoveTemporary;
        RemoveTemporary(this, EventArgs.Empty);
    }

    private void RemoveTemporary(object? sender, EventArgs e)
    {
        if (_temporary is { } folder && Directory.Exists(folder.FullName)) folder.Delete(recursive: true);
    }

    private async Task StartCoreAsync(LocalOptions options, IProgress<string> progress, CancellationToken cancellation)
    {
        var (carriers, publicBaseUrl) = (Carriers(options), options.PublicBaseUrl);
        var template = Task.Run(() => TemplateFile.Load(carriers, progress), cancellation);
        _emulators = await LocalEmulators.StartAsync(
            new() { DataDirectory = options.DataDirectory, SharedDatabase = true }, progress, cancellation);

        // The port is known once the server listens; the routes behind it come a moment later.
        var simulators = new SimulatorOptions { WebhookBaseUrl = publicBaseUrl, Reach = webhook => Reach(webhook, publicBaseUrl) }
            .WithCredentials(options.Environment);
        _app.UseOmniConsole();
        _app.Use(next => context => HandleAsync(context, next));
        _app.MapSimulators(simulators);
        _app.MapGet(Photo, () => Results.Stream(typeof(LocalHost).Assembly.GetManifestResourceStream("photo.jpg")!, "image/jpeg"));
        _app.MapGet("/local", () => Results.Json(Describe()));
        _app.MapPost("/local/tick", async () =>
        {
            await TickAsync();
            return Results.NoContent();
        });
        await _app.StartAsync(cancellation);

        // Functions in this process log to its console, which belongs to people.
        var log = TextWriter.Synchronized(new StreamWriter(OpenLog()) { AutoFlush = true });
        if (!options.IsIsolated) Console.SetOut(log);
        _stack = await new Deployer(
            new Resources(await template), NewDynamo(), NewSqs(_emulators.Sqs), NewS3(), publicBaseUrl ?? Url).DeployAsync(cancellation);
        progress.Report($"Made {_stack.QueueUrls.Count} queues and the tables; starting {_stack.Functions.Count} functions");

        OpenAccount(log);
        _door = await AwsDoor.OpenAsync(Emulators(), next => Rights.Around(_probe.Between(next)), cancellation);
        var shared = AwsSettings().Concat(simulators.ForFunctions(Url, options.Environment)).Concat(Given(options, carriers))
            .Concat(Answering(options)).Concat(Programs(options, progress))
            .GroupBy(s => s.Key).ToDictionary(s => s.Key, s => s.Last().Value);
        Functions = [.. _stack.Functions.Select(
            f => f with
            {
                Settings = shared.Append(new("AWS_ACCESS_KEY_ID", _accessKeys[f.Name])).Concat(f.Settings)
                    .GroupBy(s => s.Key).ToDictionary(s => s.Key, s => s.Last().Value),
            })];
        _functions = Functions.ToDictionary(
            f => f.Name, f => ReservedFunction.Around(_probe.Around(NewFunction(f, options.IsIsolated, log))));
        await SeedKeyAsync(options.ApiKey, cancellation);

        _gateway = new Gateway(_stack.Routes, _functions, log, TimeProvider.System);
        _schedule = new ScheduleRunner([.. _stack.Scheduled.Select(name => _functions[name])], options.Tick, log);
        Queues = [.. _stack.Queues.Select(
            mapping => new QueuePoller(mapping, NewSqs(_door.Url, _accessKeys[mapping.Function]), _functions[mapping.Function], log))];
        Streams = [.. _stack.Streams.Select(mapping => NewStream(mapping, log))];
        if (_probe.IsStepped) return;

        _running.Add(_schedule.RunAsync(_stopping.Token));
        _running.AddRange(Queues.Select(queue => queue.RunAsync(_stopping.Token)));
        _running.AddRange(Streams.Select(stream => stream.RunAsync(_stopping.Token)));
    }

    /// <summary>Gives each function an access key of its own, and holds it to its role.</summary>
    private void OpenAccount(TextWriter log)
    {
        _accessKeys = _stack!.Functions.ToDictionary(f => f.Name, _ => "AKIA" + RandomNumberGenerator.GetString(KeyCharacters, 16));
        Rights = new Guard(
            _stack.Roles.ToDictionary(role => _accessKeys[role.Function], role => _probe.Roles(role)), _stack.AccessReader, log);
        foreach (var function in _stack.Functions) Rights.Require(function.Project, _stack.PlatformNeeds[function.Name]);
    }

    // Whoever writes to the console after the host's end may hold it still, while its folder is removed.
    private FileStream OpenLog() => new(LogFile, FileMode.Append, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);

    private StreamPoller NewStream(StreamMapping mapping, TextWriter log)
    {
        // Each function reads the stream for itself, and is as far in it as it is.
        var reader = new TableStreamReader(_emulators!.DynamoDb, AccessKey, mapping.Table, TimeProvider.System);
        _readers.Add(reader);
        return new(mapping, reader, _functions[mapping.Function], log);
    }

    private static Carrier[] Carriers(LocalOptions options)
    {
        if (options.Carriers.FirstOrDefault(id => CarrierCatalogue.Find(id) is not { Available: true }) is { } unknown)
        {
            throw new ArgumentException($"There is no carrier {unknown}; "
                + $"there are {string.Join(", ", CarrierCatalogue.All.Where(c => c.Available).Select(c => c.Id))}.");
        }

        return [.. CarrierCatalogue.All.Where(c => c.Available && (options.Carriers.Count == 0 || options.Carriers.Contains(c.Id)))];
    }

    /// <summary>Settings of carriers that the person gave: they win over what the simulators would need.</summary>
    private static IEnumerable<KeyValuePair<string, string>> Given(LocalOptions options, IReadOnlyList<Carrier> carriers) =>
        options.Environment.Where(e => carriers.Any(c => e.Key.StartsWith(c.SettingPrefix + "_", StringComparison.Ordinal)));

    /// <summary>The processor of whoever writes to a sender that names none.</summary>
    private static Dictionary<string, string> Answering(LocalOptions options) => options.Processor switch
    {
        null => [],
        var name when ProcessorCatalogue.Find(name) is not null => new() { [SettingNames.Processor] = name },
        var name => throw new ArgumentException(
            $"There is no processor {name}; there is {string.Join(", ", ProcessorCatalogue.All.Select(p => p.Name))}."),
    };

    /// <summary>The machine's ffmpeg, where it has one: the only program that a function runs.</summary>
    private static Dictionary<string, string> Programs(LocalOptions options, IProgress<string> progress)
    {
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        var path = options.Environment.GetValueOrDefault(SettingNames.FfmpegPath)
            ?? folders.Select(folder => Path.Combine(folder, "ffmpeg")).FirstOrDefault(File.Exists);
        if (path is not null) return new() { [SettingNames.FfmpegPath] = path };

        progress.Report("There is no ffmpeg: sound and films that would have to be converted are refused (converter_missing)");
        return [];
    }

    private static IFunctionHost NewFunction(StackFunction function, bool isIsolated, TextWriter log) =>
        isIsolated ? new IsolatedFunction(function, log) : new InProcessFunction(function);

    private async Task HandleAsync(HttpContext context, RequestDelegate next)
    {
        if (_gateway is not null && await _gateway.TryHandleAsync(context)) return;

        // A simulator takes its own address, and that of the webhook that it signs for, from the call:
        // it has one, whatever name it was called by.
        context.Request.Host = _address ??= new HostString(Url.Authority);
        await next(context);
    }

    /// <summary>A webhook's address by which it is reached: what is said to be public is here.</summary>
    private Uri Reach(Uri webhook, Uri? publicBaseUrl)
    {
        var prefix = publicBaseUrl?.AbsoluteUri.TrimEnd('/');
        return prefix is not null && webhook.AbsoluteUri.StartsWith(prefix + "/", StringComparison.Ordinal)
            ? new Uri(Url, webhook.AbsoluteUri[prefix.Length..])
            : webhook;
    }

    private object Describe() => new
    {
        url = Url,
        dynamoDb = DynamoDb,
        sqs = Sqs,
        queues = _stack!.QueueUrls,
        functions = _functions.Values.Select(f => new { f.Function.Name, f.Function.Project, f.Processes }),
        log = LogFile,
    };

    private Task SeedKeyAsync(string key, CancellationToken cancellation)
    {
        var table = _stack!.Functions.Select(f => f.Settings.GetValueOrDefault(SettingNames.ControlTable)).OfType<string>().First();
        var owner = new ApiKey("key_local", Defaults.Tenant, new HashSet<string>
        {
            "messages:write", "messages:read", "consents:write", "consents:read", "people:write", "people:read",
            "carriers:read", "events:read", "endpoints:write", "endpoints:read", "keys:write", "keys:read",
            "senders:write", "senders:read", "admin",
        })
        {
            Name = "local", CreatedAt = TimeProvider.System.GetUtcNow(),
        };
        return new ApiKeyStore(NewDynamo(), table, TimeProvider.System).AddAsync(key, owner, cancellation);
    }

    private Dictionary<string, string> AwsSettings() => new()
    {
        ["AWS_REGION"] = LocalEmulators.Region,
        ["AWS_SECRET_ACCESS_KEY"] = Secret,
        ["AWS_ENDPOINT_URL_DYNAMODB"] = _door!.Url.ToString(),
        ["AWS_ENDPOINT_URL_SQS"] = _door.Url.ToString(),
        ["AWS_ENDPOINT_URL_S3"] = _door.Url.ToString(),
    };

    private Dictionary<string, Uri> Emulators() =>
        new() { ["dynamodb"] = _emulators!.DynamoDb, ["sqs"] = _emulators.Sqs, ["s3"] = _emulators.S3 };

    private static BasicAWSCredentials Credentials => new(AccessKey, Secret);

    private AmazonDynamoDBClient NewDynamo() => new(
        Credentials,
        new AmazonDynamoDBConfig { ServiceURL = _emulators!.DynamoDb.ToString(), AuthenticationRegion = LocalEmulators.Region });

    private static AmazonSQSClient NewSqs(Uri endpoint, string accessKey = AccessKey) => new(
        new BasicAWSCredentials(accessKey, Secret),
        new AmazonSQSConfig { ServiceURL = endpoint.ToString(), AuthenticationRegion = LocalEmulators.Region });

    private AmazonS3Client NewS3() => new(
        Credentials,
        new AmazonS3Config { ServiceURL = _emulators!.S3.ToString(), AuthenticationRegion = LocalEmulators.Region, ForcePathStyle = true });
}
