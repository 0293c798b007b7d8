using System.Net;
using Omni.Pipeline;
using Omni.Shared;
using Omni.Testing;

namespace Omni.LiveChat.Outbound.Tests;

/// <summary>What every carrier's sender must satisfy.</summary>
public sealed class LiveChatRulesTests : SenderRules
{
    protected override Message Message => LiveChat.Hello;

    protected override (HttpStatusCode Status, string Body, string CarrierMessageId) Acceptance =>
        (HttpStatusCode.OK, """{"event_id":"QX1TESTTHR_7"}""", "QX1TESTTHR_7");

    // Files are uploaded: what is left are the pictures of cards and the pages behind buttons.
    protected override Content Linking(Uri url) => new InteractiveContent
    {
        Cards = [new("Mug", [new("buy", "Buy", new Uri("https://shop.example.com"))], ImageUrl: url)],
    };

    protected override (string Body, string Code) Refusal => ("""{"error":{"type":"validation","message":"wrong"}}""", "validation");

    protected override ICarrierSender NewSender(StubCarrier carrier) => LiveChat.New(carrier, new LiveChat().Environment);
}
