using System.Text.Json;
using Omni.Aws;
using Omni.Shared;

namespace Omni.Api;

/// <summary>
/// Our own addresses, as their tenants look after them. Which tenant gets one is for the default tenant to say, who looks after the
/// installation: else anybody could take a number, and with it what people write to it.
/// </summary>
internal sealed class RegisteredSenders(SenderStore senders)
{
    public static readonly string[] Parameters = ["carrier", "tenant", "limit", "cursor"];

    private const int DefaultLimit = 20;
    private const int MaxLimit = 100;

    public async Task<ApiResult> ListAsync(ApiCall call, CancellationToken cancellation)
    {
        var carrier = call.Query.Parsed("carrier", "There is no such carrier.", CarrierCatalogue.Find);
        var tenant = call.Query.Parsed("tenant", "It is a tenant's name.", text => Ids.IsTenant(text) ? text : null) ?? call.Tenant;
        if (tenant != call.Tenant && !IsKeeper(call)) call.Query.Refuse("tenant", "not_yours", "It is your own.");
        var limit = call.Query.Whole("limit", 1, MaxLimit) ?? DefaultLimit;
        if (call.Query.Errors.Count > 0) return Problems.InvalidParameter.Because(call.Query.Errors);

        string? place = null;
        if (call.Query.Text("cursor") is { } cursor && (place = PlaceIn(cursor, carrier)) is null)
            return Problems.InvalidCursor.Because("Give the cursor of a list together with the same filters.");

        var (page, next) = await senders.ListAsync(tenant, carrier?.Id, limit, place, cancellation);
        return ApiResult.Ok(
            new RegisteredSenderListView(
                [.. page.Select(RegisteredSenderView.Of)], next is null ? null : CursorText.Write(next)),
            ApiJson.Wire.RegisteredSenderListView);
    }

    public async Task<ApiResult> ReadAsync(ApiCall call, CancellationToken cancellation) =>
        await FindAsync(call, cancellation) is { } sender
            ? ApiResult.Ok(RegisteredSenderView.Of(sender), ApiJson.Wire.RegisteredSenderView)
            : NotFound(call);

    public async Task<ApiResult> PutAsync(ApiCall call, CancellationToken cancellation)
    {
        var (body, refusal) = RequestBody.Read(call);
        if (refusal is not null) return refusal;

        using (body)
        {
            if (CarrierCatalogue.Find(call.Ids[0]) is not { } carrier)
                return Problems.CarrierNotFound.Because("GET /api/v1/carriers lists those that there are.");

            var errors = new List<FieldError>();
            if (SenderRequest.Read(body!.RootElement, carrier, call, errors) is not { } wanted)
                return Problems.InvalidRequest.Because(errors);

            var (result, sender) = await senders.PutAsync(wanted, mayMake: IsKeeper(call), cancellation);
            return result switch
            {
                RegistrationResult.Made => new ApiResult.Answer(
                    201, JsonSerializer.Serialize(RegisteredSenderView.Of(sender!), ApiJson.Wire.RegisteredSenderView)),
                RegistrationResult.Changed => ApiResult.Ok(RegisteredSenderView.Of(sender!), ApiJson.Wire.RegisteredSenderView),
                RegistrationResult.Taken when IsKeeper(call) => Problems.SenderTaken.Because(
                    $"It belongs to the tenant {sender!.Tenant}. Delete it, and make it anew: what people wrote to it stays there."),
                _ => NotFound(call),
            };
        }
    }

    public async Task<ApiResult> DeleteAsync(ApiCall call, CancellationToken cancellation) =>
        await FindAsync(call, cancellation) is { } sender && await senders.DeleteAsync(sender, cancellation)
            ? new ApiResult.Answer(204, null)
            : NotFound(call);

    private async Task<RegisteredSender?> FindAsync(ApiCall call, CancellationToken cancellation) =>
        CarrierCatalogue.Find(call.Ids[0]) is { } carrier
        && AddressReader.FromPath(call.Ids[1], carrier) is { } address
        && await senders.FindAsync(carrier.Id, address, cancellation) is { } sender
        && (sender.Tenant == call.Tenant || IsKeeper(call))
            ? sender
            : null;

    /// <summary>Whether the caller looks after the installation.</summary>
    private static bool IsKeeper(ApiCall call) => call.Tenant == Defaults.Tenant;

    // The same for one that is not registered and one of another tenant: nobody learns who has which.
    private static ApiResult.Refusal NotFound(ApiCall call) => Problems.SenderNotFound.Because(
        IsKeeper(call) ? "No such sender is registered." : "No such sender is yours. Keys of the tenant default give them out.");

    private static string? PlaceIn(string cursor, Carrier? carrier) =>
        CursorText.Read(cursor)?.Split('#', 2) is [var of, var key]
        && CarrierCatalogue.Find(of) is { } known && (carrier is null || carrier.Id == known.Id)
        && AddressReader.FromPath(key, known) is { } address
            ? SenderStore.PlaceOf(known.Id, address)
            : null;
}

/// <summary>A page of a tenant's senders.</summary>
/// <param name="Data">The senders.</param>
/// <param name="NextCursor">Where to go on; null at the end.</param>
internal sealed record RegisteredSenderListView(IReadOnlyList<RegisteredSenderView> Data, string? NextCursor);

/// <summary>An address of ours, and what is said of it.</summary>
internal sealed record RegisteredSenderView
{
    public required string Carrier { get; init; }

    public required Address Address { get; init; }

    public required string Tenant { get; init; }

    public required string Account { get; init; }

    public required IReadOnlyList<SenderChannel> Channels { get; init; }

    public string? Country { get; init; }

    public string? Pool { get; init; }

    public int? Weight { get; init; }

    public double? RatePerSecond { get; init; }

    public required SenderState State { get; init; }

    public string? Processor { get; init; }

    public IReadOnlyList<KeywordAnswers>? Keywords { get; init; }

    public required IReadOnlyDictionary<string, string> Labels { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    public static RegisteredSenderView Of(RegisteredSender sender) => new()
    {
        Carrier = sender.Carrier,
        Address = sender.Address,
        Tenant = sender.Tenant,
        Account = sender.Account,
        Channels = sender.Channels,
        Country = sender.Country,
        Pool = sender.Pool,
        Weight = sender.Weight,
        RatePerSecond = sender.RatePerSecond,
        State = sender.State,
        Processor = sender.Processor,
        Keywords = sender.Keywords.Count > 0 ? sender.Keywords : null,
        Labels = sender.Labels,
        CreatedAt = sender.CreatedAt,
        UpdatedAt = sender.UpdatedAt,
    };
}
