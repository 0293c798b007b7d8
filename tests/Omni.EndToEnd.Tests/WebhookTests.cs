namespace Omni.EndToEnd.Tests;

/// <summary>The webhook's edge, whatever the carrier: what cannot be told, and what is large.</summary>
public sealed class WebhookTests(SharedHost shared) : IClassFixture<SharedHost>
{
    private static readonly Scene Twilio = Scene.Of("twilio");

    private readonly Host _host = shared.Host;

    [Fact]
    public async Task A_message_of_nobody_that_can_be_told_is_shown()
    {
        var marker = Guid.NewGuid().ToString("N");

        var answer = await Twilio.Calls(_host, [new("messenger:1234567890", Twilio.Ours[0], marker)], []).Single().MakeAsync(_host);

        Assert.True((int)answer.Status < 300, $"{answer.Status}");
        await Host.UntilAsync(async () => (await _host.Client.GetAsync("/api/v1/messages?direction=inbound&limit=100"))["data"]!.AsArray()
            .FirstOrDefault(message => (string?)message!["content"]!["body"] == marker && (string?)message["from"]!["value"] == "unknown"));
    }

    [Fact]
    public async Task A_signed_text_of_a_megabyte_is_not_lost()
    {
        var person = Host.NewPhone();

        var answer = await Twilio.Calls(_host, [new(person, Twilio.Ours[0], new string('x', 1024 * 1024))], []).Single().MakeAsync(_host);

        Assert.True((int)answer.Status < 300, $"{answer.Status}");
        await _host.InboundAsync(person, 1);
    }
}
