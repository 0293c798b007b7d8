using System.Net;
using System.Text;
using System.Text.Json;

namespace Omni.Cli.Tests;

/// <summary>A message to everybody in a file: who gets it, and who never gets it twice.</summary>
public sealed class BulkTests : IDisposable
{
    private readonly string _file = Path.GetTempFileName();
    private readonly BatchApi _api = new();
    private readonly HttpClient _http;

    public BulkTests() => _http = new(_api);

    public void Dispose()
    {
        _http.Dispose();
        File.Delete(_file);
    }

    [Fact]
    public async Task After_Ctrl_C_the_same_command_is_the_same_batch()
    {
        using var stop = new CancellationTokenSource();
        _api.OnPoll = stop.Cancel;
        var interrupted = await SendAsync("to,name\n+1,Ada\n+2,Bo\n", stop.Token);
        _api.OnPoll = () => { };
        var again = await SendAsync("to,name\n+1,Ada\n+2,Bo\n");

        Assert.Equal((ExitCode.Interrupted, ExitCode.Done), (interrupted.Code, again.Code));
        Assert.Contains("omni batches watch bat_1", interrupted.Error, StringComparison.Ordinal);
        Assert.Equal(2, _api.Posts.Count);
        Assert.Single(_api.Posts.Select(post => post.Key).Distinct());
        Assert.Single(_api.Posts.Select(post => post.Body.GetRawText()).Distinct());
    }

    [Fact]
    public async Task Another_file_other_words_and_another_time_are_another_batch()
    {
        await SendAsync("to,name\n+1,Ada\n");
        await SendAsync("to,name\n+1,Bo\n");
        await SendAsync("to,name\n+1,Ada\n", default, "--again", "tuesday");
        await SendAsync("to,name\n+1,Ada\n", default, "--label", "sale");

        Assert.Equal(4, _api.Posts.Select(post => post.Key).Distinct().Count());
    }

    [Fact]
    public async Task Columns_become_variables_and_the_reference()
    {
        await SendAsync("name,TO,Reference,city\nAda,+1,customer-1,\n");

        Assert.Equal(
            """[{"to":"+1","variables":{"name":"Ada"},"clientReference":"customer-1"}]""",
            _api.Posts.Single().Recipients.GetRawText().Replace("\\u002B", "+", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("to,name\n+1,Ada\n+2,\n", "line 3: name is empty")]
    [InlineData("to,name\n,Ada\n", "line 2: to is empty")]
    [InlineData("to,name\n+1,Ada,Countess\n", "line 2: it has 3 fields")]
    [InlineData("to\n+1\n", "line 2: name is empty")]
    [InlineData("to,name\n", "no rows")]
    [InlineData("phone,name\n+1,Ada\n", "no column: to")]
    public async Task What_is_wrong_is_told_with_its_line_before_anything_is_sent(string file, string fault)
    {
        var printed = await SendAsync(file);

        Assert.Equal(ExitCode.Wrong, printed.Code);
        Assert.Contains(fault, printed.Error, StringComparison.Ordinal);
        Assert.Empty(_api.Posts);
    }

    [Fact]
    public async Task What_the_API_finds_wrong_is_told_with_its_line()
    {
        _api.Refusal = """
            {"type":"https://omni.example/p","title":"t","status":422,"detail":"d","code":"recipients_refused","requestId":"r",
             "retryable":false,"errors":[{"field":"recipients[1].to","code":"invalid_address","detail":"It is no number."}]}
            """;

        var printed = await SendAsync("to,name\n+1,Ada\n\nnobody,Bo\n");

        Assert.Equal(ExitCode.Wrong, printed.Code);
        Assert.Contains("line 4: It is no number.", printed.Error, StringComparison.Ordinal);
        Assert.True(_api.Posts.Single().Body.GetProperty("atomic").GetBoolean());
    }

    [Fact]
    public async Task The_others_get_it_when_bad_rows_are_skipped()
    {
        var printed = await SendAsync("to,name\n+1,Ada\n+2,\n", default, "--skip-bad");

        Assert.Equal(ExitCode.NotSo, printed.Code); // not everybody
        Assert.Equal(1, _api.Posts.Single().Recipients.GetArrayLength());
    }

    [Fact]
    public async Task A_long_file_is_several_batches_and_nobody_is_in_two()
    {
        var rows = Enumerable.Range(0, 10_001).Append(5).Select(row => $"+{row},Ada");

        Assert.Equal(ExitCode.Done, (await SendAsync("to,name\n" + string.Join('\n', rows))).Code);

        Assert.Equal([10_000, 1], _api.Posts.Select(post => post.Recipients.GetArrayLength()));
    }

    private async Task<Printed> SendAsync(string file, CancellationToken cancellation = default, params string[] more)
    {
        await File.WriteAllTextAsync(_file, file, CancellationToken.None);
        Dictionary<string, string> environment = new() { ["OMNI_URL"] = "https://omni.example", ["OMNI_API_KEY"] = "key" };
        return await new Terminal(_http, environment).RunAsync(
            ["bulk", "send", _file, "--text", "Hi {{name}}, {{x|there}}", "--carrier", "twilio", "--from", "+2", .. more], cancellation);
    }

    /// <summary>An API that takes batches, and has done with them when it is asked.</summary>
    private sealed class BatchApi : HttpMessageHandler
    {
        public List<(string Key, JsonElement Body, JsonElement Recipients)> Posts { get; } = [];

        public string? Refusal { get; set; }

        public Action OnPoll { get; set; } = () => { };

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (request.Method == HttpMethod.Get)
            {
                OnPoll();
                cancellationToken.ThrowIfCancellationRequested();
                return Answer(HttpStatusCode.OK, """
                    {"id":"bat_1","state":"completed","carrier":"twilio","from":"+2","total":1,"refused":0,"duplicates":0,
                     "createdAt":"2026-01-31T08:00:00Z","updatedAt":"2026-01-31T08:00:00Z","links":{"self":"/a","messages":"/b"}}
                    """);
            }

            var body = JsonDocument.Parse(await request.Content!.ReadAsStringAsync(cancellationToken)).RootElement;
            Posts.Add((request.Headers.GetValues("Idempotency-Key").Single(), body, body.GetProperty("recipients")));
            return Refusal is { } refusal
                ? Answer(HttpStatusCode.UnprocessableEntity, refusal)
                : Answer(HttpStatusCode.Accepted, """
                    {"batchId":"bat_1","accepted":1,"refused":[],"duplicates":[],"links":{"self":"/a","messages":"/b"}}
                    """);
        }

        private static HttpResponseMessage Answer(HttpStatusCode status, string json) =>
            new(status) { Content = new StringContent(json, Encoding.UTF8, "application/json") };
    }
}
