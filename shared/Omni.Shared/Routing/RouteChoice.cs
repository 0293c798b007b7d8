using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Omni.Shared;

/// <summary>A sender that a message might leave from.</summary>
public sealed record RouteCandidate
{
    /// <summary>The carrier's id.</summary>
    public required string Carrier { get; init; }

    /// <summary>Our address.</summary>
    public required Address From { get; init; }

    /// <summary>The group of its rule that it is in: <see cref="RouteUse.Key"/>.</summary>
    public required string Group { get; init; }

    /// <summary>The weight of its group.</summary>
    public int GroupWeight { get; init; } = 1;

    /// <summary>Its own weight in the group.</summary>
    public int Weight { get; init; } = 1;

    /// <summary>Why it cannot take the message, as a stable code; null when it can.</summary>
    public string? Why { get; init; }

    /// <summary>Whether its carrier is ill, and the message is not to find out whether it is well again.</summary>
    public bool IsDegraded { get; init; }

    /// <summary>It, as the API's paths name it: <c>twilio/+12065550100</c>.</summary>
    public string Name => From.Type == AddressType.Phone ? $"{Carrier}/{From.Value}" : $"{Carrier}/{From.Key}";
}

/// <summary>
/// The choice between senders. It is a function of the person and the candidates alone: no counter, nothing to agree on. The same person
/// gets the same sender; a sender that leaves moves only its own people, for each of them to a sender of its group as long as there is one.
/// </summary>
public static class RouteChoice
{
    /// <summary>The code of a candidate whose carrier is ill.</summary>
    public const string Degraded = "degraded";

    /// <summary>Chooses.</summary>
    /// <param name="person">The person.</param>
    /// <param name="candidates">The senders of the rule.</param>
    /// <param name="lastWrittenTo">The sender that the person last wrote to; null for none. Asked only where there is a choice.</param>
    /// <returns>The sender and what decided; null when there is none. And those that were not taken, each with its reason.</returns>
    public static async ValueTask<(RouteCandidate? Chosen, RouteReason Reason, IReadOnlyList<RefusedCandidate> Refused)> ChooseAsync(
        Address person, IReadOnlyList<RouteCandidate> candidates, Func<ValueTask<(string Carrier, Address From)?>> lastWrittenTo)
    {
        RouteCandidate[] able = [.. candidates.Where(candidate => candidate.Why is null)];

        // All ill: all are used. A message is never refused because a carrier is slow.
        RouteCandidate[] well = [.. able.Where(candidate => !candidate.IsDegraded)];
        if (well.Length == 0) well = able;

        RefusedCandidate[] refused =
            [.. candidates.Except(well).Select(candidate => new RefusedCandidate(candidate.Name, candidate.Why ?? Degraded))];
        if (well is [] or [_]) return (well.FirstOrDefault(), RouteReason.Only, refused);

        var last = await lastWrittenTo().ConfigureAwait(false);
        return well.FirstOrDefault(candidate => (candidate.Carrier, candidate.From) == last) is { } sticky
            ? (sticky, RouteReason.Sticky, refused)
            : (ByHash(person, well), RouteReason.Hash, refused);
    }

    /// <summary>The share of the numbers from 0 to 1 that a text stands at: even over texts, and always the same for one.</summary>
    /// <param name="text">The text.</param>
    /// <returns>Above 0 and below 1.</returns>
    public static double PlaceOf(string text)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(text), hash);
        return ((BinaryPrimitives.ReadUInt64BigEndian(hash) >> 11) + 0.5) / (1UL << 53);
    }

    private static RouteCandidate ByHash(Address person, IReadOnlyList<RouteCandidate> candidates)
    {
        var groups = candidates.GroupBy(candidate => candidate.Group, StringComparer.Ordinal);
        var group = Highest(person.Key, groups, members => members.Key, members => members.First().GroupWeight);
        return Highest(person.Key, group, candidate => candidate.Name, candidate => candidate.Weight);
    }

    // Weighted rendezvous hashing: each scores by itself, so that who leaves changes nobody else's score.
    // https://www.snia.org/sites/default/files/SDC15_presentations/dist_sys/Jason_Resch_New_Consistent_Hashings_Rev.pdf
    private static T Highest<T>(string person, IEnumerable<T> of, Func<T, string> name, Func<T, int> weight)
    {
        T[] all = [.. of];
        var isDrained = all.All(one => weight(one) == 0);
        return all.MaxBy(one => (Score(one), name(one)))!;

        double Score(T one)
        {
            var share = isDrained ? 1 : weight(one);
            return share == 0 ? double.NegativeInfinity : share / -Math.Log(PlaceOf($"{person}\n{name(one)}"));
        }
    }
}
