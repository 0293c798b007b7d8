using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Amazon.DynamoDBv2.Model;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using Omni.Shared;

namespace Omni.EndToEnd.Tests;

/// <summary>What is deleted is gone from tables, files and logs, and does not come back.</summary>
public sealed class PrivacyTests(SharedHost shared) : IClassFixture<SharedHost>
{
    private const string Outbound = "omni-whatsapp-outbound.fifo";

    private static readonly WhatsAppScene WhatsApp = (WhatsAppScene)Scene.Of("whatsapp");

    private static readonly byte[] Png = Convert.FromBase64String(
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==");

    private readonly Host _host = shared.Host;

    [Fact]
    public async Task What_a_message_said_is_gone_and_a_repeated_webhook_does_not_bring_it_back()
    {
        var (person, words) = (Host.NewPhone(), $"secret {Guid.NewGuid():N}");
        var call = TwoMessages(person, words, "Another");
        await call.MakeAsync(_host);
        var id = (string)(await _host.InboundAsync(person, 2)).First(m => (string?)m!["content"]!["body"] == words)!["id"]!;
        Assert.Equal(2, (await TracesAsync(words)).Count); // the message, and the carrier's call

        var report = await DeleteAsync($"/api/v1/messages/{id}/content", HttpStatusCode.OK);
        await call.MakeAsync(_host);
        await _host.DrainAsync("omni-inbound");

        Assert.Equal(["events", "queues", "backups", "unparsed"], RemnantsOf(report));
        Assert.Equal("deleted", (string?)(await _host.Client.GetAsync($"/api/v1/messages/{id}"))["content"]!["kind"]);
        await Host.UntilAsync(async () => await TracesAsync(words) is { Count: 0 } none ? none : null);
    }

    [Fact]
    public async Task The_file_of_a_message_is_gone_and_a_record_that_asks_for_it_does_not_bring_it_back()
    {
        var person = Host.NewPhone();
        await _host.Client.PostAsync("/sim/whatsapp/inbound", WhatsApp.Picture(person, Png));
        var (id, media) = await StoredAsync(person);

        await DeleteAsync($"/api/v1/messages/{id}/content", HttpStatusCode.OK);
        await _host.Sqs.SendMessageAsync(new()
        {
            QueueUrl = _host.Local.QueueUrls[Outbound], MessageGroupId = id, MessageDeduplicationId = id + ".again",
            MessageBody = JsonSerializer.Serialize<OutboundCommand>(
                new OutboundCommand.FetchMedia { MessageId = id }, OmniJson.Wire.OutboundCommand),
        });
        await _host.DrainAsync(Outbound);

        Assert.Equal(HttpStatusCode.NotFound, (await _host.Client.Http.GetAsync($"/api/v1/media/{media}")).StatusCode);
        Assert.Null((await _host.Client.GetAsync($"/api/v1/messages/{id}"))["files"]);
    }

    [Fact]
    public async Task Of_a_person_who_is_deleted_while_messages_wait_for_them_nothing_is_left_but_their_opt_out()
    {
        var (person, user, words, name) =
            (Host.NewPhone(), $"US.{Guid.NewGuid():N}", $"secret {Guid.NewGuid():N}", $"Ina {Guid.NewGuid():N}");
        string[] traces = [person[1..], user, words, name];
        var call = WhatsApp.Named(person, user, words, name);
        await call.MakeAsync(_host);
        var pair = TwoMessages(person, words, words);
        await pair.MakeAsync(_host);
        await _host.Client.PostAsync("/sim/whatsapp/inbound", WhatsApp.Picture(person, Png));
        var (_, media) = await StoredAsync(person);
        await _host.InboundAsync(person, 4);
        var delivered = await _host.SendAsync(WhatsApp.Text(person, words), WhatsApp.Delivered);

        // One waits because it was too fast for this person, one for its time; and they opt out.
        await WhatsApp.RuleAsync(_host, person, new() { ["errorCode"] = 131056, ["times"] = 1 });
        var queued = await _host.Client.SendAsync(WhatsApp.Text(person, words));
        await Host.UntilAsync(async () => (await _host.TimelineAsync(queued)).FirstOrDefault(type => type == "deferred"));
        var later = WhatsApp.Text(person, words);
        later["scheduledAt"] = TimeProvider.System.GetUtcNow().AddHours(1).ToString("O");
        later["metadata"] = new JsonObject { ["who"] = person };
        var scheduled = await _host.Client.SendAsync(later);
        using var said = await _host.Client.Http.PutAsJsonAsync($"/api/v1/consents/{person}", new JsonObject { ["evidence"] = "letter" });
        Assert.Equal(HttpStatusCode.OK, said.StatusCode);

        await DeleteAsync($"/api/v1/people/{person}", HttpStatusCode.Accepted);
        await call.MakeAsync(_host);
        await _host.ExpectAsync(queued, "canceled");
        var report = await FinishedAsync(person);
        foreach (var repeated in (CarrierCall[])[call, pair]) await repeated.MakeAsync(_host);
        await _host.DrainAsync("omni-inbound");
        await _host.DrainAsync(Outbound);

        // What they wrote, the picture, and three messages to them; a conversation under each of their names, one of them the simulator's.
        Assert.Equal((7, 3), ((int)report["messages"]!, (int)report["sessions"]!));
        Assert.Equal(["events", "queues", "backups", "unparsed"], RemnantsOf(report));
        await _host.ExpectAsync(scheduled, "canceled");
        await _host.ExpectAsync(delivered, WhatsApp.Delivered);
        Assert.Single(await WhatsApp.TakenAsync(_host, person));
        Assert.Equal(HttpStatusCode.NotFound, (await _host.Client.Http.GetAsync($"/api/v1/media/{media}")).StatusCode);
        Assert.Empty(await _host.InboundAsync(person));
        string[] optOut = [$"consent#default#phone:{person}", $"consent#default#whatsappUserId:{user}"];
        await Host.UntilAsync(async () =>
            (await TracesAsync(traces)).Order(StringComparer.Ordinal).SequenceEqual(optOut) ? optOut : null);

        var refused = await _host.SendAsync(Scene.Of("twilio").Text(person, "Are you sure?"), "rejected");
        Assert.Equal("opted_out", (string?)(await _host.Client.GetAsync($"/api/v1/messages/{refused}"))["error"]!["code"]);
    }

    private async Task<JsonNode> DeleteAsync(string path, HttpStatusCode expected)
    {
        using var answer = await _host.Client.Http.DeleteAsync(path);
        Assert.Equal(expected, answer.StatusCode);
        return JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
    }

    /// <summary>A call of two messages: it is kept beside the table.</summary>
    private CarrierCall TwoMessages(string person, params string[] texts) =>
        WhatsApp.Calls(_host, [.. texts.Select(text => new Written(person, WhatsApp.Ours[0], text))], []).Single();

    /// <summary>The message of a person whose file is kept, and the file.</summary>
    private async Task<(string Id, string MediaId)> StoredAsync(string person)
    {
        var message = await Host.UntilAsync(async () => (await _host.InboundAsync(person))
            .FirstOrDefault(message => message!["files"]?[0]?["mediaId"] is not null));
        return ((string)message["id"]!, (string)message["files"]![0]!["mediaId"]!);
    }

    private static IEnumerable<string?> RemnantsOf(JsonNode report) =>
        report["remnants"]!.AsArray().Select(remnant => (string?)remnant!["where"]);

    /// <summary>The report of a deletion that is done. It lets who writes come to an end first, for the better part of a minute.</summary>
    private async Task<JsonNode> FinishedAsync(string person)
    {
        var path = $"/api/v1/people/{person}/deletion";
        return await Host.UntilAsync(
            async () =>
            {
                await _host.Local.TickAsync();
                return await _host.Client.GetAsync(path) is { } seen && (string?)seen["status"] == "done" ? seen : null;
            },
            everyMilliseconds: 250);
    }

    /// <summary>The items, files and logs that have one of these words in them. The log of events forgets by itself.</summary>
    private async Task<IReadOnlyList<string>> TracesAsync(params string[] words)
    {
        bool Holds(string text) => words.Any(word => text.Contains(word, StringComparison.Ordinal));

        var found = new List<string>();
        using var dynamo = _host.NewDynamo();
        var tables = (await dynamo.ListTablesAsync()).TableNames;
        foreach (var table in tables.Where(table => !table.EndsWith("-events", StringComparison.Ordinal)))
        {
            for (Dictionary<string, AttributeValue>? start = null, none = []; start != none;)
            {
                var page = await dynamo.ScanAsync(new ScanRequest { TableName = table, ConsistentRead = true, ExclusiveStartKey = start });
                found.AddRange(page.Items.Where(item => Holds(Text(new() { M = item }))).Select(item => item["pk"].S));
                start = page.LastEvaluatedKey is { Count: > 0 } last ? last : none;
            }
        }

        using var s3 = new AmazonS3Client(
            new BasicAWSCredentials("local", "local"),
            new AmazonS3Config { ServiceURL = _host.Local.S3.ToString(), AuthenticationRegion = "us-east-1", ForcePathStyle = true });
        foreach (var bucket in (await s3.ListBucketsAsync()).Buckets)
        {
            var request = new ListObjectsV2Request { BucketName = bucket.BucketName };
            await foreach (var file in s3.Paginators.ListObjectsV2(request).S3Objects)
            {
                using var read = await s3.GetObjectAsync(file.BucketName ?? bucket.BucketName, file.Key);
                using var text = new StreamReader(read.ResponseStream, Encoding.Latin1);
                if (Holds(file.Key) || Holds(await text.ReadToEndAsync())) found.Add(file.Key);
            }
        }

        await using var log = new FileStream(_host.Local.LogFile, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var lines = new StreamReader(log);
        while (await lines.ReadLineAsync() is { } line)
        {
            if (Holds(line)) found.Add(line);
        }

        return found;
    }

    private static string Text(AttributeValue value) => value switch
    {
        { M.Count: > 0 } => string.Join(' ', value.M.Select(one => $"{one.Key}={Text(one.Value)}")),
        { L.Count: > 0 } => string.Join(' ', value.L.Select(Text)),
        { SS.Count: > 0 } => string.Join(' ', value.SS),
        _ => value.S ?? "",
    };
}
