using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Omni.Shared;
using Omni.Testing;

namespace Omni.Aws.Tests;

/// <summary>
/// Statuses in any order, with any duplicates, one after another or all at once, end in the same item (design, section 4).
/// </summary>
public sealed class LifecycleTests(EmulatorFixture emulators) : IClassFixture<EmulatorFixture>, IAsyncLifetime
{
    private OmniTables? _tables;

    private static readonly DateTimeOffset Start = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    /// <summary>What a carrier may report of an attempt.</summary>
    private static readonly (MessageStatus Status, FailureReason? Reason, string? Code)[] Reports =
    [
        (MessageStatus.Sent, null, null),
        (MessageStatus.Delivered, null, null),
        (MessageStatus.Read, null, null),
        (MessageStatus.Undelivered, FailureReason.Unreachable, "30003"),
        (MessageStatus.Undelivered, FailureReason.InvalidRecipient, "30005"),
        (MessageStatus.Failed, FailureReason.Filtered, "30007"),
        (MessageStatus.Expired, FailureReason.Expired, "30036"),
    ];

    public async Task InitializeAsync() => _tables = await OmniTables.CreateAsync(emulators, TimeProvider.System);

    public Task DisposeAsync()
    {
        _tables?.Dispose();
        return Task.CompletedTask;
    }

    [Property(MaxTest = 40)]
    public Property Any_order_of_the_same_events_ends_in_the_same_item()
    {
        var cases =
            from parts in Gen.Choose(1, 3)
            from events in Gen.Zip(Gen.Choose(0, parts - 1), Gen.Choose(0, Reports.Length - 1)).NonEmptyListOf()
            from order in Gen.Shuffle(events.Concat(events.Take(2)).ToArray())
            select (parts, events: events.Take(8).ToArray(), order: order.Where(events.Take(8).Contains).ToArray());
        return Prop.ForAll(cases.ToArbitrary(), c =>
        {
            var given = EndAsync(_tables!, c.parts, c.events, atOnce: false).GetAwaiter().GetResult();
            var shuffled = EndAsync(_tables!, c.parts, c.order, atOnce: false).GetAwaiter().GetResult();
            var concurrent = EndAsync(_tables!, c.parts, c.order, atOnce: true).GetAwaiter().GetResult();
            return (given == shuffled && given == concurrent).Label($"{given} / {shuffled} / {concurrent}");
        });
    }

    /// <summary>Applies the events to a new message whose parts all have one open attempt, and tells how it ended.</summary>
    private static async Task<string> EndAsync(OmniTables tables, int parts, IReadOnlyList<(int Part, int Report)> events, bool atOnce)
    {
        var message = new Message
        {
            Id = Ids.NewMessage(),
            Carrier = "twilio",
            To = Address.Phone("+14155550123"),
            From = Address.Phone("+12065550100"),
            Content = new TextContent { Body = "Hello" },
            Parts = [.. Enumerable.Range(0, parts).Select(i => new PlannedPart { Offset = i, Length = parts > 1 ? 1 : null })],
            CreatedAt = Start,
        };
        var store = tables.Aws.Messages;
        await store.CreateAsync(MessageStore.NewRecord(message));
        for (var part = 0; part < parts; part++)
        {
            Assert.IsType<Opening.Opened>(await store.OpenAttemptAsync(message, part, null, TimeSpan.FromSeconds(12)));
        }

        var applied = events.Select(e => new PartEvent
        {
            MessageId = message.Id,
            Part = e.Part,
            Attempt = 1,
            Status = Reports[e.Report].Status,
            Reason = Reports[e.Report].Reason,
            CarrierCode = Reports[e.Report].Code,
            At = Start,
        });
        if (atOnce) await Task.WhenAll(applied.Select(e => store.ApplyAsync(e)));
        else foreach (var e in applied) await store.ApplyAsync(e);

        var state = (await store.FindAsync(message.Id))!.State;
        return string.Join(
            " | ",
            state.Rank,
            string.Join(',', state.Parts.Select(p => p.Rank)),
            string.Join(',', state.Timeline.Select(e => e.Id).Order(StringComparer.Ordinal)),
            state.Contradicted, state.Parts.Count(p => p.LeaseUntil is not null));
    }
}
