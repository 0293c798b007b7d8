using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Omni.Shared;

namespace Omni.Inteliquent.Inbound;

/// <summary>What Inteliquent's call says, in our words. Pure.</summary>
internal static class InteliquentMapper
{
    /// <summary>The events of a call.</summary>
    /// <param name="call">The call.</param>
    /// <param name="numbers">Our numbers; empty when they are not known.</param>
    /// <param name="receivedAt">When it came.</param>
    /// <exception cref="FormatException">A message lacks what every message has.</exception>
    public static IReadOnlyList<CarrierEvent> Map(InteliquentCall call, IReadOnlyList<string> numbers, DateTimeOffset receivedAt)
    {
        if (call.IsReceipt) return [InteliquentReceipt.Map(call)];
        if (call is { ReferenceId: null, From: null, To: null, Text: null, MediaUrls: null }) return [new CarrierEvent.Ignored { Reason = "no_message" }];

        var from = InteliquentAddress.TryParse(call.From) ?? throw new FormatException("The call does not say who it comes from.");
        Address[] recipients = [.. (call.To ?? []).Select(InteliquentAddress.TryParse).OfType<Address>().Distinct()];
        if (recipients is []) throw new FormatException("The call does not say who it went to.");

        // A group holds people who are not ours. Without a list, or when it is out of date, the first must do: a message is never lost for that.
        var ours = recipients.FirstOrDefault(address => numbers.Contains(address.Value)) ?? recipients[0];
        Address[] others = [.. recipients.Where(address => address != ours && address != from)];

        var message = new CarrierEvent.MessageReceived
        {
            CarrierMessageId = call.ReferenceId is { Length: > 0 } id ? id : Fingerprint(call, receivedAt),
            From = from,
            To = ours,
            Content = InteliquentContent.Of(call),
            Participants = others is [] ? null : others,
        };
        return OptOutKeywords.Common.Hear(InteliquentContent.TextOf(call)) is var (word, optedOut)
            ? [message, new CarrierEvent.ConsentChanged { From = from, To = ours, OptedOut = optedOut, Evidence = word }]
            : [message];
    }

    /// <summary>
    /// An id for a message that came without one, which the carrier should not let happen: who, to whom, what, and in which minute. Within it a repeated call is
    /// the same message; after it, the same words again are taken for a person who says them again.
    /// </summary>
    private static string Fingerprint(InteliquentCall call, DateTimeOffset receivedAt)
    {
        var minute = receivedAt.UtcDateTime.ToString("yyyyMMddHHmm", CultureInfo.InvariantCulture);
        string[] pieces = [call.From ?? "", .. call.To ?? [], "", call.Text ?? "", .. call.MediaUrls ?? [], "", minute];
        return "hash_" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\0', pieces))).AsSpan(0, 16));
    }
}
