using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Omni.Shared;

namespace Omni.Aws;

/// <summary>An answer that is given again when its request comes again.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Body">The body; null for none.</param>
/// <param name="Location">The header <c>Location</c>; null for none.</param>
public sealed record KeptAnswer(int Status, string? Body, string? Location);

/// <summary>What is known of a key when a request comes under it. The set is closed.</summary>
public abstract record KeyClaim
{
    private KeyClaim() { }

    /// <summary>The request is the one to be handled.</summary>
    /// <param name="Turn">What <see cref="AnswerStore.KeepAsync"/> and <see cref="AnswerStore.ReleaseAsync"/> are told.</param>
    public sealed record Taken(string Turn) : KeyClaim;

    /// <summary>It was answered before.</summary>
    /// <param name="Kept">The answer.</param>
    public sealed record Answered(KeptAnswer Kept) : KeyClaim;

    /// <summary>It is being handled.</summary>
    public sealed record InProgress : KeyClaim;

    /// <summary>The key belongs to another request.</summary>
    public sealed record Other : KeyClaim;
}

/// <summary>
/// The answers to requests that came with an idempotency key, in the control table: <c>idem#{tenant}#{hash of the key}</c>. For requests
/// that make no message: a message's own item is its answer.
/// </summary>
/// <param name="dynamo">The client.</param>
/// <param name="controlTable">The control table.</param>
/// <param name="clock">The time.</param>
public sealed class AnswerStore(IAmazonDynamoDB dynamo, string controlTable, TimeProvider clock)
{
    /// <summary>How long a key is remembered.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromHours(24);

    /// <summary>After so long whoever handles a request has died: longer than an invocation may take.</summary>
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);

    private const string Request = "h";
    private const string Turn = "o";
    private const string LeaseUntil = "lu";
    private const string Status = "st";
    private const string Body = "b";
    private const string Location = "lo";
    private const string Expires = "ex";

    /// <summary>Claims a key for a request.</summary>
    /// <param name="tenant">Whose key.</param>
    /// <param name="key">The key.</param>
    /// <param name="requestHash">Tells the request from others.</param>
    /// <param name="cancellation">Stops the call.</param>
    public async Task<KeyClaim> ClaimAsync(string tenant, string key, string requestHash, CancellationToken cancellation = default)
    {
        var (now, turn) = (clock.GetUtcNow(), Guid.NewGuid().ToString("N"));
        ItemUpdate Claim() => Item(tenant, key)
            .Set(Request, Attr.S(requestHash))
            .Set(Turn, Attr.S(turn))
            .Set(LeaseUntil, Attr.Time(now + Lease))
            .Set(Expires, Attr.Expiry(now + Kept));

        var first = await Claim().IfMissing(Request).WriteAsync(dynamo, cancellation).ConfigureAwait(false);
        if (first.Done) return new KeyClaim.Taken(turn);

        // TTL deletes when it likes.
        var known = first.Item!;
        if (known.Number(Expires) > now.ToUnixTimeSeconds())
        {
            if (known.Text(Request) != requestHash) return new KeyClaim.Other();
            if (known.Number(Status) is { } status)
                return new KeyClaim.Answered(new((int)status, known.Text(Body), known.Text(Location)));
            if (known.Moment(LeaseUntil) > now) return new KeyClaim.InProgress();
        }

        // One of those who find it abandoned goes on with it.
        var taken = await Claim().Remove(Status, Body, Location).If(Turn, "=", known[Turn])
            .WriteAsync(dynamo, cancellation).ConfigureAwait(false);
        return taken.Done ? new KeyClaim.Taken(turn) : new KeyClaim.InProgress();
    }

    /// <summary>Keeps the answer to a request.</summary>
    /// <param name="tenant">Whose key.</param>
    /// <param name="key">The key.</param>
    /// <param name="turn">The turn of the claim.</param>
    /// <param name="answer">The answer.</param>
    /// <param name="cancellation">Stops the call.</param>
    public Task KeepAsync(string tenant, string key, string turn, KeptAnswer answer, CancellationToken cancellation = default)
    {
        var update = Item(tenant, key).If(Turn, "=", Attr.S(turn)).Set(Status, Attr.N(answer.Status));
        if (answer.Body is { } body) update.Set(Body, Attr.S(body));
        if (answer.Location is { } location) update.Set(Location, Attr.S(location));
        return update.WriteAsync(dynamo, cancellation);
    }

    /// <summary>Gives a key back: nothing came of the request, and another may be made under it.</summary>
    /// <param name="tenant">Whose key.</param>
    /// <param name="key">The key.</param>
    /// <param name="turn">The turn of the claim.</param>
    /// <param name="cancellation">Stops the call.</param>
    public Task ReleaseAsync(string tenant, string key, string turn, CancellationToken cancellation = default) =>
        Item(tenant, key).If(Turn, "=", Attr.S(turn)).Remove(Request, LeaseUntil).WriteAsync(dynamo, cancellation);

    private ItemUpdate Item(string tenant, string key) => new(controlTable, $"idem#{tenant}#{Ids.Hash(key)}", "*");
}
