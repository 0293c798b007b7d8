using Omni.Shared;

namespace Omni.Shared.Tests.Routing;

/// <summary>The choice between senders, for pools and people of all kinds. A failure names its seed.</summary>
public sealed class RouteChoiceTests
{
    private const int People = 2_000;

    private static readonly Func<ValueTask<(string Carrier, Address From)?>> WroteToNobody = () => new((ValueTuple<string, Address>?)null);

    public static TheoryData<int> Seeds() => [.. Enumerable.Range(1, 25)];

    [Theory, MemberData(nameof(Seeds))]
    public async Task Who_leaves_moves_only_its_own_people(int seed)
    {
        var random = new Random(seed);
        var senders = Pools(random);
        var leaver = senders[random.Next(senders.Length)];
        RouteCandidate[] left = [.. senders.Where(sender => sender != leaver)];

        foreach (var person in Persons(People / 10))
        {
            var before = await ChooseAsync(person, senders);
            var after = await ChooseAsync(person, left);

            if (before != leaver) Assert.True(before == after, $"seed {seed}: {before?.Name} became {after?.Name} when {leaver.Name} left");
            else if (left.Any(sender => sender.Group == leaver.Group && sender.Weight > 0))
                Assert.True(after!.Group == leaver.Group, $"seed {seed}: {person} went to another group");
        }
    }

    [Theory, MemberData(nameof(Seeds))]
    public async Task Neither_the_order_nor_other_peoples_choice_matters(int seed)
    {
        var random = new Random(seed);
        var senders = Pools(random);
        var shuffled = (RouteCandidate[])senders.Clone();
        random.Shuffle(shuffled);

        foreach (var person in Persons(50))
        {
            Assert.True(
                await ChooseAsync(person, senders) == await ChooseAsync(person, shuffled), $"seed {seed}: the order decided for {person}");
        }
    }

    [Theory]
    [InlineData(80, 20)]
    [InlineData(1, 1)]
    [InlineData(999, 1)]
    [InlineData(3, 0)]
    public async Task Groups_share_the_people_by_their_weights(int first, int second)
    {
        RouteCandidate[] senders =
        [
            Sender("twilio", 1, "a", groupWeight: first), Sender("twilio", 2, "a", groupWeight: first),
            Sender("bandwidth", 3, "b", groupWeight: second),
        ];

        var taken = 0;
        foreach (var person in Persons(People)) taken += (await ChooseAsync(person, senders))!.Group == "a" ? 1 : 0;

        var share = (double)first / (first + second);
        var deviation = 4 * Math.Sqrt(share * (1 - share) / People) + 0.001; // four standard deviations: once in 16,000 runs of chance
        Assert.InRange((double)taken / People, share - deviation, share + deviation);
    }

    [Fact]
    public async Task Senders_of_a_group_share_its_people_by_their_own_weights()
    {
        RouteCandidate[] senders = [Sender("twilio", 1, "a", weight: 3), Sender("twilio", 2, "a"), Sender("twilio", 3, "a", weight: 0)];

        var counts = new Dictionary<RouteCandidate, int>();
        foreach (var person in Persons(People))
        {
            var chosen = (await ChooseAsync(person, senders))!;
            counts[chosen] = counts.GetValueOrDefault(chosen) + 1;
        }

        Assert.InRange(counts[senders[0]], 0.71 * People, 0.79 * People);
        Assert.DoesNotContain(senders[2], counts.Keys);
    }

    [Fact]
    public async Task Weights_of_nothing_are_no_refusal()
    {
        RouteCandidate[] senders = [Sender("twilio", 1, "a", 0, groupWeight: 0), Sender("twilio", 2, "b", 0, groupWeight: 0)];

        var groups = new HashSet<string>();
        foreach (var person in Persons(50)) groups.Add((await ChooseAsync(person, senders))!.Group);

        Assert.Equal(2, groups.Count);
    }

    [Fact]
    public async Task Who_wrote_to_a_sender_stays_with_it_unless_it_cannot_take_the_message()
    {
        var senders = Pools(new Random(7));
        foreach (var person in Persons(50))
        {
            foreach (var sender in senders)
            {
                var (chosen, reason, _) = await RouteChoice.ChooseAsync(person, senders, () => new((sender.Carrier, sender.From)));
                Assert.Equal((sender, RouteReason.Sticky), (chosen, reason));

                RouteCandidate[] without = [.. senders.Select(other => other == sender ? other with { IsDegraded = true } : other)];
                var (other, otherReason, refused) = await RouteChoice.ChooseAsync(
                    person, without, () => new((sender.Carrier, sender.From)));
                Assert.NotEqual(sender.Name, other!.Name);
                Assert.Equal(RouteReason.Hash, otherReason);
                Assert.Equal([new(sender.Name, "degraded")], refused);
            }
        }
    }

    [Fact]
    public async Task All_ill_all_are_used_and_what_cannot_carry_it_is_not()
    {
        RouteCandidate[] senders =
        [
            Sender("twilio", 1, "a") with { IsDegraded = true }, Sender("bandwidth", 2, "a") with { IsDegraded = true },
            Sender("whatsapp", 3, "a") with { Why = "paused" },
        ];

        var used = new HashSet<string>();
        foreach (var person in Persons(50))
        {
            var (chosen, _, refused) = await RouteChoice.ChooseAsync(person, senders, WroteToNobody);
            used.Add(chosen!.Carrier);
            Assert.Equal([new(senders[2].Name, "paused")], refused);
        }

        Assert.Equal(["bandwidth", "twilio"], used.Order());
    }

    [Fact]
    public async Task One_is_taken_without_asking_whom_the_person_wrote_to_and_none_is_nobody()
    {
        static ValueTask<(string, Address)?> Never() => throw new InvalidOperationException("There is nothing to choose.");
        RouteCandidate[] senders = [Sender("twilio", 1, "a"), Sender("twilio", 2, "a") with { Why = "paused" }];

        var (chosen, reason, _) = await RouteChoice.ChooseAsync(Person(1), senders, Never);
        Assert.Equal((senders[0], RouteReason.Only), (chosen, reason));
        var (none, _, refused) = await RouteChoice.ChooseAsync(Person(1), [senders[1]], Never);
        Assert.Null(none);
        Assert.Equal([new(senders[1].Name, "paused")], refused);
    }

    private static async Task<RouteCandidate?> ChooseAsync(Address person, IReadOnlyList<RouteCandidate> senders) =>
        (await RouteChoice.ChooseAsync(person, senders, WroteToNobody)).Chosen;

    private static RouteCandidate[] Pools(Random random)
    {
        var weights = Enumerable.Range(0, 4).Select(_ => random.Next(1, 100)).ToArray();
        return
        [
            .. Enumerable.Range(0, random.Next(2, 20)).Select(i =>
            {
                var group = random.Next(weights.Length);
                return Sender(
                    random.Next(2) == 0 ? "twilio" : "bandwidth", i, $"pool-{group}", random.Next(0, 5), weights[group]);
            }),
        ];
    }

    private static RouteCandidate Sender(string carrier, int number, string group, int weight = 1, int groupWeight = 1) => new()
    {
        Carrier = carrier, From = Address.Phone($"+1206555{1000 + number}"), Group = group, Weight = weight, GroupWeight = groupWeight,
    };

    private static IEnumerable<Address> Persons(int count) => Enumerable.Range(0, count).Select(Person);

    private static Address Person(int number) => Address.Phone($"+1415{5_000_000 + number}");
}
