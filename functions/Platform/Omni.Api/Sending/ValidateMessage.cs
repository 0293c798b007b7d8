using Omni.Shared;

namespace Omni.Api;

/// <summary>
/// Tells what would become of a send, and writes nothing. What cannot be read as a request at all is refused as there; everything else is
/// an answer.
/// </summary>
internal sealed class ValidateMessage(SendPlanner planner, ApiParts parts)
{
    private readonly ReplyWindow _window = new(parts.Sessions);
    private readonly TemplateVariables _templates = new(parts.Templates);

    public async Task<ApiResult> HandleAsync(ApiCall call, CancellationToken cancellation)
    {
        var (body, unreadable) = RequestBody.Read(call);
        if (unreadable is not null) return unreadable;

        using (body)
        {
            var errors = new List<FieldError>();
            var view = SendRequest.Read(body!.RootElement, errors) is { } request
                ? await LookAsync(request, call, cancellation)
                : ValidationView.Of(Problems.InvalidRequest.Because(errors));
            return ApiResult.Ok(view, ApiJson.Wire.ValidationView);
        }
    }

    private async Task<ValidationView> LookAsync(SendRequest request, ApiCall call, CancellationToken cancellation)
    {
        var (message, refusal) = await planner.PlanAsync(request, key: null, call, cancellation);
        if (message.Failover is { } legs)
        {
            var views = new List<LegValidationView>();
            foreach (var leg in legs) views.Add(LegValidationView.Of(await LookAsync(Legs.MessageOf(message, leg), null, cancellation)));
            return ValidationView.Of(refusal) with { Failover = views };
        }

        return await LookAsync(message, refusal, cancellation);
    }

    private async Task<ValidationView> LookAsync(Message message, ApiResult.Refusal? refusal, CancellationToken cancellation)
    {
        var view = ValidationView.Of(refusal) with { Message = message.Carrier.Length > 0 ? PlannedView.Of(message) : null };
        if (message.Parts.Count == 0) return view;

        var window = await _window.FindAsync(message, message.CreatedAt, cancellation);
        var isOptedOut = await parts.Consents.IsOptedOutAsync(message.Tenant, message.To, message.From, cancellation);
        return view with
        {
            Window = window,
            Consent = new(isOptedOut),
            Warnings = [.. Warnings(message, window, isOptedOut), .. await TemplateWarningsAsync(message, cancellation)],
        };
    }

    private async Task<IReadOnlyList<WarningView>> TemplateWarningsAsync(Message message, CancellationToken cancellation) =>
        message.Content is TemplateContent
            && await _templates.FindAsync(message, cancellation) is null
            && await parts.Templates.ListedAtAsync(message.Carrier, cancellation) is not null
            ? [new("template_unknown", "The carrier has not listed this template: it was approved within the hour, or not at all.")]
            : [];

    private static IEnumerable<WarningView> Warnings(Message message, WindowView? window, bool isOptedOut)
    {
        if (isOptedOut)
            yield return new("opted_out", "The person opted out: the message would be taken, and rejected when its turn comes.");
        if (window is not null && message.Content is not TemplateContent && message.ScheduledAt > (window.ExpiresAt ?? message.CreatedAt))
        {
            yield return new(
                "window_unsure", "At its time the reply window is closed, unless the person writes again; then the carrier refuses it.");
        }

        if (message.AdaptedFrom is { } asked)
            yield return new("adapted", $"The carrier does not take this as {asked.Word()}: it goes out as {message.Content.Type.Word()}.");
        if (message.Parts.Count > 1) yield return new("split", $"It goes out as {message.Parts.Count} carrier messages.");
    }
}

/// <summary>What would become of a send.</summary>
internal sealed record ValidationView
{
    public required bool Valid { get; init; }

    /// <summary>How it would be refused; null when it would be taken.</summary>
    public RefusalView? Problem { get; init; }

    public IReadOnlyList<FieldError>? Errors { get; init; }

    public int? ErrorCount { get; init; }

    /// <summary>The message; null when the request has errors that leave none, there is no way for it, and for one with legs.</summary>
    public PlannedView? Message { get; init; }

    /// <summary>The legs in their order, each as it would be sent; null for a message that goes one way.</summary>
    public IReadOnlyList<LegValidationView>? Failover { get; init; }

    /// <summary>The person's reply window; null where the carrier has none, or there is no plan.</summary>
    public WindowView? Window { get; init; }

    /// <summary>Whether the person wants it; null when there is no plan.</summary>
    public ConsentAnswer? Consent { get; init; }

    public IReadOnlyList<WarningView> Warnings { get; init; } = [];

    public static ValidationView Of(ApiResult.Refusal? refusal) => new()
    {
        Valid = refusal is null,
        Problem = refusal is null
            ? null
            : new(refusal.Kind.Code, refusal.Kind.Status, refusal.Kind.Title, refusal.Detail, refusal.Kind.Retryable),
        Errors = refusal?.ShownErrors,
        ErrorCount = refusal?.Errors?.Count,
    };
}

/// <summary>What would become of a leg.</summary>
internal sealed record LegValidationView
{
    public required PlannedView Message { get; init; }

    /// <summary>The person's reply window; null where the carrier has none, or there is no plan.</summary>
    public WindowView? Window { get; init; }

    /// <summary>Whether the person wants it; null when there is no plan.</summary>
    public ConsentAnswer? Consent { get; init; }

    public IReadOnlyList<WarningView> Warnings { get; init; } = [];

    public static LegValidationView Of(ValidationView whole) => new()
    {
        Message = whole.Message!, Window = whole.Window, Consent = whole.Consent, Warnings = whole.Warnings,
    };
}

/// <summary>A refusal that was not made: the members of its problem document.</summary>
internal sealed record RefusalView(string Code, int Status, string Title, string Detail, bool Retryable);

/// <summary>Whether a person wants to hear from us.</summary>
internal sealed record ConsentAnswer(bool OptedOut);

/// <summary>Something that stops no send, but is worth to know before it.</summary>
/// <param name="Code">A stable code.</param>
/// <param name="Detail">A sentence.</param>
internal sealed record WarningView(string Code, string Detail);

/// <summary>A message as it would be sent.</summary>
internal sealed record PlannedView
{
    public required string Carrier { get; init; }

    public required Address To { get; init; }

    public required Address From { get; init; }

    /// <summary>How carrier and sender would be chosen; null where the request names them.</summary>
    public RouteView? Route { get; init; }

    /// <summary>When it would be sent; null for at once.</summary>
    public DateTimeOffset? ScheduledAt { get; init; }

    public ContentType? AdaptedFrom { get; init; }

    /// <summary>Its carrier messages; null when it cannot be planned.</summary>
    public IReadOnlyList<AcceptedPart>? Parts { get; init; }

    /// <summary>What the carrier counts for all of it.</summary>
    public int? Segments { get; init; }

    /// <summary>The encoding on the air that takes most, for SMS.</summary>
    public string? Encoding { get; init; }

    public static PlannedView Of(Message message)
    {
        var isPlanned = message.Parts.Count > 0;
        return new()
        {
            Carrier = message.Carrier,
            To = message.To,
            From = message.From,
            Route = RouteView.Of(message),
            ScheduledAt = message.ScheduledAt,
            AdaptedFrom = message.AdaptedFrom,
            Parts = isPlanned ? AcceptedPart.Of(message) : null,
            Segments = isPlanned ? message.Parts.Sum(part => part.Segments) : null,
            Encoding = message.Parts.Max(part => part.Encoding)?.Word(),
        };
    }
}
