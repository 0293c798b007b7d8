using System.Text.Json.Nodes;

namespace Omni.EndToEnd.Tests;

/// <summary>A processor at work: the concierge answers whoever writes, at every carrier alike.</summary>
public sealed class ConciergeTests(ConciergeHost host) : IClassFixture<ConciergeHost>
{
    private static readonly string[] AboutOrders = ["within two working days", "you get its number", "write: person"];

    public static TheoryData<string> Carriers() => [.. Scene.All.Select(scene => scene.Carrier)];

    [Theory, MemberData(nameof(Carriers))]
    public async Task The_concierge_answers_in_order_and_leaves_the_talk_to_people_until_they_give_it_back(string carrier)
    {
        var scene = Scene.Of(carrier);
        var person = await scene.NewPersonAsync(host);

        // The carrier repeats its webhook: the message is answered once.
        var asked = new Written(person, scene.Ours[0], "Where is my order?");
        await WriteAsync(scene, asked);
        await WriteAsync(scene, asked);
        var order = await AnswersAsync(scene, person, "write: person");
        Assert.Equal(AboutOrders, AboutOrders.OrderBy(text => order.FindIndex(answer => answer.Contains(text, StringComparison.Ordinal))));
        Assert.All(AboutOrders, text => Assert.Single(order, answer => answer.Contains(text, StringComparison.Ordinal)));

        await WriteAsync(scene, new(person, scene.Ours[0], "I want to talk to a human."));
        await AnswersAsync(scene, person, "A colleague will write to you here");
        var session = (string)(await host.InboundAsync(scene.FilterOf(person)))[0]!["conversationId"]!;
        Assert.Equal("asked for", (string?)(await host.Client.GetAsync($"/api/v1/sessions/{session}"))["handOff"]!["reason"]);

        // What is written meanwhile has no turn, then or later.
        var heard = (await host.InboundAsync(scene.FilterOf(person))).Count;
        await WriteAsync(scene, new(person, scene.Ours[0], "Which order did you mean?"));
        await host.InboundAsync(scene.FilterOf(person), heard + 1);
        await host.DrainAsync("omni-concierge-turns.fifo");
        Assert.Null((await host.Client.PostAsync($"/api/v1/sessions/{session}/resume", []))!["handOff"]);
        await WriteAsync(scene, new(person, scene.Ours[0], "When are you open?"));
        var all = await AnswersAsync(scene, person, "Berlin time.", times: 2);
        Assert.All(AboutOrders, text => Assert.Single(all, answer => answer.Contains(text, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_menu_that_a_carrier_shows_as_text_is_answered_by_its_number()
    {
        var scene = Scene.Of("bandwidth");
        var person = await scene.NewPersonAsync(host);
        await WriteAsync(scene, new(person, scene.Ours[0], "Hi"));
        Assert.Contains("2. Opening hours", (await AnswersAsync(scene, person, "What can we do for you?"))[0], StringComparison.Ordinal);

        await WriteAsync(scene, new(person, scene.Ours[0], "2"));
        await AnswersAsync(scene, person, "Berlin time.");
    }

    [Fact]
    public async Task Clients_are_told_that_people_have_a_conversation()
    {
        var scene = Scene.Of("twilio");
        var person = await scene.NewPersonAsync(host);
        var after = (string)(await host.Client.GetAsync("/api/v1/events?after=latest"))["nextCursor"]!;
        await WriteAsync(scene, new(person, scene.Ours[0], "agent"));
        var events = $"/api/v1/events?types=conversation.handedOff&limit=100&after={after}";
        var told = await Host.UntilAsync(async () => (await host.Client.GetAsync(events))["data"]!
            .AsArray().FirstOrDefault(e => Host.IsPhone(e!["data"]!["theirs"], person)));
        Assert.Equal(
            ("asked for", "Omni.Concierge"), ((string?)told["data"]!["reason"], (string?)told["data"]!["processor"]));
    }

    private async Task WriteAsync(Scene scene, Written written)
    {
        var answer = await Assert.Single(scene.Calls(host, [written], [])).MakeAsync(host);
        Assert.InRange((int)answer.Status, 200, 299);
    }

    /// <summary>What the simulated carrier took for a person, in the order in which it did, once one of them says so.</summary>
    private Task<List<string>> AnswersAsync(Scene scene, string person, string says, int times = 1) => Host.UntilAsync(async () =>
    {
        List<string> taken = [.. (await scene.TakenAsync(host, person)).Select(submission => submission!.ToJsonString())];
        return taken.Count(answer => answer.Contains(says, StringComparison.Ordinal)) >= times ? taken : null;
    }, $"{scene.Carrier} takes '{says}'");
}
