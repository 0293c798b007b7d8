using Omni.Aws;
using Omni.Shared;

namespace Omni.Api;

/// <summary>
/// What people said about being written to. A client records here what it was told by other ways; it is the same record that a STOP makes,
/// and the latest wins, whoever tells it first. Nothing is ever removed: an older STOP that comes late must find the newer word.
/// </summary>
internal sealed class Consents(ConsentStore consents, PersonStore people, TimeProvider clock)
{
    public static readonly string[] OptInParameters = ["sender", "scope", "at", "evidence"];

    public async Task<ApiResult> ReadAsync(ApiCall call, CancellationToken cancellation) =>
        AddressReader.FromPath(call.Id) is { } person
            ? await ShownAsync(call.Tenant, person, applied: null, cancellation)
            : NoAddress;

    /// <summary>Records an opt-out.</summary>
    public async Task<ApiResult> OptOutAsync(ApiCall call, CancellationToken cancellation)
    {
        if (AddressReader.FromPath(call.Id) is not { } person) return NoAddress;

        var (body, refusal) = RequestBody.Read(call);
        if (refusal is not null) return refusal;

        using (body)
        {
            var errors = new List<FieldError>();
            return ConsentRequest.Read(body!.RootElement, Now, errors) is { } request
                ? await RecordAsync(call.Tenant, person, request, optedOut: true, cancellation)
                : Problems.InvalidRequest.Because(errors);
        }
    }

    /// <summary>Records an opt-in.</summary>
    public async Task<ApiResult> OptInAsync(ApiCall call, CancellationToken cancellation)
    {
        if (AddressReader.FromPath(call.Id) is not { } person) return NoAddress;

        var request = ConsentRequest.Read(call.Query, Now);
        return call.Query.Errors.Count > 0
            ? Problems.InvalidParameter.Because(call.Query.Errors)
            : await RecordAsync(call.Tenant, person, request, optedOut: false, cancellation);
    }

    private DateTimeOffset Now => Rfc3339.Cut(clock.GetUtcNow());

    private static ApiResult NoAddress =>
        Problems.InvalidParameter.Because([new("address", "invalid_address", AddressReader.UrlRule)]);

    private async Task<ApiResult> RecordAsync(
        string tenant, Address person, ConsentRequest request, bool optedOut, CancellationToken cancellation)
    {
        var applied = await people.RecordConsentAsync(
            tenant, person, request.Sender, optedOut, request.At, request.Evidence, request.Scope, cancellation);
        return await ShownAsync(tenant, person, applied, cancellation);
    }

    private async Task<ApiResult> ShownAsync(string tenant, Address person, bool? applied, CancellationToken cancellation) => ApiResult.Ok(
        new PersonConsentsView(person, applied, await consents.FindAsync(tenant, person, cancellation)), ApiJson.Wire.PersonConsentsView);
}

/// <summary>What is on record of a person.</summary>
/// <param name="Address">The person.</param>
/// <param name="Applied">Whether what was recorded is the latest; null when nothing was.</param>
/// <param name="Data">The records, the newest first.</param>
internal sealed record PersonConsentsView(Address Address, bool? Applied, IReadOnlyList<ConsentView> Data);
