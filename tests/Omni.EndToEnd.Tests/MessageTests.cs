using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Amazon.Runtime;
using Amazon.SQS;
using Amazon.SQS.Model;

namespace Omni.EndToEnd.Tests;

/// <summary>Messages through the whole stack, seen through the API and judged by what the simulated carrier took.</summary>
public sealed class MessageTests(InProcessHost host) : IClassFixture<InProcessHost>
{
    [Fact]
    public async Task A_message_is_delivered_and_can_be_read_in_every_way()
    {
        var person = Host.NewPerson();
        var request = Host.Text(person, "Hello");
        request["clientReference"] = "order-42";
        request["metadata"] = new JsonObject { ["campaignId"] = "camp_001" };

        var id = await host.SendAsync(request, "delivered");

        Assert.Equal(["accepted", "sending", "sent", "delivered"], await host.TimelineAsync(id));
        var message = await host.Client.GetAsync($"/api/v1/messages/{id}");
        Assert.Equal("order-42", (string?)message["clientReference"]);
        Assert.Equal("camp_001", (string?)message["metadata"]!["campaignId"]);
        var submission = Assert.Single(await host.TakenAsync(person));
        Assert.Equal((string?)submission!["sid"], (string?)message["parts"]![0]!["carrierMessageId"]);
        var list = await host.Client.GetAsync($"/api/v1/messages?to={Uri.EscapeDataString(person)}&status=delivered");
        Assert.Equal(id, (string?)Assert.Single(list["data"]!.AsArray())!["id"]);
    }

    [Fact]
    public async Task A_list_is_paged_with_each_message_once()
    {
        var person = Host.NewPerson();
        var ids = await Task.WhenAll(Enumerable.Range(0, 7).Select(i => host.Client.SendAsync(Host.Text(person, $"Number {i}"))));

        var seen = new List<string>();
        for (string? cursor = null; ;)
        {
            var page = await host.Client.GetAsync($"/api/v1/messages?to={Uri.EscapeDataString(person)}&limit=3{(cursor is null ? "" : "&cursor=" + cursor)}");
            seen.AddRange(page["data"]!.AsArray().Select(m => (string)m!["id"]!));
            cursor = (string?)page["nextCursor"];
            if (cursor is null || seen.Count >= ids.Length) break;
        }

        Assert.Equal(ids.Order(), seen.Order());
    }

    [Fact]
    public async Task A_repeated_request_is_one_message()
    {
        var person = Host.NewPerson();
        async Task<HttpResponseMessage> PostAsync(string body)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/messages/send") { Content = JsonContent.Create(Host.Text(person, body)) };
            request.Headers.Add("Idempotency-Key", "key-" + person);
            return await host.Client.Http.SendAsync(request);
        }

        using var first = await PostAsync("Once");
        using var again = await PostAsync("Once");
        using var other = await PostAsync("Another");

        Assert.Equal(HttpStatusCode.Accepted, again.StatusCode);
        Assert.Equal(await first.Content.ReadAsStringAsync(), await again.Content.ReadAsStringAsync());
        Assert.Equal("true", again.Headers.GetValues("Idempotency-Replayed").Single());
        Assert.Equal(HttpStatusCode.UnprocessableEntity, other.StatusCode);
        await host.Client.WaitForAsync((string)JsonNode.Parse(await first.Content.ReadAsStringAsync())!["id"]!, "delivered", Host.Patience);
        Assert.Single(await host.TakenAsync(person));
    }

    [Fact]
    public async Task A_long_text_goes_out_in_parts_in_order()
    {
        var person = Host.NewPerson();
        var text = string.Concat(Enumerable.Range(0, 400).Select(i => $"{i} sheep. "));

        await host.SendAsync(Host.Text(person, text), "delivered");

        Assert.Equal(text, string.Concat((await host.TakenAsync(person)).Select(s => (string?)s!["parameters"]!["Body"]![0])));
    }

    [Theory]
    [InlineData("+15005550001", "failed", "21211")]
    [InlineData("+15005550002", "failed", "21612")]
    [InlineData("+15005550003", "failed", "21408")]
    [InlineData("+15005550009", "failed", "21614")]
    [InlineData("+15005553003", "undelivered", "30003")]
    [InlineData("+15005553005", "undelivered", "30005")]
    [InlineData("+15005553007", "failed", "30007")]
    [InlineData("+15005553036", "expired", "30036")]
    public async Task A_message_that_does_not_arrive_says_why(string to, string status, string code)
    {
        var id = await host.SendAsync(Host.Text(to, "Anybody there?"), status);

        Assert.Equal(code, (string?)(await host.Client.GetAsync($"/api/v1/messages/{id}"))["error"]!["carrierCode"]);
    }

    [Theory]
    [InlineData("""{"times":1,"acceptThen":"500"}""")]
    [InlineData("""{"times":1,"acceptThen":"reset"}""")]
    [InlineData("""{"times":1,"acceptThen":"timeout"}""")]
    [InlineData("""{"times":1,"receipts":{"duplicate":3}}""")]
    [InlineData("""{"times":1,"receipts":{"shuffle":true}}""")]
    [InlineData("""{"times":1,"receipts":{"beforeAnswer":true}}""")]
    [InlineData("""{"times":1,"httpStatus":429,"errorCode":20429}""")]
    [InlineData("""{"times":2,"httpStatus":429,"errorCode":20429,"retryAfterSeconds":1}""")]
    public async Task A_misbehaving_carrier_takes_a_message_once_and_it_is_delivered(string rule)
    {
        var person = Host.NewPerson();
        await host.RuleAsync(person, JsonNode.Parse(rule)!.AsObject());

        var id = await host.SendAsync(Host.Text(person, "Once, please"), "delivered");

        Assert.Single(await host.TakenAsync(person));
        var timeline = await host.TimelineAsync(id);
        Assert.Single(timeline, type => type == "delivered");
    }

    [Fact]
    public async Task Stop_is_obeyed_until_start()
    {
        var person = Host.NewPerson();
        async Task WriteAsync(string word) =>
            await host.Client.PostAsync("/sim/twilio/inbound", new() { ["from"] = person, ["to"] = Host.Ours, ["body"] = word });

        await WriteAsync("STOP");
        await host.InboundAsync(person);
        var refused = await host.SendAsync(Host.Text(person, "Are you sure?"), "rejected");
        Assert.Equal("opted_out", (string?)(await host.Client.GetAsync($"/api/v1/messages/{refused}"))["error"]!["code"]);
        Assert.Empty(await host.TakenAsync(person));

        await WriteAsync("START");
        await Host.UntilAsync(async () =>
            (await host.Client.GetAsync($"/api/v1/messages?direction=inbound&from={Uri.EscapeDataString(person)}"))["data"]!.AsArray() is { Count: 2 } two ? two : null);
        await host.SendAsync(Host.Text(person, "Welcome back"), "delivered");
    }

    [Fact]
    public async Task A_scheduled_message_waits_for_its_time_and_a_tick()
    {
        var person = Host.NewPerson();
        var request = Host.Text(person, "Good morning");
        request["scheduledAt"] = TimeProvider.System.GetUtcNow().AddSeconds(2).ToString("O");
        var id = await host.Client.SendAsync(request);
        Assert.Equal("scheduled", (string?)(await host.Client.GetAsync($"/api/v1/messages/{id}/status"))["status"]);

        await Host.UntilAsync(async () =>
        {
            await host.Local.TickAsync();
            return (string?)(await host.Client.GetAsync($"/api/v1/messages/{id}/status"))["status"] == "delivered" ? id : null;
        });

        Assert.Contains("released", await host.TimelineAsync(id));
        Assert.Single(await host.TakenAsync(person));
    }

    [Fact]
    public async Task A_record_put_into_the_queue_by_hand_is_sent_once_and_can_be_read()
    {
        var person = Host.NewPerson();
        var id = "msg_byhand" + person[1..];
        using var sqs = new AmazonSQSClient(new BasicAWSCredentials("local", "local"), new AmazonSQSConfig { ServiceURL = host.Local.Sqs.ToString(), AuthenticationRegion = "us-east-1" });
        foreach (var time in (string[])["first", "second"])
        {
            await sqs.SendMessageAsync(new SendMessageRequest
            {
                QueueUrl = host.Local.QueueUrls["omni-twilio-outbound.fifo"],
                MessageGroupId = "by-hand",
                MessageDeduplicationId = person + time,
                MessageBody = $$$$"""
                    {"type":"send","message":{"id":"{{{{id}}}}","carrier":"twilio","to":"{{{{person}}}}","from":"{{{{Host.Ours}}}}","content":{"type":"text","body":"By hand"}}}
                    """,
            });
        }

        await Host.UntilAsync(async () =>
        {
            using var answer = await host.Client.Http.GetAsync($"/api/v1/messages/{id}/status");
            return answer.IsSuccessStatusCode && (string?)JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["status"] == "delivered" ? id : null;
        });
        await host.SendAsync(Host.Text(person, "What was behind it in the queue is through"), "delivered");
        Assert.Single(await host.TakenAsync(person), s => s!.ToJsonString().Contains("By hand", StringComparison.Ordinal));
    }
}
