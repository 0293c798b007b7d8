using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Microsoft.Extensions.Time.Testing;
using Omni.Shared;
using Omni.Testing;

namespace Omni.Aws.Tests;

/// <summary>What is told of consents and carriers: each change once, in one write with the state that it tells of.</summary>
public sealed class EventOutboxTests(EmulatorFixture emulators) : IClassFixture<EmulatorFixture>, IAsyncLifetime
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 14, 12, 0, 0, TimeSpan.Zero);
    private static readonly Address Person = Address.Phone("+14155550123");
    private static readonly Address Ours = Address.Phone("+12065550100");

    private readonly FakeTimeProvider _clock = new(Noon);
    private OmniTables _tables = null!;
    private TappedDynamoDb _dynamo = null!;
    private AwsClients _aws = null!;

    public async Task InitializeAsync()
    {
        _tables = await OmniTables.CreateAsync(emulators, _clock);
        _dynamo = new(emulators, _tables.AccessKey);
        _aws = _tables.Over(_dynamo);
    }

    public Task DisposeAsync()
    {
        _dynamo.Dispose();
        _tables.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task An_opt_out_is_told_with_what_was_said()
    {
        Assert.True(await SayAsync(isOut: true, Noon, "STOP"));

        var told = Assert.Single(await ToldAsync());
        Assert.Equal((EventTypes.ConsentChanged, Noon, Defaults.Tenant), (told.Type, told.Timestamp, told.Tenant));
        Assert.Equal(
            """{"address":"+14155550123","sender":"+12065550100","optedOut":true,"scope":"everything" """.TrimEnd()
                + ""","at":"2026-03-14T12:00:00.000Z","evidence":"STOP"}""",
            told.Data.GetRawText());
        Assert.True(await _aws.Consents.IsOptedOutAsync(Defaults.Tenant, Person, Ours));
    }

    [Fact]
    public async Task An_opt_out_of_marketing_from_all_senders_says_so()
    {
        await _aws.Consents.RecordAsync(
            Defaults.Tenant, Person, ours: null, optedOut: true, Noon, evidence: null, ConsentScope.Marketing);

        Assert.Equal(
            """{"address":"+14155550123","optedOut":true,"scope":"marketing","at":"2026-03-14T12:00:00.000Z"}""",
            Assert.Single(await ToldAsync()).Data.GetRawText());
    }

    /// <summary>What a person says at which second, in the order of its arrival, and what is told of it.</summary>
    [Theory]
    [InlineData("out1", "out1")]
    [InlineData("out1 out1", "out1")]
    [InlineData("out1 out2 in3", "out1 in3")]
    [InlineData("in1", "")]
    [InlineData("in1 out2 in3 in4 out5", "out2 in3 out5")]
    [InlineData("out5 in3", "out5")]
    [InlineData("out5 out3 in6", "out5 in6")]
    [InlineData("out2 in2", "out2")]
    [InlineData("in2 out2", "out2")]
    public async Task Only_what_changes_something_is_told(string said, string told)
    {
        foreach (var word in said.Split(' ')) await SayAsync(word[0] == 'o', Noon.AddSeconds(word[^1] - '0'));

        Assert.Equal(told, string.Join(' ', (await ToldAsync()).OrderBy(e => e.Timestamp).Select(
            e => (e.Data.GetProperty("optedOut").GetBoolean() ? "out" : "in") + (e.Timestamp - Noon).TotalSeconds)));
    }

    [Fact]
    public async Task What_holds_for_another_address_of_a_person_is_told_of_that_one_too()
    {
        var other = new Address(AddressType.WhatsappUserId, "US.1");
        await SayAsync(isOut: true, Noon, "STOP");

        await _aws.Consents.JoinAsync(Defaults.Tenant, [Person, other]);
        await _aws.Consents.JoinAsync(Defaults.Tenant, [Person, other]);

        Assert.Equal(2, (await ToldAsync()).Count);
        Assert.True(await _aws.Consents.IsOptedOutAsync(Defaults.Tenant, other, Ours));
    }

    [Fact]
    public async Task A_consent_that_cannot_be_told_is_not_written_either()
    {
        _dynamo.Before = request =>
        {
            if (request is TransactWriteItemsRequest) throw new AmazonDynamoDBException("down");
        };

        await Assert.ThrowsAsync<AmazonDynamoDBException>(() => SayAsync(isOut: true, Noon));

        Assert.False(await _aws.Consents.IsOptedOutAsync(Defaults.Tenant, Person, Ours));
        _dynamo.Before = null;
        Assert.True(await SayAsync(isOut: true, Noon));
        Assert.Single(await ToldAsync());
    }

    [Fact]
    public async Task Eight_at_once_tell_a_change_once()
    {
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => SayAsync(isOut: true, Noon)));

        Assert.Single(await ToldAsync());
    }

    [Fact]
    public async Task Clients_are_told_that_a_carrier_is_degraded_and_recovered()
    {
        await NoteAsync(CarrierAnswer.Accepted, second: 0);
        await NoteAsync(CarrierAnswer.RefusedCredentials, second: 60);
        await NoteAsync(CarrierAnswer.RefusedCredentials, second: 120);
        for (var i = 0; i < 10; i++) await NoteAsync(CarrierAnswer.Accepted, second: 180 + (10 * i));
        await NoteAsync(CarrierAnswer.RefusedCredentials, second: 600);

        Assert.Equal(
            [
                """carrier.degraded {"carrier":"twilio","degradedSince":"2026-03-14T12:01:00.000Z","code":"20003"}""",
                """carrier.recovered {"carrier":"twilio","degradedSince":"2026-03-14T12:01:00.000Z" """.TrimEnd()
                    + ""","code":"20003","recoveredAt":"2026-03-14T12:04:30.000Z"}""",
                """carrier.degraded {"carrier":"twilio","degradedSince":"2026-03-14T12:10:00.000Z","code":"20003"}""",
            ],
            (await ToldAsync()).OrderBy(e => e.Timestamp).Select(e => $"{e.Type} {e.Data.GetRawText()}"));

        Task NoteAsync(CarrierAnswer answer, int second)
        {
            _clock.SetUtcNow(Noon.AddSeconds(second));
            return _aws.Health.NoteAsync("twilio", answer, "20003");
        }
    }

    [Fact]
    public async Task Senders_of_many_processes_tell_a_fault_once_and_one_that_could_not_be_told_later()
    {
        _dynamo.Before = request =>
        {
            if (request is TransactWriteItemsRequest) throw new AmazonDynamoDBException("down");
        };
        await _tables.Over(_dynamo).Health.NoteAsync("twilio", CarrierAnswer.RefusedCredentials, "20003");
        Assert.Empty(await ToldAsync());
        _dynamo.Before = null;

        await Task.WhenAll(Enumerable.Range(0, 8).Select(
            _ => _tables.Over(_dynamo).Health.NoteAsync("twilio", CarrierAnswer.RefusedCredentials, "20003")));

        Assert.Single(await ToldAsync());
    }

    [Fact]
    public async Task Where_clients_are_told_nothing_writes_are_what_they_were()
    {
        var aws = new AwsClients(
            new Settings(new Dictionary<string, string>
            {
                [SettingNames.Events] = "off",
                [SettingNames.ControlTable] = OmniTables.Control,
                [SettingNames.MessagesTable] = OmniTables.Messages,
            }),
            _clock) { Dynamo = _dynamo };

        await aws.Consents.RecordAsync(Defaults.Tenant, Person, Ours, optedOut: true, Noon, "STOP");
        await aws.Health.NoteAsync("twilio", CarrierAnswer.RefusedCredentials, "20003");

        Assert.All(_dynamo.Calls, call => Assert.IsType<UpdateItemRequest>(call));
        Assert.Equal(3, _dynamo.Calls.Count); // the second of the health says that it is degraded
        Assert.Empty(await ToldAsync());
    }

    private Task<bool> SayAsync(bool isOut, DateTimeOffset at, string? evidence = null) =>
        _aws.Consents.RecordAsync(Defaults.Tenant, Person, Ours, isOut, at, evidence);

    /// <summary>What the recorder will find in the table of messages.</summary>
    private async Task<List<ClientEvent>> ToldAsync()
    {
        var items = (await _tables.Dynamo.ScanAsync(new ScanRequest(OmniTables.Messages))).Items;
        Assert.All(items, item => Assert.Equal(("o", true), (item["sk"].S, EventOutbox.Holds(item))));
        var events = items.ConvertAll(EventOutbox.Read);
        Assert.Equal(items.Select(item => item["pk"].S), events.Select(e => e.Id));
        return events;
    }
}
