using System.Text.Json.Nodes;

namespace Omni.Bench;

/// <summary>AWS's list prices: <c>prices.json</c>, in USD for a million.</summary>
internal sealed class Prices
{
    private readonly JsonObject _perMillion;

    private Prices(JsonObject table)
    {
        _perMillion = table["perMillion"]!.AsObject();
        AsOf = (string)table["asOf"]!;
    }

    public string AsOf { get; }

    public static Prices Load()
    {
        using var file = typeof(Prices).Assembly.GetManifestResourceStream("prices.json")!;
        return new(JsonNode.Parse(file)!.AsObject());
    }

    /// <summary>What a million messages cost of what a step used for a batch of them. Neither the carrier's price nor the functions' run time.</summary>
    public double PerMillion(Step step, int messages) =>
        ((step.Used.Writes * Of("dynamoWriteUnit"))
            + (step.Used.Reads * Of("dynamoReadUnit"))
            + (step.Used.Count("SQS.", "standard") * Of("sqsStandardRequest"))
            + (step.Used.Count("SQS.", "fifo") * Of("sqsFifoRequest"))
            + (step.HttpCalls * Of("httpApiRequest"))
            + (step.Invocations * Of("lambdaInvocation"))) / messages;

    private double Of(string name) => (double)_perMillion[name]!;
}
