using Amazon.DynamoDBv2;
using Omni.Shared;

namespace Omni.Aws;

/// <summary>
/// Bounds how many calls of the API wait for something at once: each holds an execution, and those who only ask must find one. A place is a
/// lease, so a process that dies with one gives it back.
/// </summary>
/// <param name="dynamo">The client.</param>
/// <param name="controlTable">The control table.</param>
/// <param name="clock">The time.</param>
/// <param name="max">How many may wait.</param>
public sealed class LongPolls(IAmazonDynamoDB dynamo, string controlTable, TimeProvider clock, int max)
{
    private const string Places = "pl";

    /// <summary>How often a place is tried for: others come and go at the same time.</summary>
    private const int MaxTries = 4;

    /// <summary>Takes a place.</summary>
    /// <param name="atMost">How long it is kept if it is not given back.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <returns>The place; null when none is free.</returns>
    public async Task<string?> TryEnterAsync(TimeSpan atMost, CancellationToken cancellation = default)
    {
        var now = clock.GetUtcNow();
        var (place, until) = (Guid.NewGuid().ToString("N"), Attr.Time(now + atMost));
        for (var tries = 0; tries < MaxTries; tries++)
        {
            var taken = await Item().Set(new(Places, place), until).IfExists(Places).IfSize(Places, "<", max)
                .WriteAsync(dynamo, cancellation).ConfigureAwait(false);
            if (taken.Done) return place;

            if (taken.Item?.GetValueOrDefault(Places)?.M is not { } places)
            {
                var first = await Item().Set(Places, Attr.M(new() { [place] = until })).IfMissing(Places)
                    .WriteAsync(dynamo, cancellation).ConfigureAwait(false);
                if (first.Done) return place;
                continue;
            }

            // Who holds the place of one that died writes over it, as long as nobody else did.
            if (places.FirstOrDefault(p => places.Moment(p.Key) < now) is not { Key: { } dead, Value: var lease }) return null;

            var inherited = await Item().Set(new(Places, place), until).Remove(new Path(Places, dead)).If(new(Places, dead), "=", lease)
                .WriteAsync(dynamo, cancellation).ConfigureAwait(false);
            if (inherited.Done) return place;
        }

        return null;
    }

    /// <summary>Gives a place back.</summary>
    /// <param name="place">The place.</param>
    /// <param name="cancellation">Stops the call.</param>
    public Task LeaveAsync(string place, CancellationToken cancellation = default) =>
        Item().Remove(new Path(Places, place)).IfExists(new(Places, place)).WriteAsync(dynamo, cancellation);

    private ItemUpdate Item() => new(controlTable, "polls", "*");
}
