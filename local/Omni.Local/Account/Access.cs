using System.Collections.Frozen;
using Omni.Emulators;

namespace Omni.Local.Account;

/// <summary>The names of resources in the account that this machine stands for.</summary>
internal static class Arn
{
    /// <summary>The account.</summary>
    public const string AccountId = "000000000000";

    /// <summary>A resource of a regional service.</summary>
    public static string Of(string service, string resource) => $"arn:aws:{service}:{LocalEmulators.Region}:{AccountId}:{resource}";

    public static string Table(string name) => Of("dynamodb", "table/" + name);

    public static string Queue(string name) => Of("sqs", name);

    public static string Bucket(string name) => "arn:aws:s3:::" + name;

    /// <summary>What follows the last of a separator.</summary>
    public static string Last(string arn, char separator) => arn[(arn.LastIndexOf(separator) + 1)..];
}

/// <summary>One thing that a request needs a right for.</summary>
/// <param name="Action">The action, as policies name it: <c>dynamodb:PutItem</c>.</param>
/// <param name="Resource">The resource's ARN; <c>*</c> for an action that knows none.</param>
internal sealed record Access(string Action, string Resource)
{
    /// <summary>What conditions may ask for, by key.</summary>
    public IReadOnlyDictionary<string, string> Context { get; init; } = FrozenDictionary<string, string>.Empty;

    /// <inheritdoc/>
    public override string ToString() => $"{Action} {Resource}";
}
