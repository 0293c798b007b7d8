using System.Globalization;
using Omni.Shared;

namespace Omni.Local;

/// <summary>What the command line and the environment say.</summary>
public sealed record LocalOptions
{
    /// <summary>The port of the API, the webhooks and the simulators; 0 for a free one.</summary>
    public int Port { get; init; } = 8080;

    private bool HasPort { get; init; }

    /// <summary>Where tables are kept over a restart; null for in memory.</summary>
    public string? DataDirectory { get; init; }

    /// <summary>Plays the demo, then ends.</summary>
    public bool IsDemo { get; init; }

    /// <summary>Runs every function as a process of its own, over the Lambda Runtime API.</summary>
    public bool IsIsolated { get; init; }

    /// <summary>The one function to invoke, by its project, and the file with its event; null to run the service.</summary>
    public (string Project, string EventFile)? Invocation { get; init; }

    /// <summary>The carriers to run; empty for all.</summary>
    public IReadOnlyList<string> Carriers { get; init; } = [];

    /// <summary>The processor that answers people, where the sender that they write to names none; null for nobody.</summary>
    public string? Processor { get; init; }

    /// <summary>How often the Scheduler runs; in AWS every minute.</summary>
    public TimeSpan Tick { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Settings of functions and simulators: the environment, with <c>.env</c> below it.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>The key that the API takes.</summary>
    public string ApiKey => Environment.GetValueOrDefault("OMNI_API_KEY") ?? "local-dev-key";

    /// <summary>
    /// Where carriers reach the webhooks, when it is not where this host listens: a tunnel's address.
    /// Simulated carriers sign for it and call here.
    /// </summary>
    /// <exception cref="ArgumentException">It is no web address.</exception>
    public Uri? PublicBaseUrl => Environment.GetValueOrDefault(SettingNames.PublicBaseUrl) switch
    {
        null or "" => null,
        var text when Uri.TryCreate(text.TrimEnd('/'), UriKind.Absolute, out var url) && url.Scheme is "https" or "http" => url,
        var text => throw new ArgumentException($"{SettingNames.PublicBaseUrl} takes a web address, not {text}."),
    };

    /// <summary>What <c>--help</c> prints.</summary>
    public const string Help = """
        Runs Omni on this machine: DynamoDB and SQS servers, every function, the API, the simulated carriers.

        usage: dotnet run --project local/Omni.Local [-- OPTIONS]
          --port N          the port on 127.0.0.1 (8080; 0 for a free one)
          --data DIR        keep tables there over a restart (default: in memory)
          --carriers A,B    only these carriers (default: all)
          --processor P     who answers people, such as Omni.Concierge (default: nobody)
          --demo            play a conversation, print each message's timeline, end with 0 if all went as it should
          --invoke P FILE   invoke the function of project P alone with the event in FILE, print its answer, end with 0 unless it failed
          --isolated        every function as a process of its own, over the Lambda Runtime API
          --tick SECONDS    how often the Scheduler runs (60)
          --help            this text

        The API key is OMNI_API_KEY (default local-dev-key). A carrier's credentials are made up unless its variables are set, in the
        environment or in .env; a carrier whose <CARRIER>_BASE_URL is set is called there instead of at its simulator.
        PUBLIC_BASE_URL is where carriers reach the webhooks, such as a tunnel that ends here (default: this host).
        """;

    /// <summary>Reads the command line.</summary>
    /// <param name="arguments">The arguments.</param>
    /// <param name="environment">The environment.</param>
    /// <exception cref="ArgumentException">An argument is wrong; the message says which.</exception>
    public static LocalOptions Parse(IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string> environment)
    {
        var options = new LocalOptions { Environment = environment };
        for (var i = 0; i < arguments.Count; i++)
        {
            var argument = arguments[i];
            string Value() => ++i < arguments.Count ? arguments[i] : throw new ArgumentException($"{argument} needs a value.");
            options = argument switch
            {
                "--port" => options with { Port = Number(argument, Value(), 65_535), HasPort = true },
                "--data" => options with { DataDirectory = Path.GetFullPath(Value()) },
                "--carriers" =>
                    options with { Carriers = Value().Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) },
                "--invoke" => options with { Invocation = (Value(), Value()) },
                "--processor" => options with { Processor = Value() },
                "--demo" => options with { IsDemo = true },
                "--isolated" => options with { IsIsolated = true },
                "--tick" => options with { Tick = TimeSpan.FromSeconds(Math.Max(1, Number(argument, Value(), 3600))) },
                _ => throw new ArgumentException($"{argument} is not an option; --help lists them."),
            };
        }

        // Alone, it is in nobody's way.
        return options.Invocation is null || options.HasPort ? options : options with { Port = 0 };
    }

    /// <summary>The process's environment over the lines of a <c>.env</c> file in the current folder, if there is one.</summary>
    public static IReadOnlyDictionary<string, string> ReadEnvironment()
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in File.Exists(".env") ? File.ReadLines(".env") : [])
        {
            if (line.TrimStart().StartsWith('#') || line.Split('=', 2) is not [var name, var value]) continue;
            values[name.Trim()] = value.Trim().Trim('"');
        }

        foreach (System.Collections.DictionaryEntry variable in System.Environment.GetEnvironmentVariables())
        {
            values[(string)variable.Key] = (string?)variable.Value ?? "";
        }

        return values;
    }

    private static int Number(string argument, string text, int max) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= max
            ? number
            : throw new ArgumentException($"{argument} takes a number up to {max}, not {text}.");
}
