using System.Net;
using System.Text;
using Omni.Aws;
using Omni.Pipeline;
using Omni.Shared;
using Omni.Testing;

namespace Omni.LiveChat.Outbound.Tests;

/// <summary>A sender over a LiveChat that answers what a test told it to.</summary>
internal sealed class LiveChat
{
    public const string Actions = "https://api.livechatinc.com/v3.6/agent/action/";
    public const string Account = "22222222-3333-4444-8555-666666666666", Token = "dal:a-token";

    public static readonly Address License = new(AddressType.LivechatLicense, "104130623");
    public static readonly Address Chat = new(AddressType.LivechatChat, "QX1TESTCHAT");
    public static readonly Address Customer = new(AddressType.LivechatCustomer, "aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee");

    public static readonly Message Hello = StubCarrier.Planned(new()
    {
        Id = "msg_01jd7q", Carrier = "livechat", To = Chat, From = License, Content = new TextContent { Body = "Hello" },
        CreatedAt = StubCarrier.Now,
    });

    public LiveChat(params Func<HttpResponseMessage>[] answers)
    {
        Stub = new(answers);
        Sender = New(Stub, Environment);
    }

    public StubCarrier Stub { get; }

    public LiveChatSender Sender { get; }

    /// <summary>The function's environment; changes count at once.</summary>
    public Dictionary<string, string> Environment { get; } = new()
    {
        ["LIVECHAT_LICENSE_ID"] = "104130623",
        ["LIVECHAT_AGENT_ID"] = "omni@example.com",
        ["LIVECHAT_API_TOKEN"] = Token,
        ["LIVECHAT_ACCOUNT_ID"] = Account,
    };

    public IReadOnlyList<StubRequest> Requests => Stub.Requests;

    /// <summary>The actions that were called, in order.</summary>
    public IEnumerable<string> Called => Requests.Select(request => request.Url[Actions.Length..]);

    public static LiveChatSender New(StubCarrier stub, Dictionary<string, string> environment) =>
        new(stub.Http, new LiveChatOptions(new Settings(environment)));

    public static Func<HttpResponseMessage> Sent(string id = "QX1TESTTHR_7") =>
        StubCarrier.Answer(HttpStatusCode.OK, $$"""{"event_id":"{{id}}"}""");

    public static Func<HttpResponseMessage> Opened =>
        StubCarrier.Answer(HttpStatusCode.OK, """{"chat_id":"QX1NEWCHAT","thread_id":"QX1NEWTHR","event_ids":["QX1NEWTHR_1"]}""");

    public static Func<HttpResponseMessage> Refused(HttpStatusCode status, string type, string message = "No", string data = "{}") =>
        StubCarrier.Answer(status, $$$"""{"error":{"type":"{{{type}}}","message":"{{{message}}}","data":{{{data}}} }}""");

    public static Func<HttpResponseMessage> NotInChat =>
        Refused(HttpStatusCode.Forbidden, "authorization", "Requester is not user of the chat");

    public static Func<HttpResponseMessage> Lost => () => throw new HttpRequestException(HttpRequestError.ResponseEnded);

    public Task<SendOutcome> SendAsync(Message? message = null, Session? session = null, IOutboundMedia? media = null)
    {
        var part = StubCarrier.Part(message ?? Hello) with { FindSessionAsync = _ => Task.FromResult(session) };
        return Sender.SendAsync(media is null ? part : part with { Media = media }, CancellationToken.None);
    }

    public static Session Knowing(Address recipient) =>
        new() { Id = "ses_1", Carrier = "livechat", Tenant = "default", Ours = License, Theirs = Customer, Recipient = recipient };

    /// <summary>A file's bytes, or why there are none.</summary>
    public sealed class Media(MediaFile? file, SendOutcome? refusal = null) : IOutboundMedia
    {
        public static Media Pdf(string name = "slip.pdf") => new(new(Encoding.ASCII.GetBytes("%PDF"), "application/pdf", name));

        public Uri? LinkTo(MediaItem file) => null;

        public Task<(MediaFile? File, SendOutcome? Refusal)> ReadAsync(MediaItem wanted, CancellationToken cancellation) =>
            Task.FromResult((file, refusal));
    }
}
