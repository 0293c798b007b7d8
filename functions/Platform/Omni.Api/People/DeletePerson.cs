using System.Text.Json;
using Omni.Aws;
using Omni.Shared;

namespace Omni.Api;

/// <summary>
/// Deletes all that names a person, but for what they said about being written to: without it they would be written to again. It is begun
/// here, and done by the Scheduler. Asked again while it runs, it tells how far it is: the endpoint needs no idempotency key.
/// </summary>
internal sealed class DeletePerson(PersonDeleter deleter, PersonDeletionStore deletions, bool keepsEvents)
{
    public async Task<ApiResult> DeleteAsync(ApiCall call, CancellationToken cancellation)
    {
        if (PersonOf(call) is not { } person) return NoPerson;

        var deletion = await deleter.BeginAsync(call.Tenant, person, cancellation);
        var view = PersonDeletionView.Of(person, deletion, keepsEvents);
        return new ApiResult.Answer(202, JsonSerializer.Serialize(view, ApiJson.Wire.PersonDeletionView))
        {
            Headers = new Dictionary<string, string> { ["Location"] = view.Links.Self },
        };
    }

    public async Task<ApiResult> ReadAsync(ApiCall call, CancellationToken cancellation)
    {
        if (PersonOf(call) is not { } person) return NoPerson;

        return await deletions.FindAsync(call.Tenant, person, cancellation) is { } deletion
            ? ApiResult.Ok(PersonDeletionView.Of(person, deletion, keepsEvents), ApiJson.Wire.PersonDeletionView)
            : Problems.DeletionNotFound.Because("Nobody asked in the last 90 days that this person be deleted.");
    }

    // A name is nobody whom one could write to, and stands where a person was.
    private static Address? PersonOf(ApiCall call) =>
        AddressReader.FromPath(call.Id) is { Type: not AddressType.Alphanumeric } person ? person : null;

    private static ApiResult NoPerson =>
        Problems.InvalidParameter.Because([new("address", "invalid_address", AddressReader.UrlRule)]);
}

/// <summary>How far the deletion of a person is.</summary>
internal sealed record PersonDeletionView
{
    public required Address Address { get; init; }

    public required PersonDeletionStatus Status { get; init; }

    /// <summary>What is not younger is deleted.</summary>
    public required DateTimeOffset RequestedAt { get; init; }

    public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>How much of the tables is searched, from 0 to 1.</summary>
    public required double Searched { get; init; }

    /// <summary>How many messages were found.</summary>
    public required int Messages { get; init; }

    /// <summary>How many conversations were found.</summary>
    public required int Sessions { get; init; }

    /// <summary>Where copies may be that nobody can delete, and until when; known once it is done.</summary>
    public IReadOnlyList<RemnantView>? Remnants { get; init; }

    public required PersonLinks Links { get; init; }

    public static PersonDeletionView Of(Address person, PersonDeletion deletion, bool keepsEvents) => new()
    {
        Address = person,
        Status = deletion.FinishedAt is null ? PersonDeletionStatus.Running : PersonDeletionStatus.Done,
        RequestedAt = deletion.RequestedAt,
        FinishedAt = deletion.FinishedAt,
        Searched = (double)deletion.Searched / PersonDeleter.Stretches,
        Messages = deletion.Messages,
        Sessions = deletion.Sessions,
        Remnants = deletion.FinishedAt is { } at ? RemnantView.After(at, keepsEvents) : null,
        Links = new($"/api/v1/people/{Uri.EscapeDataString(person.Type == AddressType.Phone ? person.Value : person.Key)}/deletion"),
    };
}

/// <summary>Where it can be followed.</summary>
internal sealed record PersonLinks(string Self);

/// <summary>Whether a person is deleted.</summary>
[System.Text.Json.Serialization.JsonConverter(typeof(CamelCaseEnumConverter<PersonDeletionStatus>))]
internal enum PersonDeletionStatus
{
    /// <summary>It goes on by itself.</summary>
    Running,

    /// <summary>Nothing names them any more, but for what they said about being written to.</summary>
    Done,
}
