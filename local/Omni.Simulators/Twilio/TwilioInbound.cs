using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace Omni.Simulators.Twilio;

/// <summary>What a person sends, as a test or the console orders it.</summary>
internal sealed record TwilioInboundOrder
{
    public required string From { get; init; }

    /// <summary>One of the account's senders.</summary>
    public required string To { get; init; }

    public string? Body { get; init; }
    public IReadOnlyList<TwilioInboundMedia> Media { get; init; } = [];

    /// <summary>Null: the service that owns the number, if one does.</summary>
    public string? MessagingServiceSid { get; init; }

    /// <summary>STOP, START or HELP, as Advanced Opt-Out reports it; it also blocks or unblocks.</summary>
    public string? OptOutType { get; init; }

    /// <summary>Fields to add to the form or to replace in it; null takes one away.</summary>
    public IReadOnlyDictionary<string, string?> Extra { get; init; } = new Dictionary<string, string?>();

    /// <summary>An earlier message's id, to deliver it a second time. Null: a new one.</summary>
    public string? MessageSid { get; init; }
}

/// <summary>A medium of an inbound message.</summary>
internal sealed record TwilioInboundMedia
{
    private const int DefaultSizeBytes = 1024, MaxSizeBytes = 100 * 1024 * 1024;

    public required string ContentType { get; init; }

    /// <summary>The content; without it, zeros of <see cref="SizeBytes"/>.</summary>
    public string? Base64 { get; init; }

    public int? SizeBytes { get; init; }

    /// <summary>It is announced, and it is gone when somebody fetches it.</summary>
    public bool Expired { get; init; }

    public byte[]? Content()
    {
        if (Base64 is null) return SizeBytes is < 0 or > MaxSizeBytes ? null : new byte[SizeBytes ?? DefaultSizeBytes];
        var bytes = new byte[Base64.Length];
        return Convert.TryFromBase64String(Base64, bytes, out var length) ? bytes[..length] : null;
    }
}

/// <summary>Plays the person: makes the inbound message and posts it to the webhook.</summary>
internal sealed class TwilioInbound(TwilioAccount account, TwilioWebhooks webhooks, SimulatorOptions options)
{
    private static readonly Dictionary<string, string> Replies = new()
    {
        ["STOP"] = "You have been unsubscribed and will get no more messages from this number. Reply START to resubscribe.",
        ["START"] = "You have been resubscribed. Reply HELP for help, STOP to unsubscribe.",
        ["HELP"] = "Reply STOP to unsubscribe. Message and data rates may apply.",
    };

    public async Task<IResult> ReceiveAsync(TwilioInboundOrder order, HttpRequest request)
    {
        if (!account.Options.OwnNumbers.Contains(order.To))
            return SimulatorJson.Refuse("to must be one of the account's senders: GET /sim/twilio/numbers");
        if (order.Media.Any(media => media.Content() is null))
            return SimulatorJson.Refuse("media: base64 cannot be read, or sizeBytes is out of range.");

        var host = $"{request.Scheme}://{request.Host}";
        var sid = order.MessageSid ?? TwilioSid.New(order.Media is [] ? "SM" : "MM");
        var media = order.Media.Select(medium => Keep(medium, sid)).ToArray();
        var heard = account.OptOuts.Hear(order.From, order.To, order.Body, order.OptOutType);

        if (account.Messages.Find(sid) is null)
        {
            var message = new TwilioMessage
            {
                Sid = sid,
                Direction = "inbound",
                Sender = order.From,
                To = order.To,
                Body = order.Body ?? "",
                Segments = SmsSegments.Count(order.Body ?? ""),
                MediaCount = media.Length,
                CreatedAt = account.Clock.GetUtcNow(),
            };
            message.Begin("received");
            account.Remember(message);
            account.Written.Add(
                order.From, order.To, sid, message.CreatedAt, order.Body, media.Select(medium => (medium.ContentType, medium.Content)));
        }

        var form = Form(order, sid, media, options.BaseUrl?.GetLeftPart(UriPartial.Path).TrimEnd('/') ?? host);
        var target = $"{(options.WebhookBaseUrl?.ToString() ?? host).TrimEnd('/')}/webhooks/{TwilioSimulator.Name}";
        var (signature, answer) = await webhooks.PostAsync(target, form, request.HttpContext.RequestAborted);
        return SimulatorJson.Result(new
        {
            messageSid = sid,
            answer.Status,
            answer.Body,
            answer.ContentType,
            answer.Error,
            answer.Attempts,
            keyword = heard,
            reply = heard is not null ? Replies.GetValueOrDefault(heard) : null,
            form,
            signature,
        });
    }

    private TwilioMedia Keep(TwilioInboundMedia medium, string messageSid)
    {
        var media = new TwilioMedia(
            TwilioSid.New("ME"), messageSid, medium.ContentType, medium.Content()!, account.Clock.GetUtcNow()) { Gone = medium.Expired };
        account.Media.Add(media.Sid, media);
        return media;
    }

    private Dictionary<string, string> Form(TwilioInboundOrder order, string sid, TwilioMedia[] media, string host)
    {
        var accountSid = account.Options.AccountSid;
        var form = new Dictionary<string, string>
        {
            ["MessageSid"] = sid,
            ["SmsSid"] = sid,
            ["SmsMessageSid"] = sid,
            ["AccountSid"] = accountSid,
            ["From"] = order.From,
            ["To"] = order.To,
            ["Body"] = order.Body ?? "",
            ["NumMedia"] = media.Length.ToString(CultureInfo.InvariantCulture),
            ["NumSegments"] = SmsSegments.Count(order.Body ?? "").ToString(CultureInfo.InvariantCulture),
            ["SmsStatus"] = "received",
            ["ApiVersion"] = TwilioMessageResource.Version,
        };
        if ((order.MessagingServiceSid ?? account.ServiceOf(order.To)?.Sid) is { } service) form["MessagingServiceSid"] = service;
        if (order.OptOutType is { } optOutType) form["OptOutType"] = optOutType;

        for (var index = 0; index < media.Length; index++)
        {
            form[$"MediaUrl{index}"] =
                $"{host}/{TwilioSimulator.Name}/{TwilioMessageResource.Version}/Accounts/{accountSid}/Messages/{sid}/Media/"
                    + $"{media[index].Sid}";
            form[$"MediaContentType{index}"] = media[index].ContentType;
        }

        AddChannelFields(form, order.From);
        foreach (var (name, value) in order.Extra)
        {
            if (value is null) form.Remove(name);
            else form[name] = value;
        }

        return form;
    }

    private static void AddChannelFields(Dictionary<string, string> form, string from)
    {
        switch (TwilioAddress.ChannelOf(from))
        {
            case "whatsapp":
                form["ProfileName"] = "Ann";
                form["WaId"] = TwilioAddress.WithoutChannel(from).TrimStart('+');
                form["ReferralNumMedia"] = "0";
                break;
            case TwilioAddress.Sms:
                // Often empty in practice, and part of the signature all the same.
                foreach (var field in (string[])["City", "State", "Zip", "Country"]) (form["From" + field], form["To" + field]) = ("", "");
                break;
        }
    }
}
