using System.Text.Json.Nodes;
using Omni.Aws;
using Omni.Local.Deployment;
using Omni.Shared;

namespace Omni.Bench;

/// <summary>A function as the template defines it.</summary>
/// <param name="MemoryMegabytes">Its memory; the processor comes with it.</param>
/// <param name="TimeoutSeconds">How long an invocation may take.</param>
internal sealed record ScaleFunction(int MemoryMegabytes, int TimeoutSeconds);

/// <summary>What feeds a function.</summary>
/// <param name="BatchSize">The most records of an invocation.</param>
/// <param name="Concurrency">The most invocations at once; null for AWS's own limit.</param>
/// <param name="Parallel">A stream: batches of a shard at once.</param>
/// <param name="WindowSeconds">How long records are gathered.</param>
/// <param name="VisibilitySeconds">A queue: how long a record is hidden while it is worked on.</param>
internal sealed record ScaleSource(int BatchSize, int? Concurrency, int Parallel, int WindowSeconds, int VisibilitySeconds);

/// <summary>
/// Our own constants, from where they are true: the template that the CDK app makes, and the types. The carrier with the highest rate
/// stands for all: each has functions and queues of its own.
/// </summary>
internal sealed class ScaleStack
{
    public const string Api = "Omni.Api";
    public const string Dispatcher = "Omni.Dispatcher";
    public const string Processor = "Omni.InboundProcessor";
    public const string Scheduler = "Omni.Scheduler";

    private readonly JsonObject _resources;

    public ScaleStack(Carrier carrier, JsonObject template)
    {
        Carrier = carrier;
        _resources = template["Resources"]!.AsObject();
        Functions = Of("AWS::Lambda::Function").ToDictionary(
            f => (string)f["Handler"]!, f => new ScaleFunction((int)f["MemorySize"]!, (int)f["Timeout"]!));
        Stream = Source(Mapping(Dispatcher, bulk: false));
        Inbound = Source(Mapping(Processor, bulk: false));
        Outbound = Source(Mapping(Sender, bulk: false));
        Bulk = Source(Mapping(Sender, bulk: true));

        var route = Of("AWS::ApiGatewayV2::Stage").Single()["DefaultRouteSettings"]!;
        (RouteRate, RouteBurst) = ((int)route["ThrottlingRateLimit"]!, (int)route["ThrottlingBurstLimit"]!);
        var settings = Of("AWS::Lambda::Function").Single(f => (string)f["Handler"]! == Api)["Environment"]!["Variables"]!;
        ListShards = int.Parse((string)settings[SettingNames.ListShards]!, System.Globalization.CultureInfo.InvariantCulture);
    }

    public Carrier Carrier { get; }

    public string Webhook => $"Omni.{Carrier.Name}.Inbound";

    public string Sender => $"Omni.{Carrier.Name}.Outbound";

    public IReadOnlyDictionary<string, ScaleFunction> Functions { get; }

    public ScaleSource Stream { get; }

    public ScaleSource Inbound { get; }

    public ScaleSource Outbound { get; }

    public ScaleSource Bulk { get; }

    /// <summary>Requests a second of one route of the gateway.</summary>
    public int RouteRate { get; }

    public int RouteBurst { get; }

    public int ListShards { get; }

    public int DueShards { get; } = MessageStore.DueShards;

    public TimeSpan Retention { get; } = Defaults.Retention;

    /// <summary>Texts a second of one of our addresses at the carrier.</summary>
    public double SenderRate => Carrier.Limits.RatePerSecond!.Value;

    /// <summary>The carrier that takes the most texts of one sender.</summary>
    public static Carrier Fastest { get; } = CarrierCatalogue.All.Where(c => c.Available).MaxBy(c => c.Limits.RatePerSecond ?? 0)!;

    /// <summary>Reads the stack, synthesising it when there is no template of this build yet. Needs Node.</summary>
    public static ScaleStack Load(IProgress<string> progress) => new(Fastest, TemplateFile.Load([Fastest], progress));

    private IEnumerable<JsonObject> Of(string type) =>
        _resources.Where(r => (string)r.Value!["Type"]! == type).Select(r => r.Value!["Properties"]!.AsObject());

    private JsonObject Mapping(string project, bool bulk) => Of("AWS::Lambda::EventSourceMapping").Single(mapping =>
        (string)_resources[(string)mapping["FunctionName"]!["Ref"]!]!["Properties"]!["Handler"]! == project
        && (QueueOf(mapping)?.EndsWith("-bulk.fifo", StringComparison.Ordinal) ?? false) == bulk);

    private ScaleSource Source(JsonObject mapping) => new(
        (int)mapping["BatchSize"]!,
        (int?)mapping["ScalingConfig"]?["MaximumConcurrency"],
        (int?)mapping["ParallelizationFactor"] ?? 1,
        (int?)mapping["MaximumBatchingWindowInSeconds"] ?? 0,
        (int?)FeedOf(mapping)["VisibilityTimeout"] ?? 0);

    private string? QueueOf(JsonObject mapping) => (string?)FeedOf(mapping)["QueueName"];

    private JsonObject FeedOf(JsonObject mapping) =>
        _resources[(string)mapping["EventSourceArn"]!["Fn::GetAtt"]![0]!]!["Properties"]!.AsObject();
}
