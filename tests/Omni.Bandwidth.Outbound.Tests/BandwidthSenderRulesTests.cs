using System.Net;
using Omni.Pipeline;
using Omni.Shared;
using Omni.Testing;

namespace Omni.Bandwidth.Outbound.Tests;

public sealed class BandwidthSenderRulesTests : SenderRules
{
    protected override Message Message { get; } = Account.Text("Hello");

    protected override (HttpStatusCode Status, string Body, string CarrierMessageId) Acceptance =>
        (HttpStatusCode.Accepted, Account.Taken, "1764000000000abcdefghijklmnop");

    protected override (string Body, string Code) Refusal => ("""{"type":"request-validation"}""", "request-validation");

    protected override ICarrierSender NewSender(StubCarrier carrier) => new Account(carrier).Sender;
}

public sealed class BandwidthPasswordSenderRulesTests : SenderRules
{
    protected override Message Message { get; } = Account.Text("Hello");

    protected override (HttpStatusCode Status, string Body, string CarrierMessageId) Acceptance =>
        (HttpStatusCode.Accepted, Account.Taken, "1764000000000abcdefghijklmnop");

    protected override (string Body, string Code) Refusal => ("""{"type":"request-validation"}""", "request-validation");

    protected override ICarrierSender NewSender(StubCarrier carrier) => new Account(carrier, ("BANDWIDTH_AUTH", "basic")).Sender;
}
