using System.Globalization;
using System.Text.RegularExpressions;
using Amazon.CDK.AWS.Lambda;
using Constructs;
using Omni.Shared;

namespace Omni.Infra;

/// <summary>What one deployment differs in from another. Everything else is the same for all.</summary>
internal sealed partial record OmniOptions
{
    public const string NativeRuntime = "provided.al2023";
    public const string ManagedRuntime = "dotnet10";

    // https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
    private const int NewAccountConcurrency = 10;

    private const double DefaultApiRate = 100;

    public static IReadOnlyList<Carrier> AvailableCarriers => [.. CarrierCatalogue.All.Where(carrier => carrier.Available)];

    /// <summary>The stage: part of the stack's name, of resource names and of the parameter path.</summary>
    public required string Stage
    {
        get;
        init => field = StagePattern.IsMatch(value)
            ? value
            : throw new ArgumentException($"The stage '{value}' is not 1-16 lower-case letters, digits and hyphens, a letter first.");
    }

    /// <summary>The carriers of the stack.</summary>
    public IReadOnlyList<Carrier> Carriers { get; init; } = AvailableCarriers;

    /// <summary><c>arm64</c> or <c>x64</c>, as .NET spells it in its runtime identifiers.</summary>
    public string Architecture
    {
        get;
        init =>
            field = value is "arm64" or "x64"
                ? value
                : throw new ArgumentException($"The architecture '{value}' is neither arm64 nor x64.");
    } = "arm64";

    /// <summary><c>provided.al2023</c> for native executables, or <c>dotnet10</c> for assemblies in AWS's managed runtime.</summary>
    public string Runtime
    {
        get;
        init =>
            field = value is NativeRuntime or ManagedRuntime
                ? value
                : throw new ArgumentException($"The runtime '{value}' is neither {NativeRuntime} nor {ManagedRuntime}.");
    } = NativeRuntime;

    /// <summary>The address under which carriers reach us, when it is not the API's own endpoint: a domain of one's own.</summary>
    public string? PublicBaseUrl { get; init; }

    /// <summary>Who gets the alarms by mail. Nobody by default: the alarms are there, and change colour only.</summary>
    public string? AlarmEmail { get; init; }

    /// <summary>The customer's key that encrypts all that is stored; null for AWS's own, or for <see cref="CreatesKey"/>.</summary>
    public string? KmsKeyArn
    {
        get;
        init => field = value is null || KeyPattern.IsMatch(value)
            ? value
            : throw new ArgumentException($"'{value}' is not the ARN of a key, such as arn:aws:kms:eu-west-1:123456789012:key/….");
    }

    /// <summary>The stack makes such a key itself.</summary>
    public bool CreatesKey { get; init; }

    /// <summary>The bucket keeps what was overwritten or deleted for another 30 days.</summary>
    public bool BucketVersioning { get; init; }

    /// <summary>Concurrency kept for the API, taken from the account's.</summary>
    public int? ApiConcurrency { get; init; }

    /// <summary>
    /// How many calls of the API may wait for something at once: each holds an execution for up to 20 seconds. Half of what is kept for the
    /// API by default; where nothing is kept, half of the ten that a new account has in all. On one machine there is no bound.
    /// </summary>
    public int? LongPolls
    {
        get => field ?? (IsLocal ? null : Math.Max(1, (ApiConcurrency ?? NewAccountConcurrency) / 2));
        init => field = value is null or > 0 ? value : throw new ArgumentException($"The number of long polls is {value}, not above zero.");
    }

    /// <summary>
    /// How many calls a second each key of the API may make; infinite, as on one machine, for any number.
    /// </summary>
    public double ApiRate
    {
        get => field > 0 ? field : IsLocal ? double.PositiveInfinity : DefaultApiRate;
        init => field = value > 0 ? value : throw new ArgumentException($"The API's rate is {value}, not above zero.");
    }

    /// <summary>How many calls each key of the API may make at once, after a pause; null for those of two seconds.</summary>
    public int? ApiBurst
    {
        get;
        init => field = value is null or > 0 ? value : throw new ArgumentException($"The API's burst is {value}, not above zero.");
    }

    /// <summary>Whether the default tenant, like all others, sends from registered senders only.</summary>
    public bool OnlyRegisteredSenders { get; init; }

    /// <summary>The processor of messages to senders that name none; null for none.</summary>
    public Processor? Processor { get; init; }

    /// <summary>Whether clients are told of what happens. Without it there is no recorder, and no write for its sake.</summary>
    public bool KeepsEvents { get; init; } = true;

    /// <summary>Concurrency kept for each carrier's webhook, taken from the account's.</summary>
    public int? WebhookConcurrency { get; init; }

    /// <summary>How many files are converted at the same time.</summary>
    public int MediaConcurrency
    {
        get;
        init => field = value is >= 2 and <= 1000
            ? value
            : throw new ArgumentException($"The concurrency of media is {value}, not 2 to 1000.");
    } = 5;

    /// <summary>The layer that has ffmpeg as <c>bin/ffmpeg</c>; null where sound and film are not converted.</summary>
    public string? FfmpegLayerArn
    {
        get;
        init => field = value is null || LayerPattern.IsMatch(value)
            ? value
            : throw new ArgumentException($"'{value}' is not the ARN of a layer's version: arn:aws:lambda:…:layer:ffmpeg:1.");
    }

    /// <summary>
    /// By carrier: how many messages (SMS: segments) a second it takes, of a sender or of the account as the catalogue says, where that is
    /// not the catalogue's figure. Its functions are told.
    /// </summary>
    public IReadOnlyDictionary<string, double> Rates { get; init; } = new Dictionary<string, double>();

    /// <summary>By carrier: how many senders work at its full rate at the same time, where that is more than one.</summary>
    public IReadOnlyDictionary<string, double> Senders { get; init; } = new Dictionary<string, double>();

    /// <summary>
    /// Over how many keys of the index <c>list</c> a tenant's messages of a day are spread. Only ever raised: what stands in a shard beyond
    /// a lowered number is listed no more.
    /// </summary>
    public int ListShards
    {
        get;
        init => field = value is >= Defaults.ListShards and <= Defaults.MaxListShards
            ? value
            : throw new ArgumentException($"The number of list shards is {value}, not {Defaults.ListShards} to {Defaults.MaxListShards}.");
    } = Defaults.ListShards;

    /// <summary>
    /// Every function trusts the system's roots: for partitions whose endpoints are certified by others than Amazon Trust Services' public
    /// roots.
    /// </summary>
    public bool TrustsSystem { get; init; }

    /// <summary>Where published functions lie: a folder for each runtime and architecture, and in it one for each project.</summary>
    public string? PublishDirectory { get; init; } = FindPublishDirectory();

    /// <summary>The folder of the runtime and architecture in it, as <c>build/Omni.Publish</c> names it.</summary>
    public string PublishFolder => IsManaged ? $"{ManagedRuntime}-linux-{Architecture}" : $"linux-{Architecture}";

    public bool IsManaged => Runtime == ManagedRuntime;

    /// <summary>How every name starts. The local machine has production's names: what one sees there is what one finds in AWS.</summary>
    public string Prefix => IsProduction || IsLocal ? "omni" : $"omni-{Stage}";

    public bool IsProduction => Stage == "prod";

    public bool IsLocal => Stage == "local";

    public Architecture LambdaArchitecture =>
        Architecture == "x64" ? Amazon.CDK.AWS.Lambda.Architecture.X86_64 : Amazon.CDK.AWS.Lambda.Architecture.ARM_64;

    // This version of CDK has no constant for dotnet10.
    public Runtime LambdaRuntime =>
        IsManaged ? new Runtime(ManagedRuntime, RuntimeFamily.DOTNET_CORE) : Amazon.CDK.AWS.Lambda.Runtime.PROVIDED_AL2023;

    /// <summary>How an executable for that architecture marks itself: EM_X86_64 or EM_AARCH64.</summary>
    public byte ElfMachine => Architecture == "x64" ? (byte)62 : (byte)183;

    [GeneratedRegex("^[a-z][a-z0-9-]{0,15}$")]
    private static partial Regex StagePattern { get; }

    [GeneratedRegex("^arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:key/[A-Za-z0-9-]+$")]
    private static partial Regex KeyPattern { get; }

    [GeneratedRegex("^arn:aws[a-z-]*:lambda:[a-z0-9-]+:[0-9]{12}:layer:[A-Za-z0-9_-]+:[0-9]+$")]
    private static partial Regex LayerPattern { get; }

    /// <summary>Reads what <c>cdk.json</c> and <c>-c name=value</c> say.</summary>
    public static OmniOptions FromContext(Node node)
    {
        var options = new OmniOptions
        {
            Stage = Text("stage") ?? "dev",
            Architecture = Text("architecture") ?? "arm64",
            Runtime = Text("runtime") ?? NativeRuntime,
            PublicBaseUrl = Text("publicBaseUrl")?.TrimEnd('/'),
            AlarmEmail = Text("alarmEmail"),
            KmsKeyArn = Text("kmsKeyArn"),
            CreatesKey = Text("kmsKey") switch
            {
                null => false,
                "create" when Text("kmsKeyArn") is null => true,
                "create" => throw new ArgumentException("kmsKey=create and kmsKeyArn exclude each other."),
                var other => throw new ArgumentException($"The context kmsKey is '{other}', not create."),
            },
            BucketVersioning = Flag("bucketVersioning"),
            ApiConcurrency = Number("apiConcurrency"),
            WebhookConcurrency = Number("webhookConcurrency"),
            LongPolls = Number("longPolls"),
            MediaConcurrency = Number("mediaConcurrency") ?? 5,
            FfmpegLayerArn = Text("ffmpegLayer"),
            KeepsEvents = Text("events") switch
            {
                null or "on" => true,
                "off" => false,
                var other => throw new ArgumentException($"Events are '{other}', neither on nor off."),
            },
            ApiBurst = Number("apiBurst"),
            OnlyRegisteredSenders = Flag("registeredSenders"),
            Processor = Text("processor") is { } processor
                ? ProcessorCatalogue.Find(processor) ?? throw new ArgumentException(
                    $"There is no processor '{processor}'; there is {string.Join(", ", ProcessorCatalogue.All.Select(p => p.Name))}.")
                : null,
            Rates = OfCarriers("rates"),
            Senders = OfCarriers("senders"),
            ListShards = Number("listShards") ?? Defaults.ListShards,
            TrustsSystem = Text("trustStore") switch
            {
                null or "amazon" => false,
                "system" => true,
                var other => throw new ArgumentException($"The trust store '{other}' is neither amazon nor system."),
            },
        };
        return Text("apiRate") switch
        {
            null => options,
            "off" => options with { ApiRate = double.PositiveInfinity },
            var rate when double.TryParse(rate, CultureInfo.InvariantCulture, out var number) => options with { ApiRate = number },
            var other => throw new ArgumentException($"The context apiRate is '{other}', neither a number nor off."),
        };

        string? Text(string name) =>
            Convert.ToString(node.TryGetContext(name), CultureInfo.InvariantCulture) is { Length: > 0 } text ? text : null;

        bool Flag(string name) => Text(name) switch
        {
            null => false,
            { } text when bool.TryParse(text, out var flag) => flag,
            var other => throw new ArgumentException($"The context {name} is '{other}', neither true nor false."),
        };

        int? Number(string name) => Text(name) is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : null;

        // Such as acme:80,other:2.5.
        Dictionary<string, double> OfCarriers(string name) => (Text(name) ?? "")
            .Split(',', StringSplitOptions.RemoveEmptyEntries)
            .Select(pair => OfCarrier(pair) ?? throw new ArgumentException(
                $"'{pair}' in the context {name} is not a carrier's id, a colon and a number above zero."))
            .ToDictionary();

        static (string Carrier, double Number)? OfCarrier(string pair) =>
            pair.Split(':', StringSplitOptions.TrimEntries) is [var carrier, var text] && CarrierCatalogue.Find(carrier) is not null
            && double.TryParse(text, CultureInfo.InvariantCulture, out var number) && number > 0 && double.IsFinite(number)
                ? (carrier, number)
                : null;
    }

    // The repository's root is where cdk.json is. Outside a clone there is none, and nothing published.
    private static string? FindPublishDirectory()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "cdk.json"))) return Path.Combine(folder.FullName, "dist");
        }

        return null;
    }
}
