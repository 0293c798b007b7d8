namespace Omni.WebConsole;

/// <summary>What the console speaks to.</summary>
/// <param name="Url">Where the API is, without <c>/api/v1</c>.</param>
/// <param name="ApiKey">The API key. It stays in memory.</param>
public sealed record ConsoleOptions(Uri Url, string ApiKey)
{
    /// <summary>The port on 127.0.0.1 of a console that runs alone.</summary>
    public int Port { get; init; } = 8090;

    /// <summary>Where the API is: the key stands in no log.</summary>
    public override string ToString() => Url.ToString();

    /// <summary>What <c>--help</c> prints.</summary>
    public const string Help = """
        Shows Omni in a browser: messages, conversations, batches, what carriers do. It speaks to the API alone.

        usage: dotnet run --project local/Omni.Console -- --url URL [--key KEY] [--port N]
          --url URL    where the API is, without /api/v1 (default: OMNI_URL)
          --key KEY    an API key (default: OMNI_API_KEY, which no list of processes shows)
          --port N     the port on 127.0.0.1 (8090)
          --help       this text
        """;

    /// <summary>Reads the command line.</summary>
    /// <param name="arguments">The arguments.</param>
    /// <param name="variable">Reads a variable of the environment.</param>
    /// <exception cref="ArgumentException">An argument is wrong or missing; the message says which.</exception>
    public static ConsoleOptions Parse(IReadOnlyList<string> arguments, Func<string, string?> variable)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        ArgumentNullException.ThrowIfNull(variable);
        var (url, key, port) = (variable("OMNI_URL"), variable("OMNI_API_KEY"), "8090");
        for (var i = 0; i < arguments.Count; i++)
        {
            var argument = arguments[i];
            string Value() => ++i < arguments.Count ? arguments[i] : throw new ArgumentException($"{argument} needs a value.");
            switch (argument)
            {
                case "--url": url = Value(); break;
                case "--key": key = Value(); break;
                case "--port": port = Value(); break;
                default: throw new ArgumentException($"{argument} is not an option; --help lists them.");
            }
        }

        if (!Uri.TryCreate(url, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
            throw new ArgumentException("Say where the API is: --url, or OMNI_URL.");
        if (string.IsNullOrWhiteSpace(key)) throw new ArgumentException("Say the API key: OMNI_API_KEY, or --key.");
        if (!ushort.TryParse(port, out var number)) throw new ArgumentException($"--port takes a number up to 65535, not {port}.");
        return new(address, key) { Port = number };
    }
}
