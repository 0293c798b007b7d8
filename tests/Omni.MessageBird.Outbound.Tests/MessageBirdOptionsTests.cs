using System.Net;
using Omni.Aws;
using Omni.Shared;
using Omni.Testing;

namespace Omni.MessageBird.Outbound.Tests;

public class MessageBirdOptionsTests
{
    [Fact]
    public void Missing_settings_are_all_named_at_once() =>
        Assert.Equal(
            ["PUBLIC_BASE_URL", "MESSAGEBIRD_API_KEY"],
            Assert.Throws<SettingsException>(() => new MessageBirdOptions(new Settings(new Dictionary<string, string>()))).Missing);

    [Theory]
    [InlineData("omni.example.com")]
    [InlineData("ftp://omni.example.com")]
    public void A_public_address_that_nobody_can_call_fails_at_the_start(string url) =>
        Assert.Throws<InvalidOperationException>(() => new MessageBirdOptions(new Settings(Sender.Environment(("PUBLIC_BASE_URL", url)))));

    // Base URL, base URL of conversations, what becomes of them.
    [Theory]
    [InlineData(null, null, "https://rest.messagebird.com/messages", "https://conversations.messagebird.com/v1/send")]
    [InlineData(
        "http://127.0.0.1:5000/messagebird/",
        null,
        "http://127.0.0.1:5000/messagebird/messages",
        "http://127.0.0.1:5000/messagebird/v1/send")]
    [InlineData(
        "https://proxy.example.com",
        "https://other.example.com/v1/",
        "https://proxy.example.com/messages",
        "https://other.example.com/v1/send")]
    [InlineData(
        null,
        "https://whatsapp-sandbox.messagebird.com/v1",
        "https://rest.messagebird.com/messages",
        "https://whatsapp-sandbox.messagebird.com/v1/send")]
    public void Another_base_url_serves_both_apis_unless_the_second_has_its_own(
        string? rest, string? conversations, string messages, string send)
    {
        var options = new MessageBirdOptions(new Settings(
            Sender.Environment(("MESSAGEBIRD_BASE_URL", rest), ("MESSAGEBIRD_CONVERSATIONS_BASE_URL", conversations))));

        Assert.Equal((messages, send), (options.MessagesUrl, options.SendUrl));
    }

    [Fact]
    public async Task A_changed_key_counts_at_once()
    {
        var carrier = new StubCarrier(HttpStatusCode.OK, """{"id":"1"}""");
        var environment = Sender.Environment();
        var sender = new MessageBirdSender(carrier.Http, new MessageBirdOptions(new Settings(environment)), carrier.Clock);

        await sender.SendAsync(Sender.Text);
        environment["MESSAGEBIRD_API_KEY"] = "the-new-key";
        await sender.SendAsync(Sender.Text);

        Assert.Equal(
            [$"AccessKey {Sender.ApiKey}", "AccessKey the-new-key"],
            carrier.Requests.Select(request => request.Headers.Authorization?.ToString()));
    }
}
