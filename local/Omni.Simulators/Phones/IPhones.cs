using Microsoft.AspNetCore.Http;
using Omni.Simulators.Script;

namespace Omni.Simulators.Phones;

/// <summary>
/// A carrier as the people see it who are written to: the same for every carrier, so that whoever shows phones knows none of them.
/// </summary>
internal interface IPhones
{
    /// <summary>What a phone on this carrier can do.</summary>
    PhoneFacts Facts { get; }

    /// <summary>What the people did, whoever ordered it.</summary>
    PhoneLog Written { get; }

    /// <summary>What a sender's messages look like on a person's phone, oldest first. What failed is not on it.</summary>
    IEnumerable<PhoneMessage> Received(string person, string sender);

    /// <summary>The person writes, sends a picture or taps a choice.</summary>
    Task<IResult> WriteAsync(PhoneWrite order, HttpRequest request);

    /// <summary>The person reads all that the sender wrote.</summary>
    Task<IResult> ReadAsync(PhonePair pair, HttpRequest request) =>
        Task.FromResult(SimulatorJson.Refuse("This carrier tells nobody that a message was read."));

    /// <summary>How receipts of messages to a phone that is off go; null where the carrier tells nothing of that.</summary>
    ReceiptRule? Off => null;

    /// <summary>The person as they may stand in a submission.</summary>
    IEnumerable<string> AddressesOf(string person) => [person];

    /// <summary>The person as webhooks name them; null before they wrote, where that decides it.</summary>
    string? NameOf(string person) => person;
}

/// <summary>What the people did: kept apart from the messages of our side.</summary>
internal sealed class PhoneLog
{
    private const int Kept = 2_000;
    private readonly Outbox<Entry> _log = new(Kept);

    /// <summary>Notes what a person did, unless it is told of a second time.</summary>
    public void Add(
        string person,
        string sender,
        string id,
        DateTimeOffset at,
        string? text,
        params IEnumerable<(string ContentType, byte[] Content)> files)
    {
        if (_log.Find(id) is not null) return;
        _log.Add(id, new(person, sender, new()
        {
            Id = id,
            Mine = true,
            At = at,
            Text = text,
            Files = [.. files.Select(file => $"data:{file.ContentType};base64,{Convert.ToBase64String(file.Content)}")],
        }));
    }

    public IEnumerable<PhoneMessage> Of(string person, string sender) =>
        _log.All().Where(item => item.Person == person && item.Sender == sender).Select(item => item.Message);

    public void Clear() => _log.Clear();

    private sealed record Entry(string Person, string Sender, PhoneMessage Message);
}
