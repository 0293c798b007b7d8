using System.Text.Json;
using System.Text.Json.Nodes;
using Omni.Testing;

namespace Omni.Bandwidth.Inbound.Tests;

public class BandwidthCallTests
{
    private readonly WebhookEdge _edge = Bandwidth.NewEdge();

    public static TheoryData<string> Calls() =>
        [.. Directory.EnumerateFiles(Path.Combine("Fixtures", "Calls"), "*.json")
            .Select(path => Path.GetFileNameWithoutExtension(path)).Order()];

    [Theory, MemberData(nameof(Calls))]
    public async Task A_call_becomes_its_events(string name)
    {
        var fixture = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine("Fixtures", "Calls", $"{name}.json")))!;

        var answer = await _edge.CallAsync(Bandwidth.SignedIn(fixture["body"]!.ToJsonString()));

        Assert.Equal(204, answer.StatusCode);
        Assert.Equal(Text(fixture["queued"]!), Text(_edge.Events));
        foreach (var reason in fixture["ignored"]?.AsArray() ?? [])
            Assert.Contains($"\"reason\":\"{reason}\"", _edge.Log, StringComparison.Ordinal);
        if (fixture["ignored"] is null) Assert.DoesNotContain("\"reason\"", _edge.Log, StringComparison.Ordinal);
        Assert.Equal((bool?)fixture["kept"] ?? false, _edge.Blobs.Count > 0);

        static string Text(JsonNode node) => node.ToJsonString(new JsonSerializerOptions { WriteIndented = true });
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("42")]
    [InlineData("\"text\"")]
    [InlineData("{")]
    [InlineData("<html/>")]
    public async Task A_body_that_is_no_event_is_kept_and_acknowledged(string body)
    {
        var answer = await _edge.CallAsync(Bandwidth.SignedIn(body));

        Assert.Equal(204, answer.StatusCode);
        Assert.Equal(body, Assert.Single(_edge.Blobs).Value);
        Assert.Empty(_edge.Queued);
    }

    [Fact]
    public async Task Half_an_emoji_loses_neither_its_message_nor_the_others()
    {
        var cut = Bandwidth.Sms("x", "cut").Replace("\"x\"", "\"\\ud83d\"", StringComparison.Ordinal);
        var body = $"[{cut[1..^1]},{Bandwidth.Sms("Hi!", "whole")[1..^1]}]";

        await _edge.CallAsync(Bandwidth.SignedIn(body));

        Assert.Equal(["\ufffd", "Hi!"], _edge.Events.Select(e => (string)e!["content"]!["body"]!));
    }

    [Fact]
    public async Task What_people_wrote_is_kept_as_it_came()
    {
        await _edge.CallAsync(Bandwidth.SignedIn(Bandwidth.Sms()));
        Assert.Equal(Bandwidth.Sms(), (string?)Assert.Single(_edge.Queued)["raw"]);
    }
}
