using System.Text.Json;
using Omni.Aws;
using Omni.Shared;

namespace Omni.Api;

/// <summary>The endpoints that a client wants to be told at.</summary>
internal sealed class WebhookEndpoints(EndpointParts parts)
{
    public const string LimitParameter = "limit";
    public const string CursorParameter = "cursor";

    private const int MaxAttempts = 100;
    private const int DefaultAttempts = 20;

    private static readonly TimeSpan LongestOverlap = TimeSpan.FromDays(7);

    public static ApiResult.Refusal NotFound => Problems.EndpointNotFound.Because("No endpoint has this id.");

    private DateTimeOffset Now => Rfc3339.Cut(parts.Clock.GetUtcNow());

    public async Task<ApiResult> CreateAsync(ApiCall call, CancellationToken cancellation)
    {
        var (body, refusal) = RequestBody.Read(call);
        if (refusal is not null) return refusal;

        using (body)
        {
            var errors = new List<FieldError>();
            if (EndpointRequest.ReadNew(body!.RootElement, parts.IsLocal, errors)?.Change is not { } wanted)
                return Problems.InvalidRequest.Because(errors);

            var endpoint = new WebhookEndpoint
            {
                Id = call.IdempotencyKey is { } key ? Ids.DerivedEndpoint(call.Tenant, key) : Ids.NewEndpoint(),
                Tenant = call.Tenant,
                Url = wanted.Url!,
                Types = wanted.Types ?? [],
                Carriers = wanted.Carriers ?? [],
                Legs = wanted.Legs ?? false,
                Description = wanted.Description,
                Headers = wanted.Headers ?? new Dictionary<string, string>(),
                Secret = StandardWebhooks.NewSecret(),
                Since = Now,
                CreatedAt = Now,
                UpdatedAt = Now,
            };
            var ends = await Task.WhenAll(Enumerable.Range(0, EventLanes.Count).Select(async lane => new EndpointPosition
            {
                Lane = lane, At = await parts.Events.EndAsync(call.Tenant, lane, cancellation),
            }));
            if (!await parts.Endpoints.CreateAsync(endpoint, ends, cancellation))
            {
                // Made by the same request, whose answer was lost before it was kept.
                if (call.IdempotencyKey is not null
                    && await parts.Endpoints.FindAsync(call.Tenant, endpoint.Id, cancellation) is { } made) return Made(made);

                return Problems.TooManyEndpoints.Because($"There are {WebhookEndpoint.MaxOfTenant}, which is the most. Delete one first.");
            }

            return Made(endpoint);
        }
    }

    public async Task<ApiResult> ListAsync(ApiCall call, CancellationToken cancellation)
    {
        var endpoints = await parts.Endpoints.ListAsync(call.Tenant, cancellation);
        return ApiResult.Ok(
            new EndpointListView([.. endpoints.Select(endpoint => EndpointView.Of(endpoint, Now))]), ApiJson.Wire.EndpointListView);
    }

    public async Task<ApiResult> ReadAsync(ApiCall call, CancellationToken cancellation) =>
        await FindAsync(call, cancellation) is { } endpoint ? Shown(endpoint) : NotFound;

    public async Task<ApiResult> ChangeAsync(ApiCall call, CancellationToken cancellation)
    {
        var (body, refusal) = RequestBody.Read(call);
        if (refusal is not null) return refusal;

        using (body)
        {
            var errors = new List<FieldError>();
            if (EndpointRequest.ReadChange(body!.RootElement, parts.IsLocal, errors) is not { } request)
                return Problems.InvalidRequest.Because(errors);
            if (await FindAsync(call, cancellation) is not { } endpoint) return NotFound;

            if (request.State == EndpointState.Enabled && endpoint.State != EndpointState.Enabled)
                return await new EnableEndpoint(parts).RunAsync(endpoint, request, cancellation);
            if (await parts.Endpoints.ChangeAsync(call.Tenant, endpoint.Id, request.Change, cancellation) is not { } changed)
                return NotFound;
            if (request.State != EndpointState.Disabled || changed.State == EndpointState.Disabled) return Shown(changed);

            return await parts.Endpoints.DisableAsync(changed, EndpointCause.Client, cancellation) is { } disabled
                ? Shown(disabled)
                : ChangedMeanwhile;
        }
    }

    public async Task<ApiResult> DeleteAsync(ApiCall call, CancellationToken cancellation) =>
        Ids.IsEndpoint(call.Id) && await parts.Endpoints.DeleteAsync(call.Tenant, call.Id, cancellation)
            ? new ApiResult.Answer(204, null)
            : NotFound;

    /// <summary>Sends an event that means nothing, and answers what came of it.</summary>
    public async Task<ApiResult> TestAsync(ApiCall call, CancellationToken cancellation)
    {
        if (await FindAsync(call, cancellation) is not { } endpoint) return NotFound;

        var test = EndpointView.TestEvent(endpoint, Now);
        var answer = await parts.Client.PostAsync(endpoint, test, cancellation);
        return ApiResult.Ok(AttemptView.Of(answer.AttemptOf(test, attempt: 1, next: null)), ApiJson.Wire.AttemptView);
    }

    public async Task<ApiResult> RotateAsync(ApiCall call, CancellationToken cancellation)
    {
        var overlap = WebhookEndpoint.Rotation;
        if (call.Request.Body is { Length: > 0 })
        {
            var (body, refusal) = RequestBody.Read(call);
            if (refusal is not null) return refusal;

            using (body)
            {
                var errors = new List<FieldError>();
                overlap = OverlapOf(body!.RootElement, errors);
                if (errors.Count > 0) return Problems.InvalidRequest.Because(errors);
            }
        }

        if (await FindAsync(call, cancellation) is not { } endpoint) return NotFound;

        // By the same request, whose answer was lost before it was kept: a second new secret would leave the first one unknown.
        if (call.IdempotencyKey is { } key && endpoint.RotatedBy == Ids.Hash(key)) return Shown(endpoint, endpoint.Secret);

        var rotation = new EndpointRotation(StandardWebhooks.NewSecret(), overlap, call.IdempotencyKey is { } by ? Ids.Hash(by) : null);
        return await parts.Endpoints.RotateAsync(endpoint, rotation, cancellation) is { } rotated
            ? Shown(rotated, rotated.Secret)
            : ChangedMeanwhile;
    }

    public async Task<ApiResult> AttemptsAsync(ApiCall call, CancellationToken cancellation)
    {
        var limit = call.Query.Whole(LimitParameter, 1, MaxAttempts) ?? DefaultAttempts;
        if (call.Query.Errors.Count > 0) return Problems.InvalidParameter.Because(call.Query.Errors);
        string? place = null;
        if (call.Query.Text(CursorParameter) is { } cursor && (place = AttemptCursor.Read(cursor)) is null)
            return Problems.InvalidCursor.Because("It is not a cursor of this list.");
        if (await FindAsync(call, cancellation) is not { } endpoint) return NotFound;

        var (attempts, next) = await parts.Attempts.ListAsync(call.Tenant, endpoint.Id, limit, place, cancellation);
        return ApiResult.Ok(
            new AttemptListView([.. attempts.Select(AttemptView.Of)], next is null ? null : AttemptCursor.Write(next)),
            ApiJson.Wire.AttemptListView);
    }

    private static ApiResult.Refusal ChangedMeanwhile =>
        Problems.ChangedMeanwhile.Because("Another request or a worker changed the endpoint at the same time. Read it, and try again.");

    private async Task<WebhookEndpoint?> FindAsync(ApiCall call, CancellationToken cancellation) =>
        Ids.IsEndpoint(call.Id) ? await parts.Endpoints.FindAsync(call.Tenant, call.Id, cancellation) : null;

    private ApiResult Shown(WebhookEndpoint endpoint, string? secret = null) =>
        ApiResult.Ok(EndpointView.Of(endpoint, Now) with { Secret = secret }, ApiJson.Wire.EndpointView);

    private ApiResult.Answer Made(WebhookEndpoint endpoint)
    {
        var view = EndpointView.Of(endpoint, Now) with { Secret = endpoint.Secret };
        return new(201, JsonSerializer.Serialize(view, ApiJson.Wire.EndpointView))
        {
            Headers = new Dictionary<string, string> { ["Location"] = view.Links.Self },
        };
    }

    private static TimeSpan OverlapOf(JsonElement body, List<FieldError> errors)
    {
        if (body.ValueKind != JsonValueKind.Object)
        {
            errors.Add(new("$", "wrong_type", "It must be an object."));
            return default;
        }

        var fields = new JsonFields(body, "", errors);
        var seconds = fields.Whole("previousValidForSeconds", 0, (int)LongestOverlap.TotalSeconds);
        fields.RefuseOthers();
        return seconds is { } given ? TimeSpan.FromSeconds(given) : WebhookEndpoint.Rotation;
    }
}
