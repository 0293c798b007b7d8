using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Omni.Simulators.Bandwidth;

/// <summary>What a person sends, as a test or the console orders it.</summary>
internal sealed record BandwidthInboundOrder
{
    public required string From { get; init; }

    /// <summary>One of the account's numbers.</summary>
    public required string To { get; init; }

    public string? Body { get; init; }
    public IReadOnlyList<BandwidthInboundMedia> Media { get; init; } = [];

    /// <summary>The others of a group, beside the person and us.</summary>
    public IReadOnlyList<string> Participants { get; init; } = [];

    /// <summary>A choice under a rich message.</summary>
    public BandwidthSuggestion? Suggestion { get; init; }

    /// <summary>A place, as the answer to a request for it.</summary>
    public BandwidthPlace? Location { get; init; }

    /// <summary>Members to add to the message or to replace in it; null takes one away.</summary>
    public IReadOnlyDictionary<string, JsonElement?> Extra { get; init; } = new Dictionary<string, JsonElement?>();

    /// <summary>An earlier message's id, to deliver it a second time. Null: a new one.</summary>
    public string? MessageId { get; init; }
}

internal sealed record BandwidthSuggestion(string Text, string PostbackData, string? PairedMessageId = null);

internal sealed record BandwidthPlace(double Latitude, double Longitude);

/// <summary>A file of an inbound message.</summary>
internal sealed record BandwidthInboundMedia
{
    private const int DefaultSizeBytes = 1024, MaxSizeBytes = 100 * 1024 * 1024;

    public required string ContentType { get; init; }
    public string? Filename { get; init; }

    /// <summary>The content; without it, zeros of <see cref="SizeBytes"/>.</summary>
    public string? Base64 { get; init; }

    public int? SizeBytes { get; init; }

    /// <summary>It is announced, and it is gone when somebody fetches it.</summary>
    public bool Expired { get; init; }

    public byte[]? Content()
    {
        if (Base64 is null) return SizeBytes is < 0 or > MaxSizeBytes ? null : new byte[SizeBytes ?? DefaultSizeBytes];
        var bytes = new byte[Base64.Length];
        return Convert.TryFromBase64String(Base64, bytes, out var length) ? bytes[..length] : null;
    }

    /// <summary>The name at the end of its URL.</summary>
    public string Name(int index) => Uri.EscapeDataString(Filename ?? $"file{index}.{ContentType.Split('/')[^1] switch
    {
        "jpeg" => "jpg",
        "smil" or "xml" or "png" or "gif" or "mp4" or "amr" or "pdf" => ContentType.Split('/')[^1],
        "mpeg" => "mp3",
        "plain" => "txt",
        "x-vcard" or "vcard" => "vcf",
        _ => "bin",
    }}");
}

/// <summary>Plays the person: makes the inbound message and calls the webhook.</summary>
internal sealed class BandwidthInbound(BandwidthAccount account, BandwidthCallbacks callbacks, Uri? baseUrl)
{
    public async Task<IResult> ReceiveAsync(BandwidthInboundOrder order, HttpRequest request)
    {
        if (!account.Options.OwnNumbers.Contains(order.To))
            return SimulatorJson.Refuse("to must be one of the account's numbers: GET /sim/bandwidth/numbers");
        if (order.Media.Any(media => media.Content() is null))
            return SimulatorJson.Refuse("media: base64 cannot be read, or sizeBytes is out of range.");

        var host = $"{request.Scheme}://{request.Host}";
        var message = Take(order, baseUrl?.ToString().TrimEnd('/') ?? host);
        account.Hear(order.From, order.To, order.Body);

        var body = JsonSerializer.SerializeToElement((object[])[Event(order, message)], BandwidthJson.Options);
        var url = callbacks.UrlFor(host);
        var answer = await callbacks.DeliverAsync(url, body, request.HttpContext.RequestAborted);
        message.AddCallback(new(account.Clock.GetUtcNow(), url, body, answer));
        return SimulatorJson.Result(
            new { messageId = message.Id, answer.Status, answer.Body, answer.Error, answer.Attempts, callback = body });
    }

    private BandwidthMessage Take(BandwidthInboundOrder order, string host)
    {
        var now = account.Clock.GetUtcNow();
        var id = order.MessageId ?? Guid.NewGuid().ToString();
        var urls = new List<string>();
        foreach (var (index, media) in order.Media.Index())
        {
            var mediaId = $"{id}/{index}/{media.Name(index)}";
            if (!media.Expired) account.Media[Uri.UnescapeDataString(mediaId)] = new(media.ContentType, media.Content()!, now);
            urls.Add($"{host}/{BandwidthSimulator.Name}/users/{account.Options.AccountId}/media/{mediaId}");
        }

        var message = new BandwidthMessage
        {
            Id = id,
            IsOutbound = false,
            From = order.From,
            To = [order.To, .. order.Participants],
            Text = order.Body ?? "",
            Media = urls,
            Segments = SmsSegments.Count(order.Body ?? ""),
            CreatedAt = now,
        };
        if (account.Messages.Find(id) is null) account.Messages.Add(id, message);
        account.Written.Add(order.From, order.To, id, now, order.Body, order.Media.Select(media => (media.ContentType, media.Content()!)));
        return message;
    }

    private object Event(BandwidthInboundOrder order, BandwidthMessage message)
    {
        var inner = JsonSerializer.SerializeToNode(new
        {
            message.Id,
            time = BandwidthJson.Time(message.CreatedAt),
            message.To,
            message.From,
            message.Text,
            account.Options.ApplicationId,
            media = message.Media.Count > 0 ? message.Media : null,
            owner = order.To,
            direction = "in",
            segmentCount = message.Segments,
            suggestionResponse = order.Suggestion,
            locationResponse = order.Location,
        }, BandwidthJson.Options)!.AsObject();
        foreach (var (name, value) in order.Extra)
        {
            if (value is { ValueKind: not JsonValueKind.Null } given) inner[name] = JsonNode.Parse(given.GetRawText());
            else inner.Remove(name);
        }

        return new
        {
            type = order switch
            {
                { Suggestion: not null } => "suggestion-response",
                { Location: not null } => "requested-location-response",
                _ => "message-received",
            },
            time = BandwidthJson.Time(account.Clock.GetUtcNow()),
            description = "Incoming message received",
            to = order.To,
            message = inner,
        };
    }
}
