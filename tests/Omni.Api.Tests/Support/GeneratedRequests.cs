using System.Text.Json;
using System.Text.Json.Nodes;
using Omni.Shared;

namespace Omni.Api.Tests;

/// <summary>Requests to send as chance makes them: right ones, and such as are wrong in one or several ways.</summary>
internal static class GeneratedRequests
{
    private static readonly string[] Carriers =
        ["twilio", "twilio", "whatsapp", "whatsapp", "bandwidth", "messagebird", "livechat", "inteliquent", "pigeon"];

    private static readonly string[] Recipients =
        ["\"+14155550123\"", "\"+1 (415) 555-0123\"", "\"+14155550199\"", "\"+18005550123\"", "\"PJ0MRSHTDG\"", "\"nobody\"", "5",
            """{"type":"whatsappUserId","value":"US.13491208655302741918"}""", """{"type":"alphanumeric","value":"Shop"}"""];

    private static readonly string[] Senders =
        ["\"+12065550100\"", "\"+12065550100\"", "\"12345\"", "\"Omni Shop\"", "\"12345678\"",
            """{"type":"senderPool","value":"channel-1"}""", """{"type":"pigeonhole","value":"1"}"""];

    /// <summary>The id of a file that the caller has.</summary>
    public static readonly string Kept = Ids.Media("msg_1", 0);

    private static readonly string[] Contents =
    [
        $$"""{"type":"image","mediaId":"{{Kept}}"}""",
        """{"type":"image","mediaId":"upl_0197c1e2d3f4754685d8e7f60718293a"}""",
        """{"type":"text","body":"Hello"}""",
        """{"type":"text","body":"Hello"}""",
        """{"type":"text","body":"Hello"}""",
        """{"type":"text","body":"Hello"}""",
        """{"type":"text","body":"Grüße ☺ 👍🏽"}""",
        """{"type":"text","body":""}""",
        """{"type":"image","mediaUrl":"https://example.com/a.png","caption":"Look"}""",
        """{"type":"image","mediaUrl":"http://localhost/a.png"}""",
        """{"type":"document","mediaId":"med_2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae"}""",
        """{"type":"location","latitude":47.6,"longitude":-122.3,"name":"Pier 57"}""",
        """{"type":"location","latitude":147.6,"longitude":-122.3}""",
        """{"type":"template","name":"order_sent","language":"en","variables":{"1":"Ina"}}""",
        """{"type":"template","name":"order_sent","language":"en"}""",
        """{"type":"template","name":"order_sent","language":"en","variables":{"1":"Ina","2":"42"}}""",
        """{"type":"template","name":"not_listed","language":"en","variables":{"1":"Ina"}}""",
        """{"type":"template","name":"HX0123456789abcdef0123456789abcdef","variables":{"1":"Ina"}}""",
        """{"type":"template","name":"HX0123456789abcdef0123456789abcdef","variables":{"3":"Ina"}}""",
        """{"type":"interactive","body":"Which size?","buttons":[{"id":"s","title":"Small"},{"id":"l","title":"Large"}]}""",
        """{"type":"interactive","body":"Which size?","quickReplies":[{"id":"s","title":"Small"},{"id":"s","title":"Large"}]}""",
        """{"type":"reaction","messageId":"msg_none","emoji":"👍"}""",
        """{"type":"contacts","contacts":[{"name":"Ina","phones":["+14155550123"]}]}""",
        """{"type":"poll"}""",
    ];

    /// <summary>What may stand beside them: each alone is right, wrong, or right at some carriers.</summary>
    private static readonly (string Name, string Json)[] More =
    [
        ("adapt", "true"), ("adapt", "true"), ("adapt", "\"yes\""),
        ("priority", "\"high\""), ("priority", "\"higher\""),
        ("ttlSeconds", "60"), ("ttlSeconds", "1"),
        ("scheduledAt", "\"2026-03-15T08:00:00Z\""), ("scheduledAt", "\"2026-03-13T08:00:00Z\""),
        ("scheduledAt", "\"2027-03-13T08:00:00Z\""),
        ("replyTo", "\"msg_none\""), ("replyTo", "\"msg_sent\""), ("replyTo", "\"wamid.1\""), ("replyTo", "\"wamid.1\""),
        ("replyTo", "\"wamid.1\""), ("replyTo", "\"wamid.1\""),
        ("clientReference", "\"order-42\""), ("metadata", """{"campaignId":"camp_001"}"""), ("metadata", """{"":1}"""),
        ("onUnknownOutcome", "\"hold\""), ("tll", "5"),
        ("deliveryWindow", """{"from":"09:00","to":"18:00","timeZone":"recipient"}"""),
        ("deliveryWindow", """{"days":["mon"],"from":"09:00","to":"18:00","timeZone":"Europe/Berlin"}"""),
        ("deliveryWindow", """{"days":["mon"],"from":"19:00","to":"18:00","timeZone":"Europe/Atlantis"}"""),
        ("label", "\"spring-sale\""), ("label", "\"\""), ("maxSegments", "1"), ("maxSegments", "3"), ("maxSegments", "201"),
    ];

    /// <summary>The next one.</summary>
    /// <param name="random">Chance.</param>
    public static string Next(Random random)
    {
        T One<T>(T[] of) => of[random.Next(of.Length)];

        var request = new JsonObject
        {
            ["carrier"] = One(Carriers),
            ["to"] = JsonNode.Parse(random.Next(3) > 0 ? One(Recipients[..4]) : One(Recipients)),
            ["from"] = JsonNode.Parse(random.Next(3) > 0 ? Senders[0] : One(Senders)),
            ["content"] = random.Next(6) == 0
                ? new JsonObject { ["type"] = "text", ["body"] = new string(One(['a', 'ß', '☺']), random.Next(1, 6000)) }
                : JsonNode.Parse(One(Contents)),
        };
        for (var more = random.Next(3); more > 0; more--)
        {
            var (name, json) = One(More);
            request[name] = JsonNode.Parse(json);
        }

        if (random.Next(20) == 0) request.Remove(One(["carrier", "to", "from", "content"]));
        return JsonSerializer.Serialize(request);
    }
}
