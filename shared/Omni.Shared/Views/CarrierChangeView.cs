namespace Omni.Shared;

/// <summary>That a carrier began to fail, or takes messages again, as clients see it.</summary>
/// <param name="Carrier">The carrier's id.</param>
/// <param name="DegradedSince">Since when it failed.</param>
/// <param name="Code">The code of its fault: of the first one, or of the last when it is over.</param>
/// <param name="RecoveredAt">When it took a message again; null while it fails.</param>
public sealed record CarrierChangeView(string Carrier, DateTimeOffset DegradedSince, string? Code, DateTimeOffset? RecoveredAt = null);
