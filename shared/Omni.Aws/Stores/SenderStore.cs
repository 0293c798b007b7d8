using System.Globalization;
using System.Text.Json;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Omni.Shared;

namespace Omni.Aws;

/// <summary>What became of a registration.</summary>
public enum RegistrationResult
{
    /// <summary>The sender is new.</summary>
    Made,

    /// <summary>It was there, and is changed.</summary>
    Changed,

    /// <summary>It is another tenant's, and nothing is changed.</summary>
    Taken,

    /// <summary>It is not registered, and was not to be.</summary>
    Missing,
}

/// <summary>
/// Our addresses, in the control table: <c>sender#{carrier}#{address}</c>, and beside it <c>senders#{tenant}</c>, the list of a tenant's.
/// An address without an entry belongs to the default tenant, and goes at its carrier's rate.
/// </summary>
/// <param name="dynamo">The client.</param>
/// <param name="controlTable">The control table.</param>
/// <param name="clock">The time.</param>
public sealed class SenderStore(IAmazonDynamoDB dynamo, string controlTable, TimeProvider clock)
{
    /// <summary>How old what is known of a sender may be when a message leaves from it.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromSeconds(30);

    private const string Partition = "sender#";
    private const string ListPartition = "senders#";

    private const string Tenant = "tn";
    private const string Account = "ac";
    private const string Channels = "ch";
    private const string Country = "co";
    private const string Pool = "po";
    private const string Weight = "we";
    private const string Rate = "ra";
    private const string State = "st";
    private const string Processor = "pr";
    private const string Keywords = "kw";
    private const string Labels = "la";
    private const string CreatedAt = "ca";
    private const string UpdatedAt = "ua";

    private const int MaxTries = 5;
    private const int MostInPage = 100;

    /// <summary>What may change of a sender.</summary>
    private static readonly string[] Said = [Account, Channels, Country, Pool, Weight, Rate, State, Processor, Keywords, Labels, UpdatedAt];

    private Glances<(string Carrier, Address Address), RegisteredSender?> One => field ??= new(
        clock, Kept, key => ReadAsync(key.Carrier, key.Address, isConsistent: false, CancellationToken.None));

    private Glances<string, IReadOnlyList<RegisteredSender>> All => field ??= new(
        clock, Kept, tenant => FindAllAsync(tenant, CancellationToken.None));

    /// <summary>Whose an address is: the tenant that it is registered to, else the default one. Read consistently.</summary>
    /// <param name="carrier">The carrier's id.</param>
    /// <param name="address">The address.</param>
    /// <param name="cancellation">Stops the call.</param>
    public async Task<string> TenantOfAsync(string carrier, Address address, CancellationToken cancellation = default) =>
        (await FindAsync(carrier, address, cancellation).ConfigureAwait(false))?.Tenant ?? Defaults.Tenant;

    /// <summary>Reads a sender, consistently.</summary>
    /// <param name="carrier">The carrier's id.</param>
    /// <param name="address">The address.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <returns>The sender; null when it is not registered.</returns>
    public Task<RegisteredSender?> FindAsync(string carrier, Address address, CancellationToken cancellation = default) =>
        ReadAsync(carrier, address, isConsistent: true, cancellation);

    /// <summary>
    /// A sender as it was within <see cref="Kept"/>: enough to send from it. Those who ask at once in one process share a read.
    /// </summary>
    /// <param name="carrier">The carrier's id.</param>
    /// <param name="address">The address.</param>
    /// <returns>The sender; null when it was not registered.</returns>
    public Task<RegisteredSender?> GlanceAsync(string carrier, Address address) => One.GetAsync((carrier, address));

    /// <summary>All senders of a tenant as they were within <see cref="Kept"/>: enough to choose between them.</summary>
    /// <param name="tenant">Whose.</param>
    /// <returns>The senders, by carrier and address.</returns>
    public Task<IReadOnlyList<RegisteredSender>> GlanceAllAsync(string tenant) => All.GetAsync(tenant);

    /// <summary>All senders of a tenant, consistently.</summary>
    /// <param name="tenant">Whose.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <returns>The senders, by carrier and address.</returns>
    public async Task<IReadOnlyList<RegisteredSender>> FindAllAsync(string tenant, CancellationToken cancellation = default)
    {
        var all = new List<RegisteredSender>();
        string? next = null;
        do
        {
            (var page, next) = await ListAsync(tenant, carrier: null, MostInPage, next, cancellation).ConfigureAwait(false);
            all.AddRange(page);
        }
        while (next is not null);

        return all;
    }

    /// <summary>Some of a carrier's senders, by address, consistently.</summary>
    /// <param name="carrier">The carrier's id.</param>
    /// <param name="addresses">The addresses.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <returns>Those that are registered.</returns>
    public async Task<IReadOnlyDictionary<Address, RegisteredSender>> FindAsync(
        string carrier, IEnumerable<Address> addresses, CancellationToken cancellation = default)
    {
        var items = await dynamo.ReadManyAsync(
            controlTable, addresses.Distinct().Select(address => KeyOf(carrier, address)), cancellation).ConfigureAwait(false);
        return items.Select(Read).ToDictionary(sender => sender.Address);
    }

    /// <summary>A page of a tenant's senders, by carrier and address.</summary>
    /// <param name="tenant">Whose.</param>
    /// <param name="carrier">Only this carrier's; null for all.</param>
    /// <param name="limit">The most, up to 100.</param>
    /// <param name="after">Behind which place; null for from the first.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <returns>The senders, and the place where the list goes on; null at its end.</returns>
    public async Task<(IReadOnlyList<RegisteredSender> Senders, string? Next)> ListAsync(
        string tenant, string? carrier, int limit, string? after, CancellationToken cancellation = default)
    {
        var request = new QueryRequest
        {
            TableName = controlTable,
            KeyConditionExpression = "pk = :pk",
            ExpressionAttributeValues = new() { [":pk"] = Attr.S(ListPartition + tenant) },
            Limit = limit,
            ExclusiveStartKey = after is null ? null : Attr.Key(ListPartition + tenant, after),
            ConsistentRead = true,
        };
        if (carrier is not null)
        {
            request.KeyConditionExpression += " AND begins_with(sk, :prefix)";
            request.ExpressionAttributeValues[":prefix"] = Attr.S(carrier + "#");
        }

        var page = await dynamo.QueryAsync(request, cancellation).ConfigureAwait(false);
        string[] places = [.. (page.Items ?? []).Select(item => item["sk"].S)];
        var items = await dynamo.ReadManyAsync(
            controlTable, places.Select(place => Attr.Key(Partition + place, "*")), cancellation).ConfigureAwait(false);

        // One that was given to another tenant between the two reads is not this one's any more.
        var senders = items.Select(Read).Where(sender => sender.Tenant == tenant)
            .OrderBy(sender => PlaceOf(sender.Carrier, sender.Address), StringComparer.Ordinal);
        return ([.. senders], page.LastEvaluatedKey is { Count: > 0 } ? places[^1] : null);
    }

    /// <summary>Registers a sender, or changes what is said of it. Whose it is never changes.</summary>
    /// <param name="sender">The sender; its times are not looked at.</param>
    /// <param name="mayMake">Whether it is registered if it is not yet.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <returns>What became of it, and the sender as it is; null when it is not registered.</returns>
    public async Task<(RegistrationResult Result, RegisteredSender? Sender)> PutAsync(
        RegisteredSender sender, bool mayMake, CancellationToken cancellation = default)
    {
        var now = clock.GetUtcNow();
        var item = ToItem(sender with { CreatedAt = now, UpdatedAt = now });
        for (var tries = 1; ; tries++)
        {
            var change = new ItemUpdate(controlTable, Partition + PlaceOf(sender.Carrier, sender.Address), "*")
                .If(Tenant, "=", Attr.S(sender.Tenant));
            foreach (var name in Said)
            {
                if (item.TryGetValue(name, out var value)) change.Set(name, value);
                else change.Remove(name);
            }

            var changed = await change.WriteAsync(dynamo, cancellation).ConfigureAwait(false);
            Forget(sender);
            if (changed.Done) return (RegistrationResult.Changed, Read(changed.Item!));
            if (changed.Item is { } theirs) return (RegistrationResult.Taken, Read(theirs));
            if (!mayMake) return (RegistrationResult.Missing, null);

            var made = await Transaction.TryAsync(
                dynamo,
                clock,
                [
                    new() { Put = new() { TableName = controlTable, Item = item, ConditionExpression = "attribute_not_exists(pk)" } },
                    new()
                    {
                        Put = new()
                        {
                            TableName = controlTable,
                            Item = Attr.Key(ListPartition + sender.Tenant, PlaceOf(sender.Carrier, sender.Address)),
                        },
                    },
                ],
                cancellation).ConfigureAwait(false);
            Forget(sender);
            if (made) return (RegistrationResult.Made, Read(item));
            if (tries == MaxTries) throw new InvalidOperationException("A sender is registered and removed faster than it can be read.");
        }
    }

    /// <summary>Ends a registration: the address is the default tenant's again, as one that never was registered.</summary>
    /// <param name="sender">The sender as read.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <returns>Whether it was registered to this tenant.</returns>
    public async Task<bool> DeleteAsync(RegisteredSender sender, CancellationToken cancellation = default)
    {
        var delete = new Delete
        {
            TableName = controlTable,
            Key = KeyOf(sender.Carrier, sender.Address),
            ConditionExpression = "#t = :t",
            ExpressionAttributeNames = new() { ["#t"] = Tenant },
            ExpressionAttributeValues = new() { [":t"] = Attr.S(sender.Tenant) },
        };
        var list = Attr.Key(ListPartition + sender.Tenant, PlaceOf(sender.Carrier, sender.Address));
        var wasThere = await Transaction.TryAsync(
            dynamo,
            clock,
            [new() { Delete = delete }, new() { Delete = new() { TableName = controlTable, Key = list } }],
            cancellation).ConfigureAwait(false);
        Forget(sender);
        return wasThere;
    }

    /// <summary>Where a sender stands in its tenant's list.</summary>
    /// <param name="carrier">The carrier's id.</param>
    /// <param name="address">The address.</param>
    public static string PlaceOf(string carrier, Address address) => $"{carrier}#{address.Key}";

    private async Task<RegisteredSender?> ReadAsync(string carrier, Address address, bool isConsistent, CancellationToken cancellation)
    {
        var response = await dynamo.GetItemAsync(
            new GetItemRequest { TableName = controlTable, Key = KeyOf(carrier, address), ConsistentRead = isConsistent },
            cancellation).ConfigureAwait(false);
        return response.Item is { Count: > 0 } item ? Read(item) : null;
    }

    private void Forget(RegisteredSender sender)
    {
        One.Forget((sender.Carrier, sender.Address));
        All.Forget(sender.Tenant);
    }

    private static Dictionary<string, AttributeValue> KeyOf(string carrier, Address address) =>
        Attr.Key(Partition + PlaceOf(carrier, address), "*");

    private static Dictionary<string, AttributeValue> ToItem(RegisteredSender sender)
    {
        var item = KeyOf(sender.Carrier, sender.Address);
        item[Tenant] = Attr.S(sender.Tenant);
        item[Account] = Attr.S(sender.Account);
        item[State] = Attr.S(sender.State.Word());
        item[CreatedAt] = Attr.Time(sender.CreatedAt);
        item[UpdatedAt] = Attr.Time(sender.UpdatedAt);
        if (sender.Channels.Count > 0) item[Channels] = new() { SS = [.. sender.Channels.Select(channel => channel.Word())] };
        if (sender.Country is { } country) item[Country] = Attr.S(country);
        if (sender.Pool is { } pool) item[Pool] = Attr.S(pool);
        if (sender.Weight is { } weight) item[Weight] = Attr.N(weight);
        if (sender.RatePerSecond is { } rate) item[Rate] = new() { N = rate.ToString(CultureInfo.InvariantCulture) };
        if (sender.Processor is { } processor) item[Processor] = Attr.S(processor);
        if (sender.Keywords.Count > 0)
            item[Keywords] = Attr.S(JsonSerializer.Serialize(sender.Keywords, OmniJson.Wire.IReadOnlyListKeywordAnswers));
        if (sender.Labels.Count > 0) item[Labels] = Attr.M(sender.Labels.ToDictionary(label => label.Key, label => Attr.S(label.Value)));
        return item;
    }

    private static RegisteredSender Read(Dictionary<string, AttributeValue> item)
    {
        var place = item["pk"].S[Partition.Length..].Split('#', 2);
        return new()
        {
            Carrier = place[0],
            Address = Address.FromKey(place[1]),
            Tenant = item[Tenant].S,
            Account = item.Text(Account) ?? Defaults.Account,
            Channels =
            [
                .. (item.GetValueOrDefault(Channels)?.SS ?? []).Select(EnumWords.FromWord<SenderChannel>).OfType<SenderChannel>().Order(),
            ],
            Country = item.Text(Country),
            Pool = item.Text(Pool),
            Weight = (int?)item.Number(Weight),
            RatePerSecond = item.GetValueOrDefault(Rate)?.N is { } rate ? double.Parse(rate, CultureInfo.InvariantCulture) : null,
            State = EnumWords.FromWord<SenderState>(item.Text(State)) ?? SenderState.Active,
            Processor = item.Text(Processor),
            Keywords = item.Text(Keywords) is { } keywords
                ? JsonSerializer.Deserialize(keywords, OmniJson.Wire.IReadOnlyListKeywordAnswers)!
                : [],
            Labels = (item.GetValueOrDefault(Labels)?.M ?? []).ToDictionary(label => label.Key, label => label.Value.S),
            CreatedAt = item.Moment(CreatedAt)!.Value,
            UpdatedAt = item.Moment(UpdatedAt)!.Value,
        };
    }
}
