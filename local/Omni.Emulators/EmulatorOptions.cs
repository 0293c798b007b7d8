namespace Omni.Emulators;

/// <summary>How the emulators run.</summary>
public sealed record EmulatorOptions
{
    /// <summary>Where tables are kept over a restart; null keeps them in memory. Queues and blobs are always in memory.</summary>
    public string? DataDirectory { get; init; }

    /// <summary>One database for every access key and region, instead of one for each.</summary>
    public bool SharedDatabase { get; init; }
}
