using Amazon.DynamoDBv2.Model;
using Omni.Shared;
using Omni.Testing;

namespace Omni.Aws.Tests;

/// <summary>What is counted of messages, over the real tables.</summary>
public sealed class UsageTests(EmulatorFixture emulators) : TableTests(emulators, Start)
{
    private static readonly DateTimeOffset Start = new(2026, 3, 14, 12, 0, 0, TimeSpan.Zero);
    private static readonly DateOnly Today = new(2026, 3, 14);

    [Fact]
    public async Task Messages_are_counted_by_carrier_sender_direction_and_status()
    {
        await StoreAsync(MessageStatus.Delivered, segments: [2, 1], price: 0.0075m);
        await StoreAsync(MessageStatus.Delivered, segments: [1], price: 0.0075m);
        await StoreAsync(MessageStatus.Failed, segments: [5]);
        await StoreAsync(MessageStatus.Sent, change: m => m with { From = new(AddressType.ShortCode, "12345"), Carrier = "bandwidth" });
        await StoreAsync(MessageStatus.Received, change: m => m with { Direction = Direction.Inbound, Parts = [] });

        Assert.True(await RunAsync() > 0);

        Assert.Equal(
            [
                "bandwidth shortCode:12345 outbound sent 1 1 ",
                "twilio phone:+12065550100 outbound delivered 2 4 USD0.0225",
                "twilio phone:+12065550100 outbound failed 1 0 ",
                "twilio phone:+14155550123 inbound received 1 0 ",
            ],
            await CountsAsync());
    }

    [Fact]
    public async Task What_is_counted_again_is_set_and_not_added()
    {
        var message = await StoreAsync(MessageStatus.Sent);
        await RunAsync();
        Assert.Equal(0, await RunAsync()); // within the hour

        var (at, _) = (Clock.GetUtcNow(), await Tables.Aws.Messages.ApplyAsync(
            new() { MessageId = message.Id, Attempt = 1, Status = MessageStatus.Delivered, At = Clock.GetUtcNow() }));
        Clock.Advance(TimeSpan.FromHours(1));
        await Task.WhenAll(RunAsync(), RunAsync());

        Assert.Equal(["twilio phone:+12065550100 outbound delivered 1 1 "], await CountsAsync());
        Assert.All(await Tables.Aws.Usage.ReadAsync("default", Today, Today), shard => Assert.True(shard.SummedAt > at));
    }

    [Fact]
    public async Task The_last_three_days_are_counted_and_older_sums_stay()
    {
        foreach (var back in (int[])[0, 1, 2, 3])
            await StoreAsync(MessageStatus.Sent, change: m => m with { CreatedAt = Start.AddDays(-back) });
        await RunAsync();
        Clock.Advance(TimeSpan.FromDays(3));
        await RunAsync();

        var days = (await Tables.Aws.Usage.ReadAsync("default", Today.AddDays(-9), Today.AddDays(9)))
            .GroupBy(shard => shard.Day, shard => shard.Counts.Sum(count => count.Messages))
            .ToDictionary(day => day.Key, day => day.Sum());

        Assert.Equal([Today.AddDays(-2), Today.AddDays(-1), Today], days.Where(day => day.Value == 1).Select(day => day.Key).Order());
        Assert.Equal(3, days.Values.Sum());
    }

    /// <summary>Each run has time for a page of two messages or so: what it has counted is kept for the next.</summary>
    [Fact]
    public async Task A_count_that_runs_out_of_time_goes_on_where_it_stopped()
    {
        for (var i = 0; i < 40; i++) await StoreAsync(MessageStatus.Sent, change: m => m with { CreatedAt = Start.AddSeconds(i) });
        var runs = 0;
        while (await CountsAsync() is not ["twilio phone:+12065550100 outbound sent 40 40 "])
        {
            var asked = 0;
            await SumsOf(pageSize: 2).RunAsync(() => asked++ == 0);
            Assert.True(++runs < 200, "It never comes to the end.");
        }

        Assert.True(runs > 12, $"{runs} runs were enough: nothing was gone on with.");
        var items = await Task.WhenAll(Enumerable.Range(0, Defaults.ListShards).Select(
            shard => Tables.ItemAsync(OmniTables.Control, "usage#default", UsageStore.NameOf(Today, shard))));
        Assert.All(items, item => Assert.DoesNotContain("ip", item.Keys));
    }

    [Fact]
    public async Task Each_tenant_has_its_own_sums()
    {
        await StoreAsync(MessageStatus.Sent);
        await StoreAsync(MessageStatus.Failed, change: m => m with { Tenant = "another" });

        await RunAsync();

        Assert.Equal(["twilio phone:+12065550100 outbound sent 1 1 "], await CountsAsync());
        Assert.Equal(["twilio phone:+12065550100 outbound failed 1 0 "], await CountsAsync("another"));
    }

    [Fact]
    public void Beyond_a_thousand_kinds_senders_are_one_and_what_cannot_be_read_counts_nowhere()
    {
        var tally = new UsageTally([]);
        for (var i = 0; i < UsageSums.MaxKinds + 50; i++) tally.Add(Item($"phone:+1206555{i:0000}"));
        for (var i = 0; i < 3; i++) tally.Add(Item("phone:+12065550000"));
        tally.Add(Item("nonsense"));
        tally.Add(new Dictionary<string, AttributeValue>());

        var counts = tally.Counts;
        Assert.Equal(UsageSums.MaxKinds + 1, counts.Count);
        Assert.Equal(50, Assert.Single(counts, count => count.Sender is null).Messages);
        Assert.Equal(4, Assert.Single(counts, count => count.Sender == Address.Phone("+12065550000")).Messages);
        Assert.Equal(UsageSums.MaxKinds + 53, new UsageTally(counts).Counts.Sum(count => count.Messages));

        static Dictionary<string, AttributeValue> Item(string from) =>
            new() { ["ca"] = new("twilio"), ["dr"] = new("outbound"), ["fr"] = new(from), ["rk"] = new("05#") };
    }

    private async Task<Message> StoreAsync(
        MessageStatus status, int[]? segments = null, decimal? price = null, Func<Message, Message>? change = null)
    {
        var message = Listed.At(Start) with
        {
            Parts = [.. (segments ?? [1]).Select((count, i) => new PlannedPart { Offset = i, Length = 1, Segments = count })],
        };
        message = change?.Invoke(message) ?? message;
        var record = MessageStore.NewRecord(message);
        var rank = RankKey.Of(status);
        PartState[] parts = [.. message.Parts.Select(_ => new PartState { Rank = rank, Attempts = 1 })];
        await Tables.Aws.Messages.CreateAsync(record with { State = record.State with { Rank = rank, Parts = parts } });
        for (var part = 0; price is not null && part < parts.Length; part++)
        {
            await Tables.Aws.Messages.ApplyAsync(new()
            {
                MessageId = message.Id, Part = part, Attempt = 1, Status = status, At = Clock.GetUtcNow(),
                Pricing = new() { Amount = price, Currency = "USD" },
            });
        }

        return message;
    }

    private Task<int> RunAsync() => SumsOf(pageSize: 100).RunAsync(() => true);

    private UsageSums SumsOf(int pageSize) => new(
        Tables.Dynamo, OmniTables.Messages, Tables.Aws.Usage, new ListDays(Tables.Dynamo, OmniTables.Control, Clock), Clock)
    {
        PageSize = pageSize,
    };

    private async Task<string[]> CountsAsync(string tenant = "default") =>
    [
        .. (await Tables.Aws.Usage.ReadAsync(tenant, Today, Today))
            .SelectMany(shard => shard.Counts)
            .GroupBy(count => $"{count.Carrier} {count.Sender!.Key} {count.Direction.Word()} {count.Status.Word()}")
            .Select(kind => $"{kind.Key} {kind.Sum(count => count.Messages)} {kind.Sum(count => count.Segments)} "
                + string.Concat(kind.SelectMany(count => count.Prices).GroupBy(p => p.Key).Select(p => $"{p.Key}{p.Sum(q => q.Value)}")))
            .Order(StringComparer.Ordinal),
    ];
}
