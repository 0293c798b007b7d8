using System.Text;
using System.Text.Json;
using Omni.Shared;

namespace Omni.Api;

/// <summary>
/// Makes the message of a request, and checks everything that can be checked before it is taken. A send and its validation both come
/// through here, so that they agree. It writes nothing, and calls AWS only for a carrier with a reply window, for a template, for a message
/// that names another or a file of ours; for a sender that it has not looked at for a while, and where carrier or sender are to be chosen.
/// </summary>
internal sealed class SendPlanner(ApiParts parts)
{
    // The item may have 400 KB; this leaves room for all that is not content.
    private const int MaxContentBytes = 128 * 1024;

    private static readonly string[] LegFields = ["carrier", "to", "from", "content"];

    private static readonly TimeSpan FurthestSchedule = TimeSpan.FromDays(35);

    private readonly MessageReferences _references = new(parts.Messages);
    private readonly ReplyWindow _window = new(parts.Sessions);
    private readonly TemplateVariables _templates = new(parts.Templates);
    private readonly MessageRouting _routing = new(parts);
    private readonly OwnSenders _senders = new(parts.Senders, parts.OnlyRegisteredSenders);

    /// <summary>Plans the message of a request.</summary>
    /// <param name="request">The request.</param>
    /// <param name="key">Its idempotency key; null for none.</param>
    /// <param name="call">The call that it came with.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <returns>The message, with its parts when the carrier can carry it, and why it is not taken; null when it is.</returns>
    public async Task<(Message Message, ApiResult.Refusal? Refusal)> PlanAsync(
        SendRequest request, string? key, ApiCall call, CancellationToken cancellation)
    {
        var now = Rfc3339.Cut(parts.Clock.GetUtcNow());
        var id = key is null ? Ids.NewMessage() : Ids.DerivedMessage("idempotency", call.Tenant, key);
        return await PlanAsync(
            DraftOf(request, id, call, now) with { RequestHash = request.Hash() },
            request.Wish,
            request.Adapt,
            request.MaxSegments,
            now,
            new CallFiles(parts),
            cancellation);
    }

    /// <summary>Plans a message that repeats a stored one, at once: as it was planned, adapted and resolved already.</summary>
    /// <param name="stored">The message to repeat.</param>
    /// <param name="id">The id of the new one.</param>
    /// <param name="requestHash">Tells the request from another under the same idempotency key.</param>
    /// <param name="call">The call that asks for it.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <returns>As of a request.</returns>
    public Task<(Message Message, ApiResult.Refusal? Refusal)> PlanAsync(
        Message stored, string id, string requestHash, ApiCall call, CancellationToken cancellation)
    {
        var now = Rfc3339.Cut(parts.Clock.GetUtcNow());
        var draft = stored with
        {
            Id = id,
            Parts = [],
            ScheduledAt = null,
            CreatedAt = now,
            Trace = call.Trace,
            Actor = call.Caller!.Id,
            RequestHash = requestHash,
            ResendOf = stored.Id,
            Route = null, // it goes where the other one went
            Prepared = null,
            Automatic = null, // what a client asks for goes to nobody who opted out
        };
        return PlanAsync(draft, wish: null, adapt: false, maxSegments: null, now, new CallFiles(parts), cancellation);
    }

    /// <summary>Plans a message.</summary>
    /// <param name="draft">The message without a plan.</param>
    /// <param name="wish">What is said of its carrier and sender where they are to be chosen; null where they are named.</param>
    /// <param name="adapt">Whether its content may be degraded to what the carrier carries.</param>
    /// <param name="maxSegments">The most that the carrier may count for it; null for any number.</param>
    /// <param name="now">The time.</param>
    /// <param name="files">The files of the call.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <returns>As of a request.</returns>
    public async Task<(Message Message, ApiResult.Refusal? Refusal)> PlanAsync(
        Message draft,
        RouteWish? wish,
        bool adapt,
        int? maxSegments,
        DateTimeOffset now,
        CallFiles files,
        CancellationToken cancellation)
    {
        if (draft.Failover is { } legs) return await PlanLegsAsync(draft, legs, adapt, maxSegments, now, files, cancellation);

        if (CarrierCatalogue.Find(draft.Carrier) is { } carrier && !parts.CarrierQueues.ContainsKey(carrier.Id))
        {
            return (draft, Problems.CarrierNotAvailable.Because(
                $"{carrier.Name} is in the catalogue, but this version has no functions for it."));
        }

        if (draft is { Media.Fallback: MediaFallback.Link, Content: MediaContent media })
            draft = draft with { FileLinks = [.. media.Files.Select(files.LinkTo)] };
        if (wish is not null)
        {
            (draft, var noRoute) = await _routing.ChooseAsync(draft, wish, adapt, cancellation);
            if (noRoute is not null) return (draft, noRoute);
        }

        var plan = MessagePlanner.Plan(draft, adapt);
        if (plan.Message is not { } message)
        {
            return (draft, Problems.NotCarried.Because(
                [.. plan.Problems.Select(problem => new FieldError(problem.Field, problem.Code, problem.Detail))]));
        }

        var refusal = (parts.IsLocal ? null : MediaReferences.RefuseOwnMachine(draft.Content))
            ?? RefuseSize(message.Content)
            ?? RefuseSegments(message, maxSegments)
            ?? RefuseTime("scheduledAt", message.ScheduledAt, now)
            ?? WaitForOpening(ref message, now)
            ?? (message.Route is null ? await _senders.RefuseAsync(message) : null)
            ?? await _window.RefuseAsync(message, now, cancellation)
            ?? await _templates.RefuseAsync(message, cancellation)
            ?? await MediaReferences.RefuseAsync(message, files, cancellation);
        message = MessagePlanner.WithFiles(message);
        return refusal is null ? await _references.ResolveAsync(message, cancellation) : (message, refusal);
    }

    /// <summary>Plans each leg as a message of its own, and tells what is wrong with all of them.</summary>
    private async Task<(Message Message, ApiResult.Refusal? Refusal)> PlanLegsAsync(
        Message draft,
        IReadOnlyList<PlannedLeg> legs,
        bool adapt,
        int? maxSegments,
        DateTimeOffset now,
        CallFiles files,
        CancellationToken cancellation)
    {
        var planned = new List<Message>();
        var refusals = new List<ApiResult.Refusal>();
        var errors = new List<FieldError>();
        foreach (var (index, leg) in legs.Index())
        {
            var one = Legs.MessageOf(draft, leg) with { Parts = [], Media = draft.Media ?? leg.Media };
            var (message, refusal) = await PlanAsync(one, wish: null, adapt, maxSegments, now, files, cancellation);
            planned.Add(message);
            if (refusal is null) continue;

            refusals.Add(refusal);
            errors.AddRange((refusal.Errors ?? [new("", refusal.Kind.Code, refusal.Detail)]).Select(error => OfLeg(error, index)));
        }

        var whole = draft with
        {
            ScheduledAt = planned[0].ScheduledAt,
            Media = null,
            Failover =
            [
                .. legs.Zip(planned, (leg, message) => leg with
                {
                    Content = message.Content, AdaptedFrom = message.AdaptedFrom, Media = message.Media, FileLinks = message.FileLinks,
                    Parts = message.Parts,
                }),
            ],
        };
        if (refusals.Count > 0) return (whole, refusals[0].Kind.Because([.. errors.Distinct()]));

        var bytes = planned.Sum(message => JsonBytes(message.Content));
        return (whole, bytes <= MaxContentBytes
            ? null
            : Problems.NotCarried.Because([new("failover", "too_large", $"All legs have at most {MaxContentBytes} bytes as JSON.")]));
    }

    /// <summary>An error under the name of its leg, where the leg has such a field.</summary>
    private static FieldError OfLeg(FieldError error, int leg) =>
        error.Field.Length == 0
            ? error with { Field = $"failover[{leg}]" }
            : LegFields.Contains(error.Field.Split('.', '[')[0]) ? error with { Field = $"failover[{leg}].{error.Field}" } : error;

    private static int JsonBytes(Content content) => Encoding.UTF8.GetByteCount(JsonSerializer.Serialize(content, OmniJson.Wire.Content));

    private static ApiResult.Refusal? RefuseSize(Content content) =>
        JsonBytes(content) > MaxContentBytes
            ? Problems.NotCarried.Because([new("content", "too_large", $"The content has at most {MaxContentBytes} bytes as JSON.")])
            : null;

    private static ApiResult.Refusal? RefuseSegments(Message message, int? most)
    {
        var segments = message.Parts.Sum(part => part.Segments);
        return segments > most
            ? Problems.TooManySegments.Because(
                [new("maxSegments", "exceeded", $"The message needs {segments} segments, and may have {most}.")])
            : null;
    }

    /// <summary>Schedules a message for the first moment, at its time or after it, at which its window is open.</summary>
    private static ApiResult.Refusal? WaitForOpening(ref Message message, DateTimeOffset now)
    {
        if (message.DeliveryWindow is not { } window) return null;

        if (!DeliveryHours.KnowsZone(window, message.To))
        {
            return Problems.NeverOpen.Because(
                [new("deliveryWindow.timeZone", "unknown_zone", "The recipient's address does not tell their time zone: name one.")]);
        }

        var time = message.ScheduledAt ?? now;
        if (DeliveryHours.NextOpening(window, message.To, time) is not { } opening)
        {
            return Problems.NeverOpen.Because(
                [new("deliveryWindow", "never_open", "It is never open in all zones of the recipient's number at once: name a zone.")]);
        }

        if (opening == time) return null;

        message = message with { ScheduledAt = opening };
        return RefuseTime("deliveryWindow", opening, now);
    }

    private static ApiResult.Refusal? RefuseTime(string field, DateTimeOffset? scheduledAt, DateTimeOffset now)
    {
        FieldError? error = scheduledAt > now + FurthestSchedule
            ? new(field, "too_far", $"It is at most {FurthestSchedule.Days} days from now.")
            : scheduledAt <= now
                ? new(field, "not_in_future", "It must be in the future; leave it out to send at once.")
                : null;
        return error is null ? null : Problems.InvalidRequest.Because([error]);
    }

    /// <summary>The message of a request, without a plan.</summary>
    /// <param name="request">The request.</param>
    /// <param name="id">The message's id.</param>
    /// <param name="call">The call that it came with.</param>
    /// <param name="now">The time.</param>
    public static Message DraftOf(SendRequest request, string id, ApiCall call, DateTimeOffset now) => new()
    {
        Id = id,
        Carrier = request.Carrier ?? "",
        Failover = request.Failover,
        Tenant = call.Tenant,
        To = request.To,
        From = request.From ?? Address.Unknown,
        Content = request.Content,
        ReplyTo = request.ReplyTo,
        Priority = request.Priority,
        TtlSeconds = request.TtlSeconds,
        ScheduledAt = request.ScheduledAt,
        DeliveryWindow = request.DeliveryWindow,
        ClientReference = request.ClientReference,
        Label = request.Label,
        Metadata = request.Metadata,
        OnUnknownOutcome = request.OnUnknownOutcome,
        Media = request.Media,
        CreatedAt = now,
        Trace = call.Trace,
        Actor = call.Caller!.Id,
    };
}
