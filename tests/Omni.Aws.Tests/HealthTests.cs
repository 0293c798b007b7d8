using Microsoft.Extensions.Time.Testing;
using Omni.Aws;
using Omni.Shared;
using Omni.Testing.Simulation;

namespace Omni.Aws.Tests;

/// <summary>When a carrier is degraded, who finds out whether it is well again, and when it is.</summary>
public sealed class HealthTests
{
    private readonly FakeTimeProvider _clock = new(new(2026, 3, 14, 12, 0, 0, TimeSpan.Zero));
    private readonly MemoryTables _tables = new();
    private readonly HealthStore _reader;
    private HealthStore _process;

    public HealthTests() => (_reader, _process) = (NewProcess(), NewProcess());

    [Theory]
    [InlineData(9, 0, false)] // too few to tell
    [InlineData(5, 5, false)] // half is not more than half
    [InlineData(6, 4, true)]
    [InlineData(10, 0, true)]
    [InlineData(10, 20, false)]
    public async Task More_than_half_of_ten_attempts_or_more_within_a_minute(int faults, int others, bool expected)
    {
        await NoteAsync(Enumerable.Repeat(CarrierAnswer.Fault, faults).Concat(Enumerable.Repeat(CarrierAnswer.Accepted, others)));

        Assert.Equal(expected, (await _reader.ReadAsync("twilio")).DegradedSince is not null);
    }

    [Fact]
    public async Task What_was_longer_than_a_minute_ago_does_not_count()
    {
        await NoteAsync(Enumerable.Repeat(CarrierAnswer.Fault, 9));
        _clock.Advance(TimeSpan.FromSeconds(61));
        await NoteAsync(Enumerable.Repeat(CarrierAnswer.Fault, 9));

        var health = await _reader.ReadAsync("twilio");
        Assert.Equal((null, 9L, 9L), (health.DegradedSince, health.Attempts, health.Faults));
    }

    [Fact]
    public async Task A_carrier_that_throttles_or_refuses_messages_is_well()
    {
        await NoteAsync(Enumerable.Repeat(CarrierAnswer.Refused, 100));

        Assert.Null((await _reader.ReadAsync("twilio")).DegradedSince);
    }

    [Fact]
    public async Task Refused_credentials_need_no_second_look()
    {
        await _process.NoteAsync("twilio", CarrierAnswer.Accepted);

        var change = await _process.NoteAsync("twilio", CarrierAnswer.RefusedCredentials, "20003");

        Assert.True(change?.IsDegraded);
        var health = await _reader.ReadAsync("twilio");
        Assert.Equal(("20003", _clock.GetUtcNow()), (health.LastFaultCode, health.DegradedSince));
    }

    [Fact]
    public async Task The_counts_of_all_processes_are_one_and_one_of_them_tells()
    {
        var processes = Enumerable.Range(0, 12).Select(_ => NewProcess()).ToArray();

        var changes = await Task.WhenAll(processes.Select(process => process.NoteAsync("twilio", CarrierAnswer.Fault, "http_503")));

        Assert.Single(changes.OfType<HealthChange>());
        Assert.NotNull((await _reader.ReadAsync("twilio")).DegradedSince);
    }

    [Fact]
    public async Task A_process_writes_once_in_ten_seconds_and_one_write_is_enough()
    {
        for (var i = 0; i < 600; i++)
        {
            await _process.NoteAsync("twilio", CarrierAnswer.Accepted);
            _clock.Advance(TimeSpan.FromMilliseconds(100));
        }

        Assert.InRange(_tables.Calls["UpdateItemRequest"], 6, 7);
        Assert.Equal(["UpdateItemRequest"], _tables.Calls.Keys);
        Assert.InRange((await _reader.ReadAsync("twilio")).Attempts, 500, 600);
    }

    [Fact]
    public async Task The_item_keeps_the_counts_of_a_minute()
    {
        for (var i = 0; i < 100; i++)
        {
            await _process.NoteAsync("twilio", CarrierAnswer.Accepted);
            await _process.NoteAsync("twilio", CarrierAnswer.Fault, "c");
            _clock.Advance(i % 10 == 9 ? TimeSpan.FromMinutes(3) : TimeSpan.FromSeconds(10));
        }

        Assert.InRange(_tables.Peek("control", "health#twilio", "*")!.Count, 5, 30);
    }

    [Fact]
    public async Task Nobody_goes_to_a_degraded_carrier_until_it_is_probed_by_two_in_a_hundred_and_never_by_what_is_urgent()
    {
        await NoteAsync(Enumerable.Repeat(CarrierAnswer.Fault, 20));
        var health = await _reader.ReadAsync("twilio");
        var messages = Enumerable.Range(0, 5_000).Select(i => NewMessage(i, Priority.Normal)).ToArray();

        Assert.Equal(_clock.GetUtcNow() + HealthStore.FirstRest, health.ProbedFrom);
        Assert.All(messages, message => Assert.True(health.IsAvoidedBy("twilio", message, _clock.GetUtcNow())));
        var probed = messages.Where(message => !health.IsAvoidedBy("twilio", message, health.ProbedFrom!.Value)).ToArray();
        Assert.InRange(probed.Length, 60, 140); // 100, and four standard deviations
        Assert.Equal(probed, messages.Where(message => !health.IsAvoidedBy("twilio", message, health.ProbedFrom!.Value.AddHours(1))));
        Assert.All(messages, message =>
            Assert.True(health.IsAvoidedBy("twilio", message with { Priority = Priority.High }, health.ProbedFrom!.Value)));
        Assert.All(messages, message => Assert.False(new CarrierHealth().IsAvoidedBy("twilio", message, _clock.GetUtcNow())));
    }

    [Fact]
    public async Task Each_probe_that_fails_doubles_the_rest_up_to_five_minutes()
    {
        await NoteAsync(Enumerable.Repeat(CarrierAnswer.Fault, 20));
        var rests = new List<double>();
        for (var i = 0; i < 6; i++)
        {
            var probed = (await _reader.ReadAsync("twilio")).ProbedFrom!.Value;
            rests.Add((probed - _clock.GetUtcNow()).TotalSeconds);
            _clock.SetUtcNow(probed.AddSeconds(-1));
            await NewProcess().NoteAsync("twilio", CarrierAnswer.Fault, "c"); // one that was on its way: no probe
            Assert.Equal(probed, (await _reader.ReadAsync("twilio")).ProbedFrom);
            _clock.SetUtcNow(probed.AddSeconds(1));
            await NewProcess().NoteAsync("twilio", CarrierAnswer.Fault, "c");
        }

        Assert.Equal([30, 60, 120, 240, 300, 300], rests);
    }

    [Fact]
    public async Task Ten_attempts_in_a_row_without_a_fault_end_it_and_it_begins_anew()
    {
        await NoteAsync(Enumerable.Repeat(CarrierAnswer.Fault, 20));
        await NoteAsync([.. Enumerable.Repeat(CarrierAnswer.Accepted, 9), CarrierAnswer.Fault]);
        await NoteAsync(Enumerable.Repeat(CarrierAnswer.Refused, 9)); // it answers
        Assert.NotNull((await _reader.ReadAsync("twilio")).DegradedSince);

        await NoteAsync([CarrierAnswer.Accepted]);

        var health = await _reader.ReadAsync("twilio");
        Assert.Equal((null, null), (health.DegradedSince, health.ProbedFrom));
        await NoteAsync([CarrierAnswer.Fault]); // the faults of before are not counted again
        Assert.Null((await _reader.ReadAsync("twilio")).DegradedSince);
        await NoteAsync(Enumerable.Repeat(CarrierAnswer.Fault, 20));
        Assert.Equal(_clock.GetUtcNow() + HealthStore.FirstRest, (await _reader.ReadAsync("twilio")).ProbedFrom);
    }

    [Fact]
    public async Task Carriers_know_nothing_of_each_other()
    {
        await NoteAsync(Enumerable.Repeat(CarrierAnswer.Fault, 20));

        Assert.Null((await _reader.ReadAsync("bandwidth")).DegradedSince);
    }

    private static Message NewMessage(int person, Priority priority) => new()
    {
        Id = "msg_1", Carrier = "twilio", To = Address.Phone($"+1415{5_000_000 + person}"), From = Address.Phone("+12065550100"),
        Content = new TextContent { Body = "Hello" }, Priority = priority,
    };

    private HealthStore NewProcess() => new(new MemoryDynamoDb(_tables, () => Task.CompletedTask), "control", _clock);

    /// <summary>Attempts that are all written, and nothing else: a new process writes its first at once.</summary>
    private async Task NoteAsync(IEnumerable<CarrierAnswer> answers)
    {
        foreach (var answer in answers)
        {
            _process = NewProcess();
            await _process.NoteAsync("twilio", answer, "http_503");
        }
    }
}
