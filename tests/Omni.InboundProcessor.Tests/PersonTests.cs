using Omni.Aws;
using Omni.Shared;
using Omni.Testing;

namespace Omni.InboundProcessor.Tests;

/// <summary>A person whom the carrier names by two addresses is one person.</summary>
public sealed class PersonTests(EmulatorFixture emulators) : IClassFixture<EmulatorFixture>
{
    private static readonly DateTimeOffset Now = new(2026, 1, 2, 3, 5, 0, TimeSpan.Zero);
    private static readonly Address Number = Address.Phone("+31655501234"),
        UserId = new(AddressType.WhatsappUserId, "NL.8841ab"),
        Ours = Address.Phone("+31205550100");

    [Fact]
    public async Task The_window_that_one_address_opens_is_open_for_the_other()
    {
        using var tables = await OmniTables.CreateAsync(emulators, TimeProvider.System);

        await new Desk(tables).HandleAsync(Wrote("wamid.1", Number, also: UserId));

        foreach (var to in (Address[])[Number, UserId])
        {
            Assert.Equal(Now + TimeSpan.FromHours(24), (await tables.Aws.Sessions.FindWithWindowAsync(To(to)))?.WindowExpiresAt);
        }
    }

    [Theory]
    [InlineData("STOP first")]
    [InlineData("both names first")]
    [InlineData("at once")]
    public async Task Whoever_opts_out_by_one_address_has_opted_out_by_both(string order)
    {
        using var tables = await OmniTables.CreateAsync(emulators, TimeProvider.System);
        var desk = new Desk(tables);
        var (both, stop) = (Wrote("wamid.1", Number, also: UserId), Stop(UserId));

        await desk.HandleAsync(order switch
        {
            "STOP first" => stop,
            "both names first" => both,
            _ => Stop(Number) with
            {
                Event = new CarrierEvent.ConsentChanged { From = Number, AlsoFrom = UserId, To = Ours, OptedOut = true }
            },
        });
        if (order != "at once") await desk.HandleAsync(order == "STOP first" ? both : stop);

        Assert.True(await tables.Aws.Consents.IsOptedOutAsync(Defaults.Tenant, Number, Ours));
        Assert.True(await tables.Aws.Consents.IsOptedOutAsync(Defaults.Tenant, UserId, Ours));
    }

    [Fact]
    public async Task What_is_not_written_to_us_opens_no_window()
    {
        using var tables = await OmniTables.CreateAsync(emulators, TimeProvider.System);
        var wrote = Wrote("wamid.1", Number, also: null);

        await new Desk(tables).HandleAsync(wrote with { Event = (CarrierEvent.MessageReceived)wrote.Event with { OpensNoWindow = true } });

        Assert.Null(await tables.Aws.Sessions.FindWithWindowAsync(To(Number)));
        Assert.Null((await tables.Aws.Sessions.FindAsync(To(Number).ConversationId))!.LastInboundAt);
    }

    private static Message To(Address person) =>
        new() { Id = "msg_a", Carrier = "whatsapp", To = person, From = Ours, Content = new TextContent { Body = "Hi" } };

    private static InboundEnvelope Stop(Address person) => new()
    {
        Carrier = "whatsapp",
        ReceivedAt = Now,
        Event = new CarrierEvent.ConsentChanged { From = person, To = Ours, OptedOut = true, Evidence = "STOP" },
    };

    private static InboundEnvelope Wrote(string id, Address from, Address? also) => new()
    {
        Carrier = "whatsapp",
        ReceivedAt = Now,
        Event = new CarrierEvent.MessageReceived
        {
            CarrierMessageId = id, From = from, AlsoFrom = also, To = Ours, Content = new TextContent { Body = "Hi" }, SentAt = Now
        },
        Raw = "{}",
    };
}
