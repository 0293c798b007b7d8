using System.Text.Json;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Omni.Shared;

namespace Omni.Aws;

/// <summary>
/// What is known of files, in the control table, so that a campaign fetches and converts its picture once: which file lay at an address
/// (<c>fetch#{tenant}#{hash of the address}</c>), and what was made of a file for carriers that take the same
/// (<c>media#{tenant}#{id}</c>, by recipe). The files themselves are in the bucket.
/// </summary>
/// <param name="dynamo">The client.</param>
/// <param name="controlTable">The control table.</param>
/// <param name="clock">The time.</param>
public sealed class MediaStore(IAmazonDynamoDB dynamo, string controlTable, TimeProvider clock)
{
    /// <summary>How long what lay at an address is taken to lie there still.</summary>
    public static readonly TimeSpan Fetched = TimeSpan.FromMinutes(10);

    /// <summary>How long an address that gave no file is not asked again.</summary>
    public static readonly TimeSpan Missed = TimeSpan.FromMinutes(1);

    /// <summary>How long what was made of a file is taken again: the bucket keeps it for 90 days from when it was made.</summary>
    public static readonly TimeSpan Made = TimeSpan.FromDays(30);

    /// <summary>How long a file that may have ended its function is left alone: its record comes again within that time.</summary>
    public static readonly TimeSpan Tried = TimeSpan.FromHours(1);

    /// <summary>How long a carrier that keeps files has one: less than the 30 days of the one that tells.</summary>
    public static readonly TimeSpan Uploaded = TimeSpan.FromDays(25);

    private const string Json = "js";
    private const string Until = "un";
    private const string Expires = "ex";
    private const string Tenant = "tn";
    private const string Sole = "*";

    /// <summary>What lay at an address; null where it was not fetched of late.</summary>
    /// <param name="tenant">Whose.</param>
    /// <param name="address">The address.</param>
    /// <param name="cancellation">Stops the call.</param>
    public Task<KnownFile?> FindFetchedAsync(string tenant, Uri address, CancellationToken cancellation = default) =>
        FindAsync(FetchKey(tenant, address), Sole, cancellation);

    /// <summary>Remembers what lay at an address, or why nothing did.</summary>
    /// <param name="tenant">Whose.</param>
    /// <param name="address">The address.</param>
    /// <param name="file">The file.</param>
    /// <param name="cancellation">Stops the call.</param>
    public Task PutFetchedAsync(string tenant, Uri address, KnownFile file, CancellationToken cancellation = default) =>
        PutAsync(FetchKey(tenant, address), Sole, file, file.Code is null ? Fetched : Missed, cancellation);

    /// <summary>What was made of a file; null where nothing was of late.</summary>
    /// <param name="tenant">Whose.</param>
    /// <param name="mediaId">The file.</param>
    /// <param name="recipe">What it was to become.</param>
    /// <param name="cancellation">Stops the call.</param>
    public Task<KnownFile?> FindMadeAsync(string tenant, string mediaId, string recipe, CancellationToken cancellation = default) =>
        FindAsync(MadeKey(tenant, mediaId), recipe, cancellation);

    /// <summary>Remembers what was made of a file, or why nothing could be.</summary>
    /// <param name="tenant">Whose.</param>
    /// <param name="mediaId">The file.</param>
    /// <param name="recipe">What it was to become.</param>
    /// <param name="file">What it became.</param>
    /// <param name="life">How long that holds.</param>
    /// <param name="cancellation">Stops the call.</param>
    public Task PutMadeAsync(
        string tenant, string mediaId, string recipe, KnownFile file, TimeSpan life, CancellationToken cancellation = default) =>
        Update(MadeKey(tenant, mediaId), recipe, file)
            .Set(Until, Attr.Expiry(clock.GetUtcNow() + life))
            // By this, whoever deletes the file finds what was made of it.
            .Set(Expires, Attr.Expiry(clock.GetUtcNow() + Defaults.Retention))
            .WriteAsync(dynamo, cancellation);

    /// <summary>Forgets what was made of a file.</summary>
    /// <param name="tenant">Whose.</param>
    /// <param name="mediaId">The file.</param>
    /// <param name="delete">Deletes what was made, by its id, before it is forgotten.</param>
    /// <param name="cancellation">Stops the call.</param>
    public async Task ForgetMadeAsync(string tenant, string mediaId, Func<string, Task> delete, CancellationToken cancellation = default)
    {
        var request = new QueryRequest
        {
            TableName = controlTable,
            KeyConditionExpression = "pk = :pk",
            ExpressionAttributeValues = new() { [":pk"] = Attr.S(MadeKey(tenant, mediaId)) },
            ProjectionExpression = "pk, sk",
            ConsistentRead = true,
        };
        do
        {
            var page = await dynamo.QueryAsync(request, cancellation).ConfigureAwait(false);
            foreach (var item in page.Items ?? [])
            {
                await delete(Ids.MediaMadeOf(mediaId, item["sk"].S)).ConfigureAwait(false);
                await dynamo.DeleteItemAsync(controlTable, item, cancellation).ConfigureAwait(false);
            }

            request.ExclusiveStartKey = page.LastEvaluatedKey;
        }
        while (request.ExclusiveStartKey is { Count: > 0 });
    }

    /// <summary>The id under which a carrier has a file already; null where nobody remembers.</summary>
    /// <param name="tenant">Whose.</param>
    /// <param name="mediaId">The file.</param>
    /// <param name="carrier">The carrier.</param>
    /// <param name="owner">Whose it is at the carrier.</param>
    /// <param name="cancellation">Stops the call.</param>
    public async Task<string?> FindUploadAsync(
        string tenant, string mediaId, string carrier, string owner, CancellationToken cancellation = default) =>
        (await FindAsync(MadeKey(tenant, mediaId), UploadKey(carrier, owner), cancellation).ConfigureAwait(false))?.MediaId;

    /// <summary>Remembers the id under which a carrier has a file.</summary>
    /// <param name="tenant">Whose.</param>
    /// <param name="mediaId">The file.</param>
    /// <param name="carrier">The carrier.</param>
    /// <param name="owner">Whose it is at the carrier.</param>
    /// <param name="id">The carrier's id; null where it has the file no more.</param>
    /// <param name="cancellation">Stops the call.</param>
    public Task PutUploadAsync(
        string tenant, string mediaId, string carrier, string owner, string? id, CancellationToken cancellation = default) =>
        PutAsync(
            MadeKey(tenant, mediaId),
            UploadKey(carrier, owner),
            new() { MediaId = id },
            id is null ? TimeSpan.Zero : Uploaded,
            cancellation);

    /// <summary>Keeps the links of a message and of its legs: they open from now on, until a while after it may leave.</summary>
    /// <param name="message">The message.</param>
    /// <param name="cancellation">Stops the call.</param>
    public Task PutLinksAsync(Message message, CancellationToken cancellation = default) =>
        PutLinksAsync(
            message.Tenant,
            (message.Failover ?? []).Select(leg => leg.FileLinks).Append(message.FileLinks).SelectMany(links => links ?? []),
            message.Deadline + FileLink.Life,
            cancellation);

    /// <summary>Keeps links.</summary>
    /// <param name="tenant">Whose.</param>
    /// <param name="links">The links; one that is there twice is kept once.</param>
    /// <param name="until">When they end.</param>
    /// <param name="cancellation">Stops the call.</param>
    public async Task PutLinksAsync(
        string tenant, IEnumerable<FileLink> links, DateTimeOffset until, CancellationToken cancellation = default)
    {
        foreach (var link in links.Distinct())
        {
            await new ItemUpdate(controlTable, LinkKey(link.Id), Sole)
                .Set(Tenant, Attr.S(tenant))
                .Set(Json, Attr.S(JsonSerializer.Serialize(link, OmniJson.Wire.FileLink)))
                .Set(Expires, Attr.Expiry(until))
                .WriteAsync(dynamo, cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>Finds where a link leads.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <returns>Whose it is, and the link; null when there is none, or none any more.</returns>
    public async Task<(string Tenant, FileLink Link)?> FindLinkAsync(string id, CancellationToken cancellation = default) =>
        await FindItemAsync(LinkKey(id), Sole, cancellation).ConfigureAwait(false) is { } item
            ? (item.Text(Tenant)!, JsonSerializer.Deserialize(item.Text(Json)!, OmniJson.Wire.FileLink)!)
            : null;

    private static string LinkKey(string id) => $"link#{id}";

    private static string UploadKey(string carrier, string owner) => $"at#{carrier}#{owner}";

    private static string FetchKey(string tenant, Uri address) => $"fetch#{tenant}#{Ids.Hash(address.AbsoluteUri)}";

    private static string MadeKey(string tenant, string mediaId) => $"media#{tenant}#{mediaId}";

    private async Task<KnownFile?> FindAsync(string pk, string sk, CancellationToken cancellation) =>
        await FindItemAsync(pk, sk, cancellation).ConfigureAwait(false) is { } item
            ? JsonSerializer.Deserialize(item.Text(Json)!, OmniJson.Wire.KnownFile)
            : null;

    private async Task<Dictionary<string, AttributeValue>?> FindItemAsync(string pk, string sk, CancellationToken cancellation)
    {
        var response = await dynamo.GetItemAsync(
            new GetItemRequest { TableName = controlTable, Key = Attr.Key(pk, sk) }, cancellation).ConfigureAwait(false);

        // TTL deletes when it likes.
        return response.Item is { Count: > 0 } item && (item.Number(Until) ?? item.Number(Expires)) > clock.GetUtcNow().ToUnixTimeSeconds()
            ? item
            : null;
    }

    private Task PutAsync(string pk, string sk, KnownFile file, TimeSpan life, CancellationToken cancellation) =>
        Update(pk, sk, file).Set(Expires, Attr.Expiry(clock.GetUtcNow() + life)).WriteAsync(dynamo, cancellation);

    private ItemUpdate Update(string pk, string sk, KnownFile file) =>
        new ItemUpdate(controlTable, pk, sk).Set(Json, Attr.S(JsonSerializer.Serialize(file, OmniJson.Wire.KnownFile)));
}
