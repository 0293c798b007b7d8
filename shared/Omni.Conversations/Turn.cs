using Omni.Shared;

namespace Omni.Conversations;

/// <summary>
/// A turn of a processor in a conversation. It is a value: what is said of it takes effect together, once, when the processor is done.
/// Until then nothing happens, and when it throws nothing did.
/// </summary>
public abstract class Turn
{
    /// <summary>The most replies of a turn.</summary>
    public const int MaxReplies = 10;

    /// <summary>The most bytes of a state, as UTF-8, with what is offered and the names of wakes.</summary>
    public const int MaxStateBytes = 16 * 1024;

    /// <summary>The most wakes of a conversation.</summary>
    public const int MaxWakes = 10;

    /// <summary>The longest name of a wake, and the longest reason of a hand-over, in characters.</summary>
    public const int MaxName = 64;

    /// <summary>The furthest wake: a conversation's state is kept no longer.</summary>
    public static readonly TimeSpan FurthestWake = Defaults.Retention;

    private readonly TurnStart _start;
    private readonly List<Message> _replies = [];
    private readonly Dictionary<string, DateTimeOffset> _wakes;
    private string? _fault;
    private bool _isOver;

    private protected Turn(TurnStart start)
    {
        _start = start;
        _wakes = new(start.Wakes, StringComparer.Ordinal);
        Menu = start.Menu;
    }

    /// <summary>
    /// The turn's id. A turn that was cut short is taken again under the same one: what a processor does elsewhere, such as placing an
    /// order, must have it as its idempotency key.
    /// </summary>
    public string Id => _start.Id;

    /// <summary>The time.</summary>
    public DateTimeOffset Now => _start.Now;

    /// <summary>What the person wrote.</summary>
    /// <exception cref="InvalidOperationException">Nobody wrote: the turn is a wake's.</exception>
    public PersonMessage Message => _start.Message ?? throw new InvalidOperationException("Nobody wrote: this turn is a wake's.");

    /// <summary>Answers with a text.</summary>
    /// <param name="text">The text.</param>
    /// <exception cref="TurnException">The carrier cannot carry it, or there are too many.</exception>
    public void Reply(string text) => Reply(new TextContent { Body = text });

    /// <summary>
    /// Answers. Where the carrier does not carry it, it becomes text by the rules of <see cref="ContentAdapter"/>: choices a numbered list,
    /// whose numbers come back as choices.
    /// </summary>
    /// <param name="content">What to say.</param>
    /// <exception cref="TurnException">The carrier cannot carry it, no rule can adapt it, or there are too many.</exception>
    public void Reply(Content content) => Add(content, quoted: null);

    /// <summary>Answers with a text, and quotes the person's message where the carrier can.</summary>
    /// <param name="text">The text.</param>
    /// <exception cref="TurnException">As for <see cref="Reply(string)"/>; or nobody wrote.</exception>
    public void ReplyTo(string text) => ReplyTo(new TextContent { Body = text });

    /// <summary>Answers, and quotes the person's message where the carrier can.</summary>
    /// <param name="content">What to say.</param>
    /// <exception cref="TurnException">As for <see cref="Reply(Content)"/>; or nobody wrote.</exception>
    public void ReplyTo(Content content)
    {
        if (_start.Message is not { } message) throw Refuse("A wake's turn has no message to quote.");

        Add(content, _start.Carrier.Quotes ? message.Whole.CarrierMessageId : null);
    }

    /// <summary>Wakes the processor after a while. A wake of the same name is moved.</summary>
    /// <param name="span">How long from now; up to <see cref="FurthestWake"/>. It is kept to the minute.</param>
    /// <param name="name">Its name.</param>
    /// <exception cref="TurnException">The span or the name cannot be, or there are too many.</exception>
    public void WakeAfter(TimeSpan span, string name)
    {
        Check();
        if (span <= TimeSpan.Zero) throw Refuse($"The wake '{name}' is not in the future.");
        if (span > FurthestWake) throw Refuse($"The wake '{name}' is further than {FurthestWake.TotalDays} days away.");
        if (string.IsNullOrWhiteSpace(name) || name.Length > MaxName) throw Refuse($"A wake's name has 1 to {MaxName} characters.");

        _wakes[name] = DateTimeOffset.FromUnixTimeMilliseconds((Now + span).ToUnixTimeMilliseconds());
        if (_wakes.Count > MaxWakes) throw Refuse($"A conversation has at most {MaxWakes} wakes.");
    }

    /// <summary>Does not wake the processor after all. One that is not there is nothing.</summary>
    /// <param name="name">The wake's name.</param>
    public void CancelWake(string name)
    {
        Check();
        _wakes.Remove(name);
    }

    /// <summary>
    /// Gives the conversation to people: until they give it back, or have not answered for so long, the processor has no turns. Its wakes
    /// are gone, its state stays.
    /// </summary>
    /// <param name="reason">Why; people see it.</param>
    /// <param name="resumeAfter">How long nobody may answer until the processor has turns again; null for a day.</param>
    /// <exception cref="TurnException">There is no reason, or the span cannot be.</exception>
    public void HandOff(string reason, TimeSpan? resumeAfter = null)
    {
        Check();
        if (string.IsNullOrWhiteSpace(reason) || reason.Length > MaxName) throw Refuse($"A reason has 1 to {MaxName} characters.");
        if (resumeAfter < TimeSpan.FromMinutes(1) || resumeAfter > Defaults.Retention)
            throw Refuse($"A conversation is handed over for a minute to {Defaults.Retention.TotalDays} days.");

        HandedOff = new(Now, reason, resumeAfter ?? Shared.HandOff.DefaultResumeAfter);
    }

    /// <summary>Ends the conversation: its state and its wakes are gone, and the next message begins another.</summary>
    public void End()
    {
        Check();
        IsEnded = true;
    }

    /// <summary>Leaves the message alone: it had its turn, and nothing comes of it.</summary>
    public void Ignore()
    {
        Check();
        IsIgnored = true;
    }

    internal IReadOnlyList<Message> Replies => _replies;

    internal IReadOnlyDictionary<string, DateTimeOffset> Wakes => _wakes;

    internal IReadOnlyList<Choice> Menu { get; private set; }

    internal HandOff? HandedOff { get; private set; }

    internal bool IsEnded { get; private set; }

    internal bool IsIgnored { get; private set; }

    /// <summary>Ends the turn. What was refused is refused as a whole, also where the processor caught it: there is no half turn.</summary>
    internal void Close()
    {
        _isOver = true;
        if (_fault is not null) throw new TurnException(_fault);
        if (IsIgnored && (_replies.Count > 0 || IsEnded || HandedOff is not null))
            throw new TurnException("A message that is left alone is neither answered nor handed over, and ends nothing.");
        if (IsEnded && HandedOff is not null) throw new TurnException("A conversation is ended or handed over, not both.");
    }

    /// <summary>Refuses something: the turn has no effect any more, whatever becomes of the exception.</summary>
    private protected TurnException Refuse(string problem)
    {
        _fault ??= problem;
        return new TurnException(problem);
    }

    private void Check()
    {
        if (_isOver) throw new TurnException("The turn is over: what a processor says after it has no effect.");
    }

    private void Add(Content content, string? quoted)
    {
        Check();
        if (_replies.Count == MaxReplies) throw Refuse($"A turn has at most {MaxReplies} replies.");

        var draft = _start.Draft(_replies.Count, content) with { ReplyTo = quoted };
        if (!_start.MayReply(content))
        {
            throw Refuse(
                $"{_start.Carrier.Name} takes nothing but a template so long after the person's last message: "
                    + $"its reply window ended at {_start.WindowEnd:u}.");
        }

        var plan = MessagePlanner.Plan(draft, adapt: true);
        if (plan.Message is not { } reply)
        {
            throw Refuse(
                $"{_start.Carrier.Name} cannot carry reply {_replies.Count + 1}: "
                    + string.Join(' ', plan.Problems.Select(problem => $"{problem.Field}: {problem.Detail}")));
        }

        _replies.Add(MessagePlanner.WithFiles(reply));
        if (Conversations.Menu.Of(content) is { Count: > 0 } offered) Menu = offered;
    }
}

/// <summary>A turn of a processor that keeps a state.</summary>
/// <typeparam name="TState">What it keeps between turns.</typeparam>
public sealed class Turn<TState> : Turn where TState : class, new()
{
    internal Turn(TurnStart start, TState state) : base(start) => State = state;

    /// <summary>What is kept between turns: a new one for a conversation that begins. At most 16 KB as JSON.</summary>
    public TState State { get; set; }
}
