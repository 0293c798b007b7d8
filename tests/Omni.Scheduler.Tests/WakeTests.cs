using System.Text.Json;
using Amazon.Lambda.Core;
using Microsoft.Extensions.Logging.Abstractions;
using Moq;
using Omni.Aws;
using Omni.Shared;
using Omni.Testing;
using Omni.Testing.Simulation;

namespace Omni.Scheduler.Tests;

/// <summary>Processors that wished to be woken.</summary>
public sealed class WakeTests(EmulatorFixture emulators) : TableTests(emulators, Start)
{
    private static readonly DateTimeOffset Start = new(2026, 3, 2, 10, 0, 0, TimeSpan.Zero);

    private MemoryQueue Queue => field ??= new(Clock);

    [Fact]
    public async Task A_processor_is_given_each_turn_that_is_due_until_one_took_effect()
    {
        var talk = new Conversation(
            Defaults.Tenant, "twilio", Defaults.Account, Address.Phone("+12065550100"), Address.Phone("+14155550123"));
        var dialog = new Dialog
        {
            Conversation = talk, Processor = "Omni.Concierge",
            Wakes = new Dictionary<string, DateTimeOffset>
            {
                ["second"] = Start.AddMinutes(2), ["first"] = Start.AddMinutes(1), ["later"] = Start.AddHours(1),
            },
        };
        await Tables.Aws.Dialogs.WriteAsync(new("wake_0", dialog, null, TurnResult.Taken, [], null));
        Assert.Equal(new SchedulerReport(), await RunAsync());

        Clock.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal(new SchedulerReport(Woken: 2), await RunAsync());
        await RunAsync(); // the same again: the queue takes it for a repeat

        var woken = Queue.Receive();
        Assert.Equal(
            [("first", Start.AddMinutes(1)), ("second", Start.AddMinutes(2))],
            woken.Select(record => Assert.IsType<TurnCommand.Wake>(JsonSerializer.Deserialize(record.Body, OmniJson.Wire.TurnCommand)))
                .Select(wake => (wake.Name, wake.DueAt)));
        Assert.All(woken, record => Assert.Equal(talk.Id, record.GroupId));
    }

    [Fact]
    public async Task A_processor_that_is_gone_holds_up_nobody()
    {
        foreach (var (n, name) in ((string[])["Omni.Gone", "Omni.Concierge"]).Index())
        {
            var talk = new Conversation(
                Defaults.Tenant, "twilio", Defaults.Account, Address.Phone("+12065550100"), Address.Phone($"+1415555012{n}"));
            await Tables.Aws.Dialogs.WriteAsync(new(
                "wake_0",
                new()
                {
                    Conversation = talk, Processor = name,
                    Wakes = new Dictionary<string, DateTimeOffset> { ["idle"] = Start.AddMinutes(1) },
                },
                null, TurnResult.Taken, [], null));
        }

        Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(new SchedulerReport(Woken: 1, Failed: 1), await RunAsync());
    }

    private Task<SchedulerReport> RunAsync()
    {
        var wakes = new WakeRounds(
            Tables.Aws.Dialogs, new(Queue.NewClient(() => Task.CompletedTask)),
            new Dictionary<string, string> { ["Omni.Concierge"] = MemoryQueue.Url }, Clock);
        return new Function(
            Tables.Aws.Messages, Tables.Aws.Batches, rounds: null, wakes, usage: null, templates: null, people: null, Clock,
            NullLogger.Instance).HandleAsync(default, Mock.Of<ILambdaContext>(c => c.RemainingTime == TimeSpan.FromSeconds(50)));
    }
}
