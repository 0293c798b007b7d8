using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Amazon.SQS.Model;

namespace Omni.EndToEnd.Tests;

/// <summary>
/// What the platform does with messages whatever the carrier: lists, idempotency, parts, consent, schedules, records put in by hand.
/// </summary>
public sealed class MessageTests(SharedHost shared) : IClassFixture<SharedHost>
{
    private static readonly Scene Twilio = Scene.Of("twilio");

    private readonly Host _host = shared.Host;

    [Fact]
    public async Task A_message_is_delivered_and_can_be_read_in_every_way()
    {
        var person = Host.NewPhone();
        var request = Twilio.Text(person, "Hello");
        request["clientReference"] = "order-42";
        request["metadata"] = new JsonObject { ["campaignId"] = "camp_001" };
        request["label"] = "label of " + person;
        request["maxSegments"] = 1;

        var id = await _host.SendAsync(request, "delivered");

        await _host.ExpectTimelineAsync(id, "accepted", "sending", "sent", "delivered");
        var message = await _host.Client.GetAsync($"/api/v1/messages/{id}");
        Assert.Equal("order-42", (string?)message["clientReference"]);
        Assert.Equal("camp_001", (string?)message["metadata"]!["campaignId"]);
        var submission = Assert.Single(await Twilio.TakenAsync(_host, person));
        Assert.Equal((string?)submission!["sid"], (string?)message["parts"]![0]!["carrierMessageId"]);
        var list = await _host.Client.GetAsync($"/api/v1/messages?to={Uri.EscapeDataString(person)}&status=delivered");
        Assert.Equal(id, (string?)Assert.Single(list["data"]!.AsArray())!["id"]);
        var labelled = await _host.Client.GetAsync($"/api/v1/messages?label={Uri.EscapeDataString("label of " + person)}");
        Assert.Equal(id, (string?)Assert.Single(labelled["data"]!.AsArray())!["id"]);
    }

    [Fact]
    public async Task A_list_is_paged_with_each_message_once()
    {
        var person = Host.NewPhone();
        var ids = await Task.WhenAll(Enumerable.Range(0, 7).Select(i => _host.Client.SendAsync(Twilio.Text(person, $"Number {i}"))));

        var seen = new List<string>();
        for (string? cursor = null; ;)
        {
            var page = await _host.Client.GetAsync(
                $"/api/v1/messages?to={Uri.EscapeDataString(person)}&limit=3{(cursor is null ? "" : "&cursor=" + cursor)}");
            seen.AddRange(page["data"]!.AsArray().Select(m => (string)m!["id"]!));
            cursor = (string?)page["nextCursor"];
            if (cursor is null || seen.Count >= ids.Length) break;
        }

        Assert.Equal(ids.Order(), seen.Order());
    }

    [Fact]
    public async Task A_repeated_request_is_one_message()
    {
        var person = Host.NewPhone();
        async Task<HttpResponseMessage> PostAsync(string body)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/messages/send")
            {
                Content = JsonContent.Create(Twilio.Text(person, body))
            };
            request.Headers.Add("Idempotency-Key", "key-" + person);
            return await _host.Client.Http.SendAsync(request);
        }

        using var first = await PostAsync("Once");
        using var again = await PostAsync("Once");
        using var other = await PostAsync("Another");

        Assert.Equal(HttpStatusCode.Accepted, again.StatusCode);
        Assert.Equal(await first.Content.ReadAsStringAsync(), await again.Content.ReadAsStringAsync());
        Assert.Equal("true", again.Headers.GetValues("Idempotency-Replayed").Single());
        Assert.Equal(HttpStatusCode.UnprocessableEntity, other.StatusCode);
        await _host.ExpectAsync((string)JsonNode.Parse(await first.Content.ReadAsStringAsync())!["id"]!, "delivered");
        Assert.Single(await Twilio.TakenAsync(_host, person));
    }

    [Fact]
    public async Task A_long_text_goes_out_in_parts_in_order()
    {
        var person = Host.NewPhone();
        var text = string.Concat(Enumerable.Range(0, 400).Select(i => $"{i} sheep. "));

        await _host.SendAsync(Twilio.Text(person, text), "delivered");

        Assert.Equal(text, string.Concat((await Twilio.TakenAsync(_host, person)).Select(s => (string?)s!["parameters"]!["Body"]![0])));
    }

    [Fact]
    public async Task A_timeline_that_has_outgrown_its_message_is_read_whole()
    {
        var person = Host.NewPhone();
        var text = string.Concat(Enumerable.Range(0, 2_500).Select(i => $"{i} sheep. "));

        var id = await _host.SendAsync(Twilio.Text(person, text), "delivered");

        // Forty events lie in the item, and the others beside it.
        var parts = (await Twilio.TakenAsync(_host, person)).Count;
        var timeline = await Host.UntilAsync(async () => await _host.TimelineAsync(id) is { Length: > 42 } whole ? whole : null);
        Assert.Equal(parts, timeline.Count(type => type == "delivered"));
    }

    [Fact]
    public async Task Stop_is_obeyed_until_start()
    {
        var person = Host.NewPhone();
        async Task WriteAsync(string word) =>
            await _host.Client.PostAsync("/sim/twilio/inbound", new() { ["from"] = person, ["to"] = Twilio.Ours[0], ["body"] = word });

        await WriteAsync("STOP");
        await _host.InboundAsync(person, 1);
        var refused = await _host.SendAsync(Twilio.Text(person, "Are you sure?"), "rejected");
        Assert.Equal("opted_out", (string?)(await _host.Client.GetAsync($"/api/v1/messages/{refused}"))["error"]!["code"]);
        Assert.Empty(await Twilio.TakenAsync(_host, person));

        await WriteAsync("START");
        await _host.InboundAsync(person, 2);
        await _host.SendAsync(Twilio.Text(person, "Welcome back"), "delivered");
    }

    [Fact]
    public async Task A_scheduled_message_waits_for_its_time_and_a_tick()
    {
        var person = Host.NewPhone();
        var request = Twilio.Text(person, "Good morning");
        request["scheduledAt"] = TimeProvider.System.GetUtcNow().AddSeconds(5).ToString("O");
        using var answer = await _host.Client.Http.PostAsJsonAsync("/api/v1/messages/send", request);
        var accepted = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
        Assert.Equal("scheduled", (string?)accepted["status"]); // a moment later its time may have come
        var id = (string)accepted["id"]!;

        await Host.UntilAsync(async () =>
        {
            await _host.Local.TickAsync();
            return await _host.StatusAsync(id) == "delivered" ? id : null;
        });

        Assert.Contains("released", await _host.TimelineAsync(id));
        Assert.Single(await Twilio.TakenAsync(_host, person));
    }

    [Fact]
    public async Task A_request_is_validated_taken_and_taken_back_unless_it_has_left()
    {
        var person = Host.NewPhone();
        var request = Twilio.Text(person, "Take me back");
        request["scheduledAt"] = TimeProvider.System.GetUtcNow().AddHours(1).ToString("O");
        Assert.True((bool)(await _host.Client.PostAsync("/api/v1/messages/validate", request))!["valid"]!);
        var id = await _host.Client.SendAsync(request);

        var canceled = await _host.Client.PostAsync($"/api/v1/messages/{id}/cancel");

        Assert.Equal(("canceled", 1), ((string?)canceled!["status"], (int)canceled["canceled"]!));
        await _host.ExpectTimelineAsync(id, "scheduled", "canceled", "cancelRequested");
        var sent = await _host.SendAsync(Twilio.Text(person, "Too late for me"), "delivered");
        using var late = await _host.Client.Http.PostAsync($"/api/v1/messages/{sent}/cancel", null);
        Assert.Equal(HttpStatusCode.Conflict, late.StatusCode);
        Assert.Single(await Twilio.TakenAsync(_host, person));
    }

    /// <summary>A window that is closed now: the day of the week that is farthest from today.</summary>
    [Fact]
    public async Task A_message_waits_for_its_delivery_window()
    {
        var person = Host.NewPhone();
        var day = TimeProvider.System.GetUtcNow().AddDays(3).DayOfWeek.ToString()[..3].ToLowerInvariant();
        JsonObject Window(params string[] days) => new()
        {
            ["days"] = new JsonArray([.. days.Select(d => (JsonNode)d)]), ["from"] = "00:00", ["to"] = "24:00", ["timeZone"] = "recipient",
        };
        var waiting = Twilio.Text(person, "Not today");
        waiting["deliveryWindow"] = Window(day);
        var open = Twilio.Text(person, "Any day");
        open["deliveryWindow"] = Window("mon", "tue", "wed", "thu", "fri", "sat", "sun");

        var late = await _host.Client.SendAsync(waiting);
        await _host.SendAsync(open, "delivered");

        var message = await _host.Client.GetAsync($"/api/v1/messages/{late}");
        Assert.Equal("scheduled", (string?)message["status"]);
        Assert.True((DateTimeOffset)message["scheduledAt"]! > TimeProvider.System.GetUtcNow().AddDays(1));
        Assert.Single(await Twilio.TakenAsync(_host, person));

        // What waits for its window can be taken back.
        var canceled = await _host.Client.PostAsync($"/api/v1/messages/{late}/cancel");
        Assert.Equal(("canceled", 1), ((string?)canceled!["status"], (int)canceled["canceled"]!));
        await _host.ExpectTimelineAsync(late, "scheduled", "canceled", "cancelRequested");
        Assert.Single(await Twilio.TakenAsync(_host, person));
    }

    /// <summary>The zones of the recipient's number: nine in the morning is another moment in Tokyo than in New York.</summary>
    [Fact]
    public async Task A_window_by_the_recipients_clock_is_each_recipients_own()
    {
        var now = TimeProvider.System.GetUtcNow();
        foreach (var (person, zone) in ((string, string)[])[("+819012345678", "Asia/Tokyo"), ("+12125550123", "America/New_York")])
        {
            var there = TimeZoneInfo.ConvertTime(now, TimeZoneInfo.FindSystemTimeZoneById(zone));
            var request = Twilio.Text(person, "By your own clock");
            request["deliveryWindow"] = new JsonObject
            {
                ["days"] = new JsonArray(Day(there.AddDays(3))), ["from"] = "09:00", ["to"] = "18:00", ["timeZone"] = "recipient",
            };

            var validated = await _host.Client.PostAsync("/api/v1/messages/validate", request);
            var id = await _host.Client.SendAsync(request);

            var message = await _host.Client.GetAsync($"/api/v1/messages/{id}");
            var opening = (DateTimeOffset)message["scheduledAt"]!;
            var local = TimeZoneInfo.ConvertTime(opening, TimeZoneInfo.FindSystemTimeZoneById(zone));
            Assert.Equal((Day(there.AddDays(3)), new TimeSpan(9, 0, 0)), (Day(local), local.TimeOfDay));
            Assert.Equal(opening, (DateTimeOffset)validated!["message"]!["scheduledAt"]!);
            await _host.Client.PostAsync($"/api/v1/messages/{id}/cancel");
        }

        static string Day(DateTimeOffset moment) => moment.DayOfWeek.ToString()[..3].ToLowerInvariant();
    }

    /// <summary>
    /// Put into the queue by hand, as if its window had closed while it waited for its turn: the sender puts it off, and the Scheduler sees
    /// to it.
    /// </summary>
    [Fact]
    public async Task A_message_whose_window_has_closed_is_put_off_and_expires_at_its_deadline()
    {
        var person = Host.NewPhone();
        var id = "msg_window" + person[1..];
        var day = TimeProvider.System.GetUtcNow().AddDays(3).DayOfWeek.ToString()[..3].ToLowerInvariant();
        var message = Twilio.Text(person, "Too late today");
        message["id"] = id;
        message["ttlSeconds"] = 5;
        message["deliveryWindow"] = new JsonObject
        {
            ["days"] = new JsonArray(day), ["from"] = "00:00", ["to"] = "24:00", ["timeZone"] = "UTC",
        };
        await _host.Sqs.SendMessageAsync(new SendMessageRequest
        {
            QueueUrl = _host.Local.QueueUrls["omni-twilio-outbound.fifo"],
            MessageGroupId = "window",
            MessageDeduplicationId = person,
            MessageBody = new JsonObject { ["type"] = "send", ["message"] = message }.ToJsonString(),
        });

        await Host.UntilAsync(async () =>
        {
            await _host.Local.TickAsync();
            using var answer = await _host.Client.Http.GetAsync($"/api/v1/messages/{id}/status");
            return answer.IsSuccessStatusCode && (string?)JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["status"] == "expired"
                ? id
                : null;
        });

        Assert.Contains("outsideWindow", await _host.TimelineAsync(id));
        Assert.Empty(await Twilio.TakenAsync(_host, person));
    }

    [Fact]
    public async Task Usage_is_counted_from_the_messages()
    {
        var person = Host.NewPhone();
        await _host.SendAsync(Twilio.Text(person, "Count me"), "delivered");

        // It is counted once an hour, so what this host had sent by its first tick: whatever it was, it is the same from every side.
        await Host.UntilAsync(async () =>
        {
            await _host.Local.TickAsync();
            return (await _host.Client.GetAsync("/api/v1/usage"))["countedAt"];
        });
        var sums = await Task.WhenAll(((string[])["day", "carrier", "sender", "status"]).Select(async by =>
            (await _host.Client.GetAsync("/api/v1/usage?by=" + by))["data"]!.AsArray().Sum(row => (long)row!["outbound"]!)));
        Assert.Single(sums.Distinct());
    }

    /// <summary>A carrier, a template of its simulated account, and what it lacks here.</summary>
    [Theory]
    [InlineData("twilio", "HX00000000000000000000000000000042", "content.variables.order")]
    [InlineData("whatsapp", "order_update", "content.variables.first_name")]
    [InlineData("messagebird", "parcel_on_its_way", "content.variables.2")]
    public async Task A_template_is_listed_and_its_values_are_held_against_it(string carrier, string name, string field)
    {
        var listed = await Host.UntilAsync(async () =>
        {
            await _host.Local.TickAsync();
            var list = await _host.Client.GetAsync($"/api/v1/templates?carrier={carrier}");
            return list["data"]!.AsArray().FirstOrDefault(template => (string?)template!["name"] == name);
        });

        var request = Scene.Of(carrier).Send(Host.NewPhone(), new()
        {
            ["type"] = "template",
            ["name"] = name,
            ["language"] = (string?)listed["language"],
            ["variables"] = carrier == "messagebird" ? new JsonObject { ["1"] = "Ina" } : new JsonObject { ["order"] = "42" },
        });
        if (carrier == "messagebird")
            request["from"] = new JsonObject { ["type"] = "senderPool", ["value"] = "c0ffee11c0ffee11c0ffee11c0ffee11" };
        var answer = await _host.Client.PostAsync("/api/v1/messages/validate", request);
        Assert.Equal("not_carried", (string?)answer!["problem"]!["code"]);
        Assert.Contains(answer["errors"]!.AsArray(), error => (string?)error!["field"] == field);
    }

    [Fact]
    public async Task A_message_that_failed_is_sent_again_once_and_the_two_name_each_other()
    {
        var person = Host.NewPhone();
        await Twilio.RuleAsync(_host, person, new() { ["httpStatus"] = 400, ["errorCode"] = Twilio.Refusal.Code, ["times"] = 1 });
        var failed = await _host.SendAsync(Twilio.Text(person, "Do you hear me?"), "failed");

        var answer = await _host.Client.PostAsync($"/api/v1/messages/{failed}/resend");
        var again = (string)answer!["id"]!;
        await _host.ExpectAsync(again, "delivered");

        using var second = await _host.Client.Http.PostAsync($"/api/v1/messages/{failed}/resend", null);
        Assert.Equal(HttpStatusCode.Conflict, second.StatusCode);
        Assert.Contains(again, await second.Content.ReadAsStringAsync());
        Assert.Equal(failed, (string?)(await _host.Client.GetAsync($"/api/v1/messages/{again}"))["resendOf"]);
        Assert.Equal(again, (string?)(await _host.Client.GetAsync($"/api/v1/messages/{failed}"))["resentAs"]);
        Assert.Single(await Twilio.TakenAsync(_host, person));
    }

    [Fact]
    public async Task A_record_put_into_the_queue_by_hand_is_sent_once_and_can_be_read()
    {
        var person = Host.NewPhone();
        var id = "msg_byhand" + person[1..];
        foreach (var time in (string[])["first", "second"])
        {
            await _host.Sqs.SendMessageAsync(new SendMessageRequest
            {
                QueueUrl = _host.Local.QueueUrls["omni-twilio-outbound.fifo"],
                MessageGroupId = "by-hand",
                MessageDeduplicationId = person + time,
                MessageBody = """{"type":"send","message":"""
                    + $$$$"""{"id":"{{{{id}}}}","carrier":"twilio","to":"{{{{person}}}}","from":"{{{{Twilio.Ours[0]}}}}","content":"""
                    + """{"type":"text","body":"By hand"}}}""",
            });
        }

        await Host.UntilAsync(async () =>
        {
            using var answer = await _host.Client.Http.GetAsync($"/api/v1/messages/{id}/status");
            return answer.IsSuccessStatusCode && (string?)JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["status"] == "delivered"
                ? id
                : null;
        });
        await _host.SendAsync(Twilio.Text(person, "What was behind it in the queue is through"), "delivered");
        Assert.Single(await Twilio.TakenAsync(_host, person), s => s!.ToJsonString().Contains("By hand", StringComparison.Ordinal));
    }
    [Fact]
    public async Task The_messages_of_a_conversation_are_listed()
    {
        var person = Host.NewPhone();
        var sent = await _host.SendAsync(Twilio.Text(person, "Who is there?"), "delivered");
        await _host.Client.PostAsync("/sim/twilio/inbound", new() { ["from"] = person, ["to"] = Twilio.Ours[0], ["body"] = "Me" });
        var answered = (string)(await _host.InboundAsync(person, 1))[0]!["id"]!;
        var conversation = (string)(await _host.Client.GetAsync($"/api/v1/messages/{sent}"))["conversationId"]!;

        var list = await _host.Client.GetAsync($"/api/v1/messages?conversationId={conversation}");

        Assert.Equal([answered, sent], list["data"]!.AsArray().Select(message => (string)message!["id"]!));
    }

    [Fact]
    public async Task A_message_of_a_campaign_that_is_throttled_waits_in_the_queue_for_bulk()
    {
        var person = Host.NewPhone();
        var rule = Twilio.Throttle;
        rule["times"] = 1;
        await Twilio.RuleAsync(_host, person, rule);
        var request = Twilio.Text(person, "To everybody");
        request["priority"] = "bulk";

        var id = await _host.SendAsync(request, "delivered");

        Assert.Equal(2, (int)(await _host.Client.GetAsync($"/api/v1/messages/{id}"))["parts"]![0]!["attempts"]!);
        Assert.Single(await Twilio.TakenAsync(_host, person));
    }

    [Fact]
    public async Task An_answer_that_was_lost_and_has_no_receipt_is_found_at_the_carrier()
    {
        var person = Host.NewPhone();
        await Twilio.RuleAsync(_host, person, new() { ["acceptThen"] = "reset", ["receipts"] = new JsonObject { ["lost"] = true } });
        var id = await _host.SendAsync(Twilio.Text(person, "Did you hear that?"), "unknown");

        await Host.UntilAsync(async () =>
        {
            await _host.Local.TickAsync();
            return await _host.StatusAsync(id) == "sent" ? id : null;
        }, everyMilliseconds: 500);

        var taken = Assert.Single(await Twilio.TakenAsync(_host, person))!;
        Assert.Equal(
            (string?)taken["sid"], (string?)(await _host.Client.GetAsync($"/api/v1/messages/{id}"))["parts"]![0]!["carrierMessageId"]);
    }
}
