using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Omni.Simulators.Webhooks;

namespace Omni.Simulators.WhatsApp;

/// <summary>A message that the account sent, with everything that happened to it.</summary>
internal sealed class WhatsAppMessage
{
    private readonly Lock _lock = new();
    private readonly List<object> _statuses = [];
    private readonly List<WhatsAppDelivery> _webhooks = [];
    private int _position = -1;

    public required string Id { get; init; }
    public required WhatsAppNumber Number { get; init; }
    public required WhatsAppPerson Person { get; init; }
    public required WhatsAppSend Send { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The template's category, or <c>service</c> for what is sent within the window.</summary>
    public required string Category { get; init; }

    /// <summary>How the call was answered: <c>200</c>, or the way in which its answer was lost.</summary>
    public object Answer { get; set; } = 200;

    public string Status { get; private set; } = "accepted";
    public int? ErrorCode { get; private set; }

    /// <summary>An id in WhatsApp's form: text that promises nothing.</summary>
    public static string NewId() =>
        "wamid." + Convert.ToBase64String(Encoding.ASCII.GetBytes(Convert.ToHexString(RandomNumberGenerator.GetBytes(14))));

    /// <summary>Moves along the path; a step behind the one reached changes nothing.</summary>
    public void Advance(int position, string status, int? errorCode, DateTimeOffset at)
    {
        lock (_lock)
        {
            if (position <= _position) return;
            _position = position;
            (Status, ErrorCode) = (status, errorCode);
            _statuses.Add(new { status, errorCode, at });
        }
    }

    /// <summary>The person read it (or heard it); false when there is nothing to read, or it was read before.</summary>
    public bool TryRead(string status, DateTimeOffset at)
    {
        lock (_lock)
        {
            if (Status is not ("sent" or "delivered")) return false;
            Status = status;
            _statuses.Add(new { status, at });
            return true;
        }
    }

    public void Add(WhatsAppDelivery webhook)
    {
        lock (_lock) _webhooks.Add(webhook);
    }

    /// <summary>The message as the control API shows it.</summary>
    public object Snapshot()
    {
        lock (_lock)
        {
            return new
            {
                Id,
                From = Number.Phone,
                To = Send.To ?? Send.Recipient,
                Person,
                Send.Type,
                Body = Send.Text,
                Reference = Send.CallbackData,
                Status,
                ErrorCode,
                Answer,
                CreatedAt,
                Request = Send.Body,
                Statuses = _statuses.ToArray(),
                Webhooks = _webhooks.ToArray(),
            };
        }
    }
}

/// <summary>A webhook call, and what was answered to it first.</summary>
internal sealed record WhatsAppDelivery(string Body, string Signature, WebhookAnswer Answer);

/// <summary>A call that was refused.</summary>
internal sealed record WhatsAppRefused(DateTimeOffset At, int HttpStatus, int Code, string? Details, JsonElement? Request);

/// <summary>An inbound message that the business marked as read.</summary>
internal sealed record WhatsAppReadMark(DateTimeOffset At, string PhoneNumberId, string MessageId);

/// <summary>A file: one that a person sent, or one that was uploaded.</summary>
internal sealed record WhatsAppMedia(string Id, string PhoneNumberId, string ContentType, byte[] Content, DateTimeOffset CreatedAt)
{
    public bool IsUpload { get; init; }
    public bool Gone { get; set; }

    public string Sha256(bool hex) =>
        hex ? Convert.ToHexStringLower(SHA256.HashData(Content)) : Convert.ToBase64String(SHA256.HashData(Content));

    public static string NewId() => RandomNumberGenerator.GetString("0123456789", 16);

    /// <summary>The file in a webhook.</summary>
    public JsonObject ToWebhook() => new() { ["id"] = Id, ["mime_type"] = ContentType, ["sha256"] = Sha256(hex: false) };
}
