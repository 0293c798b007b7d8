using System.Text.Json;
using Omni.Aws;
using Omni.Shared;

namespace Omni.Api;

/// <summary>What our own faults left behind: looked at, and given back its way.</summary>
internal sealed class DeadLetters(ApiParts parts)
{
    public const string QueueParameter = "queue";

    private const int Sample = 10;
    private const int MaxRedriven = 1000;
    private const int DefaultRedriven = 100;

    /// <summary>How long a record is hidden while it is redriven: longer than the call may take.</summary>
    private static readonly TimeSpan Hidden = TimeSpan.FromSeconds(30);

    /// <summary>With less time left no more is taken.</summary>
    private static readonly TimeSpan NeededTime = TimeSpan.FromSeconds(6);

    /// <summary>Shows each queue: how many, since when, why.</summary>
    public async Task<ApiResult> ReadAsync(ApiCall call, CancellationToken cancellation)
    {
        var queues = parts.DeadLetters;
        if (call.Query.Text(QueueParameter) is { } name)
        {
            if (Find(name) is not { } one) return Problems.InvalidParameter.Because([new(QueueParameter, "invalid_value", Rule)]);

            queues = [one];
        }

        var views = await Task.WhenAll(queues.Select(queue => ShowAsync(queue, cancellation)));
        return ApiResult.Ok(new DeadLetterListView(views), ApiJson.Wire.DeadLetterListView);
    }

    /// <summary>Gives records of a queue back their way.</summary>
    public async Task<ApiResult> RedriveAsync(ApiCall call, CancellationToken cancellation)
    {
        var (body, refusal) = RequestBody.Read(call);
        if (refusal is not null) return refusal;

        using (body)
        {
            var errors = new List<FieldError>();
            var (queue, limit) = Read(body!.RootElement, errors);
            if (queue is null || errors.Count > 0) return Problems.InvalidRequest.Because(errors);

            var counts = await RedriveAsync(queue, limit, call.RemainingTime, cancellation);
            return ApiResult.Ok(
                new RedriveView
                {
                    Queue = queue.Name,
                    Redriven = counts.GetValueOrDefault(Redriven.Again),
                    Finished = counts.GetValueOrDefault(Redriven.Finished),
                    Kept = counts.GetValueOrDefault(Redriven.Kept),
                    Remaining = (await DepthAsync(queue, cancellation)).Count,
                },
                ApiJson.Wire.RedriveView);
        }
    }

    private string Rule => $"It is one of {string.Join(", ", parts.DeadLetters.Select(queue => queue.Name))}.";

    private DeadLetterQueue? Find(string name) => parts.DeadLetters.FirstOrDefault(queue => queue.Name == name);

    private (DeadLetterQueue? Queue, int Limit) Read(JsonElement body, List<FieldError> errors)
    {
        if (body.ValueKind != JsonValueKind.Object)
        {
            errors.Add(new("$", "wrong_type", "It must be an object."));
            return default;
        }

        var fields = new JsonFields(body, "", errors);
        var name = fields.Text("queue", required: true);
        var limit = fields.Whole("limit", 1, MaxRedriven);
        fields.RefuseOthers();
        if (name is not null && Find(name) is null) fields.Refuse("queue", "invalid_value", Rule);
        return (name is null ? null : Find(name), limit ?? DefaultRedriven);
    }

    private async Task<Dictionary<Redriven, int>> RedriveAsync(
        DeadLetterQueue queue, int limit, Func<TimeSpan> timeLeft, CancellationToken cancellation)
    {
        // What comes while it works is left for the next call: a record that nobody can read comes back at once, and would go round and
        // round.
        var begun = parts.Clock.GetUtcNow();
        var counts = new Dictionary<Redriven, int>();
        var left = new List<ReceivedRecord>();
        for (var most = limit; most > 0 && timeLeft() > NeededTime;)
        {
            var records = await parts.Queues.ReceiveAsync(queue.Url, most, Hidden, cancellation);
            var older = records.Where(record => record.SentAt <= begun).ToArray();
            left.AddRange(records.Except(older));
            if (older.Length == 0) break;

            foreach (var record in older)
            {
                var result = await RedriveAsync(queue, record, cancellation);
                counts[result] = counts.GetValueOrDefault(result) + 1;
                if (result == Redriven.Kept) left.Add(record);
            }

            most -= older.Length;
        }

        await parts.Queues.PutOffAsync(queue.Url, [.. left.Select(record => (record.ReceiptHandle, TimeSpan.Zero))], cancellation);
        return counts;
    }

    private async Task<Redriven> RedriveAsync(DeadLetterQueue queue, ReceivedRecord record, CancellationToken cancellation)
    {
        var result = await parts.Redriver.RedriveAsync(queue, record, cancellation);
        parts.Log.Redriven(queue.Name, record.Id, result.Word());
        if (result != Redriven.Kept) await parts.Queues.DeleteAsync(queue.Url, record, cancellation);
        return result;
    }

    private async Task<DeadLettersView> ShowAsync(DeadLetterQueue queue, CancellationToken cancellation)
    {
        var (depth, count) = await DepthAsync(queue, cancellation);
        var records = depth.Waiting > 0 ? await parts.Queues.ReceiveAsync(queue.Url, Sample, TimeSpan.Zero, cancellation) : [];
        DeadLetter[] sample =
        [
            .. records.DistinctBy(record => record.Id).Select(record => Redriver.Explain(queue, record)).OrderBy(letter => letter.Since),
        ];
        return new()
        {
            Queue = queue.Name,
            Holds = queue.Kind,
            Carrier = queue.Carrier?.Id,
            Count = count,
            Since = sample is [var oldest, ..] ? oldest.Since : null,
            Sample = sample,
        };
    }

    private async Task<(QueueDepth Depth, int Count)> DepthAsync(DeadLetterQueue queue, CancellationToken cancellation)
    {
        var depth = await parts.Queues.DepthAsync(queue.Url, cancellation);
        return (depth, depth.Waiting + depth.InFlight + depth.Delayed);
    }
}

/// <summary>All queues of dead letters.</summary>
internal sealed record DeadLetterListView(IReadOnlyList<DeadLettersView> Data);

/// <summary>A queue of dead letters.</summary>
internal sealed record DeadLettersView
{
    public required string Queue { get; init; }

    public required DeadLetterKind Holds { get; init; }

    public string? Carrier { get; init; }

    /// <summary>How many there are, about.</summary>
    public required int Count { get; init; }

    /// <summary>The oldest of the sample.</summary>
    public DateTimeOffset? Since { get; init; }

    public required IReadOnlyList<DeadLetter> Sample { get; init; }
}

/// <summary>What became of a redrive.</summary>
internal sealed record RedriveView
{
    public required string Queue { get; init; }

    /// <summary>On their way again.</summary>
    public required int Redriven { get; init; }

    /// <summary>Removed: nothing was left to do for them.</summary>
    public required int Finished { get; init; }

    /// <summary>Left where they are.</summary>
    public required int Kept { get; init; }

    /// <summary>How many there are now, about.</summary>
    public required int Remaining { get; init; }
}
