using Omni.Shared;
using Omni.Testing;

namespace Omni.Pipeline.Tests.Sending;

/// <summary>A sender that is asked for its carrier's templates.</summary>
public sealed class TemplateTests(EmulatorFixture emulators) : IClassFixture<EmulatorFixture>
{
    [Fact]
    public async Task What_the_carrier_lists_is_kept_and_a_list_that_cannot_be_had_leaves_the_last_one()
    {
        using var stage = await Stage.SetAsync(emulators);
        stage.FakeCarrier.Templates = () => [new() { Name = "sale", Variables = ["1"] }];
        Assert.Empty(await stage.RunAsync(Ask(stage)));

        stage.FakeCarrier.Templates = () => throw new HttpRequestException("The carrier does not answer.");
        Assert.Single(await stage.RunAsync(Ask(stage)));
        Assert.Empty(await stage.RunAsync(Ask(stage, receiveCount: 5))); // it is asked again in an hour
        stage.FakeCarrier.Templates = () => null;
        Assert.Empty(await stage.RunAsync(Ask(stage)));

        Assert.Equal("sale", Assert.Single((await stage.Aws.Templates.ListAsync("twilio", from: null, 10)).Templates).Name);
        Assert.Empty(stage.DeadLetters);
    }

    [Fact]
    public async Task An_answer_that_breaks_the_sender_costs_its_record_and_no_message()
    {
        using var stage = await Stage.SetAsync(emulators);
        stage.FakeCarrier.Templates = () => throw new InvalidOperationException("A bug.");
        var message = stage.NewMessage();

        var failed = await stage.RunAsync(Ask(stage), stage.Send(message), Ask(stage, receiveCount: stage.Options.MaxFaults));

        Assert.Single(failed);
        Assert.Equal(MessageStatus.Sent, (await stage.FindAsync(message)).Status);
        Assert.Single(stage.DeadLetters);
    }

    private static QueueRecord Ask(Stage stage, int receiveCount = 1) =>
        stage.Record(new OutboundCommand.ListTemplates(), "templates", receiveCount);
}
