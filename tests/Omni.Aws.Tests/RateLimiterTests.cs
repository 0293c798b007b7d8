using Omni.Shared;
using Omni.Testing;
using Omni.Testing.Simulation;

namespace Omni.Aws.Tests;

/// <summary>Many processes with one line, each with a view of its own that is often old.</summary>
public sealed class RateLimiterTests(EmulatorFixture emulators) : IClassFixture<EmulatorFixture>
{
    private static readonly RateKey Key = new("twilio", "default#+12065550100", 50);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void No_place_is_given_twice_whatever_happens_to_the_line(int seed)
    {
        var clock = new EventClock();
        var random = new Random(seed);
        var tables = new MemoryTables();
        var (given, busy) = (new List<(Slot Slot, int Cost)>(), 0);
        for (var process = 0; process < 8; process++) _ = PlayAsync(new(NewClient(), "control", clock));
        clock.Run(() => busy == 0, TimeSpan.FromHours(1));

        foreach (var places in given.GroupBy(g => g.Slot.IsFront))
        {
            var sorted = places.OrderBy(g => g.Slot.Place).ToList();
            Assert.True(sorted.Count > 50);
            Assert.All(
                sorted.Zip(sorted.Skip(1)),
                pair => Assert.True(pair.First.Slot.Place + (pair.First.Cost * RateLine.Segment) <= pair.Second.Slot.Place));
        }

        MemoryDynamoDb NewClient() => new(tables, () => Task.Delay(TimeSpan.FromMilliseconds(random.Next(1, 8)), clock));

        async Task PlayAsync(RateLimiter limiter)
        {
            busy++;
            for (var i = 0; i < 60; i++)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(random.Next(1, 2000)), clock).ConfigureAwait(false);
                int[] segments = [.. Enumerable.Range(0, random.Next(1, 6)).Select(_ => random.Next(1, 4))];
                if (random.Next(12) == 0)
                    await limiter.RefusedAsync(
                        Key, TimeSpan.FromSeconds(random.Next(0, 3)), isProbe: random.Next(4) == 0).ConfigureAwait(false);
                var slots = random.Next(3) == 0
                    ? await limiter.LetInFrontAsync(Key, segments).ConfigureAwait(false)
                    : await limiter.ReserveAsync(Key, segments, TimeSpan.FromSeconds(random.Next(2, 900))).ConfigureAwait(false);
                given.AddRange(slots.Zip(segments));
            }

            busy--;
        }
    }

    [Fact]
    public async Task Refusals_of_the_same_moments_are_written_together()
    {
        var clock = new EventClock();
        var tables = new MemoryTables();
        var limiter = new RateLimiter(new MemoryDynamoDb(tables, () => Task.Delay(TimeSpan.FromMilliseconds(5), clock)), "control", clock);
        var before = 0;
        var playing = PlayAsync();
        clock.Run(() => playing.IsCompleted, TimeSpan.FromMinutes(1));
        var states = await playing;

        Assert.Equal(1, tables.Calls["UpdateItemRequest"] - before);
        Assert.Equal(21, states[0].RefusalsInLastMinute);

        async Task<IReadOnlyList<RateState>> PlayAsync()
        {
            await limiter.ReserveAsync(Key, [1], TimeSpan.FromSeconds(2)).ConfigureAwait(false);
            await limiter.RefusedAsync(Key, TimeSpan.FromSeconds(1), isProbe: false).ConfigureAwait(false);
            before = tables.Calls["UpdateItemRequest"];
            await Task.WhenAll(Enumerable.Range(0, 20).Select(
                _ => limiter.RefusedAsync(Key, TimeSpan.FromSeconds(1), isProbe: false))).ConfigureAwait(false);
            return await limiter.StatesAsync("twilio", await RatesAsync(limiter).ConfigureAwait(false)).ConfigureAwait(false);
        }
    }

    [Fact]
    public async Task Those_who_ask_at_once_to_be_let_in_front_are_written_together()
    {
        var clock = new EventClock();
        var tables = new MemoryTables();
        var limiter = new RateLimiter(new MemoryDynamoDb(tables, () => Task.Delay(TimeSpan.FromMilliseconds(5), clock)), "control", clock);
        var playing = PlayAsync();
        clock.Run(() => playing.IsCompleted, TimeSpan.FromMinutes(1));

        Assert.Equal(30, (await playing).Distinct().Count());
        Assert.InRange(tables.Calls["UpdateItemRequest"], 1, 6);

        async Task<IReadOnlyList<Slot>> PlayAsync()
        {
            await limiter.ReserveAsync(Key, [1000], TimeSpan.FromMinutes(2)).ConfigureAwait(false);
            var slots = await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => limiter.LetInFrontAsync(Key, [1]))).ConfigureAwait(false);
            return [.. slots.SelectMany(s => s)];
        }
    }

    [Fact]
    public async Task A_carriers_lines_are_found()
    {
        var clock = new VirtualClock();
        using var tables = await OmniTables.CreateAsync(emulators, clock);
        Assert.Empty(await tables.Aws.Rates.StatesAsync("twilio", await RatesAsync(tables.Aws.Rates)));

        await tables.Aws.Rates.ReserveAsync(Key, [1, 1], TimeSpan.FromSeconds(60));
        await tables.Aws.Rates.ReserveAsync(Key with { Name = "default#+12065550101" }, [100], TimeSpan.FromSeconds(60));
        await tables.Aws.Rates.ReserveAsync(Key with { Carrier = "bandwidth" }, [1], TimeSpan.FromSeconds(60));

        var states = await tables.Aws.Rates.StatesAsync("twilio", await RatesAsync(tables.Aws.Rates));
        Assert.Equal(["default#+12065550100", "default#+12065550101"], states.Select(s => s.Name));
        Assert.Equal((49, default(double?), 0), (states[1].PerSecond, states[1].Refused, states[1].RefusalsInLastMinute));
        Assert.InRange(states[1].Ahead.TotalSeconds, 2, 2.1);
    }

    private static async Task<IReadOnlyDictionary<string, double>> RatesAsync(RateLimiter limiter) =>
        (await limiter.NamesAsync("twilio").ConfigureAwait(false)).ToDictionary(name => name, _ => Key.PerSecond);

    /// <summary>The tables in memory answer as DynamoDB does: the same steps over both, the same items after each.</summary>
    [Fact]
    public async Task Tables_in_memory_are_as_the_real_ones()
    {
        var clock = new VirtualClock();
        using var real = await OmniTables.CreateAsync(emulators, clock);
        var memory = new MemoryTables();
        var other = real.Over(new MemoryDynamoDb(memory, () => Task.CompletedTask));
        var message = new Message
        {
            Id = Ids.NewMessage(), Carrier = "twilio", From = Address.Phone("+12065550100"), To = Address.Phone("+14155550123"),
            Content = new TextContent { Body = "ab" }, Parts = [new() { Length = 1 }, new() { Offset = 1, Length = 1 }],
            CreatedAt = clock.GetUtcNow(),
        };
        Func<AwsClients, Task>[] steps =
        [
            aws => aws.Rates.ReserveAsync(Key, [1, 2], TimeSpan.FromSeconds(60)),
            aws => aws.Rates.ReserveAsync(Key, [40], TimeSpan.FromSeconds(60)),
            aws => aws.Rates.LetInFrontAsync(Key, [1]),
            aws => aws.Rates.RefusedAsync(Key, TimeSpan.FromSeconds(1), isProbe: false),
            aws => aws.Messages.ParkAsync(message, 0, [new Slot(5), new Slot(6, IsFront: true)]),
            aws => aws.Messages.OpenAttemptAsync(message, 0, null, TimeSpan.FromSeconds(15)),
            aws => aws.Messages.OpenAttemptAsync(message, 0, null, TimeSpan.FromSeconds(15)),
            aws => aws.Messages.DeferAsync(message.Id, 0, 1, FailureReason.RateLimited, "429", counts: true),
            aws => aws.Messages.DeferAsync(message.Id, 0, 1, FailureReason.RateLimited, "429", counts: true),
            async aws =>
                await aws.Messages.OpenAttemptAsync(message, 0, await aws.Messages.FindAsync(message.Id), TimeSpan.FromSeconds(15)),
            aws => aws.Messages.ApplyAsync(new()
            {
                MessageId = message.Id, Part = 0, Attempt = 2, Status = MessageStatus.Sent, CarrierMessageId = "SM1", At = clock.GetUtcNow()
            }),
            aws => aws.Messages.CloseAsync(message.Id, MessageStatus.Canceled, FailureReason.Canceled),
            aws => aws.Consents.RecordAsync("default", message.To, message.From, optedOut: true, clock.GetUtcNow(), "STOP"),
            aws => aws.Consents.IsOptedOutAsync("default", message.To, message.From),
        ];

        for (var i = 0; i < steps.Length; i++)
        {
            var before = clock.GetUtcNow();
            await steps[i](real.Aws);
            Assert.Equal(before, clock.GetUtcNow()); // else the two would differ by it
            await steps[i](other);
            foreach (var (table, pk, sk)
                in ((string, string, string)[])[("control", "slot#twilio#" + Key.Name, "*"), ("messages", message.Id, "m")])
            {
                Assert.Equal(Text(await real.ItemAsync(table, pk, sk)), Text(memory.Peek(table, pk, sk) ?? []));
            }
        }

        static string Text(Dictionary<string, Amazon.DynamoDBv2.Model.AttributeValue> item) => string.Join(
            '\n', item.Where(a => a.Key != "ow").OrderBy(a => a.Key, StringComparer.Ordinal)
                .Select(a =>
                    $"{a.Key}={(a.Value.M is { Count: > 0 } map ? "{" + Text(map) + "}" : a.Value.S ?? a.Value.N ?? $"{a.Value.BOOL}")}"));
    }
}
