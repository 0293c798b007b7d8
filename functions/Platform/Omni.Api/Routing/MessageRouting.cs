using Omni.Aws;
using Omni.Shared;

namespace Omni.Api;

/// <summary>What a request says of the way of its message, where that leaves something to choose.</summary>
/// <param name="Channel">What it is to be; null for anything.</param>
/// <param name="Carrier">The carrier's id; null for any.</param>
/// <param name="From">Our address; null for any.</param>
internal sealed record RouteWish(SenderChannel? Channel, string? Carrier, Address? From);

/// <summary>
/// Chooses carrier and sender of a message whose request left them out, by its tenant's routes. What it goes by is some seconds old; for
/// the message itself it reads one item, and only where there is a choice.
/// </summary>
internal sealed class MessageRouting(ApiParts parts)
{
    /// <summary>Chooses.</summary>
    /// <param name="draft">The message, without carrier and sender.</param>
    /// <param name="wish">What its request says of them.</param>
    /// <param name="adapt">Whether its content may be degraded to what a carrier carries.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <returns>The message with carrier, sender and route; or why there is none.</returns>
    public async Task<(Message Message, ApiResult.Refusal? Refusal)> ChooseAsync(
        Message draft, RouteWish wish, bool adapt, CancellationToken cancellation)
    {
        if (wish.Carrier is { } named && CarrierCatalogue.Find(named) is null)
            return (draft, Problems.NotCarried.Because([new("carrier", "unknown_carrier", "There is no such carrier.")]));

        var document = await parts.Routes.GlanceAsync(draft.Tenant);
        if (document.Rules.FirstOrDefault(rule => rule.Match.Fits(draft, wish.Channel)) is not { } rule)
        {
            return (draft, Problems.NoRoute.Because(
                "No rule of your routes is for it: name carrier and from, or write a rule with PUT /api/v1/routes."));
        }

        var looks = new Looks(draft, wish, adapt);
        var candidates = new List<RouteCandidate>();
        foreach (var (group, sender) in Members(rule, await parts.Senders.GlanceAllAsync(draft.Tenant), wish))
            candidates.Add(await LookAtAsync(looks, group, sender));

        var (chosen, reason, refused) = await RouteChoice.ChooseAsync(
            draft.To, candidates, async () => await parts.LastSenders.FindAsync(draft.Tenant, draft.To, cancellation));
        if (chosen is null) return (draft, Refuse(rule, candidates, looks));

        var route = new MessageRoute { Rule = rule.Id, Reason = reason, Refused = [.. refused.Take(MessageRoute.MaxRefused)] };
        return (draft with { Carrier = chosen.Carrier, From = chosen.From, Route = route }, null);
    }

    /// <summary>The senders of a rule, each in the first group that it is in.</summary>
    private static IEnumerable<(RouteUse Group, RegisteredSender Sender)> Members(
        RouteRule rule, IReadOnlyList<RegisteredSender> senders, RouteWish wish) =>
        from sender in senders
        where (wish.Carrier ?? sender.Carrier) == sender.Carrier && (wish.From ?? sender.Address) == sender.Address
        let at = rule.Use.FirstOrDefault(use => use.Pool == sender.Pool && (use.Carrier ?? sender.Carrier) == sender.Carrier)
        where at is not null
        select (at, sender);

    private async Task<RouteCandidate> LookAtAsync(Looks looks, RouteUse group, RegisteredSender sender)
    {
        var candidate = new RouteCandidate
        {
            Carrier = sender.Carrier,
            From = sender.Address,
            Group = group.Key,
            GroupWeight = group.Weight ?? 1,
            Weight = sender.Weight ?? 1,
        };
        if (!parts.CarrierQueues.ContainsKey(sender.Carrier)) return candidate with { Why = Problems.CarrierNotAvailable.Code };
        if (looks.ProblemOf(sender) is { } problem) return candidate with { Why = problem.Code };

        var now = parts.Clock.GetUtcNow();
        if (sender.State == SenderState.Paused || (await parts.Pauses.GlanceAsync(sender.Carrier)).Of(sender.Address, now) is not null)
            return candidate with { Why = "paused" };

        var health = await parts.Health.GlanceAsync(sender.Carrier);
        return candidate with { IsDegraded = health.IsAvoidedBy(sender.Carrier, looks.Draft, now) };
    }

    private static ApiResult.Refusal Refuse(RouteRule rule, IReadOnlyList<RouteCandidate> candidates, Looks looks)
    {
        if (candidates.Count == 0)
            return Problems.NoRoute.Because($"No sender of yours that the request allows is in the pools of the rule {rule.Id}.");

        return Problems.NoRoute.Because(
        [
            .. candidates.Select(candidate => candidate.Why switch
            {
                "paused" => new FieldError("from", "paused", $"{candidate.Name} is paused."),
                var why when why == Problems.CarrierNotAvailable.Code =>
                    new FieldError("carrier", why, $"{candidate.Name}: this version cannot send through the carrier."),
                _ when looks.ProblemOf(candidate.Carrier, candidate.From) is { } problem =>
                    new FieldError(problem.Field, problem.Code, $"{candidate.Name}: {problem.Detail}"),
                var why => new FieldError("from", why!, $"{candidate.Name} cannot take it."),
            }),
        ]);
    }

    /// <summary>Whether senders can carry a message: the same for all of a kind at a carrier.</summary>
    private sealed class Looks(Message draft, RouteWish wish, bool adapt)
    {
        private readonly Dictionary<(string Carrier, Address From), PlanProblem?> _problems = [];

        private readonly Dictionary<(string Carrier, AddressType Type, string? Pool), MessagePlan> _plans = [];

        public Message Draft => draft;

        public PlanProblem? ProblemOf(string carrier, Address from) => _problems.GetValueOrDefault((carrier, from));

        public PlanProblem? ProblemOf(RegisteredSender sender)
        {
            var kind = (
                sender.Carrier, sender.Address.Type, sender.Address.Type == AddressType.SenderPool ? sender.Address.Value : null);
            if (!_plans.TryGetValue(kind, out var plan))
                _plans[kind] = plan = MessagePlanner.Plan(draft with { Carrier = sender.Carrier, From = sender.Address }, adapt);

            return _problems[(sender.Carrier, sender.Address)] =
                ChannelProblemOf(sender, (plan.Message ?? draft).Content) ?? (plan.Problems is [var first, ..] ? first : null);
        }

        private PlanProblem? ChannelProblemOf(RegisteredSender sender, Content content)
        {
            IEnumerable<SenderChannel> carried = sender.Channels.Count > 0
                ? sender.Channels
                : CarrierCatalogue.Get(sender.Carrier).Channels;
            if (wish.Channel is { } wanted && !carried.Contains(wanted))
                return new("channel", "channel_not_carried", $"It carries {string.Join(", ", carried.Select(channel => channel.Word()))}.");

            // A text message has no files.
            var hasFiles = content is MediaContent;
            var ways = carried.Where(channel => (wish.Channel ?? channel) == channel && !(hasFiles && channel == SenderChannel.Sms));
            return ways.Any() ? null : new("content.type", "content_not_carried", "An SMS carries no files: mms does.");
        }
    }
}
