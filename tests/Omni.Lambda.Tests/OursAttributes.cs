using Amazon.Lambda.Core;

namespace Omni.Lambda.Tests;

/// <summary>
/// A fact of Omni's own contracts alone: a difference that docs/decisions/lambda-contracts.md lists. It is skipped where the official
/// packages are judged (-p:LambdaContracts=package).
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class OursFactAttribute : FactAttribute
{
    /// <param name="official">What the official packages do instead.</param>
    public OursFactAttribute(string official) => Skip = Ours.Skip(official);
}

/// <summary>A theory of Omni's own contracts alone, as <see cref="OursFactAttribute"/> is a fact.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class OursTheoryAttribute : TheoryAttribute
{
    /// <param name="official">What the official packages do instead.</param>
    public OursTheoryAttribute(string official) => Skip = Ours.Skip(official);
}

internal static class Ours
{
    private static readonly bool _areLoaded = typeof(ILambdaContext).Assembly.GetName().Name == "Omni.Lambda";

    public static string? Skip(string official) => _areLoaded ? null : $"The official packages differ: {official}.";
}
