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
        ParentUserId = new(AddressType.WhatsappUserId, "NL.ENT.77c"),
        Typed = Address.Phone("+310655501234"), // a form of the number that people write, and WhatsApp does not know
        Ours = Address.Phone("+31205550100");

    [Fact]
    public async Task The_window_that_one_address_opens_is_open_for_the_other()
    {
        using var tables = await OmniTables.CreateAsync(emulators, TimeProvider.System);

        await new Desk(tables).HandleAsync(Wrote("wamid.1", Number, UserId));

        foreach (var to in (Address[])[Number, UserId])
        {
            Assert.Equal(
                Now + TimeSpan.FromHours(24), (await tables.Aws.Sessions.FindWithWindowAsync(To(to).Conversation))?.WindowExpiresAt);
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
        var (both, stop) = (Wrote("wamid.1", Number, UserId), Stop(UserId));

        await desk.HandleAsync(order switch
        {
            "STOP first" => stop,
            "both names first" => both,
            _ => Stop(Number) with
            {
                Event = new CarrierEvent.ConsentChanged { From = Number, AlsoFrom = [UserId], To = Ours, OptedOut = true }
            },
        });
        if (order != "at once") await desk.HandleAsync(order == "STOP first" ? both : stop);

        Assert.True(await tables.Aws.Consents.IsOptedOutAsync(Defaults.Tenant, Number, Ours));
        Assert.True(await tables.Aws.Consents.IsOptedOutAsync(Defaults.Tenant, UserId, Ours));
    }

    [Fact]
    public async Task The_window_is_open_for_every_address_of_a_chain()
    {
        using var tables = await OmniTables.CreateAsync(emulators, TimeProvider.System);
        await tables.Aws.People.JoinAsync(To(Typed).Conversation, [Number]);

        await new Desk(tables).HandleAsync(Wrote("wamid.1", Number, UserId, ParentUserId));

        foreach (var to in (Address[])[Typed, Number, UserId, ParentUserId])
        {
            Assert.Equal(
                Now + TimeSpan.FromHours(24), (await tables.Aws.Sessions.FindWithWindowAsync(To(to).Conversation))?.WindowExpiresAt);
        }
    }

    [Theory]
    [InlineData("the links", "the other link", "STOP")]
    [InlineData("the links", "STOP", "the other link")]
    [InlineData("STOP", "the other link", "the links")]
    [InlineData("the other link", "STOP", "the links")]
    public async Task Whoever_opts_out_by_one_address_of_a_chain_has_opted_out_by_all(params string[] order)
    {
        using var tables = await OmniTables.CreateAsync(emulators, TimeProvider.System);
        var desk = new Desk(tables);

        foreach (var step in order)
        {
            if (step == "the other link") await tables.Aws.People.JoinAsync(To(Typed).Conversation, [Number]);
            else await desk.HandleAsync(step == "STOP" ? Stop(UserId) : Wrote("wamid.1", Number, UserId, ParentUserId));
        }

        foreach (var person in (Address[])[Typed, Number, UserId, ParentUserId])
            Assert.True(await tables.Aws.Consents.IsOptedOutAsync(Defaults.Tenant, person, Ours), person.Key);
    }

    [Fact]
    public async Task The_latest_that_a_person_said_by_any_of_their_addresses_holds_for_all()
    {
        using var tables = await OmniTables.CreateAsync(emulators, TimeProvider.System);
        var desk = new Desk(tables);
        await desk.HandleAsync(Stop(UserId));
        await desk.HandleAsync(Stop(ParentUserId) with
        {
            ReceivedAt = Now + TimeSpan.FromSeconds(1),
            Event = new CarrierEvent.ConsentChanged { From = ParentUserId, To = Ours, OptedOut = false, Evidence = "START" },
        });

        await desk.HandleAsync(Wrote("wamid.1", Number, UserId, ParentUserId));

        foreach (var person in (Address[])[Number, UserId, ParentUserId])
            Assert.False(await tables.Aws.Consents.IsOptedOutAsync(Defaults.Tenant, person, Ours), person.Key);
    }

    [Fact]
    public async Task A_receipt_tells_what_else_a_person_is_called()
    {
        using var tables = await OmniTables.CreateAsync(emulators, TimeProvider.System);
        var desk = new Desk(tables);
        await desk.SendingAsync("msg_a", "whatsapp", Typed, Ours, "Hello", Now, Now);

        Assert.Empty(await desk.HandleAsync(new InboundEnvelope
        {
            Carrier = "whatsapp",
            ReceivedAt = Now,
            Event = new CarrierEvent.DeliveryReported
            {
                Reference = "msg_a.0.1", CarrierMessageId = "wamid.1", KnownAs = [Number, UserId], Status = MessageStatus.Delivered,
            },
        }));
        await desk.HandleAsync(Stop(UserId));

        Assert.True(await tables.Aws.Consents.IsOptedOutAsync(Defaults.Tenant, Typed, Ours));
        Assert.Equal([Typed, Number, UserId], await tables.Aws.Sessions.AddressesAsync(To(Typed).Conversation));
    }

    [Fact]
    public async Task What_is_not_written_to_us_opens_no_window()
    {
        using var tables = await OmniTables.CreateAsync(emulators, TimeProvider.System);
        var wrote = Wrote("wamid.1", Number);

        await new Desk(tables).HandleAsync(wrote with { Event = (CarrierEvent.MessageReceived)wrote.Event with { OpensNoWindow = true } });

        Assert.Null(await tables.Aws.Sessions.FindWithWindowAsync(To(Number).Conversation));
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

    private static InboundEnvelope Wrote(string id, Address from, params Address[] also) => new()
    {
        Carrier = "whatsapp",
        ReceivedAt = Now,
        Event = new CarrierEvent.MessageReceived
        {
            CarrierMessageId = id,
            From = from,
            AlsoFrom = also.Length > 0 ? also : null,
            To = Ours,
            Content = new TextContent { Body = "Hi" },
            SentAt = Now,
        },
        Raw = "{}",
    };
}
