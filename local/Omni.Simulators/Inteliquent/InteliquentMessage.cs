using Omni.Simulators.Webhooks;

namespace Omni.Simulators.Inteliquent;

/// <summary>One message that the broker took, with everything that happened to it.</summary>
internal sealed class InteliquentMessage
{
    private readonly Lock _lock = new();
    private readonly List<InteliquentCallback> _callbacks = [];
    private int _position = -1;

    public required string ReferenceId { get; init; }
    public required string From { get; init; }
    public required string To { get; init; }
    public required string Text { get; init; }
    public required IReadOnlyList<string> MediaUrls { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Where its receipts go.</summary>
    public required string WebhookUrl { get; init; }

    /// <summary>How the call was answered: <c>200</c>, or the way in which its answer was lost.</summary>
    public object Answer { get; set; } = 200;

    /// <summary>The last state of its path, in the words of SMPP; empty before the first.</summary>
    public string State { get; private set; } = "";

    /// <summary>Moves along the path; a step behind the one reached changes nothing.</summary>
    public void Advance(int position, string state)
    {
        lock (_lock)
        {
            if (position <= _position) return;
            (_position, State) = (position, state);
        }
    }

    public void AddCallback(InteliquentCallback callback)
    {
        lock (_lock) _callbacks.Add(callback);
    }

    /// <summary>The message as the control API shows it, its numbers with their plus.</summary>
    public object Snapshot()
    {
        lock (_lock)
        {
            return new
            {
                ReferenceId, From = "+" + From, To = "+" + To, Body = Text, MediaUrls, Status = State, Answer, CreatedAt,
                Callbacks = _callbacks.ToArray()
            };
        }
    }
}

/// <summary>A webhook call that was made, and what was answered to it.</summary>
internal sealed record InteliquentCallback(DateTimeOffset At, string Url, string Body, WebhookAnswer Answer);

/// <summary>A call that was refused.</summary>
internal sealed record InteliquentRefused(DateTimeOffset At, int HttpStatus, string Code, string Body);
