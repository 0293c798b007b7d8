using Omni.Aws;
using Omni.Shared;

namespace Omni.InboundProcessor;

/// <summary>
/// What came in, and whose it is: an address of ours is the tenant's that registered it. That is read when it is first asked for, and once.
/// </summary>
/// <param name="envelope">What a webhook took.</param>
/// <param name="senders">Knows whose our addresses are.</param>
internal sealed class Arrival(InboundEnvelope envelope, SenderStore senders)
{
    private readonly Dictionary<Address, RegisteredSender?> _senders = [];

    public InboundEnvelope Envelope { get; } = envelope;

    /// <summary>Whose an address of ours is.</summary>
    public async Task<string> TenantOfAsync(Address ours) =>
        (await SenderOfAsync(ours).ConfigureAwait(false))?.Tenant ?? Defaults.Tenant;

    /// <summary>What is said of an address of ours; null when it is not registered.</summary>
    public async Task<RegisteredSender?> SenderOfAsync(Address ours)
    {
        if (!_senders.TryGetValue(ours, out var sender))
            _senders[ours] = sender = await senders.FindAsync(Envelope.Carrier, ours).ConfigureAwait(false);
        return sender;
    }

    /// <summary>Whether an address of ours is a sender in a pool: one of several that the same people may hear from.</summary>
    public async Task<bool> IsInPoolAsync(Address ours) => (await SenderOfAsync(ours).ConfigureAwait(false))?.Pool is not null;

    /// <summary>The conversation between an address of ours and a person.</summary>
    public async Task<Conversation> BetweenAsync(Address ours, Address theirs) =>
        new(await TenantOfAsync(ours).ConfigureAwait(false), Envelope.Carrier, Envelope.Account, ours, theirs);
}
