using Omni.Aws;
using Omni.Conversations.Tests.Support;
using Omni.Shared;

namespace Omni.Conversations.Tests;

/// <summary>Each message takes effect once, whatever dies, repeats, comes in its way or throws.</summary>
public sealed class OnceTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    [Fact]
    public void A_turn_costs_one_read_and_one_transaction()
    {
        var town = new Town { Processor = Counting() };
        town.Play(() => town.SayAsync(1, "first"));
        var before = town.Tables.Calls.ToDictionary();
        town.Play(() => town.SayAsync(1, "second"));

        var calls = town.Tables.Calls.ToDictionary(
            call => call.Key.Replace("Request", "", StringComparison.Ordinal), call => call.Value - before.GetValueOrDefault(call.Key));
        // The message itself is put by whoever took it.
        Assert.Equal((1, 1, 1), (calls["GetItem"], calls["TransactWriteItems"], calls["PutItem"]));
        Assert.Equal(["turn 2, one", "turn 2, two"], town.RepliesTo(town.Heard[1]).Select(Town.TextOf));
    }

    [Fact]
    public void A_process_that_dies_at_any_call_leaves_nothing_half_and_nothing_twice()
    {
        var halves = Played(0).Halves;
        Assert.InRange(halves, 8, 100);
        for (var half = 1; half <= halves; half++)
        {
            var town = Played(half);
            Assert.Equal(1, town.Died);
            Assert.All(town.Heard, message => Assert.Equal(TurnResult.Taken, town.ResultOf(message)));
            Assert.Equal(
                ["turn 1, one", "turn 1, two", "turn 2, one", "turn 2, two"], town.Heard.SelectMany(town.RepliesTo).Select(Town.TextOf));
            Assert.Equal(5, town.Replies.Count); // and what the wake says
            Assert.Empty(town.Queue.DeadLetters);
        }

        static Town Played(int diesAt)
        {
            var town = new Town { DiesAt = diesAt, Processor = Counting() };
            town.Play(async () =>
            {
                await town.SayAsync(1, "first");
                await town.WaitAsync(TimeSpan.FromSeconds(1));
                await town.SayAsync(1, "second");
                await town.WaitAsync(40 * Minute);
            });
            return town;
        }
    }

    [Fact]
    public void A_message_that_comes_ten_times_also_after_another_is_answered_once()
    {
        var town = new Town { Processor = Counting() };
        town.Play(async () =>
        {
            var first = await town.SayAsync(1, "first");
            for (var n = 0; n < 5; n++) town.Give(first, $"#{n}");
            var second = await town.SayAsync(1, "second");
            for (var n = 5; n < 10; n++)
            {
                town.Give(first, $"#{n}");
                town.Give(second, $"#{n}");
            }
        });

        Assert.Equal(
            ["turn 1, one", "turn 1, two", "turn 2, one", "turn 2, two"], town.Heard.SelectMany(town.RepliesTo).Select(Town.TextOf));
        Assert.Equal(4, town.Replies.Count);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_wake_and_a_message_at_the_same_time_have_a_turn_each(bool wakeFirst)
    {
        var town = new Town { Processor = Counting() };
        town.Play(async () =>
        {
            await town.SayAsync(1, "first");
            await town.WaitAsync(TimeSpan.FromSeconds(2));
            var dialog = await town.Dialogs.FindAsync(Town.Between(1).Id);
            var wake = new TurnCommand.Wake { Conversation = Town.Between(1).Id, Name = "idle", DueAt = dialog!.Wakes["idle"] };
            if (wakeFirst) town.Give(wake);
            await town.SayAsync(1, "second");
            if (!wakeFirst) town.Give(wake);
        });

        // The second message moves the wake: the one that comes after it is of the past.
        Assert.Equal(["turn 2, one", "turn 2, two"], town.RepliesTo(town.Heard[1]).Select(Town.TextOf));
        Assert.Equal(wakeFirst ? 5 : 4, town.Replies.Count);
        Assert.Equal(wakeFirst ? 1 : 0, town.Replies.Count(record => Town.TextOf(record.Message) == "still there?"));
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Two_processes_at_one_conversation_take_each_turn_once(int seed)
    {
        var town = new Town(seed) { Processor = Counting() };
        town.Play(async () =>
        {
            var commands = new List<TurnCommand>();
            for (var n = 0; n < 4; n++)
            {
                var message = await town.SayAsync(1, $"{n}");
                commands.Add(new TurnCommand.Hear { Message = message });
            }

            // A visibility that ends too soon gives everything to two more, in any order.
            var others = Enumerable.Range(0, 2).Select(other => town.HandleAsync(
                [.. commands.OrderBy(_ => town.Random.Next()).Select((command, n) => Town.Record(command, $"{other}.{n}"))]));
            await Task.WhenAll(others);
        });

        Assert.True(town.Heard.All(message => town.ResultOf(message) == TurnResult.Taken), $"seed {seed}");
        var turns = town.Heard.Select(message => town.RepliesTo(message)).ToArray();
        Assert.True(turns.All(replies => replies.Count == 2), $"seed {seed}");
        Assert.True(
            turns.Select(replies => Town.TextOf(replies[0])).Order().SequenceEqual(Enumerable.Range(1, 4).Select(n => $"turn {n}, one")),
            $"seed {seed}");
    }

    public static TheoryData<int> Seeds() => [.. Enumerable.Range(1, 12)];

    [Fact]
    public void A_processor_that_always_throws_gives_the_conversation_to_people()
    {
        var tries = 0;
        var town = new Town
        {
            Processor = new Scripted(turn =>
            {
                turn.Reply("half");
                tries++;
                throw new InvalidOperationException("Out of order.");
            }),
        };
        var begun = town.Clock.GetUtcNow();
        town.Play(async () =>
        {
            await town.SayAsync(1, "first");
            await town.SayAsync(1, "second");
        });

        Assert.Equal(6, tries);
        Assert.InRange(town.Clock.GetUtcNow() - begun, 3 * Minute, 15 * Minute);
        Assert.Equal([TurnResult.Failed, TurnResult.HandedOff], town.Heard.Select(town.ResultOf));
        Assert.Empty(town.Replies);
        Assert.Contains(town.Heard[0].Id, Assert.Single(town.Queue.DeadLetters), StringComparison.Ordinal);
        var told = Assert.Single(town.Events);
        Assert.Equal((EventTypes.ConversationHandedOff, "fault"), (told.Type, told.Data.GetProperty("reason").GetString()));
        Assert.Equal(Town.Between(1).Id, told.ConversationId);
    }

    [Fact]
    public void A_process_that_dies_at_its_first_call_is_replaced_until_one_lives()
    {
        var town = new Town { Processor = Counting(), Deaths = (1, 7) };
        town.Play(() => town.SayAsync(1, "first"));

        // Nothing was tried: nothing is counted, and it is answered once one lives.
        Assert.Equal(7, town.Died);
        Assert.Equal(TurnResult.Taken, town.ResultOf(town.Heard[0]));
    }

    [Fact]
    public void A_turn_that_kills_its_process_is_given_up()
    {
        var tries = 0;
        Town town = null!;
        town = new Town
        {
            Processor = new Scripted(_ =>
            {
                tries++;
                town.DiesAt = town.Halves + 1; // at the next call, whatever it is
                throw new InvalidOperationException("And nobody can count it.");
            }),
        };
        town.Play(() => town.SayAsync(1, "first"));

        Assert.InRange(tries, 6, 7);
        Assert.Equal(TurnResult.Failed, town.ResultOf(town.Heard[0]));
        Assert.NotEmpty(town.Queue.DeadLetters);
    }

    [Fact]
    public void What_cannot_be_read_is_a_dead_letter_and_holds_nobody_up()
    {
        var town = new Town { Processor = Counting() };
        town.Play(async () =>
        {
            town.Queue.Send("{\"type\":\"sing\"}", Town.Between(1).Id);
            await town.SayAsync(1, "first");
        });

        Assert.Equal("{\"type\":\"sing\"}", Assert.Single(town.Queue.DeadLetters));
        Assert.Equal(2, town.RepliesTo(town.Heard[0]).Count);
    }

    [Fact]
    public void A_message_whose_content_was_deleted_has_no_turn()
    {
        var town = new Town { Processor = Counting() };
        town.Play(async () =>
        {
            var message = await town.SayAsync(1, "first");
            var item = town.Tables.Peek("messages", message.Id, "m")!;
            town.Tables.Put("messages", new(item) { ["gn"] = new() { N = "1" } });
        });

        Assert.Empty(town.Replies);
        Assert.Equal(0, town.Queue.Count);
    }

    [Fact]
    public void A_hand_over_ends_when_nobody_answers_and_lasts_while_somebody_does()
    {
        var day = TimeSpan.FromHours(24);
        var town = new Town
        {
            Processor = new Scripted(turn =>
            {
                if (turn.Message.Text == "person") turn.HandOff("asked for");
                else turn.Reply("ok");
            }),
        };
        town.Play(async () =>
        {
            await town.SayAsync(1, "person");
            await town.SayAsync(2, "person");
            await town.WaitAsync(day - Minute);
            await town.SayAsync(1, "hello?");
            await AnswerAsync(town, 2);
            await town.WaitAsync(2 * Minute);
            await town.SayAsync(1, "anybody?");
            await town.SayAsync(2, "thanks");
            await town.WaitAsync(day);
            await town.SayAsync(2, "again");
        }, TimeSpan.FromDays(3));

        Assert.Equal(
            [
                TurnResult.Taken, TurnResult.Taken, TurnResult.HandedOff, TurnResult.Taken, TurnResult.HandedOff, TurnResult.Taken,
            ],
            town.Heard.Select(town.ResultOf));
        Assert.Equal(2, town.Events.Count);

        static Task AnswerAsync(Town town, int person)
        {
            var conversation = Town.Between(person);
            var answer = MessagePlanner.Plan(new Message
            {
                Id = Ids.NewMessage(), Carrier = conversation.Carrier, From = conversation.Ours, To = conversation.Theirs,
                Content = new TextContent { Body = "I am a person." }, CreatedAt = town.Clock.GetUtcNow(),
            }).Message!;
            town.Tables.Put("messages", MessageCodec.ToItem(MessageStore.NewRecord(answer)));
            return Task.CompletedTask;
        }
    }

    [Fact]
    public void A_loop_is_stopped_and_told_of_once()
    {
        var town = new Town { Processor = new Scripted(turn => turn.Reply("I am away.")) };
        town.Play(async () =>
        {
            for (var n = 0; n < 8; n++)
            {
                await town.SayAsync(1, "I am away.");
                await town.WaitAsync(TimeSpan.FromSeconds(5));
            }
        });

        Assert.Equal(4, town.Replies.Count);
        Assert.Equal(
            [.. Enumerable.Repeat<TurnResult?>(TurnResult.Taken, 4), .. Enumerable.Repeat<TurnResult?>(TurnResult.Muted, 4)],
            town.Heard.Select(town.ResultOf));
        Assert.Equal(EventTypes.ConversationLoopStopped, Assert.Single(town.Events).Type);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_thousand_conversations_with_a_processor_that_throws_at_random(int seed)
    {
        const int People = 1000;
        var town = new Town(seed) { Deaths = (0.01, 300), Conflicts = 0.0005 };
        var taken = new HashSet<string>();
        town.Processor = new Scripted(turn =>
        {
            if (town.Random.NextDouble() < 0.2) throw new InvalidOperationException("At random.");
            turn.State = turn.State with { Turns = turn.State.Turns + 1 };
            var count = int.Parse(turn.Message.Text![^1..], null) % 4;
            for (var n = 0; n < count; n++) turn.Reply($"{turn.State.Turns}.{n}");
            if (town.Random.NextDouble() < 0.4) throw new InvalidOperationException("Having said all of it.");
            taken.Add(turn.Id);
        });
        town.Play(async () =>
        {
            for (var round = 0; round < 3; round++)
            {
                foreach (var person in Enumerable.Range(0, People).OrderBy(_ => town.Random.Next()))
                {
                    var message = await town.SayAsync(person, $"{round}{person % 10}");
                    if (town.Random.Next(10) == 0) town.Give(message, "#again");
                }

                await town.WaitAsync(Minute);
            }
        });

        Assert.True(town.Died > 50, $"seed {seed}: {town.Died} died");
        var failed = 0;
        foreach (var talk in town.Heard.GroupBy(message => message.ConversationId))
        {
            var turns = 0;
            var isHandedOff = false;
            foreach (var message in talk)
            {
                var replies = town.RepliesTo(message).Select(Town.TextOf);
                switch (town.ResultOf(message))
                {
                    case TurnResult.Taken:
                        turns++;
                        var count = int.Parse(Town.TextOf(message)[^1..], null) % 4;
                        Assert.Equal(Enumerable.Range(0, count).Select(n => $"{turns}.{n}"), replies);
                        Assert.Contains(message.Id, taken);
                        Assert.False(isHandedOff, $"seed {seed}");
                        break;
                    case TurnResult.Failed:
                        failed++;
                        isHandedOff = true;
                        Assert.Empty(replies);
                        Assert.Contains(town.Queue.DeadLetters, letter => letter.Contains(message.Id, StringComparison.Ordinal));
                        break;
                    case TurnResult.HandedOff:
                        Assert.True(isHandedOff, $"seed {seed}");
                        Assert.Empty(replies);
                        break;
                    default:
                        Assert.Fail($"seed {seed}: {message.Id} had no turn");
                        break;
                }
            }
        }

        Assert.True(failed > 20, $"seed {seed}: {failed} failed");
        Assert.Equal(failed, town.Events.Count);
        Assert.Equal(
            town.Replies.Count, town.Heard.Sum(message => town.RepliesTo(message).Count));
    }

    /// <summary>Two replies a message with the turn's number, and a question when nobody wrote for half an hour.</summary>
    private static Scripted Counting() => new(
        turn =>
        {
            turn.State = turn.State with { Turns = turn.State.Turns + 1 };
            turn.Reply($"turn {turn.State.Turns}, one");
            turn.Reply($"turn {turn.State.Turns}, two");
            turn.WakeAfter(30 * Minute, "idle");
        },
        (turn, _) => turn.Reply("still there?"));
}
