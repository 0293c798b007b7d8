using System.Collections.Concurrent;

namespace Omni.Local.Account;

/// <summary>A request, or a need of the platform, that a function had no right to.</summary>
/// <param name="Project">The function's project.</param>
/// <param name="Action">The action.</param>
/// <param name="Resource">The resource.</param>
internal sealed record Refusal(string Project, string Action, string Resource);

/// <summary>
/// Holds functions to the rights that the template gives their roles, and remembers what it refused. A function is known by the
/// access key that its request is signed with; what it may not is answered as the service answers it.
/// </summary>
/// <param name="roles">The roles, by access key.</param>
/// <param name="reader">Knows what a request needs.</param>
/// <param name="log">Told of every refusal.</param>
internal sealed class Guard(IReadOnlyDictionary<string, Role> roles, AccessReader reader, TextWriter log)
{
    private readonly ConcurrentDictionary<Refusal, byte> _refused = new();

    /// <summary>The functions' roles, by access key.</summary>
    public IReadOnlyDictionary<string, Role> Roles => roles;

    /// <summary>What was refused so far.</summary>
    public IEnumerable<Refusal> Refused => _refused.Keys;

    /// <summary>Lets through what may be.</summary>
    public AwsHandler Around(AwsHandler next) => async (call, cancellation) =>
    {
        if (Refuse(call) is { } refusal) return refusal;

        var answer = await next(call, cancellation);
        return answer.Status == 404 && HiddenFrom(call) is { } hidden ? hidden : answer;
    };

    /// <summary>Needs what AWS needs of a role before it makes a function, or what feeds it.</summary>
    /// <param name="project">The function's project.</param>
    /// <param name="accesses">What is needed.</param>
    /// <exception cref="UnauthorizedAccessException">The role does not give it; the message says which.</exception>
    public void Require(string project, IEnumerable<Access> accesses)
    {
        var role = roles.Values.Single(role => role.Project == project);
        foreach (var access in accesses)
        {
            if (Decide(role, access) is not Decision.Allowed and var decision)
                throw new UnauthorizedAccessException($"{project} cannot run as its template says. {Words(role, access, decision)}");
        }
    }

    private AwsAnswer? Refuse(AwsCall call)
    {
        if (!roles.TryGetValue(call.AccessKey, out var role)) return Unknown(call);

        try
        {
            foreach (var access in reader.Of(call))
            {
                if (Decide(role, access) is not Decision.Allowed and var decision) return Denied(call, role, access, decision);
            }

            return null;
        }
        catch (NotSupportedException unknown)
        {
            log.WriteLine($"{role.Function} was refused: {unknown.Message}.");
            return AwsAnswer.Error(call, 400, "UnsupportedOperation", $"{unknown.Message}.");
        }
    }

    private Decision Decide(Role role, Access access)
    {
        var decision = role.Decide(access);
        if (decision is Decision.Allowed) return decision;

        _refused.TryAdd(new(role.Project, access.Action, access.Resource), 0);
        log.WriteLine(Words(role, access, decision));
        return decision;
    }

    // Who may not list a bucket is not told what is not there: https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
    private AwsAnswer? HiddenFrom(AwsCall call)
    {
        if (call.Service != "s3") return null;

        var (role, list) = (roles[call.AccessKey], new Access("s3:ListBucket", Arn.Bucket(call.Path.Split('/')[1])));
        return role.Decide(list) is not Decision.Allowed and var decision ? Denied(call, role, list, decision) : null;
    }

    private static AwsAnswer Denied(AwsCall call, Role role, Access access, Decision decision) => call.Service switch
    {
        "s3" => AwsAnswer.Error(call, 403, "AccessDenied", Words(role, access with { Resource = $"\"{access.Resource}\"" }, decision)),
        // It writes its actions small.
        "sqs" => AwsAnswer.Error(
            call, 403, "AccessDenied", Words(role, access with { Action = access.Action.ToLowerInvariant() }, decision)),
        _ => AwsAnswer.Error(call, 400, "AccessDeniedException", Words(role, access, decision)),
    };

    private static AwsAnswer Unknown(AwsCall call) => call.Service switch
    {
        "dynamodb" => AwsAnswer.Error(
            call, 400, "UnrecognizedClientException", "The security token included in the request is invalid."),
        "sqs" => AwsAnswer.Error(call, 403, "InvalidClientTokenId", "The security token included in the request is invalid."),
        _ when call.AccessKey.Length > 0 => AwsAnswer.Error(
            call, 403, "InvalidAccessKeyId", "The AWS Access Key Id you provided does not exist in our records."),
        _ => AwsAnswer.Error(call, 403, "AccessDenied", "Access Denied"),
    };

    // https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
    private static string Words(Role role, Access access, Decision decision) =>
        $"User: {role.Principal} is not authorized to perform: {access.Action} on resource: {access.Resource} "
        + (decision is Decision.Denied
            ? "with an explicit deny in an identity-based policy"
            : $"because no identity-based policy allows the {access.Action} action");
}
