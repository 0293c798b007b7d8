using System.Collections.Concurrent;
using System.Collections.Frozen;

namespace Omni.Simulators.Twilio;

/// <summary>
/// Who has said STOP to whom. A block holds for the sender, or for the whole messaging service that owns it:
/// https://www.twilio.com/docs/messaging/tutorials/advanced-opt-out
/// </summary>
internal sealed class TwilioOptOuts(TwilioOptions options)
{
    private static readonly FrozenDictionary<string, string> Keywords = new Dictionary<string, string>
    {
        ["STOP"] = "STOP",
        ["STOPALL"] = "STOP",
        ["UNSUBSCRIBE"] = "STOP",
        ["CANCEL"] = "STOP",
        ["END"] = "STOP",
        ["QUIT"] = "STOP",
        ["REVOKE"] = "STOP",
        ["OPTOUT"] = "STOP",
        ["START"] = "START",
        ["YES"] = "START",
        ["UNSTOP"] = "START",
        ["HELP"] = "HELP",
        ["INFO"] = "HELP",
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    private readonly ConcurrentDictionary<(string Scope, string Person), byte> _blocked = new();

    public bool Blocks(string sender, string person) => _blocked.ContainsKey((ScopeOf(sender), person));

    public IEnumerable<object> All() => _blocked.Keys.Select(pair => new { sender = pair.Scope, recipient = pair.Person });

    /// <summary>Obeys the keyword of an inbound message. WhatsApp and the other channels have none.</summary>
    /// <returns>STOP, START, HELP, or null for a message like any other.</returns>
    public string? Hear(string person, string sender, string? body, string? optOutType)
    {
        if (TwilioAddress.ChannelOf(sender) is not TwilioAddress.Sms) return null;

        var heard = optOutType ?? Keywords.GetValueOrDefault((body ?? "").Trim());
        if (heard is "STOP") _blocked.TryAdd((ScopeOf(sender), person), 0);
        if (heard is "START") _blocked.TryRemove((ScopeOf(sender), person), out _);
        return heard;
    }

    public void Clear() => _blocked.Clear();

    private string ScopeOf(string sender) =>
        options.Services.FirstOrDefault(service => service.Pool.Contains(sender))?.Sid ?? sender;
}
