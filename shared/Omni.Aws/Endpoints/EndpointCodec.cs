using System.Globalization;
using Amazon.DynamoDBv2.Model;
using Omni.Shared;

namespace Omni.Aws;

/// <summary>Turns endpoints into items of the control table and back.</summary>
internal static class EndpointCodec
{
    public const string Url = "url";
    public const string Types = "ty";
    public const string Carriers = "ca";
    public const string Legs = "lg";
    public const string Description = "de";
    public const string Headers = "hd";
    public const string Secret = "s1";
    public const string PreviousSecret = "s2";
    public const string PreviousSecretUntil = "su";
    public const string RotatedBy = "rb";
    public const string State = "st";
    public const string Since = "si";
    public const string Cause = "why";

    /// <summary>A map of the ids of events to when they failed.</summary>
    public const string Failures = "fk";

    public const string FailsSince = "fs";
    public const string Probes = "pb";
    public const string RestsUntil = "ru";
    public const string EnabledAt = "en";
    public const string CreatedAt = "c";
    public const string UpdatedAt = "u";

    /// <summary>The key of the index <c>due</c>: endpoints that are not disabled, and parked events.</summary>
    public const string DueKey = "dp";

    /// <summary>When the Scheduler must look at it: an enabled endpoint each time, a failing one when it is tried next.</summary>
    public const string DueAt = "da";

    /// <summary>How many shards the index <c>due</c> has.</summary>
    public const int DueShards = 4;

    public static string DueKeyOf(int shard) => string.Create(CultureInfo.InvariantCulture, $"d{shard}");

    public static AttributeValue DueKeyOf(string endpoint) => Attr.S(DueKeyOf(Shards.Of(endpoint, DueShards)));

    public static Dictionary<string, AttributeValue> ToItem(WebhookEndpoint endpoint, string pk)
    {
        var item = Attr.Key(pk, endpoint.Id);
        item[Url] = Attr.S(endpoint.Url.AbsoluteUri);
        item[Types] = List(endpoint.Types);
        item[Carriers] = List(endpoint.Carriers);
        if (endpoint.Legs) item[Legs] = Attr.True;
        if (endpoint.Description is { } description) item[Description] = Attr.S(description);
        item[Headers] = Map(endpoint.Headers);
        item[Secret] = Attr.S(endpoint.Secret);
        item[State] = Attr.S(endpoint.State.Word());
        item[Since] = Attr.Time(endpoint.Since);
        item[Failures] = Attr.M([]);
        item[CreatedAt] = Attr.Time(endpoint.CreatedAt);
        item[UpdatedAt] = Attr.Time(endpoint.UpdatedAt);
        item[DueKey] = DueKeyOf(endpoint.Id);
        item[DueAt] = Attr.N(0);
        return item;
    }

    public static WebhookEndpoint FromItem(IReadOnlyDictionary<string, AttributeValue> item, string tenant)
    {
        var state = EnumWords.FromWord<EndpointState>(item[State].S)!.Value;
        return new()
        {
            Id = item["sk"].S,
            Tenant = tenant,
            Url = new(item[Url].S),
            Types = Texts(item, Types),
            Carriers = Texts(item, Carriers),
            Legs = item.Flag(Legs),
            Description = item.Text(Description),
            Headers = item.GetValueOrDefault(Headers)?.M?.ToDictionary(h => h.Key, h => h.Value.S) ?? [],
            Secret = item[Secret].S,
            PreviousSecret = item.Text(PreviousSecret),
            PreviousSecretUntil = item.Moment(PreviousSecretUntil),
            RotatedBy = item.Text(RotatedBy),
            State = state,
            Since = item.Moment(Since)!.Value,
            Cause = EnumWords.FromWord<EndpointCause>(item.Text(Cause)),
            Failures = item.GetValueOrDefault(Failures)?.M?.Keys.ToHashSet() ?? [],
            FailsSince = item.Moment(FailsSince),
            Probes = (int)(item.Number(Probes) ?? 0),
            NextProbeAt = state == EndpointState.Failing ? item.Moment(DueAt) : null,
            RestsUntil = item.Moment(RestsUntil),
            EnabledAt = item.Moment(EnabledAt),
            CreatedAt = item.Moment(CreatedAt)!.Value,
            UpdatedAt = item.Moment(UpdatedAt)!.Value,
        };
    }

    public static AttributeValue List(IReadOnlyList<string> texts) => new() { L = [.. texts.Select(Attr.S)] };

    public static AttributeValue Map(IReadOnlyDictionary<string, string> texts) =>
        new() { M = texts.ToDictionary(t => t.Key, t => Attr.S(t.Value)) };

    private static string[] Texts(IReadOnlyDictionary<string, AttributeValue> item, string name) =>
        [.. item.GetValueOrDefault(name)?.L?.Select(value => value.S) ?? []];
}
