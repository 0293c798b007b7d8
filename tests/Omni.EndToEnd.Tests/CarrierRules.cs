using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace Omni.EndToEnd.Tests;

/// <summary>
/// What must be so with every carrier, through the whole stack and judged by what the simulated carrier took.
/// A carrier's tests give its scene.
/// </summary>
public abstract class CarrierRules(Scene scene, SharedHost shared) : IClassFixture<SharedHost>
{
    /// <summary>The stack.</summary>
    protected Host Host => shared.Host;

    /// <summary>The carrier.</summary>
    protected Scene Scene => scene;

    [Fact]
    public async Task A_message_reaches_its_last_status_and_the_carrier_was_asked_once()
    {
        var person = await scene.NewPersonAsync(Host);
        await RuleAsync(person, new() { ["receipts"] = new JsonObject { ["path"] = Path } });

        var id = await Host.SendAsync(scene.Text(person, "Hello"), scene.Last);

        Assert.Single(await scene.TakenAsync(Host, person));
        var timeline = await Host.TimelineAsync(id);
        Assert.Equal(["accepted", "sending"], timeline[..2]);
        // Not the last one always: a receipt may come in before the sender has read the answer to its call,
        // and the timeline is in the order of coming in.
        Assert.Contains(scene.Last, timeline);
        Assert.Equal(timeline.Distinct(), timeline);
    }

    [Fact]
    public async Task Signed_calls_are_taken_with_all_their_messages_and_receipts_and_a_replay_changes_nothing()
    {
        var (ann, bob) = (await scene.NewPersonAsync(Host), await scene.NewPersonAsync(Host));
        var (toAnn, toBob) = (await SendUnreportedAsync(ann), await SendUnreportedAsync(bob));
        Written[] messages = [new(ann, scene.Ours[0], "First."), new(bob, scene.Ours[^1], "Second."), new(ann, scene.Ours[0], "Third.")];

        var calls = scene.Calls(Host, messages, [toAnn.Submission, toBob.Submission]);
        foreach (var call in calls) await ExpectTakenAsync(call);

        await Host.ExpectAsync(toAnn.Id, scene.Last);
        await Host.ExpectAsync(toBob.Id, scene.Last);
        await TextsAsync(ann, "First.", "Third.");
        await TextsAsync(bob, "Second.");
        Assert.Equal(
            scene.Ours[^1], AddressOf((await Host.InboundAsync(scene.FilterOf(bob))).Single(m => TextOf(m!) == "Second.")!["to"]!));

        await Host.DrainAsync("omni-inbound");
        var before = await StateAsync();
        foreach (var call in calls) await ExpectTakenAsync(call);
        await Host.DrainAsync("omni-inbound");
        Assert.Equal(before, await StateAsync());

        async Task<string> StateAsync() => string.Join('\n',
            (await Host.InboundAsync(scene.FilterOf(ann))).ToJsonString(), (await Host.InboundAsync(scene.FilterOf(bob))).ToJsonString(),
            (await Host.Client.GetAsync($"/api/v1/messages/{toAnn.Id}/timeline")).ToJsonString(),
            (await Host.Client.GetAsync($"/api/v1/messages/{toBob.Id}/timeline")).ToJsonString());
    }

    [Fact]
    public async Task A_changed_byte_and_a_missing_signature_are_refused_with_the_same_answer()
    {
        var person = await scene.NewPersonAsync(Host);
        var message = new Written(person, scene.Ours[0], "Not mine.");
        var call = Assert.Single(scene.Calls(Host, [message], []));

        var changed = await scene.Tamper(call, message).MakeAsync(Host);
        var unsigned = await scene.Strip(call).MakeAsync(Host);

        Assert.InRange((int)changed.Status, 401, 404);
        Assert.Equal((changed.Status, changed.Body), (unsigned.Status, unsigned.Body));
        foreach (var secret in scene.Settings.Values) Assert.DoesNotContain(secret, changed.Body, StringComparison.Ordinal);
        await Host.DrainAsync("omni-inbound");
        await TextsAsync(person);
    }

    [Fact]
    public async Task An_unknown_event_is_acknowledged_and_is_no_message()
    {
        var person = await scene.NewPersonAsync(Host);

        await ExpectTakenAsync(scene.UnknownEvent(Host, person));

        await Host.DrainAsync("omni-inbound");
        await TextsAsync(person);
    }

    public static TheoryData<string, string> OddCalls() => new()
    {
        { "", "" },
        { "application/x-www-form-urlencoded", "Body=%ZZ&=&&From" },
        { "application/json", """{"Body":"Hello"}""" },
        { "application/json", "[{]" },
        { "text/plain", "Hello" },
        { "application/octet-stream", "\u0000\u0001" },
        { "", "Hello" },
    };

    [Theory, MemberData(nameof(OddCalls))]
    public async Task An_odd_call_that_proves_nothing_is_refused(string contentType, string body)
    {
        var call = scene.Calls(Host, [new(Host.NewPhone(), scene.Ours[0], "Hello")], [])
            .Single() with { Body = body, ContentType = contentType };

        Assert.InRange((int)(await scene.Strip(call).MakeAsync(Host)).Status, 400, 499);
    }

    [Fact]
    public async Task A_throttled_message_is_sent_later_and_the_status_shows_the_senders_refusal()
    {
        var person = await scene.NewPersonAsync(Host);
        var rule = scene.Throttle;
        rule["times"] = 1;
        await RuleAsync(person, rule);

        var id = await Host.Client.SendAsync(scene.Text(person, "Patience"));

        var carriers = (await Host.Client.GetAsync("/api/v1/carriers"))["data"]!.AsArray();
        if (carriers.Single(carrier => (string?)carrier!["id"] == scene.Carrier)!["limits"]!["ratePerSecond"] is not null)
        {
            await Host.UntilAsync(async () =>
            {
                var senders = (await Host.Client.GetAsync($"/api/v1/carriers/{scene.Carrier}/status"))["senders"]!.AsArray();
                var ours = senders.SingleOrDefault(one => one!["sender"] is not { } from || AddressOf(from) == scene.Ours[0]);
                return (int?)ours?["refusalsInLastMinute"] > 0 ? ours : null;
            });
        }

        await Host.ExpectAsync(id, scene.Delivered);
        Assert.Single(await scene.TakenAsync(Host, person));
        Assert.Equal(2, (int)(await Host.Client.GetAsync($"/api/v1/messages/{id}"))["parts"]![0]!["attempts"]!);
    }

    [Fact]
    public async Task A_permanent_refusal_fails_with_the_carriers_code()
    {
        var person = await scene.NewPersonAsync(Host);
        var rule = new JsonObject { ["errorCode"] = scene.Refusal.Code };
        if (scene.Refusal.Status is { } status) rule["httpStatus"] = status;
        await RuleAsync(person, rule);

        var id = await Host.SendAsync(scene.Text(person, "Anybody there?"), "failed");

        Assert.Equal(scene.Refusal.Code, (string?)(await Host.Client.GetAsync($"/api/v1/messages/{id}"))["error"]!["carrierCode"]);
        Assert.Empty(await scene.TakenAsync(Host, person));
    }

    [Theory]
    [InlineData("timeout")]
    [InlineData("reset")]
    [InlineData("500")]
    public async Task A_message_whose_answer_is_lost_after_acceptance_is_not_sent_twice(string how)
    {
        var person = await scene.NewPersonAsync(Host);
        await RuleAsync(person, new() { ["times"] = 1, ["acceptThen"] = how });

        await Host.SendAsync(scene.Text(person, "Once, please"), scene.AfterLostAnswer);

        // What is behind it in its queue goes out when it is done with.
        await Host.SendAsync(scene.Text(person, "The next one"), scene.Delivered);
        Assert.Equal(2, (await scene.TakenAsync(Host, person)).Count);
    }

    [Fact]
    public async Task Receipts_that_come_twice_and_backwards_end_in_the_same_status()
    {
        var person = await scene.NewPersonAsync(Host);
        await RuleAsync(person, new() { ["receipts"] = new JsonObject { ["path"] = Path, ["shuffle"] = true, ["duplicate"] = 2 } });

        var id = await Host.Client.SendAsync(scene.Text(person, "Thrice told"));
        await Host.UntilAsync(async () =>
            await scene.TakenAsync(Host, person) is [{ } taken] && scene.ReceiptsOf(taken).Count == 3 * scene.Path.Count ? taken : null);

        await Host.ExpectAsync(id, scene.Last);
        await Host.DrainAsync("omni-inbound");
        var timeline = await Host.TimelineAsync(id);
        Assert.Equal(timeline.Distinct(), timeline);
        Assert.Equal(scene.Last, (string?)(await Host.Client.GetAsync($"/api/v1/messages/{id}"))["status"]);
        Assert.Single(await scene.TakenAsync(Host, person));
    }

    [Fact]
    public async Task A_picture_comes_in_and_can_be_read_byte_for_byte()
    {
        var person = await scene.NewPersonAsync(Host);
        byte[] bytes =
            [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A, .. Guid.NewGuid().ToByteArray(), .. new byte[3000], 0xFF];
        await Host.Client.PostAsync($"/sim/{scene.Carrier}/inbound", scene.Picture(person, bytes));

        var file = await Host.UntilAsync(async () =>
        {
            foreach (var message in await Host.InboundAsync(scene.FilterOf(person)))
            {
                var read = await Host.Client.GetAsync($"/api/v1/messages/{message!["id"]}");
                if (read["files"]?[0] is { } found && (string?)found["status"] != "pending") return found;
            }

            return null;
        });

        Assert.Equal(("stored", (long?)bytes.Length), ((string?)file["status"], (long?)file["bytes"]));
        using var leads = await Host.Client.Http.GetAsync($"/api/v1/media/{file["mediaId"]}");
        using var anybody = new HttpClient();
        using var answer = await anybody.GetAsync(leads.Headers.Location);
        Assert.Equal(bytes, await answer.Content.ReadAsByteArrayAsync());
        Assert.Equal("image/png", answer.Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public async Task What_the_carrier_cannot_carry_is_refused_by_a_problem_that_names_the_field_and_the_limit()
    {
        var person = await scene.NewPersonAsync(Host);
        var (content, field, limit) = scene.NotCarried;

        using var answer = await Host.Client.Http.PostAsJsonAsync("/api/v1/messages/send", scene.Send(person, content));

        Assert.Equal(
            (HttpStatusCode.UnprocessableEntity, "application/problem+json"),
            (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
        var problem = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
        Assert.Equal(("not_carried", 422), ((string?)problem["code"], (int?)problem["status"]));
        foreach (var member in (string[])["type", "title", "detail", "requestId"]) Assert.NotNull(problem[member]);
        var error = Assert.Single(problem["errors"]!.AsArray());
        Assert.Equal(field, (string?)error!["field"]);
        Assert.Contains(limit, (string?)error["detail"], StringComparison.Ordinal);
        Assert.Empty(await scene.TakenAsync(Host, person));
    }

    /// <summary>Fails unless a call is answered as taken.</summary>
    protected async Task ExpectTakenAsync(CarrierCall call)
    {
        var answer = await call.MakeAsync(Host);
        Assert.True((int)answer.Status is >= 200 and < 300, $"{scene}: {answer.Status} {answer.Body}");
    }

    /// <summary>Waits until a person has written exactly these texts, whatever opened their conversation.</summary>
    protected async Task TextsAsync(string person, params string[] texts)
    {
        if (texts.Length > 0) await Host.UntilAsync(async () => await ReadAsync() is { } read && read.Length >= texts.Length ? read : null);
        Assert.Equal(texts.Order(), await ReadAsync());

        async Task<string[]> ReadAsync() =>
            [.. (await Host.InboundAsync(scene.FilterOf(person))).Select(m => TextOf(m!) ?? "").Where(text => text != Greeting).Order()];
    }

    /// <summary>What opens a conversation where one must be open.</summary>
    public const string Greeting = "Good morning.";

    private JsonArray Path => [.. scene.Path.Select(status => (JsonNode)status)];

    private Task RuleAsync(string person, JsonObject rule) => scene.RuleAsync(Host, person, rule);

    // Taken by the carrier, which then says nothing of it: the test will.
    /// <summary>A message whose receipts come without our reference reaches its last status all the same.</summary>
    /// <param name="forget">Takes the reference out of what the carrier took.</param>
    protected async Task ExpectFoundWithoutReferenceAsync(Action<JsonNode> forget)
    {
        var person = await scene.NewPersonAsync(Host);
        var (id, submission) = await SendUnreportedAsync(person);
        forget(submission);

        foreach (var call in scene.Calls(Host, [], [submission])) await ExpectTakenAsync(call);

        await Host.ExpectAsync(id, scene.Last);
    }

    private async Task<(string Id, JsonNode Submission)> SendUnreportedAsync(string person)
    {
        await RuleAsync(person, new() { ["receipts"] = new JsonObject { ["lost"] = true } });
        var id = await Host.SendAsync(scene.Text(person, "Tell me"), "sent");
        return (id, Assert.Single(await scene.TakenAsync(Host, person))!);
    }

    private static string? TextOf(JsonNode message) => (string?)(message["content"]!["body"] ?? message["content"]!["caption"]);

    private static string? AddressOf(JsonNode address) => (string?)(address is JsonObject ? address["value"] : address);
}
