using System.Text.Json.Nodes;

namespace Omni.Bench;

/// <summary>AWS's list prices: <c>prices.json</c>, in USD.</summary>
internal sealed class Prices
{
    private readonly JsonObject _table;

    private Prices(JsonObject table)
    {
        _table = table;
        AsOf = (string)table["asOf"]!;
    }

    public string AsOf { get; }

    public static Prices Load()
    {
        using var file = typeof(Prices).Assembly.GetManifestResourceStream("prices.json")!;
        return new(JsonNode.Parse(file)!.AsObject());
    }

    /// <summary>
    /// What a million messages cost of what a step used for a batch of them. Neither the carrier's price nor the functions' run time.
    /// </summary>
    public double PerMillion(Step step, int messages) =>
        ((step.Used.Writes * Of("dynamoWriteUnit"))
            + (step.Used.Reads * Of("dynamoReadUnit"))
            + (step.Used.Count("SQS.", "standard") * Of("sqsStandardRequest"))
            + (step.Used.Count("SQS.", "fifo") * Of("sqsFifoRequest"))
            + (step.HttpCalls * Of("httpApiRequest"))
            + (step.Invocations * Of("lambdaInvocation"))) / messages;

    /// <summary>USD for a million of something.</summary>
    public double Of(string name) => (double)_table["perMillion"]![name]!;

    /// <summary>USD for a gigabyte kept for a month.</summary>
    public double GigabyteMonth(string name) => (double)_table["gigabyteMonth"]![name]!;

    /// <summary>USD for the gigabytes logged in a month: the more, the cheaper the next one.</summary>
    public double Logs(double gigabytes)
    {
        var (usd, from) = (0.0, 0.0);
        foreach (var tier in _table["gigabyteLogged"]!.AsArray())
        {
            var upTo = Math.Min(gigabytes, (double?)tier!["upTo"] ?? gigabytes);
            if (upTo <= from) break;
            usd += (upTo - from) * (double)tier["usd"]!;
            from = upTo;
        }

        return usd;
    }
}
