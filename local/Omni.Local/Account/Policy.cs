using System.IO.Enumeration;

namespace Omni.Local.Account;

/// <summary>A condition of a policy: one operator over one key.</summary>
/// <param name="Key">The condition key.</param>
/// <param name="IsLike">Whether <c>*</c> and <c>?</c> stand for anything: <c>StringLike</c> and not <c>StringEquals</c>.</param>
/// <param name="Values">One of these must fit.</param>
internal sealed record PolicyCondition(string Key, bool IsLike, IReadOnlyList<string> Values)
{
    // A key that a request does not have fits nothing.
    public bool Holds(Access access) =>
        access.Context.TryGetValue(Key, out var actual)
        && Values.Any(value => IsLike ? Wildcards.Fits(value, actual) : value == actual);
}

/// <summary>
/// One action on one resource, as a statement of a policy has it: a statement with several of either is several of these.
/// </summary>
/// <param name="Allows">False when it is denied.</param>
/// <param name="Action">The action, with <c>*</c> and <c>?</c> for anything.</param>
/// <param name="Resource">The resource, with <c>*</c> and <c>?</c> for anything.</param>
/// <param name="Conditions">All of them must hold.</param>
internal sealed record Right(bool Allows, string Action, string Resource, IReadOnlyList<PolicyCondition> Conditions)
{
    /// <summary>Whether it speaks of an access.</summary>
    public bool Covers(Access access) =>
        Wildcards.Fits(Action, access.Action, ignoreCase: true)
        && Wildcards.FitsArn(Resource, access.Resource)
        && Conditions.All(condition => condition.Holds(access));

    /// <inheritdoc/>
    public override string ToString() => $"{Action} {Resource}";
}

/// <summary>A function's role: who it is and what it may.</summary>
/// <param name="Name">The role's name.</param>
/// <param name="Function">The function that has it.</param>
/// <param name="Project">The project that the function is built from.</param>
/// <param name="Rights">All rights of its policies.</param>
internal sealed record Role(string Name, string Function, string Project, IReadOnlyList<Right> Rights)
{
    /// <summary>The function as AWS names who asks.</summary>
    public string Principal => $"arn:aws:sts::{Arn.AccountId}:assumed-role/{Name}/{Function}";

    /// <summary>
    /// Whether an access is allowed: a right allows it and none denies it.
    /// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
    /// </summary>
    public Decision Decide(Access access)
    {
        var isAllowed = false;
        foreach (var right in Rights)
        {
            if (!right.Covers(access)) continue;
            if (!right.Allows) return Decision.Denied;

            isAllowed = true;
        }

        return isAllowed ? Decision.Allowed : Decision.NotAllowed;
    }
}

/// <summary>What a role's rights say of an access.</summary>
internal enum Decision
{
    /// <summary>No right allows it.</summary>
    NotAllowed,

    /// <summary>It may be.</summary>
    Allowed,

    /// <summary>A right denies it, whatever others allow.</summary>
    Denied,
}

/// <summary>The wildcards of policies.</summary>
internal static class Wildcards
{
    // arn:partition:service:region:account: and then the resource, which may have colons of its own.
    private const int Segments = 6;

    /// <summary>Whether a text is what a pattern says.</summary>
    public static bool Fits(string pattern, string text, bool ignoreCase = false) =>
        pattern == "*"
        || (text.Length == 0 ? pattern.Length == 0 : FileSystemName.MatchesSimpleExpression(pattern, text, ignoreCase));

    /// <summary>The same of ARNs, where a wildcard ends with its segment: only the last reaches to the end.</summary>
    public static bool FitsArn(string pattern, string arn)
    {
        if (pattern == "*") return true;
        if (arn == "*") return false;
        if (!pattern.AsSpan().ContainsAny('*', '?')) return pattern == arn;

        var (wanted, given) = (pattern.Split(':', Segments), arn.Split(':', Segments));
        return wanted.Length == given.Length && wanted.Zip(given).All(pair => Fits(pair.First, pair.Second));
    }
}
