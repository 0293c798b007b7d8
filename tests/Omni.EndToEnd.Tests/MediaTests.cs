using System.Text.Json.Nodes;

namespace Omni.EndToEnd.Tests;

/// <summary>Files that their carriers would not take as they are, from the client's host to the carrier.</summary>
public sealed class MediaTests(SharedHost shared) : IClassFixture<SharedHost>
{
    private static readonly Scene Twilio = Scene.Of("twilio");

    private readonly Host _host = shared.Host;

    [Fact]
    public async Task A_photograph_of_a_phone_arrives_upright_and_tells_no_place()
    {
        var person = Host.NewPhone();

        var id = await _host.SendAsync(Twilio.Send(person, Photo()), "delivered");

        var message = await _host.Client.GetAsync($"/api/v1/messages/{id}");
        var prepared = Assert.Single(message["prepared"]!.AsArray())!;
        Assert.Equal(("image/jpeg", "image/jpeg"), ((string?)prepared["mimeType"], (string?)prepared["convertedFrom"]));
        var taken = Assert.Single(await Twilio.TakenAsync(_host, person));
        using var carrier = new HttpClient();
        using var fetched = await carrier.GetAsync((string)taken!["parameters"]!["MediaUrl"]![0]!);
        var bytes = await fetched.Content.ReadAsByteArrayAsync();
        Assert.Equal("image/jpeg", fetched.Content.Headers.ContentType?.MediaType);
        Assert.Equal((long?)prepared["bytes"], bytes.Length);
        Assert.Equal(-1, bytes.AsSpan().IndexOf("Exif"u8));
    }

    [Fact]
    public async Task A_page_in_place_of_a_picture_ends_the_message_and_the_conversation_goes_on()
    {
        var person = Host.NewPhone();
        var page = new JsonObject { ["type"] = "image", ["mediaUrl"] = new Uri(_host.Local.Url, "/local").AbsoluteUri };

        var id = await _host.SendAsync(Twilio.Send(person, page), "rejected");
        await _host.SendAsync(Twilio.Text(person, "Never mind the picture"), "delivered");

        var error = (await _host.Client.GetAsync($"/api/v1/messages/{id}"))["error"]!;
        Assert.Equal(("media_rejected", "media_type"), ((string?)error["code"], (string?)error["carrierCode"]));
        Assert.Contains("text/plain", (string?)error["detail"], StringComparison.Ordinal);
        Assert.Single(await Twilio.TakenAsync(_host, person));
    }

    private JsonObject Photo() => new()
    {
        ["type"] = "image", ["mediaUrl"] = new Uri(_host.Local.Url, "/local/photo.jpg").AbsoluteUri, ["caption"] = "This is your parcel.",
    };
}
