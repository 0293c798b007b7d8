using Omni.Aws;
using Omni.Shared;

namespace Omni.Api;

/// <summary>What carriers can do, and how they are.</summary>
internal sealed class ReadCarriers(HealthStore health, SqsQueues queues, IReadOnlyDictionary<string, CarrierQueues> urls, TimeProvider clock)
{
    public static Task<ApiResult> AllAsync(ApiCall call, CancellationToken cancellation) =>
        Task.FromResult(ApiResult.Ok(new CarrierListView([.. CarrierCatalogue.All.Select(CarrierView.Of)]), ApiJson.Wire.CarrierListView));

    public async Task<ApiResult> StatusAsync(ApiCall call, CancellationToken cancellation)
    {
        if (CarrierCatalogue.Find(call.Id) is not { } carrier)
        {
            return Problems.CarrierNotFound.Because($"The carriers are {string.Join(", ", CarrierCatalogue.All.Select(known => known.Id))}.");
        }

        if (!urls.TryGetValue(carrier.Id, out var queue))
        {
            return ApiResult.Ok(new CarrierStatusView { Id = carrier.Id, State = CarrierState.Unavailable }, ApiJson.Wire.CarrierStatusView);
        }

        var reading = health.ReadAsync(carrier.Id, cancellation);
        var depths = await Task.WhenAll(
            queues.DepthAsync(queue.Outbound, cancellation), queues.DepthAsync(queue.Bulk, cancellation), queues.DepthAsync(queue.DeadLetters, cancellation));
        var seen = await reading;
        return ApiResult.Ok(
            new CarrierStatusView
            {
                Id = carrier.Id,
                State = CarrierStates.Of(seen, deadLetters: depths[2].Waiting, clock.GetUtcNow()),
                LastAcceptedAt = seen.LastAcceptedAt,
                LastFaultAt = seen.LastFaultAt,
                LastFaultCode = seen.LastFaultCode,
                Queues = new(depths[0], depths[1], depths[2]),
            },
            ApiJson.Wire.CarrierStatusView);
    }
}

/// <summary>The carriers, in the catalogue's order.</summary>
internal sealed record CarrierListView(IReadOnlyList<CarrierView> Data);

/// <summary>All that a client must know of a carrier to see why it refuses something.</summary>
internal sealed record CarrierView
{
    public required string Id { get; init; }

    public required string Name { get; init; }

    public required bool Available { get; init; }

    public required CarrierCapabilities Capabilities { get; init; }

    public required CarrierLimits Limits { get; init; }

    public required IReadOnlyList<ContentType> ContentTypes { get; init; }

    /// <summary>By kind of sender, where that carries fewer kinds of content; null when all senders carry all.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<ContentType>>? ContentTypesFrom { get; init; }

    public required IReadOnlyList<AddressType> To { get; init; }

    public required IReadOnlyList<AddressType> From { get; init; }

    /// <summary>For how long after a person's last message they may be written to freely; null when there is no such rule.</summary>
    public int? ReplyWindowSeconds { get; init; }

    public required bool TemplateComponents { get; init; }

    public required bool TemplateLanguage { get; init; }

    public required bool NumberedVariables { get; init; }

    public required bool PlaceNames { get; init; }

    public required bool KeepsFiles { get; init; }

    public required bool Quotes { get; init; }

    public required bool ReadMarks { get; init; }

    public static CarrierView Of(Carrier carrier) => new()
    {
        Id = carrier.Id,
        Name = carrier.Name,
        Available = carrier.Available,
        Capabilities = carrier.Capabilities,
        Limits = carrier.Limits,
        ContentTypes = carrier.ContentTypes,
        ContentTypesFrom = carrier.ContentTypesFrom?.ToDictionary(from => from.Key.Word(), from => from.Value),
        To = carrier.To,
        From = carrier.From,
        ReplyWindowSeconds = (int?)carrier.ReplyWindow?.TotalSeconds,
        TemplateComponents = carrier.TemplateComponents,
        TemplateLanguage = carrier.TemplateLanguage,
        NumberedVariables = carrier.NumberedVariables,
        PlaceNames = carrier.PlaceNames,
        KeepsFiles = carrier.KeepsFiles,
        Quotes = carrier.Quotes,
        ReadMarks = carrier.TakesReadMarks,
    };
}

/// <summary>How a carrier is.</summary>
internal sealed record CarrierStatusView
{
    public required string Id { get; init; }

    public required CarrierState State { get; init; }

    /// <summary>When it last took a message; exact to the minute.</summary>
    public DateTimeOffset? LastAcceptedAt { get; init; }

    public DateTimeOffset? LastFaultAt { get; init; }

    public string? LastFaultCode { get; init; }

    public QueuesView? Queues { get; init; }
}

/// <summary>How full a carrier's queues are, about.</summary>
internal sealed record QueuesView(QueueDepth Outbound, QueueDepth Bulk, QueueDepth DeadLetters);
