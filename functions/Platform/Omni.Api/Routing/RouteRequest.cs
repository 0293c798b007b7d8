using System.Text.Json;
using Omni.Aws;
using Omni.Shared;

namespace Omni.Api;

/// <summary>Reads a tenant's rules.</summary>
internal static class RouteRequest
{
    private const int MaxRules = 100;
    private const int MaxGroups = 20;
    private const int MaxName = 64;
    private const int MaxLabelValue = 512;

    /// <summary>Reads them; null when something is wrong, and then the errors tell everything that is.</summary>
    /// <param name="body">The body.</param>
    /// <param name="senders">The tenant's senders: a pool is one that they are in.</param>
    /// <param name="errors">Takes what is wrong.</param>
    public static IReadOnlyList<RouteRule>? Read(JsonElement body, IReadOnlyList<RegisteredSender> senders, List<FieldError> errors)
    {
        if (body.ValueKind != JsonValueKind.Array)
        {
            errors.Add(new("$", "wrong_type", "It must be a list of rules."));
            return null;
        }

        if (body.GetArrayLength() > MaxRules)
        {
            errors.Add(new("$", "too_many", $"There are at most {MaxRules} rules; these are {body.GetArrayLength()}."));
            return null;
        }

        var ids = new HashSet<string>(StringComparer.Ordinal);
        var rules = new List<RouteRule>();
        foreach (var (index, element) in body.EnumerateArray().Index())
        {
            if (element.ValueKind != JsonValueKind.Object)
            {
                errors.Add(new($"[{index}]", "wrong_type", "It must be an object."));
                continue;
            }

            var fields = new JsonFields(element, $"[{index}]", errors);
            var id = fields.Text("id", required: true, max: MaxName);
            if (id is not null && !ids.Add(id)) fields.Refuse("id", "repeated", "A rule before it has the same.");
            rules.Add(new() { Id = id ?? "", Match = MatchIn(fields), Use = GroupsIn(fields, senders) });
            fields.RefuseOthers();
        }

        return errors.Count > 0 ? null : rules;
    }

    private static RuleMatch MatchIn(JsonFields rule)
    {
        if (rule.Object("match") is not { } fields) return new();

        var match = new RuleMatch
        {
            Channel = fields.Word<SenderChannel>("channel"),
            ToCountry = fields.Texts("toCountry"),
            Priority = PrioritiesIn(fields),
            Labels = fields.Labels(minValue: 0, MaxLabelValue) is { Count: > 0 } labels ? labels : null,
        };
        foreach (var (index, _) in (match.ToCountry ?? []).Index().Where(country => !Shared.PhoneNumbers.IsCountry(country.Item)))
            fields.Refuse($"toCountry[{index}]", "invalid_value", "It is a country's two letters, such as US: ISO 3166-1.");
        fields.RefuseOthers();
        return match;
    }

    private static Priority[]? PrioritiesIn(JsonFields fields)
    {
        if (fields.Texts("priority") is not { } words) return null;

        foreach (var (index, _) in words.Index().Where(word => EnumWords.FromWord<Priority>(word.Item) is null))
            fields.Refuse($"priority[{index}]", "invalid_value", $"It is one of {EnumList.Of<Priority>()}.");
        return [.. words.Select(EnumWords.FromWord<Priority>).OfType<Priority>().Distinct()];
    }

    private static IReadOnlyList<RouteUse> GroupsIn(JsonFields rule, IReadOnlyList<RegisteredSender> senders)
    {
        var known = new HashSet<string>(StringComparer.Ordinal);
        var groups = rule.Objects("use", fields => GroupIn(fields, senders, known), required: true) ?? [];
        if (groups.Count > MaxGroups) rule.Refuse("use", "too_many", $"There are at most {MaxGroups}.");
        return groups;
    }

    private static RouteUse GroupIn(JsonFields fields, IReadOnlyList<RegisteredSender> senders, HashSet<string> known)
    {
        var pool = fields.Text("pool", required: true, max: MaxName);
        var carrier = fields.Text("carrier");
        var group = new RouteUse { Pool = pool ?? "", Carrier = carrier, Weight = fields.Whole("weight", 0, RouteUse.MaxWeight) };
        if (carrier is not null && CarrierCatalogue.Find(carrier) is null)
            fields.Refuse("carrier", "unknown_carrier", "There is no such carrier.");
        else if (pool is not null && !senders.Any(sender => sender.Pool == pool && (carrier ?? sender.Carrier) == sender.Carrier))
            fields.Refuse("pool", "unknown_pool", $"No sender of yours{(carrier is null ? "" : " at " + carrier)} is in it.");
        else if (pool is not null && !known.Add(group.Key))
            fields.Refuse("pool", "repeated", "A group before it is the same.");
        fields.RefuseOthers();
        return group;
    }
}
