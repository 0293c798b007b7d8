using System.Text.Json.Nodes;

namespace Omni.Simulators.WhatsApp;

/// <summary>What a person does, as a test or the console orders it. One of its contents is set.</summary>
internal sealed record WhatsAppInboundOrder
{
    /// <summary>The person: a phone number, or a business-scoped user id of somebody who hides theirs.</summary>
    public required string From { get; init; }

    /// <summary>One of the account's numbers.</summary>
    public required string To { get; init; }

    public string? Body { get; init; }
    public WhatsAppInboundMedia? Media { get; init; }

    /// <summary>A tap on a button or a row of an interactive message that was sent to them.</summary>
    public WhatsAppChoice? Choice { get; init; }

    /// <summary>A tap on a template's quick reply.</summary>
    public WhatsAppTap? Button { get; init; }

    /// <summary>A place: <c>{latitude, longitude, name?, address?}</c>.</summary>
    public JsonObject? Location { get; init; }

    /// <summary>Cards in WhatsApp's own shape.</summary>
    public JsonArray? Contacts { get; init; }

    /// <summary>An emoji on a message: <c>{message_id, emoji?}</c>.</summary>
    public JsonObject? Reaction { get; init; }

    /// <summary>Any other message: its members as Meta writes them, <c>type</c> among them.</summary>
    public JsonObject? Raw { get; init; }

    /// <summary>The message that it quotes.</summary>
    public string? ReplyTo { get; init; }

    public string ProfileName { get; init; } = "Ann";

    /// <summary>Leaves their number out, as for people with a username.</summary>
    public bool HidesNumber { get; init; }

    /// <summary>An earlier message's id, to deliver it a second time. Null: a new one.</summary>
    public string? MessageId { get; init; }

    /// <summary>Sends text that is not escaped, under a signature of the escaped one.</summary>
    public bool RawUnicode { get; init; }

    /// <summary>What it says on the person's own phone.</summary>
    internal string? Words => Body ?? Media?.Caption ?? Choice?.Title ?? Choice?.Id ?? Button?.Text ?? (string?)Location?["name"];

    /// <summary>The file on the person's own phone.</summary>
    internal IEnumerable<(string ContentType, byte[] Content)> Files =>
        Media is { Base64: { } base64 } ? [(Media.ContentType, Convert.FromBase64String(base64))] : [];
}

/// <summary>A file that a person sends.</summary>
internal sealed record WhatsAppInboundMedia
{
    /// <summary><c>image</c>, <c>video</c>, <c>audio</c>, <c>voice</c>, <c>document</c> or <c>sticker</c>.</summary>
    public required string Type { get; init; }

    public required string ContentType { get; init; }

    /// <summary>The content; without it, zeros of <see cref="SizeBytes"/>.</summary>
    public string? Base64 { get; init; }

    public int SizeBytes { get; init; } = 1024;
    public string? Caption { get; init; }
    public string? Filename { get; init; }

    /// <summary>It is announced, and it is gone when somebody fetches it.</summary>
    public bool Expired { get; init; }
}

/// <summary>What was chosen; the title is known from the message, unless it is given.</summary>
internal sealed record WhatsAppChoice(string Id, string? Title = null);

/// <summary>What was tapped.</summary>
internal sealed record WhatsAppTap(string Text, string? Payload = null);
