using Omni.Pipeline;
using Omni.Shared;

namespace Omni.Inteliquent.Inbound;

/// <summary>What Inteliquent's call says, in our words. Pure.</summary>
internal static class InteliquentMapper
{
    /// <summary>The events of a call.</summary>
    /// <param name="call">The call.</param>
    /// <param name="lost">What of it could not be read.</param>
    /// <param name="numbers">Our numbers; empty when they are not known.</param>
    public static IReadOnlyList<CarrierEvent> Map(InteliquentCall call, IReadOnlyList<string> lost, IReadOnlyList<string> numbers)
    {
        if (call.IsReceipt) return [InteliquentReceipt.Map(call)];
        if (lost is [] && call is { ReferenceId: null, From: null, To: null, Text: null, MediaUrls: null })
            return [new CarrierEvent.Ignored { Reason = "no_message" }];

        var from = InteliquentAddress.TryParse(call.From) ?? Address.Unknown;
        Address[] recipients = [.. (call.To ?? []).Select(InteliquentAddress.TryParse).OfType<Address>().Distinct()];

        // A group holds people who are not ours. Without a list, or when it is out of date, the first must do:
        // a message is never lost for that.
        var ours = recipients.FirstOrDefault(address => numbers.Contains(address.Value))
            ?? recipients.FirstOrDefault() ?? Address.Unknown;
        Address[] others = [.. recipients.Where(address => address != ours && address != from)];

        var message = new CarrierEvent.MessageReceived
        {
            CarrierMessageId = call.ReferenceId ?? "",
            From = from,
            To = ours,
            Content = WebhookJson.Marked(InteliquentContent.Of(call), lost, "text"),
            Participants = others is [] ? null : others,
        };
        return OptOutKeywords.Common.Hear(call.Text) is var (word, optedOut)
            ? [message, new CarrierEvent.ConsentChanged { From = from, To = ours, OptedOut = optedOut, Evidence = word }]
            : [message];
    }
}
