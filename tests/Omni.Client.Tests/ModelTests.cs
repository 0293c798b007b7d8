using System.Text.Json;

namespace Omni.Client.Tests;

public sealed class ModelTests
{
    [Theory]
    [InlineData("\"14155550123\"", "14155550123", null, "14155550123")]
    [InlineData("""{"type":"phone","value":"14155550123"}""", "14155550123", "phone", "14155550123")]
    [InlineData("""{"type":"livechatChat","value":"PJ0:MR"}""", "PJ0:MR", "livechatChat", "livechatChat:PJ0:MR")]
    public void An_address_has_a_short_and_a_long_form(string json, string value, string? type, string text)
    {
        var address = JsonSerializer.Deserialize(json, OmniJson.Default.Address)!;

        Assert.Equal(new Address(value, type), address);
        Assert.Equal(json, JsonSerializer.Serialize(address, OmniJson.Default.Address));
        Assert.Equal(text, address.ToString());
        Assert.Equal(text, Address.Parse(text).ToString());
    }

    [Fact]
    public void A_kind_of_content_that_is_not_known_is_read_and_passed_over()
    {
        var content = JsonSerializer.Deserialize("""{"poll":{"question":"?"},"type":"poll"}""", OmniJson.Default.Content);

        Assert.Equal(typeof(Content), content!.GetType());
    }

    [Fact]
    public void Members_come_in_any_order_and_unknown_ones_are_passed_over()
    {
        var content = JsonSerializer.Deserialize("""{"body":"Hello","new":1,"type":"text"}""", OmniJson.Default.Content);

        Assert.Equal(new TextContent { Body = "Hello" }, content);
    }

    [Fact]
    public void What_is_not_set_is_left_out()
    {
        SendRequest request = new() { Carrier = CarrierId.Twilio, To = "1", From = new("OMNI", AddressType.Alphanumeric), Text = "Hello" };

        Assert.Equal(
            """{"carrier":"twilio","to":"1","from":{"type":"alphanumeric","value":"OMNI"},"content":{"type":"text","body":"Hello"}}""",
            JsonSerializer.Serialize(request, OmniJson.Default.SendRequest));
        Assert.Equal("Hello", request.Text);
    }

    [Theory]
    [InlineData("message.sent", true, false)]
    [InlineData("consent.changed", false, true)]
    [InlineData("batch.completed", false, false)]
    public void An_event_is_read_as_what_it_is_about(string type, bool isMessage, bool isConsent)
    {
        var data = isMessage
            ? """
              {"id":"msg_1","direction":"outbound","status":"sent","final":false,"contradicted":false,"carrier":"twilio","to":"+1",
               "from":"+2","conversationId":"ses_1","createdAt":"2026-01-31T08:00:00Z","updatedAt":"2026-01-31T08:00:00Z","truncated":true,
               "links":{"self":"/a","status":"/b","timeline":"/c"}}
              """
            : """{"address":"+1","optedOut":true,"scope":"everything","at":"2026-01-31T08:00:00Z"}""";
        Event read = new()
        {
            Id = "evt_1", Type = type, Timestamp = default, Tenant = "default", Data = JsonDocument.Parse(data).RootElement,
        };

        Assert.Equal(isMessage, read.AsMessage() is { Truncated: true, Content: null });
        Assert.Equal(isConsent, read.AsConsent() is { OptedOut: true });
        Assert.Null(read.AsCarrierChange());
        Assert.Null(read.AsEndpoint());
    }
}
