using System.Text.Json;

namespace Omni.Api.Tests;

public sealed class RefusedRequestTests
{
    private static readonly JsonElement[] Cases =
        [.. JsonDocument.Parse(File.ReadAllText("Fixtures/refused-requests.json")).RootElement.EnumerateArray()];

    public static TheoryData<string> Names() => [.. Cases.Select(c => c.GetProperty("name").GetString()!)];

    [Theory, MemberData(nameof(Names))]
    public async Task A_bad_request_is_refused_with_its_problem(string name)
    {
        var api = new TestApi();
        var wrong = Cases.Single(c => c.GetProperty("name").GetString() == name);
        var headers = wrong.TryGetProperty("headers", out var given)
            ? given.EnumerateObject().ToDictionary(h => h.Name, h => h.Value.GetString()!)
            : [];
        var key = wrong.TryGetProperty("key", out var k) ? k.GetString() : TestApi.Key;

        var reply = wrong.TryGetProperty("path", out var path)
            ? await api.CallAsync(wrong.GetProperty("method").GetString()!, path.GetString()!, key, body: null, headers)
            : await api.CallAsync("POST", "/api/v1/messages/send", key, BodyOf(wrong), headers);

        Assert.Equal((wrong.GetProperty("status").GetInt32(), wrong.GetProperty("code").GetString()), (reply.Status, reply["code"]));
        if (wrong.TryGetProperty("errors", out var errors)) Assert.Equal(errors.EnumerateArray().Select(e => e.GetString()), reply.Errors);
        Assert.Equal("application/problem+json", reply.Header("Content-Type"));
        Assert.Equal(reply.Status.ToString(), reply["status"]);
        Assert.Equal(reply.Header("X-Request-Id"), reply["requestId"]);
        Assert.DoesNotContain("PutItem", api.Tables.Calls);
        Assert.DoesNotContain(TestApi.Text, api.LogLines.ToString());
    }

    [Fact]
    public async Task A_body_above_the_limit_is_refused_by_its_bytes()
    {
        var api = new TestApi();
        var body = TestApi.Body(new { clientReference = "" });
        var fitting = body.Replace(
            "\"clientReference\":\"\"", "\"clientReference\":\"" + new string('é', (RequestBody.MaxBytes - body.Length) / 2) + "\"");

        Assert.Equal(400, (await api.SendBodyAsync(fitting)).Status);
        var reply = await api.SendBodyAsync(fitting + "  ");

        Assert.Equal((413, "body_too_large"), (reply.Status, reply["code"]));
    }

    [Fact]
    public async Task Content_that_would_not_fit_into_the_table_is_refused()
    {
        var variables = Enumerable.Range(0, 200).ToDictionary(i => $"{i}", _ => new string('v', 1000));

        var reply = await new TestApi().SendAsync(
            new { content = new { type = "template", name = "HX0123456789abcdef0123456789abcdef", variables } });

        Assert.Equal(422, reply.Status);
        Assert.Equal(["content too_large"], reply.Errors);
    }

    private static string BodyOf(JsonElement wrong) =>
        wrong.TryGetProperty("text", out var text)
            ? text.GetString()!
            : TestApi.Body(wrong.TryGetProperty("change", out var change) ? change : null);
}
