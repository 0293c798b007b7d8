using System.Text.Json;
using Amazon.Lambda.Core;

namespace Amazon.Lambda.RuntimeSupport;

/// <summary>The client context header, read without a serializer. Without the header its members are null.</summary>
internal sealed class ClientContext : IClientContext, IClientApplication
{
    public ClientContext(string json)
    {
        if (json is null) return;

        using var document = JsonDocument.Parse(json);
        Environment = Map(document.RootElement, "env");
        Custom = Map(document.RootElement, "custom");
        if (!document.RootElement.TryGetProperty("client", out var client)) return;

        Client = this;
        AppPackageName = client.Text("app_package_name");
        AppTitle = client.Text("app_title");
        AppVersionCode = client.Text("app_version_code");
        AppVersionName = client.Text("app_version_name");
        InstallationId = client.Text("installation_id");
    }

    public IDictionary<string, string> Environment { get; }

    public IDictionary<string, string> Custom { get; }

    public IClientApplication Client { get; }

    public string AppPackageName { get; }

    public string AppTitle { get; }

    public string AppVersionCode { get; }

    public string AppVersionName { get; }

    public string InstallationId { get; }

    private static Dictionary<string, string> Map(JsonElement parent, string name) =>
        parent.TryGetProperty(name, out var map) && map.ValueKind == JsonValueKind.Object
            ? map.EnumerateObject().ToDictionary(member => member.Name, member => member.Value.ToString())
            : null;
}

/// <summary>The Cognito identity header. Without the header its members are null.</summary>
internal sealed class CognitoIdentity : ICognitoIdentity
{
    public CognitoIdentity(string json)
    {
        if (json is null) return;

        using var document = JsonDocument.Parse(json);
        IdentityId = document.RootElement.Text("cognitoIdentityId");
        IdentityPoolId = document.RootElement.Text("cognitoIdentityPoolId");
    }

    public string IdentityId { get; }

    public string IdentityPoolId { get; }
}

internal static class JsonMembers
{
    public static string Text(this JsonElement parent, string name) => parent.TryGetProperty(name, out var value) ? value.ToString() : null;
}
