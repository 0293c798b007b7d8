using System.Text.Json.Nodes;

namespace Omni.EndToEnd.Tests;

/// <summary>Functions as processes of their own, killed while they work.</summary>
[Collection(IsolatedHost.Name)]
public sealed class CrashTests(IsolatedHost host)
{
    private static readonly Scene Twilio = Scene.Of("twilio");

    [Fact]
    public async Task A_message_is_delivered_by_functions_in_processes_of_their_own()
    {
        var person = Host.NewPhone();
        var id = await host.SendAsync(Twilio.Text(person, "Hello"), "delivered");
        await host.ExpectTimelineAsync(id, "accepted", "sending", "sent", "delivered");
    }

    [Fact]
    public async Task A_sender_killed_between_acceptance_and_outcome_sends_once_and_the_message_is_delivered()
    {
        var person = Host.NewPhone();
        await host.SendAsync(Twilio.Text(person, "The sender is warm"), "delivered");
        await Twilio.RuleAsync(
            host, person, new() { ["times"] = 1, ["acceptThen"] = "timeout", ["receipts"] = new JsonObject { ["lost"] = true } });
        var id = await host.Client.SendAsync(Twilio.Text(person, "Killed"));
        var taken = await Host.UntilAsync(async () => await Twilio.TakenAsync(host, person) is { Count: 2 } both ? both : null);

        // The carrier has it, the function waits for the answer.
        Assert.Equal("sending", (string?)(await host.Client.GetAsync($"/api/v1/messages/{id}/status"))["status"]);
        await host.KillAsync("Omni.Twilio.Outbound");

        foreach (var receipt in Twilio.Calls(host, [], [taken[^1]!])) Assert.True((int)(await receipt.MakeAsync(host)).Status < 300);
        await host.ExpectAsync(id, "delivered");
        Assert.Equal(2, (await Twilio.TakenAsync(host, person)).Count);
        await host.SendAsync(Twilio.Text(Host.NewPhone(), "A new process goes on"), "delivered");
        Assert.Equal(2, (await Twilio.TakenAsync(host, person)).Count);
    }

    [Fact]
    public async Task A_killed_dispatcher_loses_nothing()
    {
        var people = Enumerable.Range(0, 4).Select(_ => Host.NewPhone()).ToArray();
        var ids = new List<string>();
        foreach (var person in people)
        {
            ids.Add(await host.Client.SendAsync(Twilio.Text(person, "In a burst")));
            await host.KillAsync("Omni.Dispatcher");
        }

        foreach (var id in ids) await host.ExpectAsync(id, "delivered");
        foreach (var person in people) Assert.Single(await Twilio.TakenAsync(host, person));
    }

    [Fact]
    public async Task A_function_starts_with_its_first_event_and_is_replaced_when_it_dies()
    {
        Assert.Empty(host.AtStart);

        await host.Client.GetAsync("/api/v1/carriers");
        var before = (await host.ProcessesAsync())["Omni.Api"];
        await host.KillAsync("Omni.Api");
        await host.Client.GetAsync("/api/v1/carriers");
        var after = (await host.ProcessesAsync())["Omni.Api"];

        Assert.NotEmpty(before);
        Assert.NotEmpty(after);
        Assert.Empty(before.Intersect(after));
    }
}
