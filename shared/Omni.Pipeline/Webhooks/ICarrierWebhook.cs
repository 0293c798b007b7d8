using System.Text;
using Omni.Shared;

namespace Omni.Pipeline;

/// <summary>What is peculiar to one carrier's webhook. The pipeline around it is the same for all.</summary>
public interface ICarrierWebhook
{
    /// <summary>The carrier.</summary>
    Carrier Carrier { get; }

    /// <summary>The answer to a call that is no event but a question, such as a challenge at set-up; null for events.</summary>
    /// <param name="request">The call.</param>
    WebhookAnswer? Challenge(WebhookRequest request) => null;

    /// <summary>Whether the call comes from the carrier. Nothing of it is parsed before; compares in constant time; never throws.</summary>
    /// <param name="request">The call.</param>
    bool Verify(WebhookRequest request);

    /// <summary>The answer to a call that <see cref="Verify"/> refused: constant.</summary>
    /// <param name="request">The call.</param>
    WebhookAnswer Refuse(WebhookRequest request) => WebhookAnswer.Forbidden;

    /// <summary>
    /// What the call says. An unknown kind of event is <see cref="CarrierEvent.Ignored"/>, what should be one and cannot be read
    /// <see cref="CarrierEvent.Ignored.Unreadable"/>; a message that can be read in part is a message.
    /// </summary>
    /// <param name="request">The verified call.</param>
    /// <exception cref="FormatException">Nothing of the call can be read. It is kept, counted and acknowledged.</exception>
    IReadOnlyList<CarrierEvent> Read(WebhookRequest request);

    /// <summary>
    /// The call's body as it may be kept beside its messages: whole, but for a secret that the carrier puts into it. Of a call without a
    /// body everything that it says is in its query. Never throws.
    /// </summary>
    /// <param name="request">The verified call.</param>
    ReadOnlyMemory<byte> Keepable(WebhookRequest request) => request.Body.IsEmpty ? Encoding.UTF8.GetBytes(request.Query) : request.Body;

    /// <summary>The answer to a call whose events are all in the queue, in the carrier's dialect.</summary>
    /// <param name="request">The call.</param>
    /// <param name="events">Its events.</param>
    WebhookAnswer Acknowledge(WebhookRequest request, IReadOnlyList<CarrierEvent> events);
}
