using Amazon.DynamoDBv2.Model;
using Omni.Shared;
using Omni.Testing;

namespace Omni.Pipeline.Tests.Sending;

/// <summary>The way that nearly every message goes, and what it costs.</summary>
public sealed class UsualSendTests(EmulatorFixture emulators) : IClassFixture<EmulatorFixture>
{
    [Fact]
    public async Task A_send_takes_a_slot_a_look_at_the_consent_the_intent_and_the_outcome_and_no_other_call()
    {
        using var stage = await Stage.SetAsync(emulators);
        stage.Options = stage.Options with { RatePerSecond = 400 };
        var pipeline = stage.NewPipeline();
        var (first, second) = (stage.NewMessage(), stage.NewMessage());
        foreach (var message in new[] { first, second }) await stage.Aws.Messages.CreateAsync(Omni.Aws.MessageStore.NewRecord(message));

        // The first send of a process also notes the carrier's health, once a minute.
        await pipeline.RunAsync([stage.Send(first)], "outbound", () => stage.TimeLeft);
        stage.Dynamo.Calls.Clear();
        await pipeline.RunAsync([stage.Send(second)], "outbound", () => stage.TimeLeft);

        Assert.Equal(
            ["UpdateItemRequest control", "QueryRequest control", "UpdateItemRequest messages", "UpdateItemRequest messages"],
            stage.Dynamo.Calls.Select(call => call switch
            {
                UpdateItemRequest update => $"{call.GetType().Name} {update.TableName}",
                QueryRequest query => $"{call.GetType().Name} {query.TableName}",
                _ => call.GetType().Name,
            }));
        Assert.Equal(MessageStatus.Sent, (await stage.FindAsync(second)).Status);
    }

    [Fact]
    public async Task A_sent_message_tells_the_carriers_id_and_what_happened()
    {
        using var stage = await Stage.SetAsync(emulators);
        var message = stage.NewMessage();
        await stage.Aws.Messages.CreateAsync(Omni.Aws.MessageStore.NewRecord(message));

        Assert.Empty(await stage.RunAsync(stage.Send(message)));

        var record = await stage.FindAsync(message);
        Assert.Equal(["accepted", "0.1.sending", "0.1.sent"], record.State.Timeline.Select(e => e.Id));
        Assert.Equal(stage.FakeCarrier.Taken[0].Id, record.State.Parts[0].CarrierMessageId);
        Assert.Null(record.State.Parts[0].LeaseUntil);
    }
}
