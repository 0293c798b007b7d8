using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Omni.Simulators.Script;

/// <summary>How a carrier is told to misbehave: counted rules first, then standing ones, each in order of arrival.</summary>
internal sealed class BehaviourScript
{
    private static readonly Rule Empty = new();

    private readonly Lock _lock = new();
    private readonly List<Rule> _rules = [];
    private IReadOnlyList<Rule> _played = [];

    /// <summary>The secret that signs webhooks at the moment.</summary>
    public SigningKey Signing { get; private set; }

    public void Add(Rule rule)
    {
        lock (_lock)
        {
            Signing = rule.SignWith ?? Signing;
            if (rule with { SignWith = null } != Empty) _rules.Add(rule);
        }
    }

    /// <summary>Puts rules below all others, in the place of those that were put there before.</summary>
    public void Play(IReadOnlyList<Rule> rules)
    {
        lock (_lock) _played = rules;
    }

    /// <summary>The rule for this submission, counted down; null when the carrier behaves.</summary>
    public Rule? Take(string? to, string? from, string? body)
    {
        var lot = Random.Shared.NextDouble() * 100;
        lock (_lock)
        {
            var index = IndexOf(counted: true) is >= 0 and var first ? first : IndexOf(counted: false);
            if (index < 0) return _played.FirstOrDefault(rule => rule.Match?.Matches(to, from, body) ?? true);

            var rule = _rules[index];
            switch (rule.Times)
            {
                case 1: _rules.RemoveAt(index); break;
                case > 1: _rules[index] = rule with { Times = rule.Times - 1 }; break;
            }

            return rule;
        }

        int IndexOf(bool counted) => _rules.FindIndex(rule =>
            rule.Times is not null == counted && (rule.Match?.Matches(to, from, body) ?? true) && Falls(rule.Percent));

        // Each share begins where the one before it ends.
        bool Falls(double? percent) => percent is not { } share || (lot -= share) < 0;
    }

    public void Clear()
    {
        lock (_lock)
        {
            _rules.Clear();
            Signing = SigningKey.Primary;
        }
    }

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/behaviour", () => SimulatorJson.Result(Snapshot())).WithSummary("The rules in force, with the times that are left");

        routes.MapPost("/behaviour", (HttpRequest request) => SimulatorJson.HandleAsync<Rule>(request, rule =>
        {
            if (rule.Problem() is { } problem) return Task.FromResult(SimulatorJson.Refuse(problem));
            Add(rule);
            return Task.FromResult(SimulatorJson.Result(Snapshot()));
        })).WithSummary("Adds a rule {match?:{to?,from?,bodyContains?}, times?, percent?, latencyMs?, httpStatus?, errorCode?, "
            + "retryAfterSeconds?, acceptThen?:timeout|reset|500, "
            + "receipts?:{path?,errorCode?,lost?,duplicate?,delayMs?,shuffle?,beforeAnswer?}, signWith?:primary|secondary}");

        routes.MapDelete("/behaviour", () =>
        {
            Clear();
            return Results.NoContent();
        }).WithSummary("Clears all rules, and signs with the primary secret again");
    }

    private object Snapshot()
    {
        lock (_lock) return new { signWith = Signing, rules = _rules.ToArray() };
    }
}
