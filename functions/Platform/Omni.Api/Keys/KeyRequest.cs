using System.Text.Json;
using Omni.Aws;
using Omni.Shared;

namespace Omni.Api;

/// <summary>What is wanted of a new key.</summary>
/// <param name="Name">Its name for people.</param>
/// <param name="Scopes">What it may do.</param>
/// <param name="ExpiresAt">From when on it opens nothing; null for never.</param>
internal sealed record KeyRequest(string Name, IReadOnlyList<string> Scopes, DateTimeOffset? ExpiresAt)
{
    private const int MaxName = 128;
    private const string FirstName = "First key";

    /// <summary>Reads the request of a client.</summary>
    public static KeyRequest? Read(JsonElement body, DateTimeOffset now, List<FieldError> errors)
    {
        if (JsonFields.Of(body, errors) is not { } fields) return null;

        var name = fields.Text("name", required: true, max: MaxName);
        var scopes = ScopesOf(fields, required: true);
        var expiresAt = ExpiryOf(fields, now);
        fields.RefuseOthers();
        return errors.Count == 0 ? new(name!, scopes!, expiresAt) : null;
    }

    /// <summary>Reads the wish of who may invoke the function, who need say nothing.</summary>
    public static (KeyRequest Request, string Tenant)? ReadFirst(JsonElement wish, DateTimeOffset now, List<FieldError> errors)
    {
        if (JsonFields.Of(wish, errors) is not { } fields) return null;

        var name = fields.Text("name", max: MaxName) ?? FirstName;
        var tenant = TenantOf(fields, "tenant") ?? Defaults.Tenant;
        var scopes = ScopesOf(fields, required: false) ?? Api.Scopes.Of(tenant);
        var expiresAt = ExpiryOf(fields, now);
        fields.RefuseOthers();
        return errors.Count == 0 ? (new(name, scopes, expiresAt), tenant) : null;
    }

    /// <summary>A tenant's name; null when there is none, or a wrong one.</summary>
    public static string? TenantOf(JsonFields fields, string name)
    {
        if (fields.Text(name) is not { } tenant) return null;
        if (Ids.IsTenant(tenant)) return tenant;

        fields.Refuse(name, "invalid_value", "A tenant's name has 1 to 32 lower-case letters, digits and hyphens, and no hyphen first.");
        return null;
    }

    public ApiKey KeyOf(string tenant, DateTimeOffset now, string? by) => new(Ids.NewKey(), tenant, Scopes.ToHashSet())
    {
        Name = Name, CreatedAt = now, CreatedBy = by, ExpiresAt = ExpiresAt,
    };

    private static IReadOnlyList<string>? ScopesOf(JsonFields fields, bool required)
    {
        if (fields.Member("scopes", required) is null || fields.Texts("scopes") is not { } scopes) return null;

        foreach (var (index, scope) in scopes.Index().Where(scope => !Api.Scopes.All.Contains(scope.Item)))
            fields.Refuse($"scopes[{index}]", "invalid_value", $"It is one of {string.Join(", ", Api.Scopes.All)}.");
        return [.. scopes.Distinct()];
    }

    private static DateTimeOffset? ExpiryOf(JsonFields fields, DateTimeOffset now)
    {
        var time = fields.Moment("expiresAt");
        if (time <= now) fields.Refuse("expiresAt", "not_in_future", "It lies in the future; a key without it does not expire.");
        return time;
    }
}
