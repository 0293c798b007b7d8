namespace Omni.Client;

/// <summary>Whether the API works.</summary>
public sealed record Health
{
    /// <summary></summary>
    public required string Status { get; init; }

    /// <summary>Its version.</summary>
    public required string Version { get; init; }

    /// <summary>Now.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>With deep=true.</summary>
    public IReadOnlyList<HealthCheck>? Checks { get; init; }
}

/// <summary>What it depends on.</summary>
public sealed record HealthCheck
{
    /// <summary></summary>
    public required string Name { get; init; }

    /// <summary></summary>
    public required string Status { get; init; }
}

/// <summary>A refusal, as RFC 9457 describes it.</summary>
public sealed record Problem
{
    /// <summary>Where this kind of problem is explained: GET /api/v1/problems/{code}.</summary>
    public required Uri Type { get; init; }

    /// <summary>In a few words.</summary>
    public required string Title { get; init; }

    /// <summary>The HTTP status.</summary>
    public required int Status { get; init; }

    /// <summary>In a sentence.</summary>
    public required string Detail { get; init; }

    /// <summary>Decide by it: <see cref="ProblemCode"/>.</summary>
    public required string Code { get; init; }

    /// <summary>What is wrong, field by field: the first 100.</summary>
    public IReadOnlyList<FieldError>? Errors { get; init; }

    /// <summary>How much is wrong in all, where errors is there.</summary>
    public int? ErrorCount { get; init; }

    /// <summary>The request's id: quote it when you ask for help.</summary>
    public required string RequestId { get; init; }

    /// <summary>Whether the same request may succeed later.</summary>
    public required bool Retryable { get; init; }
}

/// <summary>What is wrong with a field.</summary>
public sealed record FieldError
{
    /// <summary>The path of the field or the name of the parameter, such as content.body.</summary>
    public required string Field { get; init; }

    /// <summary>A stable code, such as required, unknown_field, wrong_type, invalid_value, invalid_address.</summary>
    public required string Code { get; init; }

    /// <summary>In a sentence.</summary>
    public required string Detail { get; init; }
}

/// <summary>A kind of problem.</summary>
public sealed record ProblemKind
{
    /// <summary>Decide by it: <see cref="ProblemCode"/>.</summary>
    public required string Code { get; init; }

    /// <summary>The HTTP status that it travels with.</summary>
    public required int Status { get; init; }

    /// <summary>What it means, in a few words.</summary>
    public required string Title { get; init; }

    /// <summary>Whether the same request may succeed later.</summary>
    public required bool Retryable { get; init; }

    /// <summary>When it comes, and what to do about it, as Markdown.</summary>
    public required string Explanation { get; init; }
}
