using System.Text.Json;
using System.Text.Json.Nodes;
using Omni.Aws;
using Omni.Shared;

namespace Omni.Api.Tests;

/// <summary>What becomes of a request to send to many.</summary>
public sealed class BulkTests
{
    private readonly TestApi _api = new();

    [Fact]
    public async Task A_batch_is_its_file_and_then_one_item()
    {
        var reply = await SendAsync(Bulk(["+14155550123", "+14155550124"], name: "Spring sale", label: "spring"));

        Assert.Equal((202, "2", "[]", "[]"), (reply.Status, reply["accepted"], reply["refused"], reply["duplicates"]));
        Assert.Equal($"/api/v1/batches/{reply["batchId"]}", reply.Header("Location"));
        Assert.DoesNotContain(_api.Tables.Items("messages"), item => item["sk"].S == "m");

        var view = await _api.GetAsync($"/api/v1/batches/{reply["batchId"]}");
        Assert.Equal(
            ("Spring sale", "running", "twilio", "+12065550100", "spring", "2", "0"),
            (view["name"], view["state"], view["carrier"], view["from"], view["label"], view["total"], view["percent"]));
        Assert.Equal("2", view.Json.GetProperty("counts").GetProperty("waiting").ToString());
    }

    [Fact]
    public async Task Each_recipient_gets_what_is_their_own()
    {
        var body = Bulk(["+14155550123", "+14155550124"], text: "Hello {{ name }}, {{code|no code}}.");
        body["clientReference"] = "all";
        body["metadata"] = new JsonObject { ["campaign"] = "spring", ["who"] = "all" };
        body["recipients"]![0]!["variables"] = new JsonObject { ["name"] = "Ada", ["code"] = "42" };
        body["recipients"]![1]!["variables"] = new JsonObject { ["name"] = "Bob {{code}}" };
        body["recipients"]![1]!["clientReference"] = "bob";
        body["recipients"]![1]!["metadata"] = new JsonObject { ["who"] = "bob" };

        var messages = await MessagesOfAsync(await SendAsync(body));

        Assert.Equal(
            ["Hello Ada, 42.", "Hello Bob {{code}}, no code."], messages.Select(message => ((TextContent)message.Content).Body));
        Assert.Equal(["all", "bob"], messages.Select(message => message.ClientReference));
        Assert.Equal(["spring all", "spring bob"], messages.Select(m => $"{m.Metadata!["campaign"]} {m.Metadata["who"]}"));
        Assert.All(messages.Index(), message =>
        {
            Assert.Equal(new BatchPlace(message.Item.Batch!.Id, message.Index, 2), message.Item.Batch);
            Assert.Equal(Ids.MessageOfBatch(message.Item.Batch.Id, message.Index), message.Item.Id);
            Assert.Equal((Priority.Bulk, 1), (message.Item.Priority, message.Item.Parts.Count));
        });
    }

    /// <summary>What is wrong with the second of three recipients, and how a batch says so.</summary>
    public static TheoryData<string, string, string> WrongRecipients() => new()
    {
        { """{"to":"0123"}""", "invalid_request", "to invalid_address" },
        { """{}""", "invalid_request", "to required" },
        { """[]""", "invalid_request", "$ wrong_type" },
        { """{"to":"+14155550199","tags":[]}""", "invalid_request", "tags unknown_field" },
        { """{"to":"+14155550199","variables":{"code":"42"}}""", "invalid_request", "variables.name required" },
        {
            """{"to":"+14155550199","content":{"type":"text","body":"{{first name}}"}}""",
            "invalid_request",
            "content.body invalid_placeholder"
        },
        {
            """{"to":"+14155550199","content":{"type":"location","latitude":1,"longitude":2}}""",
            "not_carried",
            "content.type content_not_carried"
        },
        {
            $$$"""{"to":"+14155550199","content":{"type":"image","mediaId":"med_{{{new string('0', 64)}}}"}}""",
            "unknown_media",
            "content.mediaId unknown_media"
        },
    };

    [Theory, MemberData(nameof(WrongRecipients))]
    public async Task A_wrong_recipient_is_named_and_the_others_are_a_batch(string recipient, string code, string error)
    {
        var body = Bulk(["+14155550123", "+14155550124", "+14155550125"], text: "Hello {{name}}");
        foreach (var one in body["recipients"]!.AsArray()) one!["variables"] = new JsonObject { ["name"] = "Ada" };
        body["recipients"]![1] = JsonNode.Parse(recipient);

        var reply = await SendAsync(body);

        Assert.Equal((202, "2"), (reply.Status, reply["accepted"]));
        var refused = Assert.Single(reply.Json.GetProperty("refused").EnumerateArray());
        Assert.Equal((1, code), (refused.GetProperty("index").GetInt32(), refused.GetProperty("code").GetString()));
        var first = refused.GetProperty("errors")[0];
        Assert.Equal(error, $"{first.GetProperty("field")} {first.GetProperty("code")}");
        Assert.Equal(["+14155550123", "+14155550125"], (await MessagesOfAsync(reply)).Select(message => message.To.Value));

        body["atomic"] = true;
        var atomic = await SendAsync(body);
        Assert.Equal((422, "recipients_refused"), (atomic.Status, atomic["code"]));
        Assert.Contains(error.StartsWith('$') ? "recipients[1] wrong_type" : "recipients[1]." + error, atomic.Errors);
    }

    [Fact]
    public async Task Nobody_to_send_to_is_no_batch()
    {
        var reply = await SendAsync(Bulk(["0123", "0124"]));

        Assert.Equal((422, "recipients_refused"), (reply.Status, reply["code"]));
        Assert.Equal(["recipients[0].to invalid_address", "recipients[1].to invalid_address"], reply.Errors);
        Assert.Empty(_api.Contents);
    }

    [Theory]
    [InlineData(false, "2", "[1]", "1")]
    [InlineData(true, "3", "[]", "0")]
    public async Task The_same_address_is_one_message_unless_it_may_come_twice(bool allow, string accepted, string duplicates, string count)
    {
        var body = Bulk(["+14155550123", "+1 (415) 555-0123", "+14155550124"]);
        body["allowDuplicates"] = allow;

        var reply = await SendAsync(body);

        Assert.Equal((accepted, duplicates), (reply["accepted"], reply["duplicates"]));
        Assert.Equal(count, (await _api.GetAsync($"/api/v1/batches/{reply["batchId"]}"))["duplicates"]);
    }

    public static TheoryData<string, string> WrongRequests() => new()
    {
        { """{"recipients":[]}""", "recipients invalid_length" },
        { """{"recipients":null}""", "recipients required" },
        { """{"recipients":{}}""", "recipients wrong_type" },
        { """{"to":"+14155550123"}""", "to unknown_field" },
        { """{"replyTo":"msg_1"}""", "replyTo not_in_bulk" },
        { """{"name":""}""", "name invalid_length" },
        { """{"atomic":"yes"}""", "atomic wrong_type" },
        { """{"priority":"low"}""", "priority invalid_value" },
        { """{"content":{"type":"text"}}""", "content.body required" },
        { """{"from":5}""", "from wrong_type" },
    };

    [Theory, MemberData(nameof(WrongRequests))]
    public async Task A_wrong_request_names_its_fields(string change, string error)
    {
        var body = Bulk(["+14155550123"]);
        foreach (var (name, value) in JsonNode.Parse(change)!.AsObject()) body[name] = value?.DeepClone();

        var reply = await SendAsync(body);

        Assert.Equal((400, "invalid_request"), (reply.Status, reply["code"]));
        Assert.Contains(error, reply.Errors);
    }

    [Fact]
    public async Task Ten_thousand_are_taken_and_one_more_is_not()
    {
        string[] people = [.. Enumerable.Range(0, BulkRequest.MaxRecipients + 1).Select(i => $"+1415{5_550_000 + i}")];

        Assert.Equal(["recipients invalid_length"], (await SendAsync(Bulk(people))).Errors);

        var reply = await SendAsync(Bulk(people[1..], text: "Hello {{name|there}}"));
        Assert.Equal("10000", reply["accepted"]);
        Assert.Equal(people[9_991..], (await MessagesOfAsync(reply, from: 9_990)).Select(message => message.To.Value));
    }

    [Fact]
    public async Task The_same_request_under_the_same_key_is_answered_the_same_and_another_is_refused()
    {
        var body = Bulk(["+14155550123", "0124", "+14155550123"]);

        var first = await SendAsync(body, key: "campaign-1");
        var second = await SendAsync(body, key: "campaign-1");
        body["name"] = "Another";
        var third = await SendAsync(body, key: "campaign-1");

        Assert.Equal((202, 202, "true"), (first.Status, second.Status, second.Header("Idempotency-Replayed")));
        Assert.Equal(first.Text, second.Text);
        Assert.Equal("idempotency_key_reused", third["code"]);
        Assert.Single(_api.Tables.Played("messages"), item => item["sk"].S == "b");
    }

    [Fact]
    public async Task A_file_is_asked_for_once_however_many_get_it()
    {
        var id = "med_" + new string('a', 64);
        _api.Files[BlobStore.MediaKey("default", id)] = 100;
        var body = Bulk(["+14155550123", "+14155550124", "+14155550125"]);
        body["content"] = new JsonObject { ["type"] = "image", ["mediaId"] = id, ["caption"] = "For {{name|you}}" };

        Assert.Equal("3", (await SendAsync(body))["accepted"]);
        Assert.Single(_api.FilesAskedFor);
    }

    [Fact]
    public async Task A_batch_rests_goes_on_and_is_canceled_and_each_can_be_asked_again()
    {
        var batch = (await SendAsync(Bulk(["+14155550123", "+14155550124"])))["batchId"]!;
        async Task<string> AskAsync(string verb)
        {
            var reply = await _api.CallAsync("POST", $"/api/v1/batches/{batch}/{verb}");
            return reply["state"] ?? reply["code"]!;
        }

        Assert.Equal(("running", "paused", "paused"), (await AskAsync("resume"), await AskAsync("pause"), await AskAsync("pause")));
        Assert.Equal(("running", "canceled", "canceled"), (await AskAsync("resume"), await AskAsync("cancel"), await AskAsync("cancel")));
        Assert.Equal(("batch_over", "batch_over"), (await AskAsync("pause"), await AskAsync("resume")));

        var view = await _api.GetAsync($"/api/v1/batches/{batch}");
        Assert.Equal("""{"canceled":2,"escaped":0,"pending":0}""", view["cancellation"]);
        Assert.Equal("100", view["percent"]);
    }

    [Fact]
    public async Task A_batch_of_the_future_is_scheduled()
    {
        var body = Bulk(["+14155550123"]);
        body["scheduledAt"] = TestApi.Noon.AddHours(1);

        var view = await _api.GetAsync($"/api/v1/batches/{(await SendAsync(body))["batchId"]}");

        Assert.Equal("scheduled", view["state"]);
    }

    [Fact]
    public async Task Batches_are_listed_newest_first()
    {
        var ids = new List<string>();
        for (var i = 0; i < 3; i++)
        {
            ids.Add((await SendAsync(Bulk(["+14155550123"])))["batchId"]!);
            _api.Clock.Advance(TimeSpan.FromSeconds(1));
        }

        var first = await _api.GetAsync("/api/v1/batches?limit=2");
        var second = await _api.GetAsync($"/api/v1/batches?limit=2&cursor={first["nextCursor"]}");

        Assert.Equal(
            ids.AsEnumerable().Reverse(),
            first.Json.GetProperty("data").EnumerateArray().Concat(second.Json.GetProperty("data").EnumerateArray())
                .Select(batch => batch.GetProperty("id").GetString()));
        Assert.Null(second["nextCursor"]);
        Assert.Equal("invalid_cursor", (await _api.GetAsync("/api/v1/batches?cursor=abc"))["code"]);
    }

    [Theory]
    [InlineData("", "0 1 2 3 4")]
    [InlineData("status=delivered", "1 3")]
    [InlineData("status=accepted", "0 2")]
    [InlineData("limit=2", "0 1 2 3 4")]
    [InlineData("status=delivered&limit=1", "1 3")]
    public async Task The_messages_of_a_batch_are_those_that_were_released(string query, string expected)
    {
        var reply = await SendAsync(Bulk([.. Enumerable.Range(0, 7).Select(i => $"+1415555012{i}")]));
        var batch = (await _api.Batches.FindAsync(reply["batchId"]!))!;
        await _api.Batches.ClaimAsync(batch, 5, rate: 0);
        foreach (var message in (await MessagesOfAsync(reply)).Take(5))
        {
            var place = message.Batch!.Index;
            var status = place switch { 1 or 3 => MessageStatus.Delivered, 4 => MessageStatus.Sent, _ => (MessageStatus?)null };
            var record = MessageStore.NewRecord(message);
            var rank = status is { } reached ? RankKey.Of(reached) : record.State.Rank;
            _api.Tables.Store("messages", MessageCodec.ToItem(record with { State = record.State with { Rank = rank } }));
            if (status is { } known)
                await _api.Statuses.SetAsync(batch.Batch.Id, 7, new Dictionary<int, MessageStatus> { [place] = known });
        }

        var found = new List<string>();
        for (string? cursor = ""; cursor is not null;)
        {
            var next = cursor.Length > 0 ? $"&cursor={cursor}" : "";
            var page = await _api.GetAsync($"/api/v1/batches/{batch.Batch.Id}/messages?{query}{next}");
            Assert.Equal(200, page.Status);
            found.AddRange(page.Json.GetProperty("data").EnumerateArray().Select(m => m.GetProperty("to").GetString()![^1..]));
            cursor = page["nextCursor"];
        }

        Assert.Equal(expected, string.Join(' ', found));
        Assert.Equal("invalid_cursor", (await _api.GetAsync($"/api/v1/batches/{batch.Batch.Id}/messages?cursor=abc"))["code"]);
    }

    private Task<Reply> SendAsync(JsonObject body, string? key = null) => _api.CallAsync(
        "POST", "/api/v1/messages/bulk", body: body.ToJsonString(), headers: key is null ? null : new() { ["idempotency-key"] = key });

    private async Task<List<Message>> MessagesOfAsync(Reply reply, int from = 0)
    {
        var batch = (await _api.Batches.FindAsync(reply["batchId"]!))!.Batch;
        return await BatchFile.ReadAsync(_api.Blobs, batch, from, batch.Total).ToListAsync();
    }

    private static JsonObject Bulk(string[] people, string text = "Hello", string? name = null, string? label = null)
    {
        var body = new JsonObject
        {
            ["carrier"] = "twilio", ["from"] = "+12065550100",
            ["content"] = new JsonObject { ["type"] = "text", ["body"] = text },
            ["recipients"] = new JsonArray([.. people.Select(person => new JsonObject { ["to"] = person })]),
        };
        if (name is not null) body["name"] = name;
        if (label is not null) body["label"] = label;
        return body;
    }
}
