namespace Omni.Shared;

/// <summary>What a person said about being written to, as clients see it.</summary>
/// <param name="Address">The person.</param>
/// <param name="Sender">Our address that it is about; null for all of them.</param>
/// <param name="OptedOut">Out or in.</param>
/// <param name="Scope">What it is about.</param>
/// <param name="At">When it reached Omni.</param>
/// <param name="Evidence">The word or the carrier's code that told it; null when nothing did.</param>
public sealed record ConsentView(
    Address Address, Address? Sender, bool OptedOut, ConsentScope Scope, DateTimeOffset At, string? Evidence);
