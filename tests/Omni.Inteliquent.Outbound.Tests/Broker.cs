using System.Net;
using Omni.Aws;
using Omni.Shared;
using Omni.Testing;

namespace Omni.Inteliquent.Outbound.Tests;

/// <summary>A sender, and what every test sends.</summary>
internal static class Broker
{
    public const string Key = "0f1e2d3c4b5a6978";
    public const string Url = "https://messagebroker.inteliquent.com/msgbroker/rest/publishMessages";
    public const string Id = "5d0c6f3e-0f0e-4c0b-9a55-2f0f0c8a7b11";

    public const string Taken =
        $$$"""
        {"success":true,"reason":"SUCCESS","detail":"SUCCESS","result":{"referenceId":"{{{Id}}}","from":"12025550148","text":"Hello",
         "messageType":"SMS",
         "resultResponses":[{"to":"13125550190","status":"SUCCESS"}]}}
        """;

    public static Message Hello { get; } = Text("Hello");

    public static Message Text(string body) => StubCarrier.Planned(new()
    {
        Id = "msg_01jd7q",
        Carrier = "inteliquent",
        To = Address.Phone("+13125550190"),
        From = Address.Phone("+12025550148"),
        Content = new TextContent { Body = body },
        CreatedAt = StubCarrier.Now,
    });

    public static StubCarrier Taking() => new(HttpStatusCode.OK, Taken);

    public static InteliquentSender NewSender(this StubCarrier carrier, Dictionary<string, string>? settings = null) =>
        new(carrier.Http, new InteliquentOptions(new Settings(settings ?? new() { ["INTELIQUENT_API_KEY"] = Key })));

    public static Task<SendOutcome> SendAsync(this StubCarrier carrier, Message message, int part = 0) =>
        carrier.NewSender().SendAsync(StubCarrier.Part(message, part), CancellationToken.None);
}
