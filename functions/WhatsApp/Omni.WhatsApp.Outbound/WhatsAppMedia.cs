using System.Net.Http.Headers;
using Omni.Pipeline;
using Omni.Shared;

namespace Omni.WhatsApp.Outbound;

/// <summary>
/// Files at Meta: those that people sent are looked up and then fetched, those that Omni keeps are uploaded before they are sent,
/// or fetched by Meta.
/// https://developers.facebook.com/documentation/business-messaging/whatsapp/business-phone-numbers/media
/// </summary>
/// <param name="http">The call.</param>
/// <param name="options">Where and as whom.</param>
internal sealed class WhatsAppMedia(CarrierHttp http, WhatsAppOptions options)
{
    // Meta's file host answers some clients that do not name themselves with a page instead of the file.
    private static readonly ProductInfoHeaderValue[] UserAgent = [new("Mozilla", "5.0"), new("(compatible; Omni)")];

    // Without the codec Meta refuses it, or takes it for a file.
    private const string VoiceType = "audio/ogg; codecs=opus";

    private static readonly string[] Hosts = ["graph.facebook.com", "lookaside.fbsbx.com"];
    private const string HostsBelow = ".fbcdn.net";

    /// <summary>Where Meta gets a file from: its address, its id at Meta, or the id of what is uploaded now.</summary>
    /// <param name="media">Knows Omni's own files.</param>
    /// <param name="named">The file, and what it is sent as.</param>
    /// <param name="numberId">The number that will send it.</param>
    /// <param name="cancellation">Ends the call.</param>
    public async Task<(MediaBody? File, SendOutcome? Refusal)> PlaceAsync(
        IOutboundMedia media, NamedFile named, string numberId, CancellationToken cancellation)
    {
        var file = named.File;
        if (file.MediaId is { } id && !Ids.IsMedia(id)) return (new() { Id = id }, null);

        // A document may have 100 MB: more than a function holds, and uploads before the attempt is over. So Meta fetches it.
        var isKept = file.MediaId is not null || media.Prepared(file)?.MediaId is not null;
        if (!isKept || named.Kind == ContentType.Document)
        {
            return media.LinkTo(file) is { } link
                ? (new() { Link = link.OriginalString }, null)
                : (null, new SendOutcome.Rejected(FailureReason.MediaRejected, "media"));
        }

        bool? isVoice = named.Kind == ContentType.Audio && media.Prepared(file)?.Voice == true ? true : null;
        if (await media.FindUploadAsync(file, numberId, cancellation).ConfigureAwait(false) is { } uploaded)
            return (new() { Id = uploaded, Voice = isVoice, IsRemembered = true }, null);

        var (kept, missing) = await media.ReadAsync(file, cancellation).ConfigureAwait(false);
        if (kept is null) return (null, missing);

        var (body, refusal) = await UploadAsync(
            isVoice is null ? kept : kept with { ContentType = VoiceType }, numberId, cancellation).ConfigureAwait(false);
        if (body is null) return (null, refusal);

        await media.SetUploadAsync(file, numberId, body.Id, cancellation).ConfigureAwait(false);
        return (body with { Voice = isVoice }, null);
    }

    /// <summary>Begins to fetch a file that a person sent.</summary>
    /// <param name="file">The file.</param>
    /// <param name="cancellation">Stops the call.</param>
    public async Task<MediaAnswer> OpenAsync(MediaItem file, CancellationToken cancellation)
    {
        if (file.MediaId is not { Length: > 0 } id) return new MediaAnswer.Gone("no_media_id");

        using var lookUp = Call(HttpMethod.Get, options.MediaUrl(id));
        var reply = await http.CallAsync(lookUp, cancellation).ConfigureAwait(false);
        if (!reply.IsSuccess) return Missing(reply);

        var address = reply.Read(WhatsAppJson.Default.MediaAddress);
        if (!Uri.TryCreate(address?.Url, UriKind.Absolute, out var url))
            return new MediaAnswer.Later(DeferralCause.CarrierUnavailable, "unreadable");

        // The token goes to Meta's own hosts and nowhere else. A new one is for somebody to look at: the file waits.
        if (!IsMetas(url)) return new MediaAnswer.Later(DeferralCause.OurFault, "unknown_host");

        using var download = Call(HttpMethod.Get, url.AbsoluteUri);
        return await http.OpenAsync(download, cancellation).ConfigureAwait(false) switch
        {
            MediaAnswer.Opened opened => opened with { ContentType = opened.ContentType ?? address!.MimeType, Sha256 = address!.Sha256 },

            // It was there a moment ago: the address has expired, and the next try asks for a new one.
            MediaAnswer.Gone gone => new MediaAnswer.Later(DeferralCause.CarrierUnavailable, gone.CarrierCode),
            var later => later,
        };
    }

    private async Task<(MediaBody? File, SendOutcome? Refusal)> UploadAsync(MediaFile file, string numberId, CancellationToken cancellation)
    {
        using var request = Call(HttpMethod.Post, options.UploadUrl(numberId));
        var bytes = new ReadOnlyMemoryContent(file.Bytes) { Headers = { ContentType = MediaTypeHeaderValue.Parse(file.ContentType) } };
        request.Content = new MultipartFormDataContent
        {
            { new StringContent("whatsapp"), "messaging_product" },
            { new StringContent(file.ContentType), "type" },
            { bytes, "file", "file" }, // the name that the person sees stands in the message
        };

        var reply = await http.CallAsync(request, cancellation).ConfigureAwait(false);
        if (!reply.IsSuccess) return (null, WhatsAppRefusal.OfRepeatable(reply));
        return reply.Read(WhatsAppJson.Default.UploadAnswer)?.Id is { Length: > 0 } id
            ? (new() { Id = id }, null)
            : (null, new SendOutcome.Deferred(DeferralCause.CarrierUnavailable, "unreadable"));
    }

    private static MediaAnswer Missing(CarrierReply reply) => WhatsAppRefusal.OfRepeatable(reply) switch
    {
        SendOutcome.Deferred deferred => new MediaAnswer.Later(deferred.Cause, deferred.CarrierCode, deferred.RetryAfter),
        SendOutcome.Rejected rejected => new MediaAnswer.Gone(rejected.CarrierCode),
        _ => new MediaAnswer.Later(DeferralCause.CarrierUnavailable, reply.StatusCode),
    };

    private bool IsMetas(Uri url) =>
        (url.Host == options.BaseUrl.Host && url.Scheme == options.BaseUrl.Scheme)
        || (url is { Scheme: "https", IsDefaultPort: true }
            && (Hosts.Contains(url.Host) || url.Host.EndsWith(HostsBelow, StringComparison.Ordinal)));

    private HttpRequestMessage Call(HttpMethod method, string url) =>
        new(method, url) { Headers = { Authorization = options.Authorization, UserAgent = { UserAgent[0], UserAgent[1] } } };
}
