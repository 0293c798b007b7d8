using Omni.Aws;
using Omni.Shared;

namespace Omni.Conversations;

/// <summary>What a turn begins with.</summary>
internal sealed record TurnStart
{
    /// <summary>The turn's id.</summary>
    public required string Id { get; init; }

    /// <summary>What the last turn left.</summary>
    public required Dialog Dialog { get; init; }

    /// <summary>What the person wrote; null for a wake.</summary>
    public PersonMessage? Message { get; init; }

    /// <summary>The wake's name; null for a message.</summary>
    public string? Wake { get; init; }

    public required DateTimeOffset Now { get; init; }

    public Carrier Carrier => CarrierCatalogue.Get(Dialog.Conversation.Carrier);

    public IReadOnlyDictionary<string, DateTimeOffset> Wakes => Dialog.Wakes;

    public IReadOnlyList<Choice> Menu => Dialog.Menu;

    /// <summary>When the person's last message opens nothing any more; null where the carrier has no such rule.</summary>
    public DateTimeOffset? WindowEnd => Dialog.LastInboundAt + Carrier.ReplyWindow;

    /// <summary>Whether the carrier takes content so long after the person's last message.</summary>
    public bool MayReply(Content content) =>
        Carrier.ReplyWindow is null || content is TemplateContent || WindowEnd > Now;

    /// <summary>A reply before it is planned.</summary>
    /// <param name="index">Which of the turn's, from 0.</param>
    /// <param name="content">What it says.</param>
    public Message Draft(int index, Content content)
    {
        var conversation = Dialog.Conversation;
        return new()
        {
            Id = Ids.Reply(Id, index),
            Carrier = conversation.Carrier,
            Tenant = conversation.Tenant,
            Account = conversation.Account,
            To = conversation.Theirs,
            From = conversation.Ours,
            Content = content,
            Processor = Dialog.Processor,
            // Replies of a turn are listed in their order, and behind what they answer.
            CreatedAt = DateTimeOffset.FromUnixTimeMilliseconds(Now.ToUnixTimeMilliseconds() + index),
            Trace = Message?.Whole.Trace,
        };
    }
}
