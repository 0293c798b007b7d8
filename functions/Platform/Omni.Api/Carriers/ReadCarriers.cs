using Omni.Aws;
using Omni.Shared;

namespace Omni.Api;

/// <summary>What carriers can do, and how they are.</summary>
internal sealed class ReadCarriers(ApiParts parts)
{
    public static ApiResult.Refusal NotFound => Problems.CarrierNotFound.Because(
        $"The carriers are {string.Join(", ", CarrierCatalogue.All.Select(known => known.Id))}.");

    public static Task<ApiResult> AllAsync(ApiCall call, CancellationToken cancellation) =>
        Task.FromResult(ApiResult.Ok(new CarrierListView([.. CarrierCatalogue.All.Select(CarrierView.Of)]), ApiJson.Wire.CarrierListView));

    public async Task<ApiResult> StatusAsync(ApiCall call, CancellationToken cancellation)
    {
        if (CarrierCatalogue.Find(call.Id) is not { } carrier) return NotFound;

        if (!parts.CarrierQueues.TryGetValue(carrier.Id, out var queue))
        {
            return ApiResult.Ok(
                new CarrierStatusView { Id = carrier.Id, State = CarrierState.Unavailable }, ApiJson.Wire.CarrierStatusView);
        }

        var reading = parts.Health.ReadAsync(carrier.Id, cancellation);
        var pausing = parts.Pauses.FindAsync(carrier.Id, cancellation);
        var looking = SendersAsync(carrier, call.Tenant, cancellation);
        var depths = await Task.WhenAll(
            ((string[])[queue.Outbound, queue.Bulk, queue.DeadLetters]).Select(url => parts.Queues.DepthAsync(url, cancellation)));
        var seen = await reading;
        var pause = (await pausing).All;
        return ApiResult.Ok(
            new CarrierStatusView
            {
                Id = carrier.Id,
                State = pause is not null ? CarrierState.Paused
                    : seen.DegradedSince is not null ? CarrierState.Degraded
                    : CarrierState.Ok,
                DegradedSince = seen.DegradedSince,
                ProbedFrom = seen.ProbedFrom,
                AttemptsInLastMinute = seen.Attempts,
                FaultsInLastMinute = seen.Faults,
                Paused = pause is null ? null : PauseView.Of(pause),
                LastAcceptedAt = seen.LastAcceptedAt,
                LastFaultAt = seen.LastFaultAt,
                LastFaultCode = seen.LastFaultCode,
                Queues = new(depths[0], depths[1], depths[2]),
                Senders = await looking,
            },
            ApiJson.Wire.CarrierStatusView);
    }

    /// <summary>
    /// A tenant's senders that have sent lately: of the default one also those that are nobody's. The account is everybody's.
    /// </summary>
    private async Task<IReadOnlyList<SenderView>> SendersAsync(Carrier carrier, string tenant, CancellationToken cancellation)
    {
        var names = await parts.Rates.NamesAsync(carrier.Id, cancellation);
        var registered = await parts.Senders.FindAsync(
            carrier.Id, names.Select(SenderView.AddressOf).OfType<Address>(), cancellation);
        var rates = new Dictionary<string, double>();
        foreach (var name in names)
        {
            var address = SenderView.AddressOf(name);
            var sender = address is null ? null : registered.GetValueOrDefault(address);
            var isSeen = address is null || (sender?.Tenant ?? Defaults.Tenant) == tenant;
            if (isSeen && (sender?.RatePerSecond ?? parts.RateOf(carrier)) is { } rate) rates[name] = rate;
        }

        var states = await parts.Rates.StatesAsync(carrier.Id, rates, cancellation);
        return [.. states.Select(state => SenderView.Of(state, rates[state.Name]))];
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

    public required bool ListsTemplates { get; init; }

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
        ListsTemplates = carrier.ListsTemplates,
        NumberedVariables = carrier.VariableNames == VariableNames.Numbers,
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

    /// <summary>Who let nothing be sent through it, and why; null when it is not paused.</summary>
    public PauseView? Paused { get; init; }

    /// <summary>Since when routes avoid it; null when they do not.</summary>
    public DateTimeOffset? DegradedSince { get; init; }

    /// <summary>From when on a few people find out whether it is well again.</summary>
    public DateTimeOffset? ProbedFrom { get; init; }

    public long? AttemptsInLastMinute { get; init; }

    /// <summary>Those that it was not reached by, failed, or refused our credentials at.</summary>
    public long? FaultsInLastMinute { get; init; }

    /// <summary>When it last took a message; exact to ten seconds.</summary>
    public DateTimeOffset? LastAcceptedAt { get; init; }

    public DateTimeOffset? LastFaultAt { get; init; }

    public string? LastFaultCode { get; init; }

    public QueuesView? Queues { get; init; }

    /// <summary>The senders that have sent lately; none where the carrier has no rate.</summary>
    public IReadOnlyList<SenderView>? Senders { get; init; }
}

/// <summary>How fast a sender goes.</summary>
internal sealed record SenderView
{
    public required string Account { get; init; }

    /// <summary>Our address; null where the rate is of the whole account.</summary>
    public Address? Sender { get; init; }

    /// <summary>The rate that is configured.</summary>
    public double? RatePerSecond { get; init; }

    /// <summary>The pace that the carrier's refusals taught; null when it is the configured one.</summary>
    public double? LearnedRatePerSecond { get; init; }

    /// <summary>How far ahead places in the line are given.</summary>
    public required double AheadSeconds { get; init; }

    public required long RefusalsInLastMinute { get; init; }

    public static SenderView Of(RateState state, double rate) => new()
    {
        Account = state.Name.Split('#', 2)[0],
        Sender = AddressOf(state.Name),
        RatePerSecond = rate,
        LearnedRatePerSecond = state.PerSecond < Math.Round(rate * RateLine.Headroom, 3) ? state.PerSecond : null,
        AheadSeconds = Math.Round(state.Ahead.TotalSeconds, 1),
        RefusalsInLastMinute = state.RefusalsInLastMinute,
    };

    /// <summary>Our address in the name of a limited thing; null where that is the account.</summary>
    public static Address? AddressOf(string name) => name.Split('#', 2) is [_, var key] ? Address.FromKey(key) : null;
}

/// <summary>How full a carrier's queues are, about.</summary>
internal sealed record QueuesView(QueueDepth Outbound, QueueDepth Bulk, QueueDepth DeadLetters);
