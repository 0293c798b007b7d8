using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Omni.Pipeline;
using Omni.Shared;

namespace Omni.LiveChat.Outbound;

/// <summary>Makes calls of the Agent Chat API, always POST, in the region that our license lives in.</summary>
/// <param name="http">The call.</param>
/// <param name="options">Where and as whom.</param>
internal sealed class LiveChatClient(CarrierHttp http, LiveChatOptions options)
{
    private volatile string? _region;

    /// <summary>A body of JSON.</summary>
    /// <param name="body">What it says.</param>
    /// <param name="type">Its type.</param>
    /// <typeparam name="T">Its type.</typeparam>
    public static Func<HttpContent> Json<T>(T body, JsonTypeInfo<T> type)
    {
        var bytes = JsonSerializer.SerializeToUtf8Bytes(body, type);
        return () => new ByteArrayContent(bytes) { Headers = { ContentType = new("application/json") } };
    }

    /// <summary>A form of one part, called <c>file</c>.</summary>
    /// <param name="file">The file.</param>
    public static Func<HttpContent> Form(MediaFile file) => () =>
    {
        var part = new ReadOnlyMemoryContent(file.Bytes);

        // As browsers write it: the name plain in UTF-8, the three characters that would break it percent-encoded.
        // https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#multipart-form-data
        var name = file.Filename.Replace("\"", "%22", StringComparison.Ordinal)
            .Replace("\r", "%0D", StringComparison.Ordinal)
            .Replace("\n", "%0A", StringComparison.Ordinal);
        part.Headers.TryAddWithoutValidation("Content-Disposition", $"form-data; name=\"file\"; filename=\"{name}\"");
        part.Headers.TryAddWithoutValidation("Content-Type", file.ContentType);
        var form = new MultipartContent("form-data") { HeaderEncodingSelector = (_, _) => Encoding.UTF8 };
        form.Add(part);
        return form;
    };

    /// <summary>Makes the call that sends a part.</summary>
    /// <param name="part">The part.</param>
    /// <param name="action">The action.</param>
    /// <param name="body">Makes its body.</param>
    /// <param name="cancellation">Ends the call.</param>
    public Task<(CarrierReply? Reply, SendOutcome? Outcome)> SendAsync(
        OutboundPart part, string action, Func<HttpContent> body, CancellationToken cancellation) =>
        InRegionAsync(request => http.SendAsync(part, request, cancellation), answer => answer.Reply, action, body);

    /// <summary>Makes a call that can be repeated.</summary>
    /// <param name="action">The action.</param>
    /// <param name="body">Makes its body.</param>
    /// <param name="cancellation">Ends the call.</param>
    /// <exception cref="HttpRequestException">There was no answer.</exception>
    public Task<CarrierReply> CallAsync(string action, Func<HttpContent> body, CancellationToken cancellation) =>
        InRegionAsync(request => http.CallAsync(request, cancellation), answer => answer, action, body);

    /// <summary>What is wrong, in an answer that refuses; null when it does not say.</summary>
    /// <param name="reply">The answer.</param>
    public static LiveChatProblem? ProblemOf(CarrierReply? reply) =>
        reply is { IsSuccess: false } ? reply.Read(LiveChatJson.Wire.LiveChatRefusal)?.Error : null;

    // A wrong region is refused with the name of the right one; nothing was done there, so the call is repeated at once, and once.
    private async Task<T> InRegionAsync<T>(
        Func<HttpRequestMessage, Task<T>> call, Func<T, CarrierReply?> replyOf, string action, Func<HttpContent> body)
    {
        var answer = await OnceAsync().ConfigureAwait(false);
        if (ProblemOf(replyOf(answer)) is not { Region: { } region } problem
            || !LiveChatErrors.Misdirected.Equals(problem.Type, StringComparison.OrdinalIgnoreCase))
            return answer;

        _region = region;
        return await OnceAsync().ConfigureAwait(false);

        async Task<T> OnceAsync()
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, options.UrlOf(action))
            {
                Content = body(), Headers = { Authorization = options.Authorization }
            };
            if ((_region ?? options.Region) is { } known) request.Headers.Add("X-Region", known);
            return await call(request).ConfigureAwait(false);
        }
    }
}
