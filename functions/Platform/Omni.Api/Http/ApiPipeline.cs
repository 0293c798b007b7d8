using System.Globalization;
using System.Net;
using System.Text.Json;
using Amazon.DynamoDBv2.Model;
using Amazon.Lambda.APIGatewayEvents;
using Amazon.Lambda.Core;
using Amazon.Runtime;
using Microsoft.Extensions.Logging;
using Omni.Aws;
using Omni.Shared;

namespace Omni.Api;

/// <summary>
/// What every call goes through: its endpoint is found, its key checked, and whatever comes of it becomes an answer or a problem document.
/// </summary>
internal sealed class ApiPipeline(Router router, ApiParts parts)
{
    private const string Realm = "Bearer realm=\"omni\"";

    public async Task<APIGatewayHttpApiV2ProxyResponse> HandleAsync(APIGatewayHttpApiV2ProxyRequest request, ILambdaContext context)
    {
        var (clock, log) = (parts.Clock, parts.Log);
        var started = clock.GetTimestamp();
        var requestId = request.RequestId(context.AwsRequestId);
        var trace = TraceContext.FromHeaderOrNew(request.Header("traceparent"));
        JsonLogger.Trace = trace;

        var match = router.Find(request.RequestContext.Http.Method, request.RawPath ?? "");
        ApiResult result;
        string? keyId = null;
        try
        {
            (result, keyId) = await AnswerAsync(match, request, context, trace);
        }
        catch (Exception fault)
        {
            result = FaultOf(fault, requestId);
        }

        var response = ResponseOf(result, request, requestId);
        var method = request.RequestContext.Http.Method;
        log.Answered(method, match.Route?.Template, response.StatusCode, requestId, keyId, clock.GetElapsedTime(started).TotalMilliseconds);
        return response;
    }

    /// <summary>
    /// Makes a key for whoever may invoke the function: no key is asked for, because there may be none yet. It cannot be reached through
    /// the gateway.
    /// </summary>
    public async Task<APIGatewayHttpApiV2ProxyResponse> BootstrapAsync(JsonElement wish, ILambdaContext context)
    {
        ApiResult result;
        try
        {
            result = await ApiKeys.BootstrapAsync(parts.Keys, wish, parts.Clock.GetUtcNow(), CancellationToken.None);
        }
        catch (Exception fault)
        {
            result = FaultOf(fault, context.AwsRequestId);
        }

        var response = ResponseOf(result, new(), context.AwsRequestId);
        parts.Log.Bootstrapped(response.StatusCode, context.AwsRequestId);
        return response;
    }

    private async Task<(ApiResult Result, string? KeyId)> AnswerAsync(
        RouteMatch match, APIGatewayHttpApiV2ProxyRequest request, ILambdaContext context, string trace)
    {
        if (match.Route is not { } route)
        {
            return (match.Allowed is []
                ? Problems.NotFound.Because("The API begins at /api/v1; /api/v1/openapi.json describes it.")
                : With(
                    Problems.MethodNotAllowed.Because($"This path knows {string.Join(", ", match.Allowed)}."),
                    "Allow",
                    string.Join(", ", match.Allowed)),
                null);
        }

        ApiKey? caller = null;
        if (route.Scope is { } scope)
        {
            var presented = BearerToken(request.Header("authorization"));
            caller = presented is null ? null : await parts.Keys.FindAsync(presented);
            if (caller is null)
            {
                return (With(
                    Problems.Unauthorized.Because(
                        presented is null ? "Send the header Authorization: Bearer <API key>." : "There is no such API key."),
                    "WWW-Authenticate", presented is null ? Realm : Realm + ", error=\"invalid_token\""), null);
            }

            if (RefuseOld(caller) is { } old) return (With(old, "WWW-Authenticate", Realm + ", error=\"invalid_token\""), caller.Id);

            if (parts.Calls is not null && await parts.Calls.TakeAsync(caller.Id) is { } wait)
            {
                var seconds = Math.Max(1, Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
                return (With(Problems.TooManyCalls.Because($"Try again in {seconds} s."), "Retry-After", seconds), caller.Id);
            }

            var mayHave = Scopes.Of(caller.Tenant).Contains(scope);
            if (!mayHave || !caller.Scopes.Contains(scope))
            {
                return (With(
                    Problems.InsufficientScope.Because(
                        mayHave ? $"The API key has no scope {scope}." : $"The scope {scope} is for keys of the tenant {Defaults.Tenant}."),
                    "WWW-Authenticate", $"{Realm}, error=\"insufficient_scope\", scope=\"{scope}\""), caller.Id);
            }
        }

        var query = new Query(request.RawQueryString, route.Parameters);
        if (query.Errors.Count > 0) return (Problems.InvalidParameter.Because(query.Errors), caller?.Id);

        var call = new ApiCall
        {
            Request = request,
            Ids = match.Values,
            Query = query,
            Caller = caller,
            Trace = trace,
            RemainingTime = () => context.RemainingTime,
        };
        return (await route.Handle(call, CancellationToken.None), caller?.Id);
    }

    private ApiResult.Refusal? RefuseOld(ApiKey key) => key switch
    {
        { DeletedAt: { } at } => Problems.KeyDeleted.Because($"The API key {key.Id} was deleted at {Rfc3339.Write(at)}."),
        { ExpiresAt: { } at } when at <= parts.Clock.GetUtcNow() =>
            Problems.KeyExpired.Because($"The API key {key.Id} expired at {Rfc3339.Write(at)}."),
        _ => null,
    };

    // https://www.rfc-editor.org/rfc/rfc6750#section-2.1; the scheme's case does not matter.
    private static string? BearerToken(string? header) =>
        header?.Split(' ', 2) is [var scheme, var token]
            && scheme.Equals("Bearer", StringComparison.OrdinalIgnoreCase)
            && token.Trim() is { Length: > 0 } key
            ? key
            : null;

    private ApiResult FaultOf(Exception fault, string requestId)
    {
        switch (fault)
        {
            case AmazonServiceException { ErrorCode: "ProvisionedThroughputExceededException"
                or "ThrottlingException"
                or "RequestLimitExceeded" } busy:
                parts.Log.DependencyFailed(requestId, busy.GetType().Name, busy.ErrorCode);
                return With(Problems.Busy.Because("Try again in a moment."), "Retry-After", "1");

            // Other writes of the same items were in the way, as often as it was tried: nobody's fault, and nothing was written.
            case TransactionConflictException or TransactionCanceledException:
                parts.Log.DependencyFailed(requestId, fault.GetType().Name, ((AmazonServiceException)fault).ErrorCode);
                return With(Problems.Busy.Because("Try again in a moment."), "Retry-After", "1");

            // A 4xx of AWS is our mistake: the same call would fail again.
            case AmazonServiceException { StatusCode: < HttpStatusCode.BadRequest or >= HttpStatusCode.InternalServerError } down:
                parts.Log.DependencyFailed(requestId, down.GetType().Name, down.ErrorCode);
                break;

            case AmazonClientException or HttpRequestException or IOException or TimeoutException or OperationCanceledException:
                parts.Log.DependencyFailed(requestId, fault.GetType().Name, null);
                break;

            default:
                // Neither the exception's message nor anything of the request: AWS repeats values in its refusals.
                parts.Log.Failed(requestId, fault.GetType().FullName!, (fault as AmazonServiceException)?.ErrorCode, fault.StackTrace);
                return Problems.InternalError.Because("It was logged under the request id.");
        }

        return With(
            Problems.DependencyUnavailable.Because("Try again; with an Idempotency-Key nothing is sent twice."), "Retry-After", "1");
    }

    private APIGatewayHttpApiV2ProxyResponse ResponseOf(ApiResult result, APIGatewayHttpApiV2ProxyRequest request, string requestId)
    {
        var (status, type, body) = result switch
        {
            ApiResult.Answer answer => (answer.Status, "application/json", answer.Body),
            ApiResult.Refusal refusal => (refusal.Kind.Status, "application/problem+json", ProblemBody(refusal, request, requestId)),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
        var headers = new Dictionary<string, string> { ["X-Request-Id"] = requestId, ["Cache-Control"] = "no-store" };
        if (body is not null) headers["Content-Type"] = type;
        foreach (var (name, value) in result.Headers) headers[name] = value;
        return new() { StatusCode = status, Headers = headers, Body = body };
    }

    private string ProblemBody(ApiResult.Refusal refusal, APIGatewayHttpApiV2ProxyRequest request, string requestId) =>
        JsonSerializer.Serialize(
            new ProblemView
            {
                Type = BaseUrlOf(request) + refusal.Kind.Path,
                Title = refusal.Kind.Title,
                Status = refusal.Kind.Status,
                Detail = refusal.Detail,
                Code = refusal.Kind.Code,
                Errors = refusal.ShownErrors,
                ErrorCount = refusal.Errors?.Count,
                RequestId = requestId,
                Retryable = refusal.Kind.Retryable,
            },
            ApiJson.Wire.ProblemView);

    // The gateway tells under which of its names it was called; without one (an event made by hand) a path is all that can be given.
    private string BaseUrlOf(APIGatewayHttpApiV2ProxyRequest request) =>
        request.RequestContext?.DomainName is { Length: > 0 } host ? $"{(parts.IsLocal ? "http" : "https")}://{host}" : "";

    private static ApiResult With(ApiResult result, string header, string value) =>
        result with { Headers = new Dictionary<string, string> { [header] = value } };
}
