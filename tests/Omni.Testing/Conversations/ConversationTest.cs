using Omni.Aws;
using Omni.Conversations;
using Omni.Shared;
using Xunit;
using Xunit.Sdk;

namespace Omni.Testing;

/// <summary>
/// A conversation with a processor, played without AWS: what the person would see at the carrier, step by step. A turn that cannot be
/// throws the <see cref="TurnException"/> that names the carrier.
/// </summary>
/// <typeparam name="TProcessor">The processor.</typeparam>
public sealed class ConversationTest<TProcessor> where TProcessor : MessageProcessor
{
    private const string ProcessorName = "Omni.Tested";

    private readonly Carrier _carrier;
    private readonly TurnTaker _taker;
    private readonly Queue<Message> _unexpected = new();
    private readonly Conversation _conversation;
    private Dialog? _dialog;
    private int _messages;

    /// <summary>A conversation that begins.</summary>
    /// <param name="carrierId">The carrier's id.</param>
    /// <param name="processor">The processor.</param>
    public ConversationTest(string carrierId, TProcessor processor)
    {
        _carrier = CarrierCatalogue.Get(carrierId);
        _taker = new(processor, ProcessorName, (_, mediaId) => new($"https://files.example/{mediaId}"));
        _conversation = new(Defaults.Tenant, carrierId, Defaults.Account, Of(_carrier.From, 0), Of(_carrier.To, 1));
    }

    /// <summary>The time.</summary>
    public DateTimeOffset Now { get; private set; } = new(2026, 3, 2, 10, 0, 0, TimeSpan.Zero);

    /// <summary>Everything that was answered so far, as it goes to the carrier.</summary>
    public IReadOnlyList<Message> Replies => _replies;

    private readonly List<Message> _replies = [];

    /// <summary>Moves the clock to a moment; what is due until then is not played.</summary>
    /// <param name="moment">The moment.</param>
    public ConversationTest<TProcessor> At(DateTimeOffset moment)
    {
        Now = moment;
        return this;
    }

    /// <summary>The person writes.</summary>
    /// <param name="text">The text.</param>
    public ConversationTest<TProcessor> Says(string text) => Sends(new TextContent { Body = text });

    /// <summary>
    /// The person chooses, as this carrier lets them: by a tap on what was offered last, or by its number where that went to them as text.
    /// </summary>
    /// <param name="id">The choice's id.</param>
    public ConversationTest<TProcessor> Chooses(string id)
    {
        var offered = _replies.LastOrDefault(reply => reply.Content is InteractiveContent || reply.AdaptedFrom == ContentType.Interactive)
            ?? throw new XunitException("Nothing was offered to choose from.");
        var menu = _dialog!.Menu;
        var index = menu.Select(choice => choice.Id).ToList().IndexOf(id);
        if (index < 0) throw new XunitException($"There is no choice '{id}' among: {string.Join(", ", menu.Select(c => c.Id))}.");

        return offered.AdaptedFrom is null
            ? Sends(new InteractiveContent { Reply = new(id, menu[index].Title) })
            : Says((index + 1).ToString(System.Globalization.CultureInfo.InvariantCulture));
    }

    /// <summary>The person sends anything, its files kept.</summary>
    /// <param name="content">What they send.</param>
    public ConversationTest<TProcessor> Sends(Content content)
    {
        ExpectNothing();
        var id = Ids.DerivedMessage("tested", (++_messages).ToString(System.Globalization.CultureInfo.InvariantCulture));
        var message = new Message
        {
            Id = id,
            Direction = Direction.Inbound,
            Carrier = _carrier.Id,
            From = _conversation.Theirs,
            To = _conversation.Ours,
            Content = content,
            CarrierMessageId = $"theirs-{_messages}",
            Processor = ProcessorName,
            CreatedAt = Now,
        };
        FileState[] files = content is MediaContent media
            ? [.. media.Files.Select((file, n) => new FileState
                { Status = FileStatus.Stored, MediaId = Ids.Media(id, n), MimeType = file.MimeType, Bytes = 1 })]
            : [];
        var heard = new TurnCommand.Hear { Message = message, Files = files };
        var isHandedOff = _dialog?.HandOff is { } handOff && Now < handOff.At + handOff.ResumeAfter;
        Play(() => _taker.HearAsync(heard, _dialog, isHandedOff, Now, CancellationToken.None)!);
        return this;
    }

    /// <summary>Time passes; what the processor is to be woken for happens at its moment.</summary>
    /// <param name="span">How long.</param>
    public ConversationTest<TProcessor> After(TimeSpan span)
    {
        ExpectNothing();
        var end = Now + span;
        while (_dialog?.Wakes.OrderBy(wake => wake.Value).Select(wake => (KeyValuePair<string, DateTimeOffset>?)wake).FirstOrDefault()
            is { } next && next.Value <= end)
        {
            if (next.Value > Now) Now = next.Value;
            var wake = new TurnCommand.Wake { Conversation = _conversation.Id, Name = next.Key, DueAt = next.Value };
            Play(() => _taker.WakeAsync(wake, _dialog, Now, CancellationToken.None));
        }

        Now = end;
        return this;
    }

    /// <summary>The next reply has this in its text, as the person reads it.</summary>
    /// <param name="text">A piece of it.</param>
    public ConversationTest<TProcessor> Expect(string text) =>
        Expect(reply => Assert.Contains(text, TextOf(reply), StringComparison.Ordinal));

    /// <summary>The next reply is as it should be.</summary>
    /// <param name="check">Looks at it.</param>
    public ConversationTest<TProcessor> Expect(Action<Message> check)
    {
        if (!_unexpected.TryDequeue(out var reply)) throw new XunitException("There is no further reply.");

        check(reply);
        return this;
    }

    /// <summary>There is no further reply.</summary>
    public ConversationTest<TProcessor> ExpectNothing()
    {
        if (_unexpected.TryPeek(out var reply)) throw new XunitException($"There is a reply that nobody expects: {TextOf(reply)}");

        return this;
    }

    /// <summary>People have the conversation.</summary>
    /// <param name="reason">Why.</param>
    public ConversationTest<TProcessor> ExpectHandOff(string reason)
    {
        Assert.Equal(reason, _dialog?.HandOff?.Reason);
        return this;
    }

    /// <summary>The conversation is over: the next message begins another.</summary>
    public ConversationTest<TProcessor> ExpectEnd()
    {
        Assert.NotNull(_dialog);
        Assert.Null(_dialog.State);
        Assert.Empty(_dialog.Wakes);
        return this;
    }

    private static string TextOf(Message reply) => reply.Content switch
    {
        TextContent text => text.Body,
        MediaContent media => media.Caption ?? "",
        var other => ContentAdapter.ToText(other)?.Body ?? "",
    };

    private void Play(Func<Task<TurnEffects?>> take)
    {
        // On a thread of its own: a test's own context would wait for itself.
        if (Task.Run(take).GetAwaiter().GetResult() is not { } effects) return;

        if (effects.Dialog is { } dialog) _dialog = dialog with { Version = dialog.Version + 1 };
        _replies.AddRange(effects.Replies);
        foreach (var reply in effects.Replies) _unexpected.Enqueue(reply);
    }

    private static Address Of(IReadOnlyList<AddressType> types, int person)
    {
        var type = types.Contains(AddressType.Phone) ? AddressType.Phone : types[0];
        return new(type, type switch
        {
            AddressType.Phone => $"+1415555013{person}",
            AddressType.LivechatLicense => "12345678",
            _ => $"A{person}",
        });
    }
}
