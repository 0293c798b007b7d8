using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Omni.Simulators.Script;

namespace Omni.Simulators.Phones;

/// <summary>The control API for whoever shows phones: one form for all carriers.</summary>
internal sealed class PhoneEndpoints(IPhones phones, BehaviourScript script, TimeProvider clock)
{
    private const int RetryAfterSeconds = 2, LateMs = 5_000;

    private readonly Lock _lock = new();
    private PhoneBehaviour _behaviour = new();
    private Dictionary<string, DateTimeOffset> _offSince = new(StringComparer.Ordinal);

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/phone", () => SimulatorJson.Result(phones.Facts))
            .WithSummary("What a phone on this carrier can do, and the senders that it can write to");

        routes.MapGet("/phone/messages", (string person, string sender) => 
            SimulatorJson.Result(new { theirs = phones.NameOf(person), messages = Shown(person, sender) }))
            .WithSummary("What is on a phone, oldest first, and how webhooks name its person: ?person= and ?sender=");

        routes.MapPost("/phone/messages", (HttpRequest request) =>
            SimulatorJson.HandleAsync<PhoneWrite>(request, order => WriteAsync(order, request)))
            .WithSummary("A person writes {person, sender, name?, text | picture:{contentType, base64} | choice:{id, title}}; "
                + "answers what the webhook answered");

        routes.MapPost("/phone/read", (HttpRequest request) =>
            SimulatorJson.HandleAsync<PhonePair>(request, pair => phones.ReadAsync(pair, request)))
            .WithSummary("A person {person} reads all that a sender {sender} wrote, where the carrier tells of that");

        routes.MapGet("/phone/behaviour", () => SimulatorJson.Result(_behaviour)).WithSummary("How the carrier behaves");

        routes.MapPut("/phone/behaviour", (HttpRequest request) => SimulatorJson.HandleAsync<PhoneBehaviour>(request, wanted =>
        {
            Behave(wanted);
            return Task.FromResult(SimulatorJson.Result(wanted));
        })).WithSummary("Behaves {answers?:usual|throttled|fault|lost, receipts?:usual|lost|late|double, off?:[person]} from now on, "
            + "wherever no rule of behaviour says otherwise");
    }

    /// <summary>Behaves again.</summary>
    public void Reset()
    {
        phones.Written.Clear();
        Behave(new());
    }

    private Task<IResult> WriteAsync(PhoneWrite order, HttpRequest request)
    {
        object?[] contents = [order.Text, order.Picture, order.Choice];
        return contents.Count(content => content is not null) == 1
            ? phones.WriteAsync(order, request)
            : Task.FromResult(SimulatorJson.Refuse("Order exactly one of text, picture and choice."));
    }

    private IEnumerable<PhoneMessage> Shown(string person, string sender)
    {
        DateTimeOffset? off;
        lock (_lock) off = _offSince.TryGetValue(person, out var since) ? since : null;
        return phones.Received(person, sender).Where(message => off is null || message.At < off)
            .Concat(phones.Written.Of(person, sender))
            .OrderBy(message => message.At);
    }

    private void Behave(PhoneBehaviour wanted)
    {
        lock (_lock)
        {
            _behaviour = wanted;
            var now = clock.GetUtcNow();
            _offSince = wanted.Off.Distinct().ToDictionary(person => person, person => _offSince.GetValueOrDefault(person, now));
            var all = RuleOf(wanted);
            script.Play(
            [
                .. wanted.Off.Where(_ => phones.Off is not null).SelectMany(phones.AddressesOf).Select(address => all with
                {
                    Match = new() { To = address },
                    Receipts = phones.Off! with { Lost = all.Receipts?.Lost is true, Duplicate = all.Receipts?.Duplicate ?? 0 },
                }),
                .. wanted is { Answers: AnswerFault.Usual, Receipts: ReceiptFault.Usual } ? (Rule[])[] : [all],
            ]);
        }
    }

    private static Rule RuleOf(PhoneBehaviour wanted)
    {
        var rule = wanted.Answers switch
        {
            AnswerFault.Throttled => new Rule { HttpStatus = 429, RetryAfterSeconds = RetryAfterSeconds },
            AnswerFault.Fault => new Rule { HttpStatus = 503 },
            AnswerFault.Lost => new Rule { AcceptThen = AcceptThen.Reset },
            _ => new Rule(),
        };
        return rule with
        {
            Receipts = wanted.Receipts switch
            {
                ReceiptFault.Lost => new() { Lost = true },
                ReceiptFault.Late => new() { DelayMs = LateMs },
                ReceiptFault.Double => new() { Duplicate = 1 },
                _ => null,
            },
        };
    }
}
