using System.Globalization;
using Omni.Shared;
using Omni.Testing;

namespace Omni.Aws.Tests;

/// <summary>The shards of the list are a setting of the stage: who reads and who writes go by the same one, and it can be raised.</summary>
public sealed class ListShardTests(EmulatorFixture emulators) : TableTests(emulators, Start)
{
    private const int Many = 32;

    private static readonly DateTimeOffset Start = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    [Fact]
    public async Task A_raised_number_lists_what_was_written_before_and_after_it()
    {
        var (before, after) = (Tables.Aws, With(Many));
        var messages = await WriteAsync(before, 100);
        messages.AddRange(await WriteAsync(after, 100));

        Assert.Equal(messages.Order(), (await ListAsync(after)).Order());

        var shards = await ShardsAsync(messages);
        Assert.InRange(shards.Take(100).Max(), 0, Defaults.ListShards - 1);
        Assert.InRange(shards.Skip(100).Max(), Defaults.ListShards, Many - 1);
    }

    [Fact]
    public async Task A_label_is_spread_over_the_shards_and_found_in_all_of_them_by_its_tenant_alone()
    {
        var aws = With(Many);
        var labelled = Enumerable.Range(0, 60)
            .Select(i => NewMessage() with { Label = "spring", CreatedAt = Start.AddMinutes(i) }).ToList();
        foreach (var message in labelled) await aws.Messages.CreateAsync(MessageStore.NewRecord(message));
        await aws.Messages.CreateAsync(MessageStore.NewRecord(NewMessage() with { Label = "spring", Tenant = "another" }));
        await aws.Messages.CreateAsync(MessageStore.NewRecord(NewMessage()));

        var found = new List<string>();
        for (ListPosition? from = new(Start.AddHours(2), ""); from is not null;)
        {
            var page = await aws.Queries.ByLabelAsync(Defaults.Tenant, "spring", from, Start.AddMinutes(10), limit: 7);
            found.AddRange(page.Keys.Select(key => key.MessageId));
            from = page.Next;
        }

        Assert.Equal(labelled.Skip(10).Reverse().Select(message => message.Id), found);
        Assert.DoesNotContain("lk", await Tables.ItemAsync(OmniTables.Messages, (await WriteAsync(aws, 1))[0], "m"));
    }

    [Fact]
    public async Task Whoever_writes_a_message_goes_by_the_setting()
    {
        // What a client sends and a person writes is created; what came into a queue by hand gets its item with its first attempt.
        var aws = With(Many);
        var adopted = Enumerable.Range(0, 100).Select(_ => NewMessage()).ToList();
        foreach (var message in adopted) await aws.Messages.OpenAttemptAsync(message, 0, known: null, TimeSpan.FromSeconds(12));

        Assert.InRange((await ShardsAsync(adopted.Select(m => m.Id))).Max(), Defaults.ListShards, Many - 1);
        Assert.Equal(100, (await ListAsync(aws)).Count);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-8")]
    [InlineData("many")]
    [InlineData("65")]
    public void A_number_that_makes_no_shards_is_refused_by_its_name(string value)
    {
        var refusal = Assert.Throws<FormatException>(() => With(value).Queries);

        Assert.Contains(SettingNames.ListShards, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_due_is_found_in_every_shard()
    {
        var scheduled = Enumerable.Range(0, 300).Select(_ => NewMessage() with { ScheduledAt = Start }).ToList();
        foreach (var message in scheduled) await Tables.Aws.Messages.CreateAsync(MessageStore.NewRecord(message));

        var found = new List<string>();
        var used = 0;
        for (var shard = 0; shard < MessageStore.DueShards; shard++)
        {
            var before = found.Count;
            await foreach (var id in Tables.Aws.Messages.DueAsync(shard)) found.Add(id);
            if (found.Count > before) used++;
        }

        Assert.Equal(scheduled.Select(m => m.Id).Order(), found.Order());
        Assert.True(used > MessageStore.DueShards * 0.9, $"{used} of {MessageStore.DueShards} shards are used.");
    }

    private AwsClients With(int shards) => With(shards.ToString(CultureInfo.InvariantCulture));

    private AwsClients With(string shards) => new(
        new Settings(new Dictionary<string, string>
        {
            [SettingNames.MessagesTable] = OmniTables.Messages,
            [SettingNames.ListShards] = shards,
        }))
    {
        Dynamo = Tables.Dynamo,
    };

    private static async Task<List<string>> WriteAsync(AwsClients aws, int count)
    {
        var messages = Enumerable.Range(0, count).Select(_ => NewMessage()).ToList();
        foreach (var message in messages) await aws.Messages.CreateAsync(MessageStore.NewRecord(message));
        return [.. messages.Select(m => m.Id)];
    }

    private static async Task<List<string>> ListAsync(AwsClients aws)
    {
        var page = await aws.Queries.ByTenantAsync(Defaults.Tenant, new(Start.AddHours(1), ""), Start.AddHours(-1), limit: 1000);
        return [.. page.Keys.Select(k => k.MessageId)];
    }

    private async Task<List<int>> ShardsAsync(IEnumerable<string> ids)
    {
        var shards = new List<int>();
        foreach (var id in ids)
        {
            var key = (await Tables.ItemAsync(OmniTables.Messages, id, "m"))["lp"].S;
            shards.Add(int.Parse(key[(key.LastIndexOf('#') + 1)..], CultureInfo.InvariantCulture));
        }

        return shards;
    }

    private static Message NewMessage() => Listed.At(Start);
}
