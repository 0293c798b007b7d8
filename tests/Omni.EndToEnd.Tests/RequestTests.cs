using System.Text.Json.Nodes;

namespace Omni.EndToEnd.Tests;

/// <summary>What a carrier is asked, seen by a server that stands in its place (<c>{CARRIER}_BASE_URL</c>).</summary>
public sealed class RequestTests(RecordingHost host) : IClassFixture<RecordingHost>
{
    public static TheoryData<string> Carriers() => [.. Scene.All.Select(scene => scene.Carrier)];

    [Theory, MemberData(nameof(Carriers))]
    public async Task A_text_is_sent_by_the_request_that_the_carrier_documents(string carrier)
    {
        const string Text = "One & two = 3 + \"four\", 100 %";
        var scene = Scene.Of(carrier);
        var person = await scene.NewPersonAsync(host);

        var id = await host.SendAsync(scene.Text(person, Text), "sent");

        var request = Assert.Single(host.Recorder.Of(carrier), scene.IsSend);
        Assert.Equal("POST", request.Method);
        scene.Check(request, host, person, Text, $"{id}.0.1");
        Assert.Equal(scene.TakenId, (string?)(await host.Client.GetAsync($"/api/v1/messages/{id}"))["parts"]![0]!["carrierMessageId"]);
    }

    [Fact]
    public async Task Every_carrier_of_the_catalogue_has_a_scene()
    {
        var carriers = (await host.Client.GetAsync("/api/v1/carriers"))["data"]!.AsArray();

        Assert.Equal(carriers.Select(carrier => (string)carrier!["id"]!).Order(), Scene.All.Select(scene => scene.Carrier));
    }
}
