using System.Collections;
using System.CommandLine;

namespace Omni.Cli;

/// <summary>What a command meets outside: the terminal, the environment, the network, the time.</summary>
internal sealed class World : InvocationConfiguration
{
    public World(HttpClient http)
    {
        Http = http;
        EnableDefaultExceptionHandler = false;
        ProcessTerminationTimeout = TimeSpan.FromSeconds(5);
    }

    public HttpClient Http { get; }

    public TimeProvider Clock { get; init; } = TimeProvider.System;

    public IReadOnlyDictionary<string, string> Environment { get; init; } =
        System.Environment.GetEnvironmentVariables().Cast<DictionaryEntry>().ToDictionary(v => (string)v.Key, v => (string?)v.Value ?? "");

    public TextReader Input { get; init; } = Console.In;

    /// <summary>Whether somebody watches what is told on the way: then a line may be written over.</summary>
    public bool IsTerminal { get; init; } = !Console.IsErrorRedirected;

    public string? Variable(string name) => Environment.GetValueOrDefault(name) is { Length: > 0 } value ? value : null;
}
