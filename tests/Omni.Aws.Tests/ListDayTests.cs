using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Omni.Shared;
using Omni.Testing;

namespace Omni.Aws.Tests;

/// <summary>A list asks only for days on which there are messages. Counted are queries, not milliseconds.</summary>
public sealed class ListDayTests(EmulatorFixture emulators) : TableTests(emulators, Noon)
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 14, 12, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset MonthAgo = Noon.AddDays(-30).AddHours(-12);

    private TappedDynamoDb _dynamo = null!;
    private AwsClients _aws = null!;

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        _dynamo = new(Emulators, Tables.AccessKey);
        _aws = Tables.Over(_dynamo);
    }

    public override Task DisposeAsync()
    {
        _dynamo.Dispose();
        return base.DisposeAsync();
    }

    [Fact]
    public async Task A_list_that_is_not_full_asks_for_the_days_with_messages_once_it_knows_them()
    {
        string[] written =
        [
            await WriteAsync(_aws, Noon.AddMinutes(-1)),
            await WriteAsync(_aws, Noon.AddDays(-12)),
            await WriteAsync(_aws, Noon.AddDays(-29))
        ];

        Assert.Equal(written, await ListAsync(_aws));
        Assert.Equal(31 * Defaults.ListShards, Asked(Forgotten()));

        Assert.Equal(written, await ListAsync(_aws));
        Assert.Equal(3 * Defaults.ListShards, Asked(Forgotten()));

        // Another process knows as much.
        Assert.Equal(written, await ListAsync(Tables.Over(_dynamo)));
        Assert.Equal(3 * Defaults.ListShards, Asked(Forgotten()));
    }

    [Fact]
    public async Task A_full_page_asks_for_no_day_too_many()
    {
        for (var i = 0; i < 60; i++) await WriteAsync(_aws, Noon.AddMinutes(-i));
        await WriteAsync(_aws, Noon.AddDays(-1));
        Forgotten();

        var page = await _aws.Queries.ByTenantAsync(Defaults.Tenant, new(Noon, ""), MonthAgo, 50);

        Assert.Equal(50, page.Keys.Count);
        Assert.Equal(Defaults.ListShards, Asked(Forgotten()));
    }

    [Fact]
    public async Task A_message_that_is_written_for_a_day_long_ago_is_listed_after_all_days_were_learned()
    {
        var first = await WriteAsync(_aws, Noon);
        Assert.Equal([first], await ListAsync(_aws));

        // As what waited in a queue for a week, taken by another process.
        var late = await WriteAsync(Tables.Over(_dynamo), Noon.AddDays(-7));
        var adopted = Listed.At(Noon.AddDays(-9));
        await _aws.Messages.OpenAttemptAsync(adopted, 0, known: null, TimeSpan.FromSeconds(12));

        Assert.Equal([first, late, adopted.Id], await ListAsync(_aws));
    }

    [Fact]
    public async Task What_was_written_before_days_were_noted_is_listed()
    {
        var before = new MessageStore(_dynamo, OmniTables.Messages, Clock);
        var messages = new List<string>();
        foreach (var days in (int[])[0, 3, 20])
        {
            var message = Listed.At(Noon.AddDays(-days).AddMinutes(-1));
            await before.CreateAsync(MessageStore.NewRecord(message));
            messages.Add(message.Id);
        }

        // First a part of today, which shows nothing and so proves nothing.
        Assert.Empty((await _aws.Queries.ByTenantAsync(Defaults.Tenant, new(Noon.AddHours(-6), ""), Noon.AddHours(-8), 10)).Keys);
        for (var i = 0; i < 2; i++) Assert.Equal(messages, await ListAsync(_aws, limit: 1));
        for (var i = 0; i < 2; i++) Assert.Equal(messages, await ListAsync(_aws));
    }

    [Fact]
    public async Task A_process_notes_a_day_and_its_tenant_once()
    {
        for (var i = 0; i < 5; i++) await WriteAsync(_aws, Noon.AddMinutes(-i));
        Assert.Equal(["tenants", "days#default"], Noted());

        await WriteAsync(_aws, Noon.AddDays(1));
        Assert.Equal(["tenants", "days#default"], Noted());

        IEnumerable<string> Noted() => Forgotten().OfType<UpdateItemRequest>().Select(note => note.Key["pk"].S);
    }

    [Fact]
    public async Task A_day_that_cannot_be_noted_has_no_message()
    {
        _dynamo.Before = request =>
        {
            if (request is UpdateItemRequest) throw new AmazonDynamoDBException("down");
        };
        await Assert.ThrowsAsync<AmazonDynamoDBException>(() => WriteAsync(_aws, Noon));

        _dynamo.Before = null;
        Assert.DoesNotContain(Forgotten(), request => request is PutItemRequest);
        Assert.Equal([await WriteAsync(_aws, Noon)], await ListAsync(_aws));
    }

    [Fact]
    public async Task Days_of_one_tenant_are_not_anothers()
    {
        await _aws.Messages.CreateAsync(MessageStore.NewRecord(Listed.At(Noon.AddDays(-2)) with { Tenant = "another" }));
        var ours = await WriteAsync(_aws, Noon.AddDays(-1));
        Assert.Equal([ours], await ListAsync(_aws));
        Forgotten();

        Assert.Equal([ours], await ListAsync(_aws));
        Assert.Equal(Defaults.ListShards, Asked(Forgotten()));
    }

    private static async Task<string> WriteAsync(AwsClients aws, DateTimeOffset createdAt)
    {
        var message = Listed.At(createdAt);
        await aws.Messages.CreateAsync(MessageStore.NewRecord(message));
        return message.Id;
    }

    private static async Task<List<string>> ListAsync(AwsClients aws, int limit = 100)
    {
        var found = new List<string>();
        for (ListPosition? position = new(Noon.AddSeconds(1), ""); position is not null;)
        {
            var page = await aws.Queries.ByTenantAsync(Defaults.Tenant, position, MonthAgo, limit);
            found.AddRange(page.Keys.Select(key => key.MessageId));
            position = page.Next;
        }

        return found;
    }

    /// <summary>The calls since the last time.</summary>
    private List<Amazon.Runtime.AmazonWebServiceRequest> Forgotten()
    {
        var calls = _dynamo.Calls.ToList();
        _dynamo.Calls.Clear();
        return calls;
    }

    private static int Asked(IEnumerable<Amazon.Runtime.AmazonWebServiceRequest> calls) =>
        calls.OfType<QueryRequest>().Count(query => query.IndexName is not null);
}
