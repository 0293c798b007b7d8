using Omni.Aws;
using Omni.Shared;

namespace Omni.Api.Tests;

public sealed class WindowTests
{
    private static readonly Address Person = Address.Phone("+14155550123");

    private static readonly object Text = new { type = "text", body = TestApi.Text };

    private readonly TestApi _api = new();

    [Fact]
    public async Task In_the_window_a_send_is_one_read_and_one_put()
    {
        _api.StoreSession("whatsapp", Person, TestApi.Noon.AddSeconds(1));
        await _api.GetAsync("/api/v1/carriers");
        _api.Tables.Forget();

        Assert.Equal(202, (await _api.SendAsync("whatsapp", Text)).Status);
        Assert.Equal(["GetItem", "PutItem"], _api.Tables.Calls);
    }

    [Fact]
    public async Task After_the_window_only_a_template_is_taken()
    {
        _api.StoreSession("whatsapp", Person, TestApi.Noon);

        var reply = await _api.SendAsync("whatsapp", Text);

        Assert.Equal((422, "window_closed", "False"), (reply.Status, reply["code"], reply["retryable"]));
        Assert.Equal(["content.type window_closed"], reply.Errors);
        Assert.Equal(
            "content.type: WhatsApp takes text for 24 hours after a person's last message, and this window ended at 2026-03-14T12:00:00Z. "
                + "Send content of type template.",
            reply["detail"]);
        Assert.Equal(202, (await _api.SendAsync("whatsapp", new { type = "template", name = "order_sent", language = "en" })).Status);
    }

    [Fact]
    public async Task To_a_person_who_never_wrote_only_a_template_is_taken()
    {
        _api.StoreSession("whatsapp", Person); // known from an answer of the carrier, not from a message

        Assert.Contains("this person has not written to this sender yet", (await _api.SendAsync("whatsapp", Text))["detail"]);
        Assert.Equal("window_closed", (await _api.SendAsync(new { carrier = "whatsapp", to = "+14155550124", content = Text }))["code"]);
    }

    [Fact]
    public async Task The_window_of_a_persons_other_address_counts_too()
    {
        var other = new Address(AddressType.WhatsappUserId, "NL.8841ab");
        _api.StoreSession("whatsapp", other, TestApi.Noon.AddHours(1));
        var id = _api.StoreSession("whatsapp", Person, TestApi.Noon.AddHours(-1), more: ("ln", other.Key));

        Assert.Equal(202, (await _api.SendAsync("whatsapp", Text)).Status);
        var session = await _api.GetAsync($"/api/v1/sessions/{id}");
        Assert.Equal(("2026-03-14T13:00:00.123Z", "True"), (session["windowExpiresAt"], session["windowOpen"]));
    }

    [Fact]
    public async Task Neither_templates_nor_scheduled_messages_nor_other_carriers_ask_for_it()
    {
        await _api.GetAsync("/api/v1/carriers");
        _api.Tables.Forget();

        await _api.SendAsync("whatsapp", new { type = "template", name = "order_sent", language = "en" });
        await _api.SendAsync(new { carrier = "whatsapp", content = Text, scheduledAt = "2026-03-15T08:00:00Z" });
        foreach (var carrier in (string[])["twilio", "bandwidth", "messagebird"]) await _api.SendAsync(carrier, Text);
        await _api.SendAsync(new { carrier = "livechat", to = "PJ0MRSHTDG", from = "12345678", content = Text });

        // The one query is for the template's variables.
        Assert.Equal(["Query", .. Enumerable.Repeat("PutItem", 6)], _api.Tables.Calls);
    }

    [Fact]
    public async Task A_replay_is_answered_although_the_window_has_closed_since()
    {
        _api.StoreSession("whatsapp", Person, TestApi.Noon.AddMinutes(1));
        var first = await _api.SendAsync("whatsapp", Text, "key-1");
        _api.Clock.Advance(TimeSpan.FromMinutes(2));

        var second = await _api.SendAsync("whatsapp", Text, "key-1");

        Assert.Equal((202, first.Text, "true"), (second.Status, second.Text, second.Header("Idempotency-Replayed")));
        Assert.Equal("window_closed", (await _api.SendAsync("whatsapp", Text, "key-2"))["code"]);
        Assert.Equal("idempotency_key_reused", (await _api.SendAsync("whatsapp", new { type = "text", body = "Other" }, "key-1"))["code"]);
    }
}
