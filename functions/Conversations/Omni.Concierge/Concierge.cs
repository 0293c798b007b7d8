using Omni.Conversations;
using Omni.Shared;

namespace Omni.Concierge;

/// <summary>
/// Receives whoever writes: shows a menu, answers what it has an answer to, tells when people are there and gives the conversation to them
/// when it is asked to, or does not understand. It decides nothing by the carrier.
/// </summary>
/// <param name="texts">What it says.</param>
public sealed class Concierge(ConciergeTexts texts) : MessageProcessor<ConciergeState>(ConciergeJson.Default.ConciergeState)
{
    private const string HoursId = "hours";
    private const string PersonId = "person";
    private const string Idle = "idle";

    // Carriers with buttons take three.
    private const int MostButtons = 3;

    /// <inheritdoc/>
    protected override ValueTask OnMessageAsync(Turn<ConciergeState> turn, CancellationToken cancellation)
    {
        var wish = WishOf(turn.Message);
        turn.WakeAfter(TimeSpan.FromMinutes(texts.IdleMinutes), Idle);
        if (wish == PersonId) ToPerson(turn, "asked for");
        else if (wish == HoursId) turn.Reply(AtOpening(turn, texts.Hours.IsOpen, texts.Hours.IsClosed));
        else if (texts.Answers.FirstOrDefault(answer => answer.Id == wish) is { } answer)
        {
            foreach (var text in answer.Says) turn.Reply(text);
        }
        else
        {
            Ask(turn);
            return default;
        }

        turn.State = new() { Greeted = true };
        return default;
    }

    /// <inheritdoc/>
    protected override ValueTask OnWakeAsync(Turn<ConciergeState> turn, string name, CancellationToken cancellation)
    {
        if (texts.Idle is { } text) turn.Reply(text);
        turn.End();
        return default;
    }

    private void Ask(Turn<ConciergeState> turn)
    {
        var misses = turn.State.Greeted ? turn.State.Misses + 1 : 0;
        if (misses >= texts.MaxMisses)
        {
            ToPerson(turn, "not understood");
            turn.State = new() { Greeted = true };
            return;
        }

        turn.Reply(Menu(turn.State.Greeted ? texts.NotUnderstood : texts.Greeting));
        turn.State = new() { Greeted = true, Misses = misses };
    }

    private void ToPerson(Turn<ConciergeState> turn, string reason)
    {
        turn.Reply(AtOpening(turn, texts.Person.IsOpen, texts.Person.IsClosed));
        turn.HandOff(reason);
    }

    private InteractiveContent Menu(string text)
    {
        Choice[] choices =
        [
            .. texts.Answers.Select(answer => new Choice(answer.Id, answer.Title)),
            new(HoursId, texts.Hours.Title),
            new(PersonId, texts.Person.Title),
        ];
        return choices.Length <= MostButtons
            ? new() { Body = text, Buttons = choices }
            : new() { Body = text, List = new(texts.MenuButton, [new(choices)]) };
    }

    /// <summary>What the person wishes: what they chose, else the first that one of their words asks for; null for nothing known.</summary>
    private string? WishOf(PersonMessage message)
    {
        if (message.Choice is { } choice) return choice;

        var words = (message.Text ?? "").Split(
            [.. (message.Text ?? "").Where(c => !char.IsLetterOrDigit(c)).Distinct()], StringSplitOptions.RemoveEmptyEntries);
        bool Says(IReadOnlyList<string> known) => known.Any(word => words.Contains(word, StringComparer.OrdinalIgnoreCase));
        return Says(texts.Person.Words) ? PersonId
            : Says(texts.Hours.Words) ? HoursId
            : texts.Answers.FirstOrDefault(answer => Says(answer.Words))?.Id;
    }

    /// <summary>One text while people are there, the other with the next opening while they are not.</summary>
    private string AtOpening(Turn<ConciergeState> turn, string isOpen, string isClosed)
    {
        var window = texts.Hours.Open;
        var opening = DeliveryHours.NextOpening(window, Address.Unknown, turn.Now) ?? turn.Now;
        if (opening == turn.Now) return isOpen;

        var local = DeliveryHours.InZone(window.TimeZone, opening);
        var day = texts.Hours.DayNames[((int)local.DayOfWeek + 6) % 7];
        return isClosed
            .Replace("{day}", day, StringComparison.Ordinal)
            .Replace("{time}", local.ToString("HH:mm", System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal);
    }
}
