using System.Net;
using Omni.Client;

namespace Omni.Cli;

/// <summary>What a script may decide by.</summary>
internal static class ExitCode
{
    public const int Done = 0;

    /// <summary>What was asked for did not come about: a message failed, a check found something.</summary>
    public const int NotSo = 1;

    /// <summary>The command or the request is wrong: repeating it does not help.</summary>
    public const int Wrong = 2;

    /// <summary>The API key is missing, wrong, or lacks a scope.</summary>
    public const int NotAllowed = 3;

    public const int NotFound = 4;

    /// <summary>The API is not reached, or has a fault or too much to do: the same command may succeed later.</summary>
    public const int Unavailable = 5;

    /// <summary>Ctrl+C.</summary>
    public const int Interrupted = 130;

    public static int Of(OmniException refusal) => refusal.Status switch
    {
        null or HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError => Unavailable,
        HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => NotAllowed,
        HttpStatusCode.NotFound => NotFound,
        _ => Wrong,
    };
}

/// <summary>The command cannot be done as it was given; the message says why.</summary>
internal sealed class UsageException(string message) : Exception(message);
