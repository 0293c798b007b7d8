using System.Text.RegularExpressions;

namespace Omni.Simulators.Twilio;

/// <summary>The forms that <c>To</c> and <c>From</c> take: a plain number, or an address with its channel before a colon.</summary>
internal static partial class TwilioAddress
{
    public const string Sms = "sms";

    public static string ChannelOf(string address) => address.IndexOf(':') is > 0 and var colon ? address[..colon] : Sms;

    public static string WithoutChannel(string address) => address[(address.IndexOf(':') + 1)..];

    public static bool IsRecipient(string address) => Recipient().IsMatch(address);

    public static bool IsSender(string address) => Sender().IsMatch(address);

    // A WhatsApp recipient may be a business-scoped user id in place of a number, such as US.1234.
    [GeneratedRegex(
        @"^(\+[1-9]\d{6,14}|whatsapp:(\+[1-9]\d{6,14}|[A-Z]{2}\.\w+)|messenger:\S+|rcs:\+[1-9]\d{6,14})\z", RegexOptions.CultureInvariant)]
    private static partial Regex Recipient();

    // A number, a short code, a name of up to eleven characters with a letter in it, or a channel's sender.
    [GeneratedRegex(
        @"^(\+[1-9]\d{6,14}|\d{3,8}|(?=.*[A-Za-z])[A-Za-z0-9 ]{1,11}|whatsapp:\+[1-9]\d{6,14}|messenger:\S+|rcs:\S+)\z",
        RegexOptions.CultureInvariant)]
    private static partial Regex Sender();
}
