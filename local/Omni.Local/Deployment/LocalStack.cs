using System.Text.Json.Nodes;
using Omni.Local.Account;

namespace Omni.Local.Deployment;

/// <summary>A function of the stack.</summary>
/// <param name="Name">Its name in AWS.</param>
/// <param name="Project">The project that it is built from: the handler.</param>
/// <param name="Settings">Its environment, references put in.</param>
/// <param name="Timeout">How long an invocation may take.</param>
/// <param name="MemoryMegabytes">Its memory.</param>
/// <param name="ReservedConcurrency">How many invocations it may have at once; null for any number.</param>
internal sealed record StackFunction(
    string Name,
    string Project,
    IReadOnlyDictionary<string, string> Settings,
    TimeSpan Timeout,
    int MemoryMegabytes,
    int? ReservedConcurrency = null);

/// <summary>A queue that feeds a function.</summary>
/// <param name="Function">The function's name.</param>
/// <param name="QueueUrl">The queue.</param>
/// <param name="QueueArn">The same, as events name it.</param>
/// <param name="BatchSize">The most records of an event.</param>
/// <param name="Concurrency">The most invocations at once.</param>
internal sealed record QueueMapping(string Function, string QueueUrl, string QueueArn, int BatchSize, int Concurrency);

/// <summary>A table's stream that feeds a function.</summary>
/// <param name="Function">The function's name.</param>
/// <param name="Table">The table.</param>
/// <param name="BatchSize">The most records of an event.</param>
/// <param name="Filters">Patterns, one of which a record must match; none for all.</param>
internal sealed record StreamMapping(string Function, string Table, int BatchSize, IReadOnlyList<JsonObject> Filters);

/// <summary>A route of the HTTP API.</summary>
/// <param name="Key"><c>METHOD /path/{name}</c>; a trailing <c>{name+}</c> takes the rest of the path.</param>
/// <param name="Function">The function's name.</param>
internal sealed record Route(string Key, string Function);

/// <summary>What the template describes, made on this machine.</summary>
internal sealed record LocalStack
{
    public required IReadOnlyList<StackFunction> Functions { get; init; }

    public required IReadOnlyList<QueueMapping> Queues { get; init; }

    public required IReadOnlyList<StreamMapping> Streams { get; init; }

    public required IReadOnlyList<Route> Routes { get; init; }

    /// <summary>The functions that the clock invokes.</summary>
    public required IReadOnlyList<string> Scheduled { get; init; }

    /// <summary>What each function may: its role.</summary>
    public required IReadOnlyList<Role> Roles { get; init; }

    /// <summary>What each function's role must give to the platform that runs and feeds it, by the function's name.</summary>
    public required ILookup<string, Access> PlatformNeeds { get; init; }

    /// <summary>Knows what a request needs.</summary>
    public required AccessReader AccessReader { get; init; }

    /// <summary>All queues by name.</summary>
    public required IReadOnlyDictionary<string, string> QueueUrls { get; init; }
}
