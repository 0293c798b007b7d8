using System.Net;
using System.Text.Json;

namespace Omni.Client;

/// <summary>The API refused, or did not answer. Decide by <see cref="Code"/>.</summary>
public sealed class OmniException : Exception
{
    /// <summary><see cref="Code"/> when no answer came: the request may have been done all the same.</summary>
    public const string NoAnswerCode = "no_answer";

    /// <summary><see cref="Code"/> when the answer was none of the API's, such as one of a gateway in front of it.</summary>
    public const string UnreadableCode = "unreadable";

    private OmniException(string message, Exception? inner = null) : base(message, inner) { }

    /// <summary>Why: <see cref="ProblemCode"/>, or one of the codes of this class.</summary>
    public required string Code { get; init; }

    /// <summary>The HTTP status; null when no answer came.</summary>
    public HttpStatusCode? Status { get; init; }

    /// <summary>What is wrong with the request, field by field.</summary>
    public IReadOnlyList<FieldError> Errors { get; init; } = [];

    /// <summary>The request's id, to be quoted when you ask for help; null when no answer came.</summary>
    public string? RequestId { get; init; }

    /// <summary>Whether the same request may succeed later.</summary>
    public bool IsRetryable { get; init; }

    /// <summary>When to come again; null when it is not said.</summary>
    public TimeSpan? RetryAfter { get; init; }

    internal static OmniException Of(HttpStatusCode status, byte[] body, TimeSpan? retryAfter)
    {
        try
        {
            var problem = JsonSerializer.Deserialize(body, OmniJson.Default.Problem)!;
            return new(problem.Detail)
            {
                Code = problem.Code,
                Status = status,
                Errors = problem.Errors ?? [],
                RequestId = problem.RequestId,
                IsRetryable = problem.Retryable,
                RetryAfter = retryAfter,
            };
        }
        catch (JsonException)
        {
            return new($"The answer was HTTP {(int)status} without a reason that Omni gives.")
            {
                Code = UnreadableCode,
                Status = status,
                IsRetryable = status is HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError,
                RetryAfter = retryAfter,
            };
        }
    }

    internal static OmniException Unreadable(HttpStatusCode status, JsonException inner) =>
        new("The answer is not what Omni's API says.", inner) { Code = UnreadableCode, Status = status };

    internal static OmniException NoAnswer(Exception inner) =>
        new($"No answer came{(inner is OperationCanceledException ? " in time" : $": {inner.Message}")}", inner)
        {
            Code = NoAnswerCode,
            IsRetryable = true,
        };
}
