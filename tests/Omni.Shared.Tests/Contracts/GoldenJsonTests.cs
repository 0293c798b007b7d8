using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Omni.Shared.Tests.Contracts;

/// <summary>What crosses a queue or a table keeps its form: contracts only grow.</summary>
public sealed class GoldenJsonTests
{
    public static TheoryData<string> Fixtures() =>
        [.. Directory.EnumerateFiles("Fixtures/Contracts", "*.json").Select(path => Path.GetFileNameWithoutExtension(path))];

    [Theory, MemberData(nameof(Fixtures))]
    public void A_contract_is_read_and_written_to_the_byte(string fixture)
    {
        var json = File.ReadAllText($"Fixtures/Contracts/{fixture}.json").Trim();

        Assert.Equal(
            json,
            fixture.StartsWith("send", StringComparison.Ordinal)
                ? Again(json, OmniJson.Wire.OutboundCommand)
                : Again(json, OmniJson.Wire.InboundEnvelope));
    }

    [Fact]
    public void A_record_written_by_hand_gets_the_defaults_and_its_unknown_members_are_ignored()
    {
        var command = JsonSerializer.Deserialize(
            """{"message":{"new":[1],"id":"msg_1","carrier":"twilio","to":"+14155550123","from":"+12065550100","content":"""
                + """{"body":"Hi","type":"text","new":{}}},"type":"send"}""",
            OmniJson.Wire.OutboundCommand);

        var message = Assert.IsType<OutboundCommand.Send>(command).Message;
        Assert.Equal(("default", "default", 14400), (message.Tenant, message.Account, message.TtlSeconds));
        Assert.Equal(
            (Priority.Normal, UnknownOutcomePolicy.Auto, Direction.Outbound),
            (message.Priority, message.OnUnknownOutcome, message.Direction));
        Assert.Empty(message.Parts);
    }

    [Fact]
    public void A_template_without_variables_has_none()
    {
        Assert.Empty(Assert.IsType<TemplateContent>(
            JsonSerializer.Deserialize("""{"type":"template","name":"HX1"}""", OmniJson.Wire.Content)).Variables);
    }

    [Theory]
    [InlineData("""{"type":"telepathy","body":"Hi"}""")]
    [InlineData("""{"type":"text"}""")]
    [InlineData("""{"body":"Hi"}""")]
    public void Content_of_another_form_is_refused(string json)
    {
        Assert.ThrowsAny<Exception>(() => JsonSerializer.Deserialize(json, OmniJson.Wire.Content));
    }

    [Fact]
    public void Rank_keys_order_statuses_and_tell_their_reason()
    {
        RankKey[] ranks = [.. Enum.GetValues<MessageStatus>().Select(status => RankKey.Of(status))];
        Assert.Equal(ranks, ranks.Order());

        var rank = RankKey.Of(MessageStatus.Undelivered, FailureReason.OptedOut, "21610");
        Assert.Equal(
            ("10#opted_out:21610", MessageStatus.Undelivered, FailureReason.OptedOut, "21610"),
            (rank.Value, rank.Status, rank.Reason!.Value, rank.CarrierCode));
        Assert.True(rank > RankKey.Of(MessageStatus.Failed, FailureReason.Unknown));
    }

    [Theory]
    [InlineData("msg_1.0.1", true)]
    [InlineData("msg_1.0", false)]
    [InlineData("msg_1.-1.1", false)]
    [InlineData("msg_1.99.1", false)]
    [InlineData("sms_1.0.1", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void A_reference_is_ours_or_none(string? text, bool isOurs)
    {
        Assert.Equal(isOurs ? text : null, AttemptReference.Parse(text)?.ToString());
    }

    private static string Again<T>(string json, JsonTypeInfo<T> type) =>
        JsonSerializer.Serialize(JsonSerializer.Deserialize(json, type)!, type);
}
