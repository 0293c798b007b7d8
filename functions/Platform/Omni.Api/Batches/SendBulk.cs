using System.Text.Json;
using Omni.Aws;
using Omni.Shared;

namespace Omni.Api;

/// <summary>
/// Takes a batch: plans the message of each recipient as a send of it would be planned, keeps them in a file, and then writes one item. A
/// batch that can be seen is whole; the stream makes the work.
/// </summary>
internal sealed class SendBulk(SendPlanner planner, ApiParts parts)
{
    /// <summary>The most bytes of a body: the gateway escapes it into an event of at most six million.</summary>
    public const int MaxBytes = 4 * 1024 * 1024;

    // Where a recipient takes a call, so many wait for theirs at once.
    private const int SideBySide = 64;

    // When its last message leaves is not known yet.
    private static readonly TimeSpan BatchLinksLife = TimeSpan.FromDays(35);

    private const string FileType = "application/gzip";

    public async Task<ApiResult> HandleAsync(ApiCall call, CancellationToken cancellation)
    {
        var (key, malformed) = IdempotencyKey.Read(call);
        if (malformed is not null) return malformed;

        var (body, unreadable) = RequestBody.Read(call, MaxBytes);
        if (unreadable is not null) return unreadable;

        using (body)
        {
            var errors = new List<FieldError>();
            if (BulkRequest.Read(body!.RootElement, errors) is not { } request) return Problems.InvalidRequest.Because(errors);

            var hash = Ids.Hash(body.RootElement.GetRawText());
            var id = key is null ? Ids.NewBatch() : Ids.DerivedBatch(call.Tenant, key);
            if (key is not null && await parts.Batches.FindAsync(id, cancellation) is { } taken)
                return await AgainAsync(taken, hash, cancellation);

            return await TakeAsync(request, id, hash, isRepeatable: key is not null, call, cancellation);
        }
    }

    private async Task<ApiResult> TakeAsync(
        BulkRequest request, string id, string hash, bool isRepeatable, ApiCall call, CancellationToken cancellation)
    {
        var now = Rfc3339.Cut(parts.Clock.GetUtcNow());
        var plans = await PlanAsync(request, call, now, cancellation);
        (int Index, ApiResult.Refusal Refusal)[] refused = [.. plans.Index().Where(plan => plan.Item.Refusal is not null)
            .Select(plan => (plan.Index, plan.Item.Refusal!))];
        var known = new HashSet<Address>();
        (int Index, Message Message)[] good = [.. plans.Index().Where(plan => plan.Item.Refusal is null)
            .Select(plan => (plan.Index, plan.Item.Message!))];
        (int Index, Message Message)[] accepted = request.AllowDuplicates ? good : [.. good.Where(plan => known.Add(plan.Message.To))];
        if (accepted.Length == 0 || (request.Atomic && refused.Length > 0)) return Refuse(plans);

        BatchSender[] senders =
        [
            .. accepted.GroupBy(plan => (plan.Message.Carrier, plan.Message.From))
                .Select(some => new BatchSender(some.Key.Carrier, some.Key.From, some.Sum(plan => SegmentsOf(plan.Message))))
                .OrderByDescending(sender => sender.Segments).ThenBy(sender => sender.From.Key, StringComparer.Ordinal),
        ];
        var file = $"{BlobStore.BatchPrefix}{call.Tenant}/{id}/{Guid.NewGuid():N}";
        var batch = new Batch
        {
            Id = id,
            Tenant = call.Tenant,
            Name = request.Name,
            Carrier = senders[0].Carrier,
            From = senders[0].From,
            Senders = senders.Length > 1 ? [.. senders.Take(BatchSender.Most)] : [],
            Label = request.Shared.Label,
            CreatedAt = now,
            ScheduledAt = request.Shared.ScheduledAt,
            Total = accepted.Length,
            Segments = accepted.Sum(plan => SegmentsOf(plan.Message)),
            Refused = refused.Length,
            Duplicates = good.Length - accepted.Length,
            File = file,
            FileIndex = await KeepAsync(file, id, accepted, cancellation),
            RequestHash = hash,
            Actor = call.Caller!.Id,
        };
        var answer = JsonSerializer.Serialize(
            new BulkAccepted
            {
                BatchId = id,
                Accepted = accepted.Length,
                Refused = [.. refused.Select(one => RefusedRecipient.Of(one.Index, one.Refusal, among: refused.Length))],
                Duplicates = [.. good.Select(plan => plan.Index).Except(accepted.Select(plan => plan.Index))],
                Links = BatchLinks.To(id),
            },
            ApiJson.Wire.BulkAccepted);
        await parts.Media.PutLinksAsync(
            call.Tenant, [.. accepted.SelectMany(one => one.Message.FileLinks ?? [])], now + BatchLinksLife, cancellation);
        if (isRepeatable)
        {
            await parts.Blobs.PutAsync(
                AnswerOf(file), System.Text.Encoding.UTF8.GetBytes(answer), "application/json", cancellation: cancellation);
        }

        var (created, record) = await parts.Batches.CreateAsync(batch, cancellation);
        return created || record.Batch.File == file ? Accepted(id, answer, replayed: false) : await AgainAsync(record, hash, cancellation);
    }

    private static long SegmentsOf(Message message) => message.Parts.Sum(part => (long)part.Segments);

    /// <summary>Plans the message of each recipient, in their order.</summary>
    private async Task<List<Plan>> PlanAsync(BulkRequest request, ApiCall call, DateTimeOffset now, CancellationToken cancellation)
    {
        var draft = SendPlanner.DraftOf(request.Shared, "", call, now);
        var carrier = CarrierCatalogue.Find(request.Shared.Carrier);
        var files = new CallFiles(parts);
        var plans = new List<Plan>(request.Recipients.Count);
        foreach (var some in request.Recipients.Chunk(SideBySide))
        {
            plans.AddRange(await Task.WhenAll(
                some.Select(recipient => PlanAsync(recipient, request.Shared, draft, carrier, files, now, cancellation))));
        }

        return plans;
    }

    private async Task<Plan> PlanAsync(
        JsonElement recipient,
        SendRequest shared,
        Message draft,
        Carrier? carrier,
        CallFiles files,
        DateTimeOffset now,
        CancellationToken cancellation)
    {
        var errors = new List<FieldError>();
        if (BulkRecipient.Read(recipient, carrier, errors) is not { } read) return new(null, Problems.InvalidRequest.Because(errors));

        var problems = new List<PlaceholderProblem>();
        var content = Placeholders.Fill(read.Content ?? shared.Content, read.Variables, problems);
        if (problems.Count > 0) return new(null, Problems.InvalidRequest.Because([.. problems.Select(ErrorOf)]));

        var (message, refusal) = await planner.PlanAsync(
            draft with
            {
                To = read.To,
                Content = content,
                ClientReference = read.ClientReference ?? draft.ClientReference,
                Metadata = Merged(draft.Metadata, read.Metadata),
            },
            shared.Wish,
            shared.Adapt,
            shared.MaxSegments,
            now,
            files,
            cancellation);
        return new(message, refusal);
    }

    private static FieldError ErrorOf(PlaceholderProblem problem) => problem.Name is { } name
        ? new($"variables.{name}", "required", $"{problem.Field} needs it: {problem.Text} has no fallback.")
        : new(problem.Field, "invalid_placeholder", $"{problem.Text} is no placeholder: write {{{{name}}}} or {{{{name|fallback}}}}.");

    /// <summary>What is the recipient's own stands before what is alike.</summary>
    private static IReadOnlyDictionary<string, string>? Merged(
        IReadOnlyDictionary<string, string>? shared, IReadOnlyDictionary<string, string>? own) =>
        shared is null || own is null
            ? own ?? shared
            : new SortedDictionary<string, string>(own.UnionBy(shared, member => member.Key).ToDictionary(), StringComparer.Ordinal);

    /// <returns>Where the file's index begins.</returns>
    private async Task<long> KeepAsync(string file, string batchId, (int Index, Message Message)[] accepted, CancellationToken cancellation)
    {
        using var stream = new MemoryStream();
        using var writer = new BatchFile.Writer(stream);
        foreach (var (place, (_, message)) in accepted.Index())
        {
            writer.Add(message with
            {
                Id = Ids.MessageOfBatch(batchId, place), Batch = new(batchId, place, accepted.Length),
            });
        }

        var index = writer.End();
        stream.Position = 0;
        await parts.Blobs.PutAsync(file, stream, FileType, cancellation: cancellation);
        return index;
    }

    /// <summary>The answer of the first time; a refusal when another request was taken under the key.</summary>
    private async Task<ApiResult> AgainAsync(BatchRecord record, string hash, CancellationToken cancellation)
    {
        if (record.Batch.RequestHash != hash) return SendMessage.KeyReused;

        var kept = await parts.Blobs.FindAsync(AnswerOf(record.Batch.File), cancellation)
            ?? throw new InvalidOperationException("The answer of a batch is not there.");
        return Accepted(record.Batch.Id, System.Text.Encoding.UTF8.GetString(kept.Bytes), replayed: true);
    }

    private static string AnswerOf(string file) => file + ".json";

    private static ApiResult.Answer Accepted(string id, string answer, bool replayed)
    {
        var headers = new Dictionary<string, string> { ["Location"] = BatchLinks.To(id).Self };
        if (replayed) headers["Idempotency-Replayed"] = "true";
        return new ApiResult.Answer(202, answer) { Headers = headers };
    }

    private static ApiResult.Refusal Refuse(List<Plan> plans) => Problems.RecipientsRefused.Because(
    [
        .. plans.Index().Where(plan => plan.Item.Refusal is not null).SelectMany(plan => RefusedRecipient.ErrorsOf(plan.Item.Refusal!)
            .Select(error => error with
            {
                Field = error.Field == "$" ? $"recipients[{plan.Index}]" : $"recipients[{plan.Index}].{error.Field}",
            })),
    ]);

    /// <summary>The message of a recipient, or why there is none.</summary>
    private sealed record Plan(Message? Message, ApiResult.Refusal? Refusal);
}

/// <summary>The answer to a batch that was taken. Only what never changes is in it, so that a replay is the same to the byte.</summary>
internal sealed record BulkAccepted
{
    public required string BatchId { get; init; }

    public required int Accepted { get; init; }

    /// <summary>The recipients that were not taken, in order.</summary>
    public required IReadOnlyList<RefusedRecipient> Refused { get; init; }

    /// <summary>The places in the request of those whose address was in it before.</summary>
    public required IReadOnlyList<int> Duplicates { get; init; }

    public required BatchLinks Links { get; init; }
}

/// <summary>A recipient that was not taken.</summary>
/// <param name="Index">Its place in the request, from 0.</param>
/// <param name="Code">The code of the problem that a send would have answered with.</param>
/// <param name="Errors">What is wrong, field by field.</param>
internal sealed record RefusedRecipient(int Index, string Code, IReadOnlyList<FieldError> Errors)
{
    // Lambda hands on no answer above 6 MB, and a request may hold ten thousand of them.
    private const int MaxErrors = 5;
    private const int MaxErrorsOfAll = 5_000;

    public static RefusedRecipient Of(int index, ApiResult.Refusal refusal, int among) =>
        new(index, refusal.Kind.Code, [.. ErrorsOf(refusal).Take(Math.Clamp(MaxErrorsOfAll / among, 1, MaxErrors))]);

    public static IEnumerable<FieldError> ErrorsOf(ApiResult.Refusal refusal) =>
        refusal.Errors ?? [new("$", refusal.Kind.Code, refusal.Detail)];
}
