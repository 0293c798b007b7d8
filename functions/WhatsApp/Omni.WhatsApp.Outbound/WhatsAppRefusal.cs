using System.Globalization;
using Omni.Pipeline;
using Omni.Shared;

namespace Omni.WhatsApp.Outbound;

/// <summary>What Meta's refusals ask of us.</summary>
internal static class WhatsAppRefusal
{
    private static readonly TimeSpan LongestPairWait = TimeSpan.FromMinutes(15);

    /// <summary>The outcome of a refused send.</summary>
    /// <param name="reply">The answer.</param>
    /// <param name="attempt">Which attempt it was, from 1.</param>
    public static SendOutcome OfSend(CarrierReply reply, int attempt)
    {
        var code = CodeOf(reply);
        var row = WhatsAppErrors.Table.Find(code) switch
        {
            // Meta's advice for this limit: 4, 16, 64… seconds.
            { } pair when code == WhatsAppErrors.PairLimit => pair with { Wait = PairWait(attempt) },
            { } media when attempt > 1 && WhatsAppErrors.Media.Contains(code) => media with { Class = ErrorClass.Permanent },

            // A fault of Meta's own, but its status says that the request was refused.
            { Class: ErrorClass.Unknown } fault when (int)reply.Status < 500 => fault with { Class = ErrorClass.Transient },
            var other => other,
        };
        return CarrierError.OfRefusal(row, code, reply);
    }

    /// <summary>The outcome of a refused call that can be made again, since nothing that may have been sent hangs on it.</summary>
    /// <param name="reply">The answer.</param>
    public static SendOutcome OfRepeatable(CarrierReply reply) => WhatsAppErrors.Table.RepeatableRefusal(CodeOf(reply), reply);

    /// <summary>Whether a send was refused for its file: Meta does not have it, or cannot read what it has.</summary>
    /// <param name="reply">The answer.</param>
    public static bool IsOfFile(CarrierReply reply) => CodeOf(reply) is { } code
        && (code == WhatsAppErrors.Parameter || WhatsAppErrors.Media.Contains(code));

    private static string? CodeOf(CarrierReply reply) =>
        reply.Read(WhatsAppJson.Default.ErrorAnswer)?.Error?.Code?.ToString(CultureInfo.InvariantCulture);

    private static TimeSpan PairWait(int attempt)
    {
        var wait = TimeSpan.FromSeconds(Math.Pow(4, Math.Clamp(attempt, 1, 10)));
        return wait < LongestPairWait ? wait : LongestPairWait;
    }
}
