using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using Omni.Aws;
using Omni.Testing.Simulation;

namespace Omni.Api.Tests;

/// <summary>
/// Two carriers share a pool, one of them fails for a while: an hour on a clock that is set. Messages are chosen by the API, and attempted
/// by processes that measure what comes of it, as senders do.
/// </summary>
public sealed class DegradedTests
{
    private const int PerSecond = 8;
    private const int Processes = 4;

    private static readonly TimeSpan FailsFrom = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan WellFrom = TimeSpan.FromMinutes(12);
    private static readonly TimeSpan End = TimeSpan.FromMinutes(40);

    private readonly FakeTimeProvider _clock = new(TestApi.Noon);
    private readonly MemoryTables _tables = new();
    private readonly Dictionary<string, HealthStore[]> _senders;
    private readonly TestApi _api;
    private int _sent;

    public DegradedTests()
    {
        _senders = ((string[])["twilio", "bandwidth"]).ToDictionary(
            carrier => carrier, _ => Enumerable.Range(0, Processes).Select(_ => NewHealth()).ToArray());
        _api = new(_clock, health: NewHealth());
    }

    [Fact]
    public async Task A_degraded_carrier_is_left_within_a_minute_probed_by_a_few_and_taken_again_when_it_is_well()
    {
        await SetUpAsync();
        var minutes = new Dictionary<int, (int Failing, int Urgent, int All)>();
        for (var at = TimeSpan.Zero; at < End; at += TimeSpan.FromSeconds(1), _clock.Advance(TimeSpan.FromSeconds(1)))
        {
            for (var i = 0; i < PerSecond; i++)
            {
                var isUrgent = i == 0;
                var carrier = await SendAsync(isUrgent, isFailing: at >= FailsFrom && at < WellFrom);
                var minute = (int)at.TotalMinutes;
                var (failing, urgent, all) = minutes.GetValueOrDefault(minute);
                var isThere = carrier == "twilio";
                minutes[minute] = (failing + (isThere ? 1 : 0), urgent + (isThere && isUrgent ? 1 : 0), all + 1);
            }
        }

        double Share(int minute) => (double)minutes[minute].Failing / minutes[minute].All;
        Assert.All((int[])[0, 1], minute => Assert.InRange(Share(minute), 0.4, 0.6));

        // From the first fault on: ten seconds of counting, the next write, and what the API believes for five.
        var left = Enumerable.Range((int)FailsFrom.TotalMinutes + 1, 9).ToArray();
        Assert.All(left, minute => Assert.InRange(Share(minute), 0, 0.05));
        Assert.All(left, minute => Assert.Equal(0, minutes[minute].Urgent));
        Assert.Contains(left, minute => minutes[minute].Failing > 0); // probes

        // The last rest is five minutes at most, and ten probes of two in a hundred of half of the people take two minutes on average.
        Assert.All(Enumerable.Range(28, 12), minute => Assert.InRange(Share(minute), 0.4, 0.6));
    }

    [Fact]
    public async Task When_all_are_ill_all_are_used()
    {
        await SetUpAsync();
        foreach (var carrier in _senders.Keys)
        {
            for (var i = 0; i < 20; i++) await NewHealth().NoteAsync(carrier, CarrierAnswer.Fault, "http_503");
        }

        var used = new HashSet<string?>();
        for (var i = 0; i < 40; i++) used.Add(await SendAsync(isUrgent: i % 2 == 0, isFailing: true));

        Assert.Equal(["bandwidth", "twilio"], used.Order());
    }

    private HealthStore NewHealth() => new(new MemoryDynamoDb(_tables, () => Task.CompletedTask), "control", _clock);

    private async Task SetUpAsync()
    {
        foreach (var (carrier, address) in ((string, string)[])[("twilio", "+12065550100"), ("bandwidth", "+12065550101")])
            await _api.CallAsync("PUT", $"/api/v1/senders/{carrier}/{address}", body: """{"pool":"a"}""");
        var put = await _api.CallAsync("PUT", "/api/v1/routes", body: """[{"id":"any","use":[{"pool":"a"}]}]""");
        Assert.Equal(200, put.Status);
    }

    /// <summary>Sends to a new person, and attempts it.</summary>
    /// <returns>The carrier that was chosen.</returns>
    private async Task<string?> SendAsync(bool isUrgent, bool isFailing)
    {
        var reply = await _api.SendBodyAsync(JsonSerializer.Serialize(new
        {
            to = $"+1415{5_000_000 + _sent++}", priority = isUrgent ? "high" : "normal", content = new { type = "text", body = "Hello" },
        }));
        Assert.Equal(202, reply.Status);
        var carrier = reply["carrier"]!;
        await _senders[carrier][_sent % Processes].NoteAsync(
            carrier, isFailing && carrier == "twilio" ? CarrierAnswer.Fault : CarrierAnswer.Accepted, "http_503");
        return carrier;
    }
}
