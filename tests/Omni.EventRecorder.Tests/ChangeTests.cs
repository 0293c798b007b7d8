using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using Omni.Aws;
using Omni.Shared;

namespace Omni.EventRecorder.Tests;

/// <summary>What clients are told of each kind of change in the table: one file a kind, with the item before and after it.</summary>
public sealed class ChangeTests
{
    public static TheoryData<string> Fixtures() =>
        [.. Directory.EnumerateFiles("Fixtures", "*.json").Select(path => Path.GetFileNameWithoutExtension(path))];

    [Theory, MemberData(nameof(Fixtures))]
    public void A_change_tells_what_its_fixture_says(string fixture)
    {
        var json = StreamChange.Fixture(fixture);
        var batch = StreamChange.Batch(StreamChange.Record("1", json["before"], json["after"]!));
        var (before, after) = Assert.Single(
            new StreamRecords(batch, null!, "", NullLogger.Instance).Read((before, after) => new[] { (before, after) })).Work;
        ClientEvent[] EventsOf() => [.. Change.EventsOf(before, after)];

        if ((string?)json["problem"] is { } problem)
        {
            Assert.Equal(problem, Assert.Throws<FormatException>(EventsOf).Message);
            return;
        }

        var told = EventsOf();
        Assert.Equal(
            json["events"]!.AsArray().Select(e => e!.ToJsonString()),
            told.Select(e => JsonNode.Parse(JsonSerializer.Serialize(e, EventJson.Wire.ClientEvent))!.ToJsonString()));
        Assert.All(told, e => Assert.Contains(e.Type, EventTypes.All));
        Assert.Equal(told.Select(e => e.Id), EventsOf().Select(e => e.Id));
    }

    [Fact]
    public void Every_status_that_somebody_waits_for_is_told_with_its_rank()
    {
        var told = Directory.EnumerateFiles("Fixtures").Select(path => JsonNode.Parse(File.ReadAllText(path))!["events"])
            .OfType<JsonArray>().SelectMany(events => events).ToArray();

        Assert.Equal(
            Enum.GetValues<MessageStatus>().Where(status => EventTypes.OfStatus(status) is not null)
                .Select(status => (EventTypes.OfStatus(status), (int?)status)),
            told.Where(e => e!["sequence"] is not null).Select(e => ((string?)e!["type"], (int?)e["sequence"]))
                .Distinct().OrderBy(e => e.Item2));
        Assert.Equal(
            [EventTypes.CarrierDegraded, EventTypes.MediaFailed, EventTypes.MediaStored, EventTypes.MessageReceived],
            told.Where(e => e!["sequence"] is null).Select(e => (string)e!["type"]!).Distinct().Order(StringComparer.Ordinal));
    }
}
