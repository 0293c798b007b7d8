using System.Net;
using Omni.Aws;
using Omni.Pipeline;
using Omni.Shared;
using Omni.Testing;

namespace Omni.Twilio.Outbound.Tests;

/// <summary>What holds for every carrier's sender, for Twilio's.</summary>
public sealed class TwilioSenderRules : SenderRules
{
    protected override Message Message => StubTwilio.Text("Hello");

    protected override (HttpStatusCode Status, string Body, string CarrierMessageId) Acceptance =>
        (HttpStatusCode.Created, """{"sid":"SM1","status":"accepted"}""", "SM1");

    protected override (string Body, string Code) Refusal => ("""{"code":21211,"message":"wrong","status":400}""", "21211");

    protected override ICarrierSender NewSender(StubCarrier carrier) => new TwilioSender(
        carrier.Http,
        new TwilioOptions(new Settings(new Dictionary<string, string>
        {
            ["TWILIO_ACCOUNT_SID"] = StubTwilio.Account,
            ["TWILIO_AUTH_TOKEN"] = StubTwilio.Token,
            ["PUBLIC_BASE_URL"] = "https://omni.example.com",
        })),
        carrier.Clock);
}
