using System.Globalization;

namespace Omni.Bench;

/// <summary>What the command line asks for.</summary>
internal sealed record BenchOptions
{
    /// <summary>Cold starts of each build.</summary>
    public int Cold { get; init; } = 15;

    /// <summary>Invocations of each warm process.</summary>
    public int Warm { get; init; } = 2000;

    /// <summary>Messages through the whole pipeline.</summary>
    public int Messages { get; init; } = 500;

    /// <summary>Drives the pipeline and measures nothing else.</summary>
    public bool IsPipelineOnly { get; init; }

    /// <summary>Counts AWS requests and measures nothing.</summary>
    public bool IsRequestsOnly { get; init; }

    /// <summary>Messages a second to reckon with instead of measuring; none to measure.</summary>
    public IReadOnlyList<int> Scale { get; init; } = [];

    /// <summary>The carrier whose faults are played, or <c>all</c>; null to measure.</summary>
    public string? Faults { get; init; }

    /// <summary>Plays the cases of the limiter instead of measuring.</summary>
    public bool Limits { get; init; }

    /// <summary>Measures the express lane instead.</summary>
    public bool Express { get; init; }

    /// <summary>Lists messages instead of measuring.</summary>
    public bool Lists { get; init; }

    /// <summary>Writes the results into <c>docs/performance.md</c>, or the reckoning into <c>docs/scale.md</c>.</summary>
    public bool Writes { get; init; }

    public const string Help = """
        Measures Omni on this machine: cold and warm functions, AWS requests and their price, the pipeline's throughput. Publishes
        what it measures first. Linux only.

        usage: dotnet run -c Release --project bench/Omni.Bench [-- OPTIONS]
          --cold N       cold starts of each build (15)
          --warm N       invocations of each warm process (2000)
          --messages N   messages through the whole pipeline (500)
          --pipeline     the whole pipeline alone: texts a second, CPU of each
          --requests     AWS requests and their price alone: nothing is published or measured
          --scale N,N    measures nothing: reckons what N messages a second use of AWS
          --faults CARRIER  instead: texts to a carrier that falters, or to all; what is lost, doubled, held
          --limits       instead: the limiter's cases, from 1 to 400 messages a second (about 12 minutes)
          --lists        instead: pages of the list of 10,000 messages; --messages for another number
          --express      instead: from accept to the carrier's call, for urgent messages and others
          --write        puts the results into docs/performance.md (with --scale: docs/scale.md)
          --help         this text

        Ends with 1 when a gate is broken (peak memory; a text lost or doubled; a slow list or lane), 2 when it could not measure.
        """;

    /// <exception cref="ArgumentException">An argument is wrong; the message says which.</exception>
    public static BenchOptions Parse(IReadOnlyList<string> arguments)
    {
        var options = new BenchOptions();
        for (var i = 0; i < arguments.Count; i++)
        {
            var argument = arguments[i];
            int Number() => ++i < arguments.Count
                && int.TryParse(arguments[i], NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                && number > 0
                ? number
                : throw new ArgumentException($"{argument} needs a number above 0.");
            int[] Numbers() => ++i < arguments.Count && arguments[i].Split(',') is var texts
                && Array.ConvertAll(
                    texts, t => int.TryParse(t, NumberStyles.None, CultureInfo.InvariantCulture, out var n) ? n : 0) is var numbers
                && numbers.All(n => n > 0)
                    ? numbers
                    : throw new ArgumentException($"{argument} needs numbers above 0, with commas between them.");
            options = argument switch
            {
                "--cold" => options with { Cold = Number() },
                "--warm" => options with { Warm = Number() },
                "--messages" => options with { Messages = Number() },
                "--pipeline" => options with { IsPipelineOnly = true },
                "--requests" => options with { IsRequestsOnly = true },
                "--scale" => options with { Scale = Numbers() },
                "--faults" => options with { Faults = ++i < arguments.Count ? arguments[i] : "all" },
                "--express" => options with { Express = true },
                "--limits" => options with { Limits = true },
                "--lists" => options with { Lists = true, Messages = 10_000 },
                "--write" => options with { Writes = true },
                _ => throw new ArgumentException($"{argument} is not an option; --help lists them."),
            };
        }

        return options;
    }
}
