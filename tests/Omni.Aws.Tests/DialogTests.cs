using Moq;
using Omni.Aws;
using Omni.Shared;
using Omni.Testing;

namespace Omni.Aws.Tests;

/// <summary>What processors leave between turns, held against DynamoDB's own conditions.</summary>
public sealed class DialogTests(EmulatorFixture emulators) : TableTests(emulators, Start)
{
    private static readonly DateTimeOffset Start = new(2026, 3, 2, 10, 0, 0, TimeSpan.Zero);

    private static readonly Conversation Talk =
        new(Defaults.Tenant, "twilio", Defaults.Account, Address.Phone("+12065550100"), Address.Phone("+14155550123"));

    private DialogStore Dialogs => Tables.Aws.Dialogs;

    [Fact]
    public async Task Everything_that_is_left_comes_back()
    {
        var dialog = New() with
        {
            State = """{"a":1}""",
            Wakes = new Dictionary<string, DateTimeOffset> { ["idle"] = Start.AddMinutes(30), ["late"] = Start.AddDays(1) },
            Menu = [new("status", "My order")],
            LastInboundAt = Start,
            Heard = [new(Start, 7), new(Start.AddSeconds(1), -7)],
            MutedUntil = Start.AddMinutes(10),
            HandOff = new(Start, "asked for", TimeSpan.FromHours(2)),
            LastTurn = "msg_0",
        };
        Assert.Equal(TurnWritten.Done, await Dialogs.WriteAsync(Effects(dialog)));

        var read = await Dialogs.FindAsync(Talk.Id);
        Assert.Equivalent(dialog with { Version = 1 }, read, strict: true);
    }

    [Fact]
    public async Task A_turn_is_written_once_a_message_and_over_the_version_that_it_began_with()
    {
        await PutAsync("msg_1");
        await PutAsync("msg_2");
        var replies = new[] { Reply("msg_1", 0), Reply("msg_1", 1) };

        Assert.Equal(TurnWritten.Done, await Dialogs.WriteAsync(Effects(New(), "msg_1", replies)));
        Assert.Equal(TurnWritten.HadItsTurn, await Dialogs.WriteAsync(Effects(New() with { Version = 1 }, "msg_1", replies)));
        Assert.Equal(TurnWritten.Conflict, await Dialogs.WriteAsync(Effects(New(), "msg_2")));
        Assert.Equal(TurnWritten.Conflict, await Dialogs.WriteAsync(Effects(New() with { Version = 2 }, "msg_2")));
        Assert.Null((await Tables.Aws.Messages.FindAsync("msg_2"))!.State.Turn);
        Assert.Equal(TurnWritten.Done, await Dialogs.WriteAsync(Effects(New() with { Version = 1 }, "msg_2")));

        Assert.Equal(TurnResult.Taken, (await Tables.Aws.Messages.FindAsync("msg_1"))!.State.Turn);
        var put = await Task.WhenAll(replies.Select(reply => Tables.Aws.Messages.FindAsync(reply.Id)));
        Assert.Equal([0, 1], put.Select(reply => reply!.State.Dispatch));
        Assert.All(put, reply => Assert.Equal((MessageStatus.Accepted, "Omni.Concierge"), (reply!.Status, reply.Message.Processor)));
    }

    [Fact]
    public async Task A_message_that_is_not_there_or_whose_content_was_deleted_has_no_turn()
    {
        Assert.Equal(TurnWritten.HadItsTurn, await Dialogs.WriteAsync(Effects(New(), "msg_nowhere")));
        Assert.Null(await Dialogs.FindAsync(Talk.Id));
    }

    [Fact]
    public async Task Faults_are_counted_by_turn_and_forgotten_with_the_next_one_that_works()
    {
        Assert.Equal(1, await Dialogs.CountFaultAsync(Talk, "msg_1"));
        Assert.Equal(2, await Dialogs.CountFaultAsync(Talk, "msg_1"));
        Assert.Equal(1, await Dialogs.CountFaultAsync(Talk, "msg_2"));
        var known = (await Dialogs.FindAsync(Talk.Id))!;
        Assert.Equal((("msg_2", 1), 0L), (known.Faults!.Value, known.Version));

        await PutAsync("msg_2");
        Assert.Equal(TurnWritten.Done, await Dialogs.WriteAsync(Effects(known with { Faults = null }, "msg_2")));
        Assert.Null((await Dialogs.FindAsync(Talk.Id))!.Faults);
    }

    [Fact]
    public async Task The_index_shows_those_whose_earliest_wake_has_come_until_there_is_none()
    {
        var wakes = new Dictionary<string, DateTimeOffset> { ["late"] = Start.AddHours(1), ["idle"] = Start.AddMinutes(30) };
        await Dialogs.WriteAsync(Effects(New() with { Wakes = wakes }));
        Assert.Empty(await DueAsync());

        Clock.Advance(TimeSpan.FromMinutes(30));
        Assert.Equal([Talk.Id], await DueAsync());

        await Dialogs.WriteAsync(Effects(New() with { Version = 1 }));
        Assert.Empty(await DueAsync());
    }

    [Fact]
    public async Task Who_is_deleted_leaves_nothing_behind_and_counts_as_one_conversation()
    {
        await PutAsync("msg_1");
        await Tables.Aws.Sessions.NoteInboundAsync((await Tables.Aws.Messages.FindAsync("msg_1"))!.Message, "Ina");
        await Dialogs.WriteAsync(Effects(New() with { State = """{"secret":true}""", LastInboundAt = Start }, "msg_1"));
        Clock.Advance(TimeSpan.FromMinutes(1));
        var aws = Tables.Aws;
        var blobs = new BlobStore(Mock.Of<Amazon.S3.IAmazonS3>(MockBehavior.Strict), "blobs"); // nothing of this lies there
        var content = new ContentDeletion(aws.Messages, blobs, aws.Media);
        var people = new PersonDeleter(
            Tables.Dynamo, new(OmniTables.Messages, OmniTables.Sessions), aws.PersonDeletions, aws.Messages, content, aws.Sessions,
            aws.Consents, aws.LastSenders, Clock);
        await people.BeginAsync(Talk.Tenant, Talk.Theirs);
        for (var runs = 0; runs < 4; runs++)
        {
            Clock.Advance(TimeSpan.FromMinutes(30));
            await people.RunAsync(() => true);
        }

        Assert.Null(await Dialogs.FindAsync(Talk.Id));
        Assert.Null(await Tables.Aws.Sessions.FindAsync(Talk.Id));
    }

    private async Task<List<string>> DueAsync()
    {
        var due = new List<string>();
        for (var shard = 0; shard < DialogStore.WakeShards; shard++)
        {
            await foreach (var id in Dialogs.DueAsync(shard)) due.Add(id);
        }

        return due;
    }

    private static Dialog New() => new() { Conversation = Talk, Processor = "Omni.Concierge" };

    private static TurnEffects Effects(Dialog dialog, string? messageId = null, params Message[] replies) =>
        new(messageId ?? "wake_1", dialog, messageId, TurnResult.Taken, replies, null);

    private Task PutAsync(string id) => Tables.Aws.Messages.CreateAsync(MessageStore.NewRecord(new()
    {
        Id = id, Direction = Direction.Inbound, Carrier = Talk.Carrier, From = Talk.Theirs, To = Talk.Ours,
        Content = new TextContent { Body = "Hi" }, Processor = "Omni.Concierge", CreatedAt = Start,
    }));

    private static Message Reply(string turnId, int index) => MessagePlanner.Plan(new()
    {
        Id = Ids.Reply(turnId, index), Carrier = Talk.Carrier, From = Talk.Ours, To = Talk.Theirs,
        Content = new TextContent { Body = $"{index}" }, Processor = "Omni.Concierge", CreatedAt = Start,
    }).Message!;
}
