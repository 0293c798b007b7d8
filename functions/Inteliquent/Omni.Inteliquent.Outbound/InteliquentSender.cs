using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.RegularExpressions;
using Omni.Pipeline;
using Omni.Shared;

namespace Omni.Inteliquent.Outbound;

/// <summary>
/// Sends through Inteliquent's message broker, as its API description (version 2.0.0) and the clients that ran against it show it: the
/// carrier's own pages stand behind its portal. https://github.com/ooglek/inteliquent-sdk-php/blob/5a8fc60/docs/Api/MessageBrokerApi.md
/// </summary>
/// <param name="http">The call.</param>
/// <param name="options">Where and as whom.</param>
internal sealed partial class InteliquentSender(CarrierHttp http, InteliquentOptions options) : ICarrierSender, ICarrierMedia
{
    private const string Layout = "application/smil";

    /// <summary>Inteliquent's entry in the catalogue.</summary>
    public static Carrier Carrier { get; } = CarrierCatalogue.Get("inteliquent");

    /// <inheritdoc/>
    public async Task<SendOutcome> SendAsync(OutboundPart part, CancellationToken cancellation)
    {
        if (part.Content is not TextContent text) return new SendOutcome.Rejected(FailureReason.Unsupported, "content");

        // Only numbers of North America are documented. Without its plus the number of another country could be read as one of these:
        // another person's.
        if (!IsNorthAmerican(part.Message.From)) return new SendOutcome.Rejected(FailureReason.SenderMisconfigured, "not_north_american");
        if (!IsNorthAmerican(part.Message.To)) return new SendOutcome.Rejected(FailureReason.InvalidRecipient, "not_north_american");

        var body = new InteliquentRequest(Write(part.Message.From), [Write(part.Message.To)], text.Body);
        using var request = new HttpRequestMessage(HttpMethod.Post, options.PublishUrl)
        {
            Headers = { Authorization = options.Authorization },
            Content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(body, InteliquentJson.Default.InteliquentRequest))
            {
                Headers = { ContentType = new MediaTypeHeaderValue("application/json") },
            },
        };

        var (reply, outcome) = await http.SendAsync(part, request, cancellation).ConfigureAwait(false);
        return reply is null ? outcome! : Outcome(reply);
    }

    /// <inheritdoc/>
    public async Task<MediaAnswer> OpenAsync(MediaItem file, CancellationToken cancellation)
    {
        if (file.MediaUrl is not { IsAbsoluteUri: true } url) return new MediaAnswer.Gone("no_url");
        if (url.Scheme != Uri.UriSchemeHttps && !IsTheCarriers(url)) return new MediaAnswer.Gone("not_https");

        // The addresses are open to whoever knows them: no credentials.
        using var request = new HttpRequestMessage(HttpMethod.Get, url);
        var answer = await http.OpenAsync(request, cancellation).ConfigureAwait(false);
        if (answer is not MediaAnswer.Opened { ContentType: Layout } layout) return answer;

        layout.Dispose();
        return new MediaAnswer.Gone("smil");
    }

    /// <summary>What an answer means: the code in the body comes before the HTTP status, which says 200 to refusals too.</summary>
    private static SendOutcome Outcome(CarrierReply reply)
    {
        var said = InteliquentJson.Read(reply);

        // 408 and 425 are codes of its own, which it repeats as the HTTP status: there they have not the meaning that they have elsewhere.
        if ((int)reply.Status != 429 && InteliquentErrors.Table.Find(said?.Code) is { } row)
        {
            return row.ToOutcome(said!.Code!, reply.RetryAfter);
        }

        return said switch
        {
            { Success: true, RecipientRefusal: { } refusal } when reply.IsSuccess =>
                new SendOutcome.Rejected(InteliquentErrors.Table.ReasonOf(refusal), refusal),
            { Success: true, Result.ReferenceId: { Length: > 0 } id } when reply.IsSuccess => new SendOutcome.Accepted(id),
            { Success: false } when reply.IsSuccess => new SendOutcome.Rejected(FailureReason.Unknown, said.Code ?? "refused"),
            { StatusCode: { Length: > 0 } and not "200" } when reply.IsSuccess =>
                new SendOutcome.Rejected(FailureReason.Unknown, said.Code ?? "refused"),

            // Without the carrier's id there is no proof: something in between may have answered.
            _ when reply.IsSuccess => new SendOutcome.Unknown("unreadable"),

            // With a fault of a server, a word that is no code of the broker's says nothing of what happened.
            _ => InteliquentErrors.Table.Refusal((int)reply.Status < 500 ? said?.Code : null, reply),
        };
    }

    private bool IsTheCarriers(Uri url) =>
        url.Host.Equals(options.BaseUrl.Host, StringComparison.OrdinalIgnoreCase)
        || ((string[])["inteliquent.com", "sinch.com"]).Any(domain => url.Host.Equals(domain, StringComparison.OrdinalIgnoreCase)
            || url.Host.EndsWith("." + domain, StringComparison.OrdinalIgnoreCase));

    private static string Write(Address address) => address.Value[1..];

    private static bool IsNorthAmerican(Address address) => address.Type == AddressType.Phone && NorthAmerican().IsMatch(address.Value);

    [GeneratedRegex(@"^\+1\d{10}\z", RegexOptions.CultureInvariant)]
    private static partial Regex NorthAmerican();
}
