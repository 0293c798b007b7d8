using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Omni.Local.Demo;

namespace Omni.EndToEnd.Tests;

/// <summary>API keys from the first one on: made by who may invoke the function, and then over HTTP.</summary>
public sealed class KeyTests(SharedHost shared) : IClassFixture<SharedHost>
{
    private const string Path = "/api/v1/keys";

    private readonly Host _host = shared.Host;

    [Fact]
    public async Task The_first_key_makes_others_which_work_until_they_are_deleted()
    {
        var first = await BootstrapAsync(_host, """{"name":"The first"}""");
        using var owner = ClientOf(_host, (string)first["key"]!);
        var made = (await owner.PostAsync(
            Path, new() { ["name"] = "The second", ["scopes"] = new JsonArray("carriers:read", "keys:write") }))!;
        using var client = ClientOf(_host, (string)made["key"]!);
        Assert.NotEmpty((await client.GetAsync("/api/v1/carriers"))["data"]!.AsArray());
        Assert.Equal(HttpStatusCode.Forbidden, (await client.Http.GetAsync("/api/v1/messages")).StatusCode);

        var listed = (await owner.GetAsync(Path))["data"]!.AsArray().Single(key => (string)key!["id"]! == (string)made["id"]!)!;
        Assert.Equal(((string)first["id"]!, true), ((string)listed["createdBy"]!, listed["lastUsedOn"] is not null));
        Assert.DoesNotContain((string)made["key"]!, listed.ToJsonString(), StringComparison.Ordinal);

        // Also itself.
        Assert.Equal(HttpStatusCode.NoContent, (await client.Http.DeleteAsync($"{Path}/{made["id"]}")).StatusCode);
        await Host.UntilAsync(async () =>
        {
            using var refused = await client.Http.GetAsync("/api/v1/carriers");
            return refused.StatusCode == HttpStatusCode.Unauthorized
                ? JsonNode.Parse(await refused.Content.ReadAsStringAsync()) is { } problem && (string)problem["code"]! == "key_deleted"
                    ? problem
                    : throw new InvalidOperationException("It says another reason.")
                : null;
        });
    }

    [Fact]
    public async Task No_request_makes_a_first_key()
    {
        using var stranger = new HttpClient { BaseAddress = _host.Local.Url };
        foreach (var path in (string[])["/api/v1/keys", "/api/v1/bootstrap", "/api/v1/", "/?bootstrap={}"])
        {
            using var body = new StringContent("""{"bootstrap":{}}""", Encoding.UTF8, "application/json");
            body.Headers.Add("bootstrap", "{}");
            using var answer = await stranger.PostAsync(path, body);
            Assert.Contains(answer.StatusCode, (HttpStatusCode[])[HttpStatusCode.Unauthorized, HttpStatusCode.NotFound]);
        }
    }

    /// <summary>Makes a key as who may invoke the API's function.</summary>
    internal static async Task<JsonNode> BootstrapAsync(Host host, string wish)
    {
        var result = await host.Local.InvokeAsync(
            "Omni.Api", Encoding.UTF8.GetBytes($$"""{"bootstrap":{{wish}}}"""), CancellationToken.None);
        Assert.Null(result.Error);
        var answer = JsonNode.Parse(result.Payload)!;
        Assert.Equal(201, (int)answer["statusCode"]!);
        return JsonNode.Parse((string)answer["body"]!)!;
    }

    /// <summary>A client with another key, whose answers are held to the document too.</summary>
    internal static OmniClient ClientOf(Host host, string key) => new(host.Local.Url, key, new ContractHandler(host.Local.Url));
}
