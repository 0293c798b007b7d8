using Omni.Local.Account;
using Omni.Local.Functions;

namespace Omni.Local;

/// <summary>How a benchmark or a test looks into a local host. The default sees nothing and changes nothing.</summary>
internal sealed record Probe
{
    /// <summary>What is put between the functions, with what feeds them from queues, and the emulators.</summary>
    public Func<AwsHandler, AwsHandler> Between { get; init; } = next => next;

    /// <summary>The role that a function has, for what the template says.</summary>
    public Func<Role, Role> Roles { get; init; } = role => role;

    /// <summary>What is put around each function.</summary>
    public Func<IFunctionHost, IFunctionHost> Around { get; init; } = function => function;

    /// <summary>Nothing moves by itself: neither queues, nor streams, nor the clock.</summary>
    public bool IsStepped { get; init; }
}
