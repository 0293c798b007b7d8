using System.Text.Json;
using Omni.Pipeline;
using Omni.Shared;

namespace Omni.MessageBird.Inbound;

/// <summary>What an event of the Conversations API says, in our words. Pure.</summary>
internal static class MessageBirdConversations
{
    /// <summary>The events of an event.</summary>
    /// <param name="e">The event.</param>
    /// <param name="reference">Our reference out of the URL that was given with the message; null elsewhere.</param>
    public static IReadOnlyList<CarrierEvent> Map(MessageBirdEvent e, string? reference) => (e.Type, e.Message) switch
    {
        ("message.created", { Direction: "received" } message) => Received(message, e.Contact),
        ("message.created", not null) => Ignored("sent_message"), // ours, and the answer to the send has told of it
        (_, { Direction: "received" }) => Ignored("received_message_updated"),

        // The reports of one message go to the URL that was given with it, under what kind is not said.
        ("message.updated", { } message) => Report(message, reference),
        (_, { } message) when reference is not null => Report(message, reference),
        ("conversation.created" or "conversation.updated", _) => Ignored(e.Type),
        _ => Ignored($"unknown_event:{e.Type}"),
    };

    private static IReadOnlyList<CarrierEvent> Received(MessageBirdMessage message, MessageBirdContact? contact)
    {
        var content = message.Content ?? default;
        var received = new CarrierEvent.MessageReceived
        {
            CarrierMessageId = message.Id ?? "",
            From = MessageBirdAddress.Find(message.From) is { Type: AddressType.Phone } phone
                ? phone
                : MessageBirdAddress.Find(contact?.Msisdn) ?? MessageBirdAddress.Find(message.From) ?? Address.Unknown,
            To = Channel(message),
            Content = MessageBirdContent.Of(message.Type ?? "unknown", content),
            SentAt = WebhookTime.Parse(message.CreatedDatetime),
            ProfileName = Name(contact),
            ReplyTo = MessageBirdContent.Quoted(content),
        };
        return MessageBirdKeywords.Hear(received, (received.Content as TextContent)?.Body);
    }

    private static IReadOnlyList<CarrierEvent> Report(MessageBirdMessage message, string? reference) => message switch
    {
        { Status: "spam_complaint" or "list_unsubscribe" } =>
        [
            new CarrierEvent.ConsentChanged
            {
                From = MessageBirdAddress.Find(message.To) ?? Address.Unknown,
                To = Channel(message),
                OptedOut = true,
                Evidence = message.Status
            },
        ],
        { Status: { } status } =>
        [
            new MessageBirdStatus(reference ?? Echo(message), message.Id ?? "", message.Error?.Code, MessageBirdErrors.Api)
            {
                Person = MessageBirdAddress.Find(message.To),
                Ours = message.ChannelId is { Length: > 0 } channel ? new(AddressType.SenderPool, channel) : null,
            }.Map(status),
        ],
        _ => [CarrierEvent.Ignored.Unreadable],
    };

    private static string? Echo(MessageBirdMessage message) =>
        message.Source is { ValueKind: JsonValueKind.Object } source
            && source.TryGetProperty("ref", out var echo)
            && echo.ValueKind == JsonValueKind.String
            ? echo.GetString()
            : null;

    private static Address Channel(MessageBirdMessage message) =>
        message.ChannelId is { Length: > 0 } channel
            ? new(AddressType.SenderPool, channel)
            : MessageBirdAddress.Find(message.To) ?? Address.Unknown;

    private static string? Name(MessageBirdContact? contact) =>
        new[] { contact?.DisplayName, $"{contact?.FirstName} {contact?.LastName}".Trim() }
            .FirstOrDefault(name => !string.IsNullOrWhiteSpace(name));

    private static CarrierEvent[] Ignored(string reason) => [new CarrierEvent.Ignored { Reason = reason }];
}
