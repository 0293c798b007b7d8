using System.Collections.Concurrent;
using Omni.Shared;

namespace Omni.Pipeline.Tests.Sending;

/// <summary>What a carrier took.</summary>
internal sealed record Submission(string Id, string MessageId, int Part, int Attempt, DateTimeOffset At);

/// <summary>A carrier that remembers what it took: the judge of what was sent. What it does with a part can be told beforehand.</summary>
internal class FakeCarrier(TimeProvider clock) : ICarrierSender, ICarrierMedia, ICarrierReadMarker, ICarrierTemplates
{
    private readonly ConcurrentQueue<Submission> _taken = new();
    private int _count;

    public IReadOnlyList<Submission> Taken => [.. _taken];

    /// <summary>Happens before the request leaves.</summary>
    public Action<OutboundPart>? Leaving { get; set; }

    /// <summary>Happens after the carrier took the part, before its answer is read.</summary>
    public Action<OutboundPart>? Answering { get; set; }

    /// <summary>The answer instead of taking the part; null takes it.</summary>
    public Func<OutboundPart, SendOutcome?>? Answer { get; set; }

    /// <summary>Its answer to the wish for a file.</summary>
    public Func<MediaItem, MediaAnswer>? File { get; set; }

    /// <summary>Its answer to a read mark.</summary>
    public Func<Message, SendOutcome>? Mark { get; set; }

    /// <summary>The templates that it lists; null when it is not set up to be asked.</summary>
    public Func<IReadOnlyList<CarrierTemplate>?>? Templates { get; set; }

    public Task<IReadOnlyList<CarrierTemplate>?> ListAsync(CancellationToken cancellation) => Task.FromResult(Templates!());

    public Task<MediaAnswer> OpenAsync(MediaItem file, CancellationToken cancellation) => Task.FromResult(File!(file));

    public Task<SendOutcome> MarkReadAsync(Message inbound, CancellationToken cancellation) => Task.FromResult(Mark!(inbound));

    public Task<SendOutcome> SendAsync(OutboundPart part, CancellationToken cancellation)
    {
        Leaving?.Invoke(part);
        part.HasLeft = true;
        if (Answer?.Invoke(part) is { } answer) return Task.FromResult(answer);

        var taken = Take(part);
        Answering?.Invoke(part);
        return Task.FromResult<SendOutcome>(new SendOutcome.Accepted(taken.Id));
    }

    /// <summary>Takes a part although its sender hears nothing of it.</summary>
    public Submission Take(OutboundPart part)
    {
        var taken = new Submission(
            $"cm-{Interlocked.Increment(ref _count)}", part.Message.Id, part.Index, part.Reference.Attempt, clock.GetUtcNow());
        _taken.Enqueue(taken);
        return taken;
    }
}

/// <summary>A carrier that one can ask what became of a part.</summary>
internal sealed class FakeLookupCarrier(TimeProvider clock) : FakeCarrier(clock), ICarrierLookup
{
    /// <summary>Its answer to a question; by default whatever it ever took, newest first, whoever's it is.</summary>
    public Func<OutboundPart, LookupAnswer?>? Found { get; set; }

    public Task<LookupAnswer?> FindAsync(OutboundPart part, DateTimeOffset since, CancellationToken cancellation) =>
        Task.FromResult(Found is not null ? Found(part) : new([.. Taken.Reverse().Select(t => t.Id)]));
}
