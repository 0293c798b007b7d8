using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Omni.Aws;
using Omni.Shared;
using Omni.Testing;

namespace Omni.WhatsApp.Outbound.Tests;

/// <summary>A sender before a carrier that answers what a test told it to.</summary>
internal static class StubMeta
{
    public const string Token = "EAAG-a-secret-token";
    public const string Wamid = "wamid.OUT001";

    // As in Meta's documentation, with a member that nobody knows yet.
    public const string Sent =
        """
        {"messaging_product":"whatsapp","contacts":[{"input":"+31655501234","wa_id":"31655501234","user_id":"NL.8841ab"}],
         "messages":[{"id":"wamid.OUT001","message_status":"accepted","brand_new":[1]}]}
        """;

    /// <summary>What <see cref="Sent"/> means.</summary>
    public static SendOutcome Taken { get; } = new SendOutcome.Accepted(
        Wamid, [Address.Phone("+31655501234"), new(AddressType.WhatsappUserId, "NL.8841ab")]);

    /// <summary>A text, planned as the API plans it.</summary>
    public static Message Hello { get; } = StubCarrier.Planned(new()
    {
        Id = "msg_7f3a",
        Carrier = "whatsapp",
        To = Address.Phone("+31655501234"),
        From = Address.Phone("+31205550100"),
        Content = new TextContent { Body = "Hello" },
        CreatedAt = StubCarrier.Now,
    });

    public static Dictionary<string, string> Environment(params (string Name, string Value)[] more)
    {
        var environment = new Dictionary<string, string> { ["WHATSAPP_API_TOKEN"] = Token, ["WHATSAPP_PHONE_NUMBER_ID"] = "99001122" };
        foreach (var (name, value) in more) environment[name] = value;
        return environment;
    }

    public static WhatsAppSender Sender(StubCarrier carrier, params (string Name, string Value)[] more) =>
        Sender(carrier, Environment(more));

    public static WhatsAppSender Sender(StubCarrier carrier, Dictionary<string, string> environment) =>
        new(carrier.Http, new WhatsAppOptions(new Settings(environment)));

    public static Task<SendOutcome> SendAsync(StubCarrier carrier, Message message, int attempt = 1) =>
        Sender(carrier).SendAsync(StubCarrier.Part(message, attempt: attempt), CancellationToken.None);

    public static StubCarrier Refusing(string code, HttpStatusCode status) => new(
        status,
        $$$"""{"error":{"message":"(#{{{code}}}) The text: Hello","type":"OAuthException","code":{{{code}}},"error_data":"""
            + """{"messaging_product":"whatsapp","details":"x"},"fbtrace_id":"A1"}}""");

    /// <summary>The JSON of a request, written as the functions write it.</summary>
    public static string Compact(JsonNode node) =>
        node.ToJsonString(new JsonSerializerOptions { Encoder = PlainJsonEncoder.Instance });
}
