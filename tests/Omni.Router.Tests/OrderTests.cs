using Amazon.Lambda.Core;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Moq;
using Omni.Aws;
using Omni.Shared;
using Omni.Testing.Simulation;

namespace Omni.Router.Tests;

/// <summary>What a plan comes to, whatever the order in which its router hears of things, and wherever it is stopped.</summary>
public sealed class OrderTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly FakeTimeProvider _clock = new(Start);
    private readonly MemoryTables _tables = new();
    private readonly AwsClients _aws;
    private int _callsLeft = int.MaxValue;

    public OrderTests() => _aws = NewAws(() => Task.CompletedTask);

    [Fact]
    public async Task The_end_is_a_function_of_what_happened_whatever_its_order_repeats_and_lateness()
    {
        for (var seed = 0; seed < 300; seed++)
        {
            try
            {
                await PlayAsync(seed);
            }
            catch (Exception wrong)
            {
                throw new InvalidOperationException($"Seed {seed}: {wrong.Message}", wrong);
            }
        }
    }

    /// <summary>How the first leg is when the router is asked.</summary>
    [Theory]
    [InlineData(MessageStatus.Failed, 1)]
    [InlineData(MessageStatus.Accepted, 1)] // its receipt is overdue
    [InlineData(MessageStatus.Delivered, 0)]
    public async Task A_router_killed_at_any_call_loses_nothing_and_begins_a_leg_once(MessageStatus first, int current)
    {
        for (var calls = 0; ; calls++)
        {
            var parent = await AcceptAsync(2);
            if (first != MessageStatus.Accepted) await ApplyAsync(parent, 0, first);
            _clock.Advance(TimeSpan.FromMinutes(5));
            _callsLeft = calls;
            var isDead = (await RouteAsync(parent, mortal: true)) > 0;
            _callsLeft = int.MaxValue;

            Assert.Equal(0, await RouteAsync(parent));

            var record = Read(parent);
            Assert.Equal((calls, current), (calls, record.State.CurrentLeg));
            Assert.Equal(current == 1, _tables.Peek("messages", Legs.IdOf(parent, 1), "m") is not null);
            if (first == MessageStatus.Accepted) Assert.Equal(MessageStatus.Canceled, Read(Legs.IdOf(parent, 0)).Status);
            if (first == MessageStatus.Delivered) Assert.Equal(MessageStatus.Delivered, record.Status);
            if (isDead) continue;

            Assert.InRange(calls, 6, 100); // before and after each of three calls at least
            return;
        }
    }

    private async Task PlayAsync(int seed)
    {
        var random = new Random(seed);
        var parent = await AcceptAsync(random.Next(2, 5));
        var begun = new List<int>();
        var pending = new List<(int Leg, MessageStatus Status)>();
        var highest = Read(parent).State.Rank;
        for (var step = 0; step < 40; step++)
        {
            for (var leg = begun.Count; leg <= Read(parent).State.CurrentLeg; leg++)
            {
                begun.Add(leg);
                pending.AddRange(Happens(random).Select(status => (leg, status)));
            }

            if (pending.Count > 0 && random.Next(2) == 0)
            {
                var index = random.Next(pending.Count);
                await ApplyAsync(parent, pending[index].Leg, pending[index].Status);
                if (random.Next(4) > 0) pending.RemoveAt(index); // else it comes once more
            }

            if (random.Next(3) == 0) Assert.Equal(0, await RouteAsync(parent));
            if (random.Next(5) == 0) _clock.Advance(TimeSpan.FromSeconds(random.Next(1, 90)));
            Assert.True(Read(parent).State.Rank >= highest, "The rank fell.");
            highest = Read(parent).State.Rank;
        }

        foreach (var (leg, status) in pending) await ApplyAsync(parent, leg, status);
        await RouteAsync(parent);
        await RouteAsync(parent);

        var record = Read(parent);
        MessageRecord[] legs = [.. Enumerable.Range(0, record.State.CurrentLeg + 1).Select(leg => Read(Legs.IdOf(parent, leg)))];
        var arrived = legs.Where(leg => leg.Status.IsDeviceSuccess()).Select(leg => leg.Status).ToArray();
        if (arrived.Length > 0) Assert.Equal(arrived.Max(), record.Status);
        else Assert.False(record.Status.IsDeviceSuccess());
        if (arrived.Length == 0 && record.State.CurrentLeg == record.Message.Failover!.Count - 1 && legs[^1].Status.IsFailure())
            Assert.True(record.State.Rank >= legs[^1].State.Rank, "It does not say how its last leg failed.");
        for (var leg = 0; leg < legs.Length; leg++)
        {
            var counts = arrived.Length > 0 ? legs[leg].Status == arrived.Max() : leg == record.State.CurrentLeg;
            if (!counts) Assert.Equal(legs[leg].State.Parts.Any(part => part.MayArrive), record.State.AlsoSent.Contains(leg));
            if (arrived.Length > 0 || leg < record.State.CurrentLeg)
                Assert.False(legs[leg].State.Parts[0].IsWaiting, "It may still be sent.");
        }
    }

    private static MessageStatus[] Happens(Random random) => random.Next(7) switch
    {
        0 => [MessageStatus.Sent, MessageStatus.Delivered],
        1 => [MessageStatus.Sent, MessageStatus.Undelivered],
        2 => [MessageStatus.Failed],
        3 => [MessageStatus.Sent],
        4 => [MessageStatus.Unknown, MessageStatus.Sent, MessageStatus.Read],
        5 => [MessageStatus.Sent, MessageStatus.Undelivered, MessageStatus.Delivered],
        _ => [MessageStatus.Unknown, MessageStatus.Failed],
    };

    private async Task<string> AcceptAsync(int legs)
    {
        PlannedLeg[] plan =
        [
            .. Enumerable.Range(0, legs).Select(leg => Town.Leg("twilio") with
            {
                On = leg == legs - 1 ? [] : [LegEnd.Failed, LegEnd.NoReceipt], NoReceiptAfterSeconds = leg == legs - 1 ? null : 120,
            }),
        ];
        var message = new Message
        {
            Id = Ids.NewMessage(), Carrier = "", To = plan[0].To, From = plan[0].From, Content = plan[0].Content, Failover = plan,
            CreatedAt = _clock.GetUtcNow(),
        };
        await _aws.Messages.CreateAsync(MessageStore.NewRecord(message));
        return message.Id;
    }

    /// <summary>What a sender or a receipt writes; of a part that was taken back before it was begun, nothing is ever heard.</summary>
    private async Task ApplyAsync(string parent, int leg, MessageStatus status)
    {
        var id = Legs.IdOf(parent, leg);
        if (Read(id).State.Parts[0].Attempts == 0)
        {
            var opening = await _aws.Messages.OpenAttemptAsync(Read(id).Message, 0, null, TimeSpan.FromSeconds(15));
            if (opening is not Opening.Opened) return;
        }

        await _aws.Messages.ApplyAsync(new()
        {
            MessageId = id, Attempt = 1, Status = status, At = _clock.GetUtcNow(),
            Reason = status.IsFailure() ? FailureReason.Unreachable : null,
        });
    }

    private MessageRecord Read(string id) => MessageCodec.FromItem(_tables.Peek("messages", id, "m")!);

    /// <returns>How many records come again.</returns>
    private async Task<int> RouteAsync(string parent, bool mortal = false)
    {
        var aws = mortal ? NewAws(() => _callsLeft-- > 0 ? Task.CompletedTask : throw new OperationCanceledException("Killed.")) : _aws;
        var response = await new Function("router", aws, _clock, NullLogger.Instance).HandleAsync(
            new()
            {
                Records =
                [
                    new() { MessageId = "1", ReceiptHandle = "1", Body = $$"""{"messageId":"{{parent}}"}""", Attributes = [] },
                ],
            },
            Mock.Of<ILambdaContext>());
        return response.BatchItemFailures.Count;
    }

    private AwsClients NewAws(Func<Task> latency) => new(
        new Settings(new Dictionary<string, string>
        {
            [SettingNames.MessagesTable] = "messages", [SettingNames.SessionsTable] = "sessions", [SettingNames.ControlTable] = "control",
        }),
        _clock) { Dynamo = new MemoryDynamoDb(_tables, latency), Sqs = Mock.Of<Amazon.SQS.IAmazonSQS>() };
}
