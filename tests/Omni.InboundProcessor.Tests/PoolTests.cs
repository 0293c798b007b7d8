using Amazon.DynamoDBv2.Model;
using Omni.Aws;
using Omni.Shared;
using Omni.Testing;

namespace Omni.InboundProcessor.Tests;

/// <summary>What a person writes to a sender in a pool: whom they hear from next, and that a STOP holds for all of them.</summary>
public sealed class PoolTests(EmulatorFixture emulators) : TableTests(emulators, Start)
{
    private static readonly DateTimeOffset Start = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
    private static readonly Address First = Address.Phone("+12065550101");
    private static readonly Address Second = Address.Phone("+12065550102");
    private static readonly Address Alone = Address.Phone("+12065550103");
    private static readonly Address Them = Address.Phone("+14155550123");

    private Desk _desk = null!;
    private int _messages;

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        _desk = new(Tables, clock: Clock);
        foreach (var address in (Address[])[First, Second])
            await Tables.Aws.Senders.PutAsync(new() { Carrier = "twilio", Address = address, Tenant = "acme", Pool = "a" }, mayMake: true);
        await Tables.Aws.Senders.PutAsync(new() { Carrier = "twilio", Address = Alone, Tenant = "acme" }, mayMake: true);
    }

    [Fact]
    public async Task The_sender_that_a_person_last_wrote_to_is_known_by_all_their_addresses()
    {
        var other = new Address(AddressType.WhatsappUserId, "US.1");
        Assert.Empty(await _desk.HandleAsync(Received(First, Start)));
        Assert.Equal(("twilio", First), await LastAsync(Them));
        Assert.Empty(await _desk.HandleAsync(Received(Second, Start.AddMinutes(2), other)));
        Assert.Equal(("twilio", Second), await LastAsync(Them));
        Assert.Equal(("twilio", Second), await LastAsync(other));

        // What comes late was not written last, and who is in no pool is not chosen.
        Assert.Empty(await _desk.HandleAsync(Received(First, Start.AddMinutes(1)), Received(Alone, Start.AddMinutes(3))));
        Assert.Equal(("twilio", Second), await LastAsync(Them));
        Assert.Null(await Tables.Aws.LastSenders.FindAsync("default", Them));
    }

    [Fact]
    public async Task It_is_written_when_it_changes_and_once_a_day()
    {
        using var dynamo = new TappedDynamoDb(Emulators, Tables.AccessKey);
        var desk = new Desk(Tables, Tables.Over(dynamo), Clock);
        int Writes() => dynamo.Calls.OfType<UpdateItemRequest>()
            .Count(update => update.Key["pk"].S.StartsWith("person#", StringComparison.Ordinal));

        (Address To, int Hour, int Writes)[] expected =
            [(First, 0, 1), (First, 1, 1), (Second, 2, 2), (First, 3, 3), (First, 28, 4), (Alone, 29, 4)];
        foreach (var (to, hour, writes) in expected)
        {
            Assert.Empty(await desk.HandleAsync(Received(to, Start.AddHours(hour))));
            Assert.Equal((hour, writes), (hour, Writes()));
        }
    }

    [Fact]
    public async Task A_stop_to_a_sender_in_a_pool_holds_for_all_of_the_tenants_and_a_start_lifts_it()
    {
        await StopAsync(First, optedOut: true, Start);
        foreach (var ours in (Address[])[First, Second, Alone, Address.Phone("+12065550199")])
            Assert.True(await Tables.Aws.Consents.IsOptedOutAsync("acme", Them, ours));
        Assert.False(await Tables.Aws.Consents.IsOptedOutAsync("default", Them, First));

        await StopAsync(Second, optedOut: false, Start.AddMinutes(1));
        foreach (var ours in (Address[])[First, Second, Alone])
            Assert.False(await Tables.Aws.Consents.IsOptedOutAsync("acme", Them, ours));
    }

    [Fact]
    public async Task A_stop_to_a_sender_alone_is_to_that_one()
    {
        await StopAsync(Alone, optedOut: true, Start);

        Assert.True(await Tables.Aws.Consents.IsOptedOutAsync("acme", Them, Alone));
        Assert.False(await Tables.Aws.Consents.IsOptedOutAsync("acme", Them, First));
    }

    [Fact]
    public async Task Who_is_deleted_wrote_to_nobody()
    {
        Assert.Empty(await _desk.HandleAsync(Received(First, Start)));
        await Tables.Aws.LastSenders.ForgetAsync("acme", Them, Start.AddMinutes(-1)); // asked before they wrote again
        Assert.NotNull(await LastAsync(Them));

        await Tables.Aws.LastSenders.ForgetAsync("acme", Them, Start.AddMinutes(1));

        Assert.Null(await LastAsync(Them));
    }

    private async Task StopAsync(Address ours, bool optedOut, DateTimeOffset at) => Assert.Empty(await _desk.HandleAsync(
        Received(ours, at) with { Consents = [new() { From = Them, To = ours, OptedOut = optedOut, Evidence = "word" }] }));

    private Task<(string Carrier, Address From)?> LastAsync(Address person) => Tables.Aws.LastSenders.FindAsync("acme", person);

    private InboundEnvelope Received(Address to, DateTimeOffset at, params Address[] also) => new()
    {
        Carrier = "twilio",
        ReceivedAt = at,
        Event = new CarrierEvent.MessageReceived
        {
            CarrierMessageId = $"SM{++_messages}", From = Them, To = to, AlsoFrom = also, Content = new TextContent { Body = "Hello" },
        },
    };
}
