using Omni.Aws;
using Omni.Shared;
using Omni.Testing;

namespace Omni.InboundProcessor.Tests;

/// <summary>What people write brings their conversations into the lists.</summary>
public sealed class SessionListTests(EmulatorFixture emulators) : TableTests(emulators, Start)
{
    private static readonly DateTimeOffset Start = new(2026, 1, 2, 23, 0, 0, TimeSpan.Zero);

    private static readonly Address Number = Address.Phone("+31655501234"),
        UserId = new(AddressType.WhatsappUserId, "NL.8841ab"),
        Ours = Address.Phone("+31205550100");

    private Desk Desk => new(Tables, clock: Clock);

    [Fact]
    public async Task A_conversation_moves_to_the_front_once_a_day()
    {
        var (early, late) = (Wrote("1", Number, Start), Wrote("2", Address.Phone("+31655509999"), Start.AddMinutes(1)));
        await Desk.HandleAsync(early, late);
        Assert.Equal([IdOf(late), IdOf(early)], await ListAsync());

        // Again on the same day, and twice the same call: nothing moves.
        await Desk.HandleAsync(Wrote("3", Number, Start.AddMinutes(2)));
        Assert.Equal([IdOf(late), IdOf(early)], await ListAsync());

        Clock.Advance(TimeSpan.FromHours(2));
        var nextDay = Wrote("4", Number, Clock.GetUtcNow());
        await Desk.HandleAsync(nextDay);
        Assert.Equal([IdOf(early), IdOf(late)], await ListAsync());

        // What comes late, of a day before, does not take it back.
        await Desk.HandleAsync(Wrote("5", Number, Start.AddMinutes(5)));
        Assert.Equal([IdOf(early), IdOf(late)], await ListAsync());
        Assert.Equal(Clock.GetUtcNow(), (await Tables.Aws.Sessions.FindAsync(IdOf(early)))!.ActiveAt);
    }

    [Fact]
    public async Task A_message_that_opens_no_window_is_activity_too()
    {
        var reaction = Wrote("1", Number, Start, opensNoWindow: true);

        await Desk.HandleAsync(reaction);

        Assert.Equal([IdOf(reaction)], await ListAsync());
        Assert.Null((await Tables.Aws.Sessions.FindAsync(IdOf(reaction)))!.WindowExpiresAt);
    }

    [Fact]
    public async Task A_second_message_of_the_day_costs_no_write_more()
    {
        await Desk.HandleAsync(Wrote("1", Number, Start));
        using var tapped = new TappedDynamoDb(Emulators, Tables.AccessKey);

        await new Desk(Tables, Tables.Over(tapped), Clock).HandleAsync(Wrote("2", Number, Start.AddMinutes(1)));

        Assert.Single(
            tapped.Calls.OfType<Amazon.DynamoDBv2.Model.UpdateItemRequest>(), call => call.TableName == OmniTables.Sessions);
    }

    [Fact]
    public async Task A_person_is_found_by_each_of_their_addresses()
    {
        var wrote = Wrote("1", Number, Start, UserId);
        await Desk.HandleAsync(wrote);
        await Desk.HandleAsync(Wrote("2", Address.Phone("+31655509999"), Start));

        foreach (var address in (Address[])[Number, UserId])
        {
            var found = await Tables.Aws.Sessions.OfPersonAsync(Defaults.Tenant, address);
            Assert.Equal(IdOf(wrote), Assert.Single(found, session => session.ActiveAt is not null).Id);
            Assert.Equal(new HashSet<Address> { Number, UserId }, found.Select(session => session.Theirs).ToHashSet());
        }

        Assert.Empty(await Tables.Aws.Sessions.OfPersonAsync("another", Number));
    }

    [Fact]
    public async Task Whoever_stops_between_the_message_and_its_day_comes_again()
    {
        // As the item is when the day was not written: the message counts, and the conversation is in no list.
        var wrote = Wrote("1", Number, Start);
        await Desk.HandleAsync(wrote);
        await Tables.Dynamo.UpdateItemAsync(new()
        {
            TableName = OmniTables.Sessions, Key = new() { ["pk"] = new(IdOf(wrote)) }, UpdateExpression = "REMOVE ak, #at",
            ExpressionAttributeNames = new() { ["#at"] = "at" },
        });
        Assert.Empty(await ListAsync());

        await Desk.HandleAsync(wrote);

        Assert.Equal([IdOf(wrote)], await ListAsync());
    }

    private static string IdOf(InboundEnvelope envelope) =>
        Ids.Conversation(Defaults.Tenant, "whatsapp", Defaults.Account, Ours, ((CarrierEvent.MessageReceived)envelope.Event).From);

    private static InboundEnvelope Wrote(
        string id, Address from, DateTimeOffset at, Address? alsoFrom = null, bool opensNoWindow = false) => new()
    {
        Carrier = "whatsapp",
        ReceivedAt = at,
        Event = new CarrierEvent.MessageReceived
        {
            CarrierMessageId = "wamid." + id, From = from, AlsoFrom = alsoFrom is null ? null : [alsoFrom], To = Ours,
            Content = new TextContent { Body = "Hello" }, OpensNoWindow = opensNoWindow,
        },
    };

    private async Task<IEnumerable<string>> ListAsync()
    {
        var now = Clock.GetUtcNow();
        var page = await Tables.Aws.Sessions.ByTenantAsync(Defaults.Tenant, new(now.AddHours(1), ""), now.AddDays(-5), 100);
        return page.Keys.Select(key => key.MessageId);
    }
}
