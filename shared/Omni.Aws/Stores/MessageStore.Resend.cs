using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Omni.Shared;
using Columns = Omni.Aws.MessageColumns;

namespace Omni.Aws;

/// <summary>The answer to the wish to send a message once more. The set is closed.</summary>
public abstract record Resending
{
    private Resending() { }

    /// <summary>The new message is written, and the old one names it.</summary>
    public sealed record Resent : Resending;

    /// <summary>Nothing was written: the id of the new message is taken.</summary>
    /// <param name="By">The message that has it.</param>
    public sealed record IdTaken(MessageRecord By) : Resending;

    /// <summary>Nothing was written: the old message is not any more as it was seen.</summary>
    /// <param name="Old">As it is now.</param>
    public sealed record Changed(MessageRecord Old) : Resending;
}

public sealed partial class MessageStore
{
    /// <summary>
    /// Writes a new message that repeats another, and links the two, in one step: whoever stops where, the old message names the new one
    /// exactly when there is one, so that two requests at once make one. An old message of unknown outcome is not tried again by itself
    /// from then on: the wish that it be canceled is written with it.
    /// </summary>
    /// <param name="old">The message to repeat, as just read.</param>
    /// <param name="copy">The planned message that repeats it.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <exception cref="TimeoutException">Another write was in the way at every try.</exception>
    public async Task<Resending> ResendAsync(MessageRecord old, Message copy, CancellationToken cancellation = default)
    {
        if (days is not null) await days.NoteAsync(copy.Tenant, copy.CreatedAt, cancellation).ConfigureAwait(false);

        var puts = copy.Failover is null ? (TransactWriteItem[])[PutOf(copy)] : [PutOf(copy), PutOf(FirstLegOf(copy))];
        for (var tries = 0; tries < MaxTries; tries++)
        {
            try
            {
                var link = await LinkTo(copy.Id, old).WriteAsync(dynamo, puts, cancellation).ConfigureAwait(false);
                if (link.Done) return new Resending.Resent();
                if (link.Item is not null) return new Resending.Changed(MessageCodec.FromItem(link.Item));

                throw new InvalidOperationException($"{old.Message.Id} is gone.");
            }
            catch (TransactionCanceledException refused) when (refused.CancellationReasons is [_, { Code: "ConditionalCheckFailed" }, ..])
            {
                if (await FindAsync(copy.Id, cancellation).ConfigureAwait(false) is { } taken) return new Resending.IdTaken(taken);
            }
            catch (TransactionCanceledException refused)
                when (refused.CancellationReasons?.Any(reason => reason.Code == "TransactionConflict") == true)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(25 * (tries + Random.Shared.NextDouble())), clock, cancellation)
                    .ConfigureAwait(false);
            }
        }

        throw new TimeoutException($"Sending {old.Message.Id} again met another write at every try.");
    }

    private ItemUpdate LinkTo(string copyId, MessageRecord old)
    {
        var update = Update(old.Message.Id)
            .Set(Columns.ResentAs, Attr.S(copyId))
            .If(Columns.Rank, "=", Attr.S(old.State.Rank.Value))
            .IfMissing(Columns.Gone);
        if (old.State.ResentAs is { } before) update.If(Columns.ResentAs, "=", Attr.S(before));
        else update.IfMissing(Columns.ResentAs);
        if (old.Status != MessageStatus.Unknown || old.State.CancelRequested) return update;

        var wish = new TimelineEvent { Id = CancelRequested, Type = CancelRequested, At = clock.GetUtcNow() };
        return update.Set(Columns.CancelRequested, Attr.True).Set(EventPath(wish.Id), MessageCodec.Entry(wish));
    }
}
