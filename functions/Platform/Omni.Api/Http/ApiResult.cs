using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Omni.Api;

/// <summary>What an endpoint answers.</summary>
internal abstract record ApiResult
{
    private ApiResult() { }

    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>An answer with a JSON body, or none.</summary>
    public sealed record Answer(int Status, string? Body) : ApiResult;

    /// <summary>A refusal, which becomes a problem document.</summary>
    public sealed record Refusal(ProblemKind Kind, string Detail, IReadOnlyList<FieldError>? Errors) : ApiResult
    {
        // Lambda hands on no answer above 6 MB, and a body may hold tens of thousands of faults: the first ones and their number
        // say enough.
        private const int MaxErrors = 100;

        /// <summary>The first of the errors, as many as are shown.</summary>
        public IReadOnlyList<FieldError>? ShownErrors => Errors is { Count: > MaxErrors } many ? [.. many.Take(MaxErrors)] : Errors;
    }

    public static ApiResult Ok<T>(T body, JsonTypeInfo<T> json) => new Answer(200, JsonSerializer.Serialize(body, json));
}

/// <summary>What is wrong with one field or parameter.</summary>
/// <param name="Field">Its path, such as <c>content.body</c>.</param>
/// <param name="Code">A stable code.</param>
/// <param name="Detail">A sentence.</param>
internal sealed record FieldError(string Field, string Code, string Detail);
