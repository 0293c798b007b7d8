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

    protected override (string Body, string Code) Refusal => ("""{"error":{"type":"validation","message":"wrong"}}""", "validation");

    protected override ICarrierSender NewSender(StubCarrier carrier) => LiveChat.New(carrier, new LiveChat().Environment);
}
