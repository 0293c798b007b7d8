using System.Text;
using System.Text.Json;
using Omni.Shared;
using Omni.Testing;

namespace Omni.Concierge.Tests;

/// <summary>The concierge with the texts of its package, at every carrier.</summary>
public sealed class ConciergeTests
{
    // A Monday, 11:00 in Berlin.
    private static readonly DateTimeOffset Open = new(2026, 3, 2, 10, 0, 0, TimeSpan.Zero);

    [Theory, EveryCarrier]
    public void Whoever_writes_first_is_greeted_with_a_menu_and_chooses(string carrier) =>
        Play(carrier).Says("hi").Expect("What can we do for you?").ExpectNothing()
            .Chooses("hours").Expect("We are here now").ExpectNothing();

    [Theory, EveryCarrier]
    public void An_answer_of_three_messages_is_three_messages_in_order(string carrier) =>
        Play(carrier).Says("Where is my ORDER?!").Expect("within two working days").Expect("you get its number").Expect("write: person")
            .ExpectNothing();

    [Theory, EveryCarrier]
    public void A_person_takes_over_when_asked_for(string carrier) =>
        Play(carrier).Says("hi").Expect("Hello!").Chooses("person").Expect("A colleague will write to you here in a moment.")
            .ExpectHandOff("asked for").Says("are you there?").ExpectNothing()
            .After(TimeSpan.FromHours(1)).ExpectNothing();

    [Theory, EveryCarrier]
    public void A_word_is_enough_and_a_piece_of_one_is_none(string carrier) =>
        Play(carrier).Says("Can I talk to a human, please?").Expect("A colleague").ExpectHandOff("asked for");

    [Fact]
    public void A_piece_of_a_word_asks_for_nothing() => Play("twilio").Says("It is impersonal, reopened, ordered").Expect("Hello!");

    [Theory, EveryCarrier]
    public void What_is_not_understood_three_times_goes_to_a_person(string carrier) =>
        Play(carrier).Says("hm").Expect("Hello!").Says("hmm").Expect("Sorry").Says("hmmm").Expect("Sorry")
            .Says("hmmmm").Expect("A colleague").ExpectHandOff("not understood");

    [Fact]
    public void What_is_understood_in_between_begins_the_count_anew() =>
        Play("twilio").Says("hm").Expect("Hello!").Says("hmm").Expect("Sorry").Says("a").Expect("Sorry").Says("hours").Expect("We are here")
            .Says("b").Expect("Sorry").Says("c").Expect("Sorry").Says("d").Expect("A colleague");

    [Theory, EveryCarrier]
    public void Half_an_hour_without_a_word_ends_the_conversation(string carrier) =>
        Play(carrier).Says("hi").Expect("Hello!").After(TimeSpan.FromMinutes(29)).ExpectNothing()
            .After(TimeSpan.FromMinutes(1)).Expect("We end here.").ExpectEnd().Says("hi again").Expect("Hello!");

    [Theory]
    [InlineData("2026-03-02T07:59:59Z", "Monday at 09:00")]
    [InlineData("2026-03-02T08:00:00Z", null)]
    [InlineData("2026-03-02T15:59:59Z", null)]
    [InlineData("2026-03-02T16:00:00Z", "Tuesday at 09:00")]
    [InlineData("2026-03-06T16:00:00Z", "Monday at 09:00")]
    [InlineData("2026-07-03T06:59:59Z", "Friday at 09:00")]
    [InlineData("2026-07-03T07:00:00Z", null)]
    public void Opening_hours_go_by_the_clocks_of_their_zone(string now, string? opening)
    {
        var moment = DateTimeOffset.Parse(now, System.Globalization.CultureInfo.InvariantCulture);
        Play("twilio").At(moment).Says("hours").Expect(opening ?? "We are here now").ExpectNothing();
        Play("twilio").At(moment).Says("agent").Expect(opening is null ? "in a moment" : $"from {opening} on").ExpectHandOff("asked for");
    }

    [Fact]
    public void A_file_without_a_word_is_answered_with_the_menu() =>
        Play("whatsapp").Sends(new ImageContent { MediaId = "theirs", MimeType = "image/jpeg" }).Expect("Hello!");

    [Fact]
    public void A_longer_menu_is_a_list()
    {
        var texts = ConciergeTexts.Load();
        var more = texts with { Answers = [.. texts.Answers, new() { Id = "returns", Title = "Returns", Says = ["Send it back."] }] };
        new ConversationTest<Concierge>("whatsapp", new(more)).Says("hi")
            .Expect(reply => Assert.Equal(4, ((InteractiveContent)reply.Content).List!.Sections[0].Rows.Count))
            .Chooses("returns").Expect("Send it back.");
    }

    [Theory, MemberData(nameof(Fixtures))]
    public void Texts_that_cannot_be_are_refused_with_their_reason(string fixture)
    {
        using var read = JsonDocument.Parse(File.ReadAllText(Path.Combine("Fixtures", fixture + ".json")));
        var file = System.Text.Json.Nodes.JsonNode.Parse(File.ReadAllText(Path.Combine("texts", "concierge.json")))!.AsObject();
        foreach (var change in read.RootElement.GetProperty("change").EnumerateObject())
        {
            var path = change.Name.Split('.');
            var target = path[..^1].Aggregate(file, (node, name) => node[name]!.AsObject());
            if (change.Value.ValueKind == JsonValueKind.Null) target.Remove(path[^1]);
            else target[path[^1]] = System.Text.Json.Nodes.JsonNode.Parse(change.Value.GetRawText());
        }

        var refused = Assert.Throws<FormatException>(() => ConciergeTexts.Read(Encoding.UTF8.GetBytes(file.ToJsonString())));
        Assert.Contains(read.RootElement.GetProperty("says").GetString()!, refused.Message, StringComparison.Ordinal);
    }

    public static TheoryData<string> Fixtures() =>
        [.. Directory.EnumerateFiles("Fixtures", "*.json").Select(path => Path.GetFileNameWithoutExtension(path))];

    private static ConversationTest<Concierge> Play(string carrier) =>
        new ConversationTest<Concierge>(carrier, new(ConciergeTexts.Load())).At(Open);
}
