namespace Omni.EndToEnd.Tests;

/// <summary>What judges the answers of the API in these tests finds what is wrong with one.</summary>
public sealed class ContractTests(SharedHost shared) : IClassFixture<SharedHost>, IAsyncLifetime
{
    private const string Json = "application/json", Problem = "application/problem+json";

    private const string Delivered = """
        {"id":"msg_1","status":"delivered","updatedAt":"2026-01-31T08:00:02.413Z","contradicted":false,"final":true}
        """;

    private const string NotFound = """
        {"type":"https://omni.example/api/v1/problems/not_found","title":"No such path","status":404,"detail":"There is none.",
         "code":"not_found","requestId":"1","retryable":false}
        """;

    private Contract? _contract;

    public async Task InitializeAsync() => _contract = new(await shared.Host.Client.Http.GetStringAsync("/api/v1/openapi.json"));

    public Task DisposeAsync() => Task.CompletedTask;

    [Theory]
    [InlineData("GET", "/api/v1/messages/msg_1/status", 200, Json, Delivered)]
    [InlineData("GET", "/api/v1/messages/msg_1/status", 304, null, "")]
    [InlineData("GET", "/api/v1/messages/msg_1/status", 404, Problem, NotFound)]
    [InlineData("GET", "/api/v1/nothing", 404, Problem, NotFound)]
    [InlineData("DELETE", "/api/v1/messages/msg_1", 405, Problem, NotFound)]
    [InlineData("GET", "/api/v1/carriers", 429, Json, """{"message":"Too Many Requests"}""")] // the gateway's own answer
    public void What_is_described_is_right(string method, string path, int status, string? type, string body) =>
        Assert.Null(_contract!.Fault(new(method, path, status, type, body)));

    [Theory]
    [InlineData(200, Problem, Delivered, "no application/problem+json")]
    [InlineData(304, Json, Delivered, "no body")]
    [InlineData(404, Json, NotFound, "no application/json")]
    [InlineData(418, Problem, NotFound, "no such answer")]
    public void What_is_not_described_is_found(int status, string type, string body, string fault) =>
        Assert.Contains(fault, FaultOf(status, type, body), StringComparison.Ordinal);

    [Theory]
    [InlineData(",\"final\":true", "", "final")]
    [InlineData("delivered", "sold", "/status")]
    [InlineData("2026-01-31T08:00:02.413Z", "yesterday", "/updatedAt")]
    [InlineData("true", "true,\"more\":1", "/more")]
    public void So_is_what_is_wrong_with_a_body(string part, string other, string fault) =>
        Assert.Contains(fault, FaultOf(200, Json, Delivered.Replace(part, other, StringComparison.Ordinal)), StringComparison.Ordinal);

    private string? FaultOf(int status, string type, string body) =>
        _contract!.Fault(new("GET", "/api/v1/messages/msg_1/status", status, type, body));
}
