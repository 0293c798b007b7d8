using System.Text.Json;
using Omni.Aws;
using Omni.Shared;

namespace Omni.Api;

/// <summary>
/// The keys of a tenant, as who holds one looks after them. A key makes only keys of its own tenant, with scopes that it has.
/// </summary>
internal sealed class ApiKeys(ApiKeyStore keys, TimeProvider clock)
{
    public async Task<ApiResult> ListAsync(ApiCall call, CancellationToken cancellation)
    {
        var (now, own) = (clock.GetUtcNow(), await keys.ListAsync(call.Tenant, cancellation));
        return ApiResult.Ok(new KeyListView([.. own.Select(key => KeyView.Of(key, now))]), ApiJson.Wire.KeyListView);
    }

    public async Task<ApiResult> CreateAsync(ApiCall call, CancellationToken cancellation)
    {
        var (body, refusal) = RequestBody.Read(call);
        if (refusal is not null) return refusal;

        using (body)
        {
            var now = Rfc3339.Cut(clock.GetUtcNow());
            var errors = new List<FieldError>();
            if (KeyRequest.Read(body!.RootElement, now, errors) is not { } wanted) return Problems.InvalidRequest.Because(errors);

            FieldError[] beyond = [.. wanted.Scopes.Index().Where(scope => !call.Caller!.Scopes.Contains(scope.Item)).Select(
                scope => new FieldError($"scopes[{scope.Index}]", "not_yours", "The API key that asks has not this scope itself."))];
            if (beyond.Length > 0) return Problems.InsufficientScope.Because(beyond);
            if ((await keys.ListAsync(call.Tenant, cancellation)).Count >= ApiKeyStore.MaxOfTenant)
                return Problems.TooManyKeys.Because($"There are {ApiKeyStore.MaxOfTenant}, which is the most. Delete one first.");

            return await AddAsync(keys, wanted.KeyOf(call.Tenant, now, by: call.Caller!.Id), now, cancellation);
        }
    }

    /// <summary>Deletes one, also the one that asks: it opens nothing more within a minute.</summary>
    public async Task<ApiResult> DeleteAsync(ApiCall call, CancellationToken cancellation) =>
        Ids.IsKey(call.Id) && await keys.DeleteAsync(call.Tenant, call.Id, cancellation)
            ? new ApiResult.Answer(204, null)
            : Problems.KeyNotFound.Because("No key has this id.");

    /// <summary>
    /// Makes a key for whoever may invoke the function, of any tenant and with any scopes: the first one, or one in place of the lost.
    /// </summary>
    /// <param name="keys">The keys.</param>
    /// <param name="wish">What is wanted of it.</param>
    /// <param name="now">The time.</param>
    /// <param name="cancellation">Stops the call.</param>
    public static async Task<ApiResult> BootstrapAsync(
        ApiKeyStore keys, JsonElement wish, DateTimeOffset now, CancellationToken cancellation)
    {
        var errors = new List<FieldError>();
        return KeyRequest.ReadFirst(wish, Rfc3339.Cut(now), errors) is { } wanted
            ? await AddAsync(keys, wanted.Request.KeyOf(wanted.Tenant, Rfc3339.Cut(now), by: null), now, cancellation)
            : Problems.InvalidRequest.Because(errors);
    }

    private static async Task<ApiResult> AddAsync(ApiKeyStore keys, ApiKey owner, DateTimeOffset now, CancellationToken cancellation)
    {
        var key = ApiKeyStore.NewKey();
        await keys.AddAsync(key, owner, cancellation);
        return new ApiResult.Answer(201, JsonSerializer.Serialize(KeyView.Of(owner, now) with { Key = key }, ApiJson.Wire.KeyView));
    }
}

/// <summary>A tenant's keys.</summary>
internal sealed record KeyListView(IReadOnlyList<KeyView> Data);

/// <summary>A key, without itself but in the answer that makes it.</summary>
internal sealed record KeyView
{
    public required string Id { get; init; }

    public required string Name { get; init; }

    public required string Tenant { get; init; }

    public required IReadOnlyList<string> Scopes { get; init; }

    /// <summary>Whether it opens anything: <c>active</c> or <c>expired</c>.</summary>
    public required string State { get; init; }

    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>The key that it was made with.</summary>
    public string? CreatedBy { get; init; }

    public DateTimeOffset? ExpiresAt { get; init; }

    public DateOnly? LastUsedOn { get; init; }

    /// <summary>The key itself, this once.</summary>
    public string? Key { get; init; }

    public static KeyView Of(ApiKey key, DateTimeOffset now) => new()
    {
        Id = key.Id,
        Name = key.Name,
        Tenant = key.Tenant,
        Scopes = [.. key.Scopes.Order(StringComparer.Ordinal)],
        State = key.ExpiresAt <= now ? "expired" : "active",
        CreatedAt = key.CreatedAt,
        CreatedBy = key.CreatedBy,
        ExpiresAt = key.ExpiresAt,
        LastUsedOn = key.LastUsedOn,
    };
}
