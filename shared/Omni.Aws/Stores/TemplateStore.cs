using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Serialization;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Omni.Shared;

namespace Omni.Aws;

/// <summary>A page of a carrier's templates.</summary>
/// <param name="Templates">The templates, by name and language.</param>
/// <param name="Next">Where to go on; null at the end.</param>
public sealed record TemplatePage(IReadOnlyList<CarrierTemplate> Templates, string? Next);

/// <summary>
/// What carriers' templates were when they were last asked: an item a template, so that an account may have thousands and a send reads
/// one. They are the installation's, as the account at the carrier is.
/// </summary>
/// <param name="dynamo">The client.</param>
/// <param name="controlTable">The control table.</param>
/// <param name="clock">The time.</param>
public sealed class TemplateStore(IAmazonDynamoDB dynamo, string controlTable, TimeProvider clock)
{
    /// <summary>How often a carrier is asked.</summary>
    public static readonly TimeSpan Every = TimeSpan.FromHours(1);

    // A process looks at a template once a minute, not once a message of a campaign.
    private static readonly TimeSpan Known = TimeSpan.FromMinutes(1);
    private const int MaxKnown = 1_000;
    private const int WritesAtOnce = 10;

    // Sorts before all templates.
    private const string Head = "head";
    private const string Prefix = "t#";
    private const string Json = "js";
    private const string Gone = "go";
    private const string AskedAt = "as";
    private const string ListedAt = "at";

    private readonly ConcurrentDictionary<string, (DateTimeOffset At, IReadOnlyList<CarrierTemplate> Found)> _known = new();

    /// <summary>Notes that a carrier is asked for its templates, once an hour whoever notes it.</summary>
    /// <param name="carrier">The carrier.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <returns>Whether it is to be asked now.</returns>
    public async Task<bool> AskAsync(string carrier, CancellationToken cancellation = default)
    {
        var now = clock.GetUtcNow();
        var head = await HeadAsync(carrier, cancellation).ConfigureAwait(false);
        if (head?.Moment(AskedAt) > now - Every) return false;

        var result = await Item(carrier, Head)
            .Set(AskedAt, Attr.Time(now))
            .IfMissingOr(AskedAt, "<=", Attr.Time(now - Every))
            .WriteAsync(dynamo, cancellation).ConfigureAwait(false);
        return result.Done;
    }

    /// <summary>Sets a carrier's templates. Only what has changed is written; what is not listed any more is not found any more.</summary>
    /// <param name="carrier">The carrier.</param>
    /// <param name="templates">All that it lists.</param>
    /// <param name="cancellation">Stops the call.</param>
    public async Task SetAsync(string carrier, IReadOnlyList<CarrierTemplate> templates, CancellationToken cancellation = default)
    {
        var there = new Dictionary<string, string?>(StringComparer.Ordinal);
        for (string? from = Prefix; from is not null;)
        {
            var (items, next) = await ReadAsync(carrier, from, limit: null, cancellation).ConfigureAwait(false);
            foreach (var item in items) there[item["sk"].S] = item.Flag(Gone) ? null : item.Text(Json);
            from = next;
        }

        var listed = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var template in templates)
            listed[NameOf(template.Name, template.Language)] = JsonSerializer.Serialize(template, TemplateJson.Default.CarrierTemplate);

        ItemUpdate[] writes =
        [
            .. listed.Where(one => there.GetValueOrDefault(one.Key) != one.Value)
                .Select(one => Item(carrier, one.Key).Set(Json, Attr.S(one.Value)).Remove(Gone, "ex")),
            .. there.Where(one => one.Value is not null && !listed.ContainsKey(one.Key))
                .Select(one => Item(carrier, one.Key).Set(Gone, Attr.True).Set("ex", Attr.Expiry(clock.GetUtcNow() + Every))),
        ];
        foreach (var some in writes.Chunk(WritesAtOnce))
            await Task.WhenAll(some.Select(write => write.WriteAsync(dynamo, cancellation))).ConfigureAwait(false);
        await Item(carrier, Head).Set(ListedAt, Attr.Time(clock.GetUtcNow())).WriteAsync(dynamo, cancellation).ConfigureAwait(false);
    }

    /// <summary>When a carrier last listed its templates; null when it never did.</summary>
    /// <param name="carrier">The carrier.</param>
    /// <param name="cancellation">Stops the call.</param>
    public async Task<DateTimeOffset?> ListedAtAsync(string carrier, CancellationToken cancellation = default) =>
        (await HeadAsync(carrier, cancellation).ConfigureAwait(false))?.Moment(ListedAt);

    /// <summary>A carrier's templates, by name and language.</summary>
    /// <param name="carrier">The carrier.</param>
    /// <param name="from">Where to go on; null for the first.</param>
    /// <param name="limit">The most of them.</param>
    /// <param name="cancellation">Stops the call.</param>
    public async Task<TemplatePage> ListAsync(string carrier, string? from, int limit, CancellationToken cancellation = default)
    {
        var (items, next) = await ReadAsync(carrier, from ?? Prefix, limit, cancellation).ConfigureAwait(false);
        return new([.. items.Where(item => !item.Flag(Gone)).Select(Template)], next);
    }

    /// <summary>A template, as it was a minute ago at the most.</summary>
    /// <param name="carrier">The carrier.</param>
    /// <param name="content">What names it: with a language, where its carrier keeps it in several.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <returns>The template; null when the carrier has not listed it.</returns>
    public async Task<CarrierTemplate?> FindAsync(string carrier, TemplateContent content, CancellationToken cancellation = default)
    {
        var (key, now) = ($"{carrier}#{content.Name}", clock.GetUtcNow());
        if (!_known.TryGetValue(key, out var known) || known.At <= now - Known)
        {
            var page = await dynamo.QueryAsync(
                new QueryRequest
                {
                    TableName = controlTable,
                    KeyConditionExpression = "pk = :pk AND begins_with(sk, :prefix)",
                    ExpressionAttributeValues = new()
                    {
                        [":pk"] = Attr.S(KeyOf(carrier)), [":prefix"] = Attr.S(NameOf(content.Name, "")),
                    },
                },
                cancellation).ConfigureAwait(false);
            if (_known.Count >= MaxKnown) _known.Clear();
            known = (now, [.. (page.Items ?? []).Where(item => !item.Flag(Gone)).Select(Template)]);
            _known[key] = known;
        }

        return known.Found.FirstOrDefault(
            found => content.Language is null || found.Language is null || found.Language == content.Language);
    }

    private async Task<Dictionary<string, AttributeValue>?> HeadAsync(string carrier, CancellationToken cancellation)
    {
        var response = await dynamo.GetItemAsync(
            new GetItemRequest { TableName = controlTable, Key = Attr.Key(KeyOf(carrier), Head) }, cancellation).ConfigureAwait(false);
        return response.Item is { Count: > 0 } item ? item : null;
    }

    private async Task<(List<Dictionary<string, AttributeValue>> Items, string? Next)> ReadAsync(
        string carrier, string from, int? limit, CancellationToken cancellation)
    {
        var page = await dynamo.QueryAsync(
            new QueryRequest
            {
                TableName = controlTable,
                KeyConditionExpression = "pk = :pk AND sk > :from",
                ExpressionAttributeValues = new() { [":pk"] = Attr.S(KeyOf(carrier)), [":from"] = Attr.S(from) },
                Limit = limit,
            },
            cancellation).ConfigureAwait(false);
        return (page.Items ?? [], page.LastEvaluatedKey is { Count: > 0 } last ? last["sk"].S : null);
    }

    private ItemUpdate Item(string carrier, string name) => new(controlTable, KeyOf(carrier), name);

    private static CarrierTemplate Template(Dictionary<string, AttributeValue> item) =>
        JsonSerializer.Deserialize(item[Json].S, TemplateJson.Default.CarrierTemplate)!;

    private static string KeyOf(string carrier) => "templates#" + carrier;

    private static string NameOf(string name, string? language) => $"{Prefix}{name}#{language}";
}

/// <summary>The JSON of templates in their items.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(CarrierTemplate))]
internal sealed partial class TemplateJson : JsonSerializerContext;
