using Omni.Local.Functions;

namespace Omni.Local;

/// <summary>How a benchmark looks into a local host. The default sees nothing and changes nothing.</summary>
internal sealed record Probe
{
    /// <summary>Where the functions and what feeds them find an emulator.</summary>
    public Func<Uri, Uri> Between { get; init; } = endpoint => endpoint;

    /// <summary>What is put around each function.</summary>
    public Func<IFunctionHost, IFunctionHost> Around { get; init; } = function => function;

    /// <summary>Nothing moves by itself: neither queues, nor streams, nor the clock.</summary>
    public bool IsStepped { get; init; }
}
