using System.Text.Json;

namespace Omni.Bench;

/// <summary>A quota of AWS.</summary>
/// <param name="What">What it limits.</param>
/// <param name="Value">The default.</param>
/// <param name="Unit">Of what.</param>
/// <param name="Page">Where AWS says so.</param>
internal sealed record Quota(string What, double Value, string Unit, string Page);

/// <summary>The requests a second that a FIFO queue takes of one action, with high throughput, in some regions.</summary>
/// <param name="Requests">How many, of each action by itself.</param>
/// <param name="Regions">Where.</param>
internal sealed record FifoRegion(double Requests, string Regions);

/// <summary>What one message of a kind uses, counted by <see cref="Flows"/>; a test counts again.</summary>
internal sealed record MessageUse
{
    /// <summary>Write units by table, and by index: <c>messages/list</c>. A table's own are without its indexes'.</summary>
    public required IReadOnlyDictionary<string, double> Writes { get; init; }

    /// <summary>Read units by table.</summary>
    public required IReadOnlyDictionary<string, double> Reads { get; init; }

    /// <summary>Writes to the control table for each batch and limited sender in it.</summary>
    public double SlotWritesABatch { get; init; }

    /// <summary>Records of the stream that reach the Dispatcher.</summary>
    public required double StreamRecords { get; init; }

    /// <summary>Webhooks that report of it.</summary>
    public double Receipts { get; init; }
}

/// <summary>What the model takes as given and cannot ask the code: <c>scale.json</c>.</summary>
internal sealed record ScaleData
{
    public required string AsOf { get; init; }

    public required IReadOnlyDictionary<string, Quota> Quotas { get; init; }

    public required IReadOnlyList<FifoRegion> FifoRegions { get; init; }

    /// <summary>A text of one segment that is accepted, sent, and reported `sent` and `delivered`.</summary>
    public required MessageUse Text { get; init; }

    /// <summary>A text that a person writes.</summary>
    public required MessageUse Answer { get; init; }

    public required ScheduledUse Scheduled { get; init; }

    public required IReadOnlyDictionary<string, Assumption> Assumptions { get; init; }

    public static ScaleData Load()
    {
        using var file = typeof(ScaleData).Assembly.GetManifestResourceStream("scale.json")!;
        return JsonSerializer.Deserialize<ScaleData>(file, JsonSerializerOptions.Web)!;
    }

    /// <summary>The value of a quota.</summary>
    public double Of(string quota) => Quotas[quota].Value;

    /// <summary>The value of an assumption.</summary>
    public double Assume(string name) => Assumptions[name].Value;
}

/// <summary>What a scheduled message uses beyond one that is sent at once.</summary>
/// <param name="DueWrites">Writes of the index <c>due</c>: it comes in and goes out.</param>
internal sealed record ScheduledUse(double DueWrites);

/// <summary>A figure that nobody publishes and that differs from account to account.</summary>
/// <param name="Value">The figure.</param>
/// <param name="Unit">Of what.</param>
/// <param name="Why">What it is, and where it is from.</param>
internal sealed record Assumption(double Value, string Unit, string Why);
