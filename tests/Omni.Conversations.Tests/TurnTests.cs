using Omni.Shared;
using Omni.Testing;

namespace Omni.Conversations.Tests;

/// <summary>What a turn may do, at every carrier.</summary>
public sealed class TurnTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private static InteractiveContent Menu => new()
    {
        Body = "What is it?", Buttons = [new("status", "My order"), new("person", "A person")],
    };

    [Theory, EveryCarrier]
    public void A_reply_of_text_arrives_as_it_is(string carrier) =>
        Play(carrier, turn => turn.Reply($"You said {turn.Message.Text}.")).Says("hi").Expect("You said hi.").ExpectNothing();

    [Theory, EveryCarrier]
    public void Replies_arrive_in_their_order_under_ids_of_the_message(string carrier)
    {
        var test = Play(carrier, turn =>
        {
            turn.Reply("one");
            turn.Reply("two");
            turn.Reply("three");
        }).Says("hi").Expect("one").Expect("two").Expect("three").ExpectNothing();

        var id = Ids.DerivedMessage("tested", "1");
        Assert.Equal(new[] { Ids.Reply(id, 0), Ids.Reply(id, 1), Ids.Reply(id, 2) }, test.Replies.Select(reply => reply.Id));
        Assert.Equal(new[] { Ids.Reply(id, 1), Ids.Reply(id, 2) }, test.Replies[0].Followers);
        Assert.Equal(test.Replies.OrderBy(reply => reply.CreatedAt), test.Replies);
        Assert.Equal(3, test.Replies.Select(reply => reply.CreatedAt).Distinct().Count());
    }

    [Theory, EveryCarrier]
    public void A_choice_comes_back_as_its_id_whether_it_is_tapped_or_typed(string carrier)
    {
        string? chosen = null;
        Play(carrier, turn =>
        {
            chosen = turn.Message.Choice;
            if (chosen is null) turn.Reply(Menu);
        }).Says("hi").Expect("What is it?").Chooses("person").ExpectNothing();

        Assert.Equal("person", chosen);
    }

    [Theory]
    [InlineData("2", "person")]
    [InlineData(" 2. ", "person")]
    [InlineData("a PERSON", "person")]
    [InlineData("1)", "status")]
    [InlineData("3", null)]
    [InlineData("0", null)]
    [InlineData("-1", null)]
    [InlineData("2 please", null)]
    [InlineData("", null)]
    public void A_typed_choice_is_its_number_or_its_title(string typed, string? id) =>
        Assert.Equal(id, Conversations.Menu.Hear(Conversations.Menu.Of(Menu), typed));

    [Theory, EveryCarrier]
    public void What_is_kept_is_there_in_the_next_turn(string carrier) =>
        Play(carrier, turn =>
        {
            turn.State = turn.State with { Turns = turn.State.Turns + 1 };
            turn.Reply($"turn {turn.State.Turns}");
        }).Says("a").Expect("turn 1").Says("b").Expect("turn 2");

    [Theory, EveryCarrier]
    public void An_eleventh_reply_is_refused_and_none_is_sent(string carrier)
    {
        var test = Play(carrier, turn =>
        {
            for (var n = 0; n < 11; n++) turn.Reply($"{n}");
        });

        Assert.Contains("at most 10 replies", Assert.Throws<TurnException>(() => test.Says("hi")).Message, StringComparison.Ordinal);
        Assert.Empty(test.Replies);
    }

    [Fact]
    public void What_was_refused_cannot_be_caught_away()
    {
        var test = Play("twilio", turn =>
        {
            turn.Reply("half");
            Assert.Throws<TurnException>(() => turn.WakeAfter(TimeSpan.Zero, "now"));
        });

        Assert.Contains(
            "'now' is not in the future", Assert.Throws<TurnException>(() => test.Says("hi")).Message, StringComparison.Ordinal);
        Assert.Empty(test.Replies);
    }

    [Fact]
    public void Ten_replies_are_taken() => Assert.Equal(10, Play("whatsapp", turn =>
    {
        for (var n = 0; n < 10; n++) turn.Reply($"{n}");
    }).Says("hi").Replies.Count);

    [Fact]
    public void A_state_that_is_too_large_is_refused()
    {
        var test = Play("twilio", turn => turn.State = new() { Text = turn.Message.Text == "fits" ? new('x', 16_300) : new('é', 8_300) });
        test.Says("fits");
        Assert.Contains("at most 16384 bytes", Assert.Throws<TurnException>(() => test.Says("large")).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, "idle", "not in the future")]
    [InlineData(-5, "idle", "not in the future")]
    [InlineData(91 * 24 * 60, "idle", "further than 90 days")]
    [InlineData(5, " ", "1 to 64 characters")]
    public void A_wake_that_cannot_be_is_refused(int minutes, string name, string problem)
    {
        var test = Play("bandwidth", turn => turn.WakeAfter(minutes * Minute, name));
        Assert.Contains(problem, Assert.Throws<TurnException>(() => test.Says("hi")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_eleventh_wake_is_refused()
    {
        var test = Play("bandwidth", turn =>
        {
            for (var n = 0; n < 11; n++) turn.WakeAfter(Minute, $"{n}");
        });
        Assert.Contains("at most 10 wakes", Assert.Throws<TurnException>(() => test.Says("hi")).Message, StringComparison.Ordinal);
    }

    [Theory, EveryCarrier]
    public void A_wake_comes_at_its_moment_and_once(string carrier) =>
        Play(carrier, turn => turn.WakeAfter(30 * Minute, "idle"), (turn, name) => turn.Reply($"{name} at {turn.Now:HH:mm}"))
            .Says("hi").After(29 * Minute).ExpectNothing().After(Minute).Expect("idle at 10:30").After(60 * Minute).ExpectNothing();

    [Fact]
    public void A_wake_of_the_same_name_moves_the_first() =>
        Play("twilio", turn => turn.WakeAfter(30 * Minute, "idle"), (turn, name) => turn.Reply(name))
            .Says("hi").After(20 * Minute).Says("again").After(29 * Minute).ExpectNothing().After(Minute).Expect("idle").ExpectNothing();

    [Fact]
    public void A_canceled_wake_does_not_come() =>
        Play(
            "twilio",
            turn =>
            {
                if (turn.Message.Text == "stay") turn.CancelWake("idle");
                else turn.WakeAfter(30 * Minute, "idle");
            },
            (turn, name) => turn.Reply(name)).Says("hi").Says("stay").After(90 * Minute).ExpectNothing();

    [Fact]
    public void A_wakes_reply_outside_of_the_window_is_a_template_or_nothing()
    {
        var late = Play(
            "whatsapp", turn => turn.WakeAfter(TimeSpan.FromHours(24), "late"), (turn, _) => turn.Reply("Still there?")).Says("hi");
        var fault = Assert.Throws<TurnException>(() => late.After(TimeSpan.FromHours(25)));
        Assert.Contains("WhatsApp takes nothing but a template", fault.Message, StringComparison.Ordinal);

        var template = new TemplateContent { Name = "still_there", Language = "en" };
        Play("whatsapp", turn => turn.WakeAfter(TimeSpan.FromHours(24), "late"), (turn, _) => turn.Reply(template)).Says("hi")
            .After(TimeSpan.FromHours(25)).Expect(reply => Assert.Equal(ContentType.Template, reply.Content.Type));
        Play("whatsapp", turn => turn.WakeAfter(TimeSpan.FromHours(23), "late"), (turn, _) => turn.Reply("Still there?")).Says("hi")
            .After(TimeSpan.FromHours(25)).Expect("Still there?");
    }

    [Theory]
    [InlineData("inteliquent", "Inteliquent")]
    [InlineData("livechat", "LiveChat")]
    public void What_no_rule_can_adapt_names_its_carrier(string carrier, string name)
    {
        var test = Play(carrier, turn => turn.Reply(new TemplateContent { Name = "x", Language = "en" }));
        Assert.Contains(
            $"{name} cannot carry reply 1", Assert.Throws<TurnException>(() => test.Says("hi")).Message, StringComparison.Ordinal);
    }

    [Theory, EveryCarrier]
    public void An_empty_text_is_refused_everywhere(string carrier)
    {
        var test = Play(carrier, turn => turn.Reply(" "));
        Assert.Contains("content.body", Assert.Throws<TurnException>(() => test.Says("hi")).Message, StringComparison.Ordinal);
    }

    [Theory, EveryCarrier]
    public void A_quote_is_one_where_the_carrier_quotes(string carrier) =>
        Play(carrier, turn => turn.ReplyTo("yes")).Says("hi").Expect(
            reply => Assert.Equal(CarrierCatalogue.Get(carrier).Quotes ? "theirs-1" : null, reply.ReplyTo));

    [Fact]
    public void A_wake_has_no_message()
    {
        Exception? said = null;
        var test = Play("twilio", turn => turn.WakeAfter(Minute, "w"), (turn, _) =>
        {
            said = Assert.Throws<InvalidOperationException>(() => turn.Message);
            turn.ReplyTo("x");
        }).Says("hi");
        Assert.Contains("no message to quote", Assert.Throws<TurnException>(() => test.After(Minute)).Message, StringComparison.Ordinal);
        Assert.NotNull(said);
    }

    [Theory, EveryCarrier]
    public void A_hand_over_silences_the_processor_until_its_time_is_over(string carrier) =>
        Play(carrier, turn =>
        {
            turn.Reply($"heard {turn.Message.Text}");
            turn.WakeAfter(Minute, "idle");
            if (turn.Message.Text == "person") turn.HandOff("asked for", TimeSpan.FromHours(2));
        }, (turn, name) => turn.Reply(name))
            .Says("person").Expect("heard person").ExpectHandOff("asked for")
            .After(5 * Minute).ExpectNothing()
            .Says("hello?").ExpectNothing()
            .After(TimeSpan.FromHours(2)).Says("again").Expect("heard again");

    [Theory]
    [InlineData("", 60, "A reason has")]
    [InlineData("x", 0, "a minute to 90 days")]
    public void A_hand_over_that_cannot_be_is_refused(string reason, int minutes, string problem)
    {
        var test = Play("twilio", turn => turn.HandOff(reason, minutes * Minute));
        Assert.Contains(problem, Assert.Throws<TurnException>(() => test.Says("hi")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_end_takes_state_and_wakes_along() =>
        Play("twilio", turn =>
        {
            turn.State = turn.State with { Turns = turn.State.Turns + 1 };
            turn.WakeAfter(Minute, "idle");
            turn.Reply($"turn {turn.State.Turns}");
            if (turn.Message.Text == "bye") turn.End();
        }, (turn, name) => turn.Reply(name))
            .Says("hi").Expect("turn 1").Says("bye").Expect("turn 2").ExpectEnd()
            .After(5 * Minute).ExpectNothing().Says("hi").Expect("turn 1");

    [Theory]
    [InlineData("reply")]
    [InlineData("end")]
    [InlineData("handOff")]
    public void What_is_left_alone_has_no_other_effect(string other)
    {
        var test = Play("twilio", turn =>
        {
            turn.Ignore();
            if (other == "reply") turn.Reply("x");
            if (other == "end") turn.End();
            if (other == "handOff") turn.HandOff("x");
        });
        Assert.Contains("left alone", Assert.Throws<TurnException>(() => test.Says("hi")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_ended_conversation_is_not_handed_over()
    {
        var test = Play("twilio", turn =>
        {
            turn.End();
            turn.HandOff("x");
        });
        Assert.Throws<TurnException>(() => test.Says("hi"));
    }

    [Fact]
    public void A_turn_that_is_over_takes_nothing()
    {
        Turn<Notes>? kept = null;
        Play("twilio", turn => kept = turn).Says("hi");
        Assert.Contains("The turn is over", Assert.Throws<TurnException>(() => kept!.Reply("late")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_comes_with_its_link_and_a_reply_can_send_it_on()
    {
        PersonFile? file = null;
        Play("whatsapp", turn =>
        {
            file = Assert.Single(turn.Message.Media);
            turn.Reply(new ImageContent { MediaId = file.MediaId, Caption = turn.Message.Text });
        }).Sends(new ImageContent { MediaId = "theirs", MimeType = "image/jpeg", Caption = "look" })
            .Expect(reply => Assert.NotNull(reply.Media));

        Assert.Equal($"https://files.example/{file!.MediaId}", file.Link!.OriginalString);
        Assert.Equal("image/jpeg", file.MimeType);
    }

    [Theory, EveryCarrier]
    public void The_same_text_five_times_is_a_loop(string carrier)
    {
        var test = Play(carrier, turn => turn.Reply("I am away."));
        for (var n = 0; n < 4; n++) test.Says("I am away.").Expect("I am away.");
        test.Says("i am AWAY.").ExpectNothing().Says("anything").ExpectNothing()
            .After(TimeSpan.FromMinutes(11)).Says("hi").Expect("I am away.");
    }

    [Fact]
    public void The_same_text_now_and_then_is_none()
    {
        var test = Play("twilio", turn => turn.Reply("ok"));
        for (var n = 0; n < 12; n++) test.Says("menu").Expect("ok").After(3 * Minute);
    }

    [Fact]
    public void Sixty_messages_in_ten_minutes_are_a_loop()
    {
        var test = Play("twilio", turn => turn.Reply("ok"));
        for (var n = 1; n < 60; n++) test.Says($"{n}").Expect("ok").After(TimeSpan.FromSeconds(5));
        test.Says("60").ExpectNothing();
    }

    private static ConversationTest<Scripted> Play(
        string carrier, Action<Turn<Notes>> onMessage, Action<Turn<Notes>, string>? onWake = null) =>
        new(carrier, new Scripted(onMessage, onWake));
}
