using System.Text.RegularExpressions;
using Omni.Shared;

namespace Omni.Inteliquent.Inbound;

/// <summary>
/// A receipt of a message that we sent. Its state stands inside a line of text, in the form that SMPP 3.4 gives it (appendix B):
/// <c>id:… sub:001 dlvrd:001 submit date:… done date:… stat:DELIVRD err:000 text:…</c>.
/// </summary>
internal static partial class InteliquentReceipt
{
    /// <summary>The event of a receipt.</summary>
    /// <param name="call">The call.</param>
    public static CarrierEvent Map(InteliquentCall call)
    {
        if (call.ReferenceId is not { Length: > 0 } id) return Ignored("receipt_without_id");

        // What the person was sent is quoted at the end, and may say anything.
        var line = call.Text ?? "";
        if (Quote().Match(line) is { Success: true } quote) line = line[..quote.Index];

        var state = State().Match(line).Groups[1].Value.ToUpperInvariant();
        return state switch
        {
            "ENROUTE" or "ACCEPTD" => Report(MessageStatus.Sent),
            "DELIVRD" => Report(MessageStatus.Delivered),
            "UNDELIV" or "DELETED" => Failure(MessageStatus.Undelivered),
            "REJECTD" => Failure(MessageStatus.Failed),
            InteliquentErrors.Expired => Failure(MessageStatus.Expired),
            "" => Ignored("receipt_without_state"),
            _ => Ignored($"unknown_state:{state}"),
        };

        CarrierEvent.DeliveryReported Report(MessageStatus status) => new() { CarrierMessageId = id, Status = status };

        CarrierEvent.DeliveryReported Failure(MessageStatus status)
        {
            var error = Error().Match(line).Groups[1].Value;
            return Report(status) with
            {
                Reason = InteliquentErrors.Table.ReasonOf(state), CarrierCode = error.Length > 0 ? $"{state}:{error}" : state
            };
        }
    }

    private static CarrierEvent.Ignored Ignored(string reason) => new() { Reason = reason };

    // Letters alone and not many: it ends up in a log.
    [GeneratedRegex(@"\bstat:\s*([a-z]{1,16})\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex State();

    [GeneratedRegex(@"\berr:\s*([a-z0-9]{1,16})\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Error();

    [GeneratedRegex(@"\btext:", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Quote();
}
