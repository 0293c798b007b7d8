using System.Globalization;
using System.Net.Http.Headers;
using Omni.Pipeline;
using Omni.Shared;

namespace Omni.MessageBird.Outbound;

/// <summary>Sends through MessageBird's APIs for SMS, for MMS and for conversations. https://developers.messagebird.com/api</summary>
/// <param name="http">The call.</param>
/// <param name="options">Where and as whom.</param>
/// <param name="clock">The time.</param>
internal sealed class MessageBirdSender(CarrierHttp http, MessageBirdOptions options, TimeProvider clock)
    : ICarrierSender, ICarrierLookup, ICarrierMedia, ICarrierTemplates
{
    // MessageBird's clock and ours, and its times are cut to seconds.
    private static readonly TimeSpan Skew = TimeSpan.FromSeconds(5);

    private readonly MessageBirdTemplateList _templates = new(http, options);

    /// <summary>MessageBird's entry in the catalogue.</summary>
    public static Carrier Carrier { get; } = CarrierCatalogue.Get("messagebird");

    /// <inheritdoc/>
    public Task<IReadOnlyList<CarrierTemplate>?> ListAsync(CancellationToken cancellation) => _templates.ListAsync(cancellation);

    /// <inheritdoc/>
    public async Task<SendOutcome> SendAsync(OutboundPart part, CancellationToken cancellation)
    {
        var (message, refusal) = MessageBirdRequest.For(part, options, part.Message.Deadline - clock.GetUtcNow());
        if (message is null) return refusal!;

        using var request = Call(HttpMethod.Post, message.Url);
        request.Content = new ByteArrayContent(message.Body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };

        var (reply, outcome) = await http.SendAsync(part, request, cancellation).ConfigureAwait(false);
        return reply switch
        {
            null => outcome!,
            { IsSuccess: true } => Taken(reply),
            _ => Refusal(reply),
        };
    }

    /// <inheritdoc/>
    /// <remarks>
    /// SMS alone can be listed; their reference names the attempt, so what is found is it and nothing else. Of MMS and channels no list by
    /// our reference is documented: there a receipt settles it.
    /// </remarks>
    public async Task<LookupAnswer?> FindAsync(OutboundPart part, DateTimeOffset since, CancellationToken cancellation)
    {
        if (part.Message.From.Type == AddressType.SenderPool || part.Content is not TextContent) return null;

        var from = (since - Skew).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'+00:00'", CultureInfo.InvariantCulture);
        var query = $"?recipient={Uri.EscapeDataString(MessageBirdRequest.Write(part.Message.To))}"
            + $"&originator={Uri.EscapeDataString(MessageBirdRequest.Write(part.Message.From))}&direction=mt"
            + $"&from={Uri.EscapeDataString(from)}";
        using var request = Call(HttpMethod.Get, options.MessagesUrl + query);
        var reply = await http.CallAsync(request, cancellation).ConfigureAwait(false);
        if (!reply.IsSuccess || reply.Read(MessageBirdJson.Default.MessageBirdPage) is not { } page)
        {
            // No answer is not the answer "none".
            throw new HttpRequestException($"MessageBird's list could not be read: {reply.StatusCode}.");
        }

        var items = page.Items ?? [];
        string[] found = [.. items.Where(item => item.Reference == part.Reference.ToString()).Select(item => item.Id).OfType<string>()];
        return found.Length == 0 && page.TotalCount > items.Count ? null : new(found); // it may be on another page
    }

    /// <inheritdoc/>
    /// <remarks>
    /// Whether inbound files want the access key is not said: it is shown only when it is asked for, and only to MessageBird.
    /// </remarks>
    public async Task<MediaAnswer> OpenAsync(MediaItem file, CancellationToken cancellation)
    {
        if (file.MediaUrl is not { } url) return new MediaAnswer.Gone("no_address");

        using var plain = new HttpRequestMessage(HttpMethod.Get, url);
        var answer = await http.OpenAsync(plain, cancellation).ConfigureAwait(false);
        if (answer is not MediaAnswer.Later { Cause: DeferralCause.OurFault } || !options.IsMessageBird(url)) return answer;

        using var withKey = new HttpRequestMessage(HttpMethod.Get, url) { Headers = { Authorization = options.Authorization } };
        return await http.OpenAsync(withKey, cancellation).ConfigureAwait(false);
    }

    // A 2xx without an id is not proof: something in between may have answered. A receipt or the list will tell.
    private static SendOutcome Taken(CarrierReply reply) =>
        reply.Read(MessageBirdJson.Default.MessageBirdTaken)?.Id is { Length: > 0 } id
            ? new SendOutcome.Accepted(id)
            : new SendOutcome.Unknown("unreadable");

    private static SendOutcome Refusal(CarrierReply reply)
    {
        // Several may be named at once: the first is as good as any, for each alone would have been enough.
        var problem = reply.Read(MessageBirdJson.Default.MessageBirdRefusal)?.Errors is [var first, ..] ? first : null;
        var code = problem?.Code?.ToString(CultureInfo.InvariantCulture);
        var refusal = MessageBirdErrors.Api.Refusal(code, reply);
        return refusal is SendOutcome.Rejected { Reason: FailureReason.BadRequest } rejected
            ? rejected with { Reason = About(problem?.Parameter) }
            : refusal;
    }

    // Codes 9 and 10 say that something is missing or wrong; the parameter says what.
    private static FailureReason About(string? parameter) => parameter switch
    {
        "recipient" or "recipients" or "to" => FailureReason.InvalidRecipient,
        "originator" or "from" or "channelId" => FailureReason.SenderMisconfigured,
        "mediaUrls" => FailureReason.MediaRejected,
        not null when parameter.Contains("hsm", StringComparison.Ordinal) => FailureReason.TemplateRejected,
        not null when parameter.EndsWith(".url", StringComparison.Ordinal) => FailureReason.MediaRejected,
        _ => FailureReason.BadRequest,
    };

    private HttpRequestMessage Call(HttpMethod method, string url) => new(method, url)
    {
        Headers = { Authorization = options.Authorization, Accept = { new MediaTypeWithQualityHeaderValue("application/json") } },
    };
}
