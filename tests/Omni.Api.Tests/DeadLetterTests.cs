using System.Text.Json;
using Amazon.SQS.Model;
using Omni.Aws;
using Omni.Shared;

namespace Omni.Api.Tests;

/// <summary>What is shown of dead letters, and what becomes of them.</summary>
public sealed class DeadLetterTests
{
    private const string Path = "/api/v1/admin/dead-letters";
    private const string Commands = "q-dead.fifo", Inbound = "q-inbound-dead", Changes = "q-changes-dead", Events = "q-events-dead",
        Wakes = "q-wakes-dead.fifo", Media = "q-media-dead.fifo";

    private readonly TestApi _api = new();
    private int _put;

    /// <summary>Of a record: its queue, its text, why it was set aside; and what is shown of it.</summary>
    public static TheoryData<string, string, string?, string, string?, string> Letters() => new()
    {
        { Commands, Command("send", "msg_1"), "fault TimeoutException", "send", "msg_1", "fault TimeoutException" },
        { Commands, """{"type":"fetchMedia","messageId":"msg_1"}""", null, "fetchMedia", "msg_1", "did not finish it" },
        { Commands, "Not a command", "not a command at $", "unreadable", null, "not a command at $" },
        {
            Inbound, """{"carrier":"twilio","event":{"type":"messageReceived","text":"481516"}}""", null,
            "messageReceived", null, "did not finish it"
        },
        { Inbound, "[]", null, "unreadable", null, "did not finish it" },
        { Changes, """{"messageId":"msg_1","sequenceNumber":"7","problem":"The item has no id."}""", null, "change", "msg_1", "no id" },
        { Events, """{"requestContext":{"condition":"RetryAttemptsExhausted"}}""", null, "batch", null, "RetryAttemptsExhausted" },
        { Wakes, """{"tenant":"default","endpoint":"whe_1","lane":2}""", null, "wake", "whe_1", "did not finish it" },
        { Media, """{"messageId":"msg_1"}""", null, "media", "msg_1", "did not finish it" },
    };

    [Theory, MemberData(nameof(Letters))]
    public async Task A_dead_letter_is_explained_and_nothing_of_what_it_says_is_shown(
        string queue, string body, string? problem, string what, string? subject, string why)
    {
        Put(queue, body, problem);

        var reply = await _api.GetAsync($"{Path}?queue={queue}");

        var shown = Assert.Single(reply.Json.GetProperty("data").EnumerateArray());
        Assert.Equal((queue, 1), (shown.GetProperty("queue").GetString(), shown.GetProperty("count").GetInt32()));
        Assert.Equal("2026-03-14T11:00:00.123Z", shown.GetProperty("since").GetString());
        var letter = Assert.Single(shown.GetProperty("sample").EnumerateArray());
        Assert.Equal(what, letter.GetProperty("what").GetString());
        Assert.Equal(subject, letter.TryGetProperty("subject", out var named) ? named.GetString() : null);
        Assert.Contains(why, letter.GetProperty("problem").GetString());
        Assert.DoesNotContain("481516", reply.Text);
        Assert.Equal(0, _api.Hidden); // it is given back at once
    }

    [Fact]
    public async Task All_queues_are_shown_also_the_empty_ones_which_are_not_asked()
    {
        _api.Queue = (_, _) => Task.FromResult(Depth(0));

        var reply = await _api.GetAsync(Path);

        Assert.Equal(
            TestApi.DeadLetterQueues.Select(queue => queue.Name),
            reply.Json.GetProperty("data").EnumerateArray().Select(queue => queue.GetProperty("queue").GetString()));
        Assert.Null(_api.Hidden);
    }

    /// <summary>What a message is, its record in a queue; whether it is asked for once more, and what became of the record.</summary>
    public static TheoryData<string, string, string?, string, bool> OfMessages() => new()
    {
        { Commands, Command("send", "msg_1"), "accepted", "redriven", true },
        { Commands, Command("send", "msg_1"), "unknown", "redriven", true },
        { Media, """{"messageId":"msg_1"}""", "accepted", "redriven", true },
        { Media, """{"messageId":"msg_1"}""", "rejected", "finished", false },
        { Commands, Command("reconcile", "msg_1"), "unknown", "redriven", true },
        { Commands, Command("send", "msg_1"), "sent", "finished", false },
        { Commands, Command("send", "msg_1"), "canceled", "finished", false },
        { Commands, Command("send", "msg_1"), "scheduled", "finished", false },
        { Commands, """{"type":"fetchMedia","messageId":"msg_1"}""", null, "finished", false },
        { Changes, Change("msg_1"), "accepted", "redriven", true },
        { Changes, Change("msg_1"), "delivered", "finished", false },
        { Changes, Change("msg_1"), null, "finished", false },
        { Changes, Change("msg_1"), "unreadable", "kept", false },
        { Changes, """{"requestContext":{}}""", null, "kept", false },
        { Commands, Command("send", "msg_1"), "unreadable", "kept", false },
    };

    [Theory, MemberData(nameof(OfMessages))]
    public async Task What_is_left_to_do_for_a_message_is_asked_for_once_more(
        string queue, string body, string? status, string result, bool isAsked)
    {
        StoreMessage(status);
        Put(queue, body);

        var reply = await RedriveAsync(queue);

        Assert.Equal((200, "1"), (reply.Status, reply[result]));
        Assert.Equal(isAsked ? 1 : 0, _api.Tables.Updates.Count(update => update.Key["pk"].S == "msg_1"));
        Assert.Equal(result == "kept" ? 1 : 0, _api.Dead.Count(d => !_api.Taken.Contains(d.Record.MessageId)));
        Assert.Empty(_api.Sent);
    }

    /// <summary>Records that go back, and where to.</summary>
    public static TheoryData<string, string, string, string?> Back() => new()
    {
        { Commands, "Not a command", "q-out.fifo", "g" },
        { Commands, Command("send", "msg_by-hand"), "q-out.fifo", "g" },
        { Commands, Command("send", "msg_by-hand", "bulk"), "q-bulk.fifo", "g" },
        { Inbound, """{"carrier":"twilio"}""", "q-inbound", "g" },
        { Wakes, """{"tenant":"default","endpoint":"whe_1"}""", "q-notify.fifo", "g" },
    };

    [Theory, MemberData(nameof(Back))]
    public async Task What_no_item_tells_of_goes_back_as_it_was_under_an_id_of_its_own(
        string queue, string body, string source, string? group)
    {
        Put(queue, body);
        Put(queue, body);

        Assert.Equal("2", (await RedriveAsync(queue))["redriven"]);

        Assert.All(_api.Sent, sent => Assert.Equal((source, body, group), (sent.Queue, sent.Entry.MessageBody, sent.Entry.MessageGroupId)));
        var ids = _api.Sent.Select(sent => sent.Entry.MessageDeduplicationId).ToArray();
        Assert.Equal(source.EndsWith(".fifo", StringComparison.Ordinal) ? 2 : 1, ids.Distinct().Count());
        Assert.Empty(_api.Dead);
    }

    [Theory]
    [InlineData("sent", "message.sent")]
    [InlineData("delivered", "message.delivered")]
    [InlineData("accepted", null)]
    [InlineData(null, null)]
    public async Task Clients_are_told_what_a_message_is_now(string? status, string? type)
    {
        StoreMessage(status);
        Put(Events, Change("msg_1"));

        var reply = await RedriveAsync(Events);

        Assert.Equal("1", reply[type is null ? "finished" : "redriven"]);
        var told = _api.Tables.Items("messages").Where(item => item["sk"].S == "o").ToArray();
        Assert.Equal(type is null ? [] : [type], told.Select(item => EventOutbox.Read(item).Type));
        Assert.All(told, item => Assert.Equal(Ids.Event("msg_1", status!), EventOutbox.Read(item).Id));
    }

    [Fact]
    public async Task An_event_that_stood_beside_its_state_is_told_once_more_as_a_new_item()
    {
        var e = new ClientEvent
        {
            Id = "evt_1", Type = EventTypes.ConsentChanged, Timestamp = TestApi.Noon, Tenant = "default",
            Data = JsonDocument.Parse("{}").RootElement,
        };
        _api.Tables.Store("messages", new EventOutbox("messages", _api.Clock).Put(e).Put.Item);
        Put(Events, Change("evt_1"));

        Assert.Equal("1", (await RedriveAsync(Events))["redriven"]);

        var items = _api.Tables.Items("messages").Where(item => item["sk"].S == "o").ToArray();
        Assert.Equal(["evt_1", "evt_1"], items.Select(item => EventOutbox.Read(item).Id));
        Assert.Equal(2, items.Select(item => item["pk"].S).Distinct().Count());
    }

    [Fact]
    public async Task No_more_are_redriven_than_were_asked_for_and_none_without_time()
    {
        for (var i = 0; i < 25; i++) Put(Inbound, "{}");

        Assert.Equal("12", (await RedriveAsync(Inbound, new { queue = Inbound, limit = 12 }))["redriven"]);
        Assert.Equal(13, _api.Dead.Count);

        _api.RemainingTime = TimeSpan.FromSeconds(5);
        Assert.Equal(("0", "13"), (await RedriveAsync(Inbound)) is var none ? (none["redriven"], none["remaining"]) : default);
    }

    [Fact]
    public async Task What_comes_back_at_once_is_redriven_once()
    {
        _api.OnSent = entry => Put(Commands, entry.MessageBody, sentAt: _api.Clock.GetUtcNow().AddMilliseconds(20));
        Put(Commands, "Not a command");

        var reply = await RedriveAsync(Commands);

        Assert.Equal(("1", "0", "1"), (reply["redriven"], reply["kept"], reply["remaining"]));
        Assert.Single(_api.Sent);

        _api.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal("1", (await RedriveAsync(Commands))["redriven"]);
    }

    [Theory]
    [InlineData("""{}""", "queue required")]
    [InlineData("""{"queue":"q-out"}""", "queue invalid_value")]
    [InlineData("""{"queue":"q-inbound-dead","limit":0}""", "limit out_of_range")]
    [InlineData("""{"queue":"q-inbound-dead","all":true}""", "all unknown_field")]
    [InlineData("""[]""", "$ wrong_type")]
    public async Task What_is_wrong_is_refused_and_named(string body, string error)
    {
        var reply = await _api.CallAsync("POST", Path + "/redrive", body: body);

        Assert.Equal((400, "invalid_request"), (reply.Status, reply["code"]));
        Assert.Equal(error, Assert.Single(reply.Errors));
    }

    [Fact]
    public async Task A_queue_that_there_is_not_is_refused_with_those_that_there_are()
    {
        var reply = await _api.GetAsync(Path + "?queue=q-out");

        Assert.Equal((400, "invalid_parameter"), (reply.Status, reply["code"]));
        Assert.Contains(Inbound, reply["detail"]);
    }

    [Theory]
    [InlineData("GET", Path)]
    [InlineData("POST", Path + "/redrive")]
    [InlineData("POST", "/api/v1/carriers/twilio/pause")]
    [InlineData("POST", "/api/v1/carriers/twilio/resume")]
    public async Task Who_may_only_read_and_another_tenant_may_not(string method, string path)
    {
        Assert.Equal("insufficient_scope", (await _api.CallAsync(method, path, TestApi.ReadOnlyKey, "{}"))["code"]);
        Assert.Equal("insufficient_scope", (await _api.CallAsync(method, path, TestApi.OtherTenantsKey, "{}"))["code"]);
    }

    private static string Command(string type, string id, string priority = "normal") =>
        $$$$"""
        {"type":"{{{{type}}}}","message":{"id":"{{{{id}}}}","carrier":"twilio","priority":"{{{{priority}}}}","to":"+14155550123",
         "from":"+12065550100","content":{"type":"text","body":"481516"}}}
        """;

    private static string Change(string id) => $$"""{"messageId":"{{id}}","sequenceNumber":"7","problem":"The item cannot be read."}""";

    private static GetQueueAttributesResponse Depth(int waiting) => new()
    {
        Attributes = new()
        {
            ["ApproximateNumberOfMessages"] = $"{waiting}", ["ApproximateNumberOfMessagesNotVisible"] = "0",
            ["ApproximateNumberOfMessagesDelayed"] = "0",
        },
    };

    private void StoreMessage(string? status)
    {
        if (status is null) return;

        var isReadable = status != "unreadable";
        _api.Store("msg_1", rank: isReadable ? RankKey.Of(EnumWords.FromWord<MessageStatus>(status)!.Value) : null);
        if (!isReadable) _api.Tables.Items("messages").Single(item => item["pk"].S == "msg_1")["v"] = new() { N = "99" };
    }

    private void Put(string queue, string body, string? problem = null, DateTimeOffset? sentAt = null)
    {
        var url = "https://sqs/1/" + queue;
        var id = $"record-{_put++}";
        _api.Dead.Add((url, new()
        {
            MessageId = id,
            ReceiptHandle = id,
            Body = body,
            Attributes = new()
            {
                ["MessageGroupId"] = "g", ["ApproximateReceiveCount"] = "3",
                ["SentTimestamp"] = $"{(sentAt ?? TestApi.Noon.AddHours(-1)).ToUnixTimeMilliseconds()}",
            },
            MessageAttributes = problem is null ? null : new() { ["problem"] = new() { DataType = "String", StringValue = problem } },
        }));
        _api.Queue = (asked, _) => Task.FromResult(Depth(_api.Dead.Count(d => d.Queue == asked)));
    }

    private Task<Reply> RedriveAsync(string queue, object? body = null) =>
        _api.CallAsync("POST", Path + "/redrive", body: JsonSerializer.Serialize(body ?? new { queue }));
}
