using System.Net;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Amazon.Runtime;

namespace Omni.Api.Tests;

public sealed class PipelineTests
{
    private readonly TestApi _api = new();

    [Fact]
    public async Task A_missing_key_a_wrong_key_and_a_missing_scope_are_told_how_to_do_better()
    {
        Assert.Equal("Bearer realm=\"omni\"", (await _api.GetAsync("/api/v1/messages", key: null)).Header("WWW-Authenticate"));
        Assert.Equal(
            "Bearer realm=\"omni\", error=\"invalid_token\"",
            (await _api.GetAsync("/api/v1/messages", "wrong")).Header("WWW-Authenticate"));
        var reply = await _api.SendAsync(key: TestApi.ReadOnlyKey);
        Assert.Equal("Bearer realm=\"omni\", error=\"insufficient_scope\", scope=\"messages:write\"", reply.Header("WWW-Authenticate"));
        Assert.Contains("messages:write", reply["detail"]);
    }

    [Fact]
    public async Task Of_many_faults_the_first_are_named_and_all_are_counted()
    {
        var few = await _api.SendBodyAsync("{}");
        var many = await _api.SendBodyAsync("{" + string.Join(',', Enumerable.Range(0, 10_000).Select(i => $"\"f{i}\":{i}")) + "}");

        Assert.Equal((2, "2"), (few.Errors.Count(), few["errorCount"]));
        Assert.Equal((100, "10002"), (many.Errors.Count(), many["errorCount"]));
        Assert.Null((await _api.GetAsync("/api/v1/nothing"))["errorCount"]);
    }

    [Fact]
    public async Task The_type_of_a_problem_is_an_address_that_explains_it_to_anybody()
    {
        var problem = await _api.SendBodyAsync("{}");

        var type = new Uri(problem["type"]!);
        Assert.Equal("https://omni.example/api/v1/problems/invalid_request", type.OriginalString);
        var page = await _api.GetAsync(type.PathAndQuery, key: null);
        Assert.Equal(
            (200, "invalid_request", problem["title"], problem["status"]), (page.Status, page["code"], page["title"], page["status"]));
        Assert.Contains("`unknown_field`", page["explanation"]);
        Assert.StartsWith("http://omni.example/", (await new TestApi(isLocal: true).SendBodyAsync("{}"))["type"]);
    }

    [Fact]
    public async Task Every_problem_is_explained_and_nothing_else()
    {
        foreach (var kind in Problems.All)
        {
            var page = await _api.GetAsync(kind.Path, key: null);
            Assert.Equal((200, kind.Code, kind.Title), (page.Status, page["code"], page["title"]));
            Assert.StartsWith($"Status {kind.Status}, {(kind.Retryable ? "" : "not ")}retryable.", page["explanation"]);
        }

        Assert.Equal((404, "not_found"), ((await _api.GetAsync("/api/v1/problems/none", key: null)).Status, (await _api.GetAsync(
            "/api/v1/problems/none", key: null))["code"]));
    }

    [Fact]
    public async Task A_key_is_looked_up_once_a_minute()
    {
        for (var i = 0; i < 3; i++) await _api.GetAsync("/api/v1/carriers");
        Assert.Equal(["GetItem"], _api.Tables.Calls);

        _api.Clock.Advance(TimeSpan.FromMinutes(1));
        await _api.GetAsync("/api/v1/carriers");
        Assert.Equal(["GetItem", "GetItem"], _api.Tables.Calls);
    }

    [Fact]
    public async Task The_scheme_of_a_key_may_be_written_in_any_case()
    {
        Assert.Equal(
            200, (await _api.GetAsync("/api/v1/carriers", key: null, new() { ["authorization"] = "bearer " + TestApi.Key })).Status);
    }

    [Theory]
    [InlineData("/api/v1/messages/send", "POST")]
    [InlineData("/api/v1/messages/msg_1", "GET")]
    [InlineData("/api/v1/openapi.json", "GET")]
    public async Task A_wrong_method_is_told_the_right_one(string path, string allowed)
    {
        var reply = await _api.CallAsync("PUT", path);

        Assert.Equal((405, allowed), (reply.Status, reply.Header("Allow")));
    }

    [Theory]
    [InlineData("my-request.1", "my-request.1")]
    [InlineData("two words", "invocation-1")]
    [InlineData("", "invocation-1")]
    public async Task A_sane_request_id_comes_back(string given, string expected)
    {
        Assert.Equal(
            expected, (await _api.GetAsync("/api/v1/carriers", headers: new() { ["x-request-id"] = given })).Header("X-Request-Id"));
    }

    [Fact]
    public async Task A_request_id_that_is_too_long_is_replaced()
    {
        Assert.Equal(
            "invocation-1",
            (await _api.GetAsync("/api/v1/carriers", headers: new() { ["x-request-id"] = new string('x', 129) })).Header("X-Request-Id"));
    }

    public static TheoryData<Exception, int, string> Faults() => new()
    {
        { new ProvisionedThroughputExceededException("+14155550123")
        {
            ErrorCode = "ProvisionedThroughputExceededException", StatusCode = HttpStatusCode.BadRequest
        }, 503, "busy" },
        {
            new AmazonDynamoDBException("+14155550123", ErrorType.Sender, "ThrottlingException", "r", HttpStatusCode.BadRequest),
            503,
            "busy"
        },
        {
            new AmazonDynamoDBException("+14155550123", ErrorType.Receiver, "InternalServerError", "r", HttpStatusCode.InternalServerError),
            503,
            "dependency_unavailable"
        },
        { new AmazonClientException("+14155550123"), 503, "dependency_unavailable" },
        { new HttpRequestException("+14155550123"), 503, "dependency_unavailable" },
        { new TaskCanceledException("+14155550123"), 503, "dependency_unavailable" },
        {
            new AmazonDynamoDBException("+14155550123", ErrorType.Sender, "ValidationException", "r", HttpStatusCode.BadRequest),
            500,
            "internal_error"
        },
        { new InvalidOperationException("+14155550123"), 500, "internal_error" },
    };

    [Theory, MemberData(nameof(Faults))]
    public async Task A_fault_becomes_a_problem_and_says_nothing_of_the_message(Exception fault, int status, string code)
    {
        _api.Tables.Before = call =>
        {
            if (call == "PutItem") throw fault;
        };

        var reply = await _api.SendAsync();

        Assert.Equal((status, code, status == 503 ? "True" : "False"), (reply.Status, reply["code"], reply["retryable"]));
        Assert.Equal(status == 503 ? "1" : null, reply.Header("Retry-After"));
        Assert.DoesNotContain("4155550123", reply.Text);
        AssertNothingTold();
    }

    [Fact]
    public async Task A_log_has_ids_and_codes_and_neither_text_nor_numbers()
    {
        var id = (await _api.SendAsync(new { clientReference = "481516" }, "secret-481516"))["id"];
        await _api.SendBodyAsync("{\"content\":\"" + TestApi.Text);
        await _api.GetAsync("/api/v1/messages?to=+14155550123");
        await _api.GetAsync($"/api/v1/messages/{id}");
        await _api.GetAsync("/api/v1/messages/+14155550123");
        await _api.GetAsync("/api/v1/secret/+14155550123", "secret-481516");

        AssertNothingTold();
        var lines = _api.LogLines.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(6, lines.Length);
        Assert.Contains("\"route\":\"/api/v1/messages/send\",\"status\":202", lines[0]);
        Assert.Contains("\"apiKeyId\":\"key_1\"", lines[0]);
        Assert.Contains("\"trace\":\"00-", lines[0]);
    }

    private void AssertNothingTold()
    {
        var log = _api.LogLines.ToString();
        Assert.NotEmpty(log);
        foreach (var secret in (string[])["4155550123", "2065550100", "secret", "481516", TestApi.Key]) Assert.DoesNotContain(secret, log);
    }
}
