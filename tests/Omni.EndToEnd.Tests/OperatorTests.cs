using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Amazon.SQS.Model;
using Omni.Aws;
using Omni.Shared;
using Message = Omni.Shared.Message;

namespace Omni.EndToEnd.Tests;

/// <summary>A host that nobody else sends through: what is paused in it, and what is dead, is in nobody's way.</summary>
public sealed class OperatorHost() : Host(SharedHost.IsIsolatedRun);

/// <summary>What those do who look after the service.</summary>
public sealed class OperatorTests(OperatorHost host) : IClassFixture<OperatorHost>
{
    private const string DeadLetters = "/api/v1/admin/dead-letters";
    private const string Outbound = "omni-twilio-outbound.fifo";
    private const string OutboundDead = "omni-twilio-outbound-dlq.fifo";

    private static readonly Scene Twilio = Scene.Of("twilio");

    [Fact]
    public async Task A_paused_carrier_keeps_its_messages_and_sends_them_in_order_when_it_is_resumed()
    {
        const int Rounds = 10;
        var people = Enumerable.Range(0, 20).Select(_ => Host.NewPhone()).ToArray();
        await host.Client.PostAsync("/api/v1/carriers/twilio/pause", new() { ["reason"] = "It delivers everything twice." });
        await Task.Delay(PauseStore.Resolution); // a sender that looked just before does not know yet
        var ids = new List<string>();
        for (var round = 1; round <= Rounds; round++)
        {
            // Of each conversation one after the other: in the queue, the order is that in which they came there.
            var text = $"Number {round}";
            ids.AddRange(await Task.WhenAll(people.Select(person => host.Client.SendAsync(Twilio.Text(person, text)))));
            await Host.UntilAsync(async () => await CountAsync(Outbound) == ids.Count ? ids : null, everyMilliseconds: 200);
        }

        var status = await host.Client.GetAsync("/api/v1/carriers/twilio/status");
        Assert.Equal("paused", (string?)status["state"]);
        Assert.Equal(
            ("It delivers everything twice.", "key_local"), ((string?)status["paused"]!["reason"], (string?)status["paused"]!["by"]));
        foreach (var person in people) Assert.Empty(await Twilio.TakenAsync(host, person));

        await host.Client.PostAsync("/api/v1/carriers/twilio/resume");

        foreach (var person in people)
        {
            var taken = await Host.UntilAsync(
                async () => await Twilio.TakenAsync(host, person) is { Count: Rounds } all ? all : null, everyMilliseconds: 500);
            Assert.Equal(
                Enumerable.Range(1, Rounds).Select(round => $"Number {round}"), taken.Select(s => (string?)s!["parameters"]!["Body"]![0]));
        }

        foreach (var id in ids.TakeLast(people.Length)) await host.ExpectAsync(id, "delivered");
        Assert.Equal("ok", (string?)(await host.Client.GetAsync("/api/v1/carriers/twilio/status"))["state"]);
    }

    [Fact]
    public async Task A_paused_sender_keeps_its_messages_and_sends_them_in_order_when_it_is_active_again()
    {
        var number = Twilio.Ours[1]; // nobody else on this host writes from it
        var person = Host.NewPhone();
        await RegisterAsync("paused");
        var ids = new List<string>();
        foreach (var text in (string[])["First", "Second", "Third"])
        {
            var message = Twilio.Text(person, text);
            message["from"] = number;
            ids.Add(await host.Client.SendAsync(message));
            await Host.UntilAsync(async () => await CountAsync(Outbound) == ids.Count ? ids : null);
        }

        // Others are not held up meanwhile.
        await host.SendAsync(Twilio.Text(Host.NewPhone(), "From another"), "delivered");
        Assert.Empty(await Twilio.TakenAsync(host, person));

        await RegisterAsync("active");

        foreach (var id in ids) await host.ExpectAsync(id, "delivered");
        Assert.Equal(
            ["First", "Second", "Third"], (await Twilio.TakenAsync(host, person)).Select(s => (string?)s!["parameters"]!["Body"]![0]));

        async Task RegisterAsync(string state)
        {
            using var answer = await host.Client.Http.PutAsJsonAsync(
                $"/api/v1/senders/twilio/{number}", new JsonObject { ["channels"] = new JsonArray("sms"), ["state"] = state });
            answer.EnsureSuccessStatusCode();
        }
    }

    [Fact]
    public async Task A_poison_record_is_seen_explained_and_redriven()
    {
        var poison = $"Not a command {Guid.NewGuid()}";
        await PutAsync(Outbound, poison);

        var seen = await Host.UntilAsync(async () => await SeeAsync(OutboundDead) is { Count: > 0 } some ? some : null);
        Assert.Equal("unreadable", (string?)seen[0]!["what"]);
        Assert.StartsWith("not a command at $", (string?)seen[0]!["problem"], StringComparison.Ordinal);
        Assert.DoesNotContain(poison, seen.ToJsonString(), StringComparison.Ordinal);

        // It goes back, and is what it was: here again, as a new one.
        Assert.Equal(1, (int)(await RedriveAsync(OutboundDead))["redriven"]!);
        var again = await Host.UntilAsync(async () => await SeeAsync(OutboundDead) is { Count: > 0 } some ? some : null);
        Assert.NotEqual((string?)seen[0]!["id"], (string?)again[0]!["id"]);

        var record = (await host.Sqs.ReceiveMessageAsync(host.Local.QueueUrls[OutboundDead])).Messages.Single();
        await host.Sqs.DeleteMessageAsync(host.Local.QueueUrls[OutboundDead], record.ReceiptHandle);
    }

    [Theory]
    [InlineData("normal")]
    [InlineData("bulk")]
    public async Task A_send_that_died_before_it_was_begun_is_sent(string priority)
    {
        var person = Host.NewPhone();
        var id = "msg_died" + person[1..];
        await PutAsync(
            OutboundDead,
            $$$$"""
            {"type":"send","message":{"id":"{{{{id}}}}","carrier":"twilio","to":"{{{{person}}}}","from":"{{{{Twilio.Ours[0]}}}}",
             "priority":"{{{{priority}}}}","content":{"type":"text","body":"At last"}}}
            """);

        Assert.Equal(1, (int)(await RedriveAsync(OutboundDead))["redriven"]!);

        await Host.UntilAsync(async () => await Twilio.TakenAsync(host, person) is { Count: 1 } once ? once : null);
        await host.ExpectAsync(id, "delivered");
    }

    [Fact]
    public async Task A_message_that_is_finished_is_not_sent_again_whatever_died()
    {
        var person = Host.NewPhone();
        var id = await host.SendAsync(Twilio.Text(person, "Once"), "delivered");
        await PutAsync(OutboundDead, Command(id, person));
        await PutAsync("omni-dispatcher-dlq", Change(id));
        await PutAsync("omni-media-dlq.fifo", $$"""{"messageId":"{{id}}"}""");

        Assert.Equal(1, (int)(await RedriveAsync(OutboundDead))["finished"]!);
        Assert.Equal(1, (int)(await RedriveAsync("omni-dispatcher-dlq"))["finished"]!);
        Assert.Equal(("media", id), Named((await SeeAsync("omni-media-dlq.fifo"))[0]!));
        Assert.Equal(1, (int)(await RedriveAsync("omni-media-dlq.fifo"))["finished"]!);

        await host.SendAsync(Twilio.Text(person, "Twice would be here by now"), "delivered");
        Assert.Equal(2, (await Twilio.TakenAsync(host, person)).Count);
    }

    [Fact]
    public async Task What_clients_were_not_told_of_is_told()
    {
        var after = (string)(await host.Client.GetAsync("/api/v1/events?after=latest"))["nextCursor"]!;
        var id = await host.SendAsync(Twilio.Text(Host.NewPhone(), "Heard?"), "delivered");
        await PutAsync("omni-recorder-dlq", Change(id));

        Assert.Equal(1, (int)(await RedriveAsync("omni-recorder-dlq"))["redriven"]!);

        var told = new List<string>();
        await Host.UntilAsync(async () =>
        {
            var page = await host.Client.GetAsync($"/api/v1/events?after={after}&types=message.delivered");
            after = (string)page["nextCursor"]!;
            told.AddRange(page["data"]!.AsArray().Where(e => (string?)e!["data"]!["id"] == id).Select(e => (string)e!["id"]!));
            return told.Count == 2 ? told : null;
        });
        Assert.Single(told.Distinct());
    }

    [Fact]
    public async Task What_a_webhook_took_is_written()
    {
        var person = Host.NewPhone();
        var envelope = new InboundEnvelope
        {
            Carrier = "twilio",
            ReceivedAt = TimeProvider.System.GetUtcNow(),
            Event = new CarrierEvent.MessageReceived
            {
                CarrierMessageId = "SM" + Guid.NewGuid().ToString("N"), From = Address.Phone(person), To = Address.Phone(Twilio.Ours[0]),
                Content = new TextContent { Body = "Hello?" },
            },
        };
        await PutAsync("omni-inbound-dlq", JsonSerializer.Serialize(envelope, OmniJson.Wire.InboundEnvelope));

        Assert.Equal("messageReceived", (string?)(await SeeAsync("omni-inbound-dlq"))[0]!["what"]);
        Assert.Equal(1, (int)(await RedriveAsync("omni-inbound-dlq"))["redriven"]!);

        await host.InboundAsync(person, 1);
    }

    [Fact]
    public async Task A_wake_that_died_wakes()
    {
        await PutAsync("omni-notify-dlq.fifo", """{"tenant":"default","endpoint":"whe_00000000000000000000000000000000","lane":0}""");

        Assert.Equal("wake", (string?)(await SeeAsync("omni-notify-dlq.fifo"))[0]!["what"]);
        Assert.Equal(1, (int)(await RedriveAsync("omni-notify-dlq.fifo"))["redriven"]!);

        await host.DrainAsync("omni-notify.fifo"); // of an endpoint that is gone nothing is left to do
        Assert.Empty(await SeeAsync("omni-notify-dlq.fifo"));
    }

    [Fact]
    public async Task A_step_of_a_batch_that_died_is_taken()
    {
        var batch = "bat_" + new string('0', 32);
        await PutAsync("omni-batches-dlq.fifo", $$"""{"batchId":"{{batch}}","dispatch":0}""");

        Assert.Equal(("step", batch), Named((await SeeAsync("omni-batches-dlq.fifo"))[0]!));
        Assert.Equal(1, (int)(await RedriveAsync("omni-batches-dlq.fifo"))["redriven"]!);

        await host.DrainAsync("omni-batches.fifo"); // of a batch that is gone nothing is left to do
        Assert.Empty(await SeeAsync("omni-batches-dlq.fifo"));
    }

    private static string Command(string id, string person) => JsonSerializer.Serialize<OutboundCommand>(
        new OutboundCommand.Send
        {
            Message = new Message
            {
                Id = id, Carrier = "twilio", To = Address.Phone(person), From = Address.Phone(Twilio.Ours[0]),
                Content = new TextContent { Body = "Once" }, CreatedAt = TimeProvider.System.GetUtcNow(),
            },
        },
        OmniJson.Wire.OutboundCommand);

    private static string Change(string id) => $$"""{"messageId":"{{id}}","sequenceNumber":"1","problem":"The item cannot be read."}""";

    private Task PutAsync(string queue, string body)
    {
        var isFifo = queue.EndsWith(".fifo", StringComparison.Ordinal);
        return host.Sqs.SendMessageAsync(new SendMessageRequest
        {
            QueueUrl = host.Local.QueueUrls[queue], MessageBody = body, MessageGroupId = isFifo ? Guid.NewGuid().ToString() : null,
            MessageDeduplicationId = isFifo ? Guid.NewGuid().ToString() : null,
        });
    }

    private static (string?, string?) Named(JsonNode letter) => ((string?)letter["what"], (string?)letter["subject"]);

    private async Task<JsonArray> SeeAsync(string queue) =>
        Assert.Single((await host.Client.GetAsync($"{DeadLetters}?queue={queue}"))["data"]!.AsArray())!["sample"]!.AsArray();

    private async Task<JsonNode> RedriveAsync(string queue) =>
        (await host.Client.PostAsync(DeadLetters + "/redrive", new() { ["queue"] = queue }))!;

    private async Task<int> CountAsync(string queue)
    {
        var read = await host.Sqs.GetQueueAttributesAsync(
            new GetQueueAttributesRequest { QueueUrl = host.Local.QueueUrls[queue], AttributeNames = ["All"] });
        return read.ApproximateNumberOfMessages + read.ApproximateNumberOfMessagesNotVisible;
    }
}
