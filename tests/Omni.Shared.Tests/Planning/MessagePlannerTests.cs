using System.Text.Json;
using System.Text.Json.Nodes;

namespace Omni.Shared.Tests.Planning;

/// <summary>
/// The cases lie in Fixtures/Planning, one file a subject. A case names its carrier and content, and what becomes of it: the problems as
/// "field code", or the parts as their texts; "detail" is what the first problem's sentence must name. In a case, {"repeat": ["a", 3]}
/// stands for "aaa" and {"times": [x, 3]}, in a list, for three of x, in which {#} is its number.
/// </summary>
public sealed class MessagePlannerTests
{
    private static readonly (string Name, JsonObject Case)[] Cases =
    [
        .. Directory.EnumerateFiles(Path.Combine("Fixtures", "Planning"), "*.json").Order(StringComparer.Ordinal).SelectMany(file =>
            JsonNode.Parse(File.ReadAllText(file))!.AsArray().Select(
                one => ($"{Path.GetFileNameWithoutExtension(file)}: {one!["name"]}", one.AsObject()))),
    ];

    private static readonly Dictionary<AddressType, string> Samples = new()
    {
        [AddressType.Phone] = "+12065550100",
        [AddressType.ShortCode] = "12345",
    };

    public static TheoryData<string> Names() => [.. Cases.Select(one => one.Name)];

    [Theory, MemberData(nameof(Names))]
    public void A_request_is_planned_or_refused_as_its_fixture_says(string name)
    {
        var given = Cases.Single(one => one.Name == name).Case;
        var message = MessageOf(given);

        var plan = MessagePlanner.Plan(message, adapt: given["adapt"]?.GetValue<bool>() ?? false);

        Assert.Equal(Texts(given["problems"]), plan.Problems.Select(p => $"{p.Field} {p.Code}"));
        Assert.All(plan.Problems, problem => Assert.EndsWith(".", problem.Detail));
        if (given["detail"] is { } detail) Assert.Contains(detail.GetValue<string>(), plan.Problems[0].Detail);
        if (given["problems"] is not null) return;

        var planned = plan.Message!;
        Assert.Equal(given["adaptedFrom"]?.GetValue<string>(), planned.AdaptedFrom?.Word());
        if (given["text"] is { } text) Assert.Equal(Expand(text)!.GetValue<string>(), Assert.IsType<TextContent>(planned.Content).Body);
        Assert.Equal(Texts(given["parts"] ?? new JsonArray("")), planned.Parts.Select(part => Shown(planned, part)));
        if (given["segments"] is { } segments)
            Assert.Equal(segments.AsArray().Select(s => s!.GetValue<int>()), planned.Parts.Select(p => p.Segments));
    }

    [Fact]
    public void The_pieces_of_a_text_are_the_text_and_keep_every_limit_at_once()
    {
        string[] alphabet = ["a", " ", "€", "é", "ж", "👍", "👨‍👩‍👧", "\r\n"];
        var random = new Random(1);
        foreach (var carrier in CarrierCatalogue.All)
        {
            var text = string.Concat(
                Enumerable.Range(0, 20_000).Select(i => alphabet[random.Next(i % 3_000 < 1_500 ? 3 : alphabet.Length)]));

            var pieces = TextSplitter.Split(text, carrier.Limits);

            Assert.Equal(text, string.Concat(pieces));
            Assert.All(pieces, piece =>
            {
                Assert.InRange(piece.Length, 1, carrier.Limits.TextCharacters ?? int.MaxValue);
                Assert.InRange(System.Text.Encoding.UTF8.GetByteCount(piece), 1, carrier.Limits.TextBytes ?? int.MaxValue);
                Assert.InRange(SmsText.Count(piece).Segments, 1, carrier.Limits.SegmentsPerPart ?? int.MaxValue);
            });
        }
    }

    [Theory]
    [InlineData("whatsapp", AddressType.WhatsappUserId, "+31655501234", "to")]
    [InlineData("whatsapp", AddressType.WhatsappUserId, "31655501234", "to")]
    [InlineData("whatsapp", AddressType.WhatsappUserId, "NL.", "to")]
    [InlineData("whatsapp", AddressType.WhatsappUserId, "NL.88 41", "to")]
    [InlineData("whatsapp", AddressType.WhatsappUserId, "NL.8841ab", null)]
    [InlineData("whatsapp", AddressType.WhatsappUserId, "NL.ENT.77c", null)]
    [InlineData("twilio", AddressType.SenderPool, "MG1", "from")]
    [InlineData("twilio", AddressType.SenderPool, "HX0123456789abcdef0123456789abcdef", "from")]
    [InlineData("twilio", AddressType.SenderPool, "MG0123456789abcdef0123456789abcdeg", "from")]
    [InlineData("twilio", AddressType.SenderPool, "MG0123456789abcdef0123456789abcdef", null)]
    [InlineData("messagebird", AddressType.SenderPool, "channel-1", null)]
    public void An_id_that_is_none_of_its_kind_is_refused(string carrier, AddressType type, string value, string? field)
    {
        var (number, id) = (Address.Phone("+12065550100"), new Address(type, value));
        var isTo = type == AddressType.WhatsappUserId;
        var plan = MessagePlanner.Plan(new()
        {
            Id = "msg_1",
            Carrier = carrier,
            To = isTo ? id : number,
            From = isTo ? number : id,
            Content = new TextContent { Body = "Hi" },
        });

        Assert.Equal(field is null ? [] : [$"{field} invalid_address"], plan.Problems.Select(problem => $"{problem.Field} {problem.Code}"));
    }

    private static Message MessageOf(JsonObject given)
    {
        var carrier = CarrierCatalogue.Get(given["carrier"]!.GetValue<string>());
        return new()
        {
            Id = "msg_1",
            Carrier = carrier.Id,
            To = AddressOf(given["to"], carrier.To),
            From = AddressOf(given["from"], carrier.From),
            ReplyTo = given["replyTo"]?.GetValue<string>(),
            Content = Expand(given["content"]).Deserialize(OmniJson.Wire.Content)!,
        };
    }

    private static Address AddressOf(JsonNode? word, IReadOnlyList<AddressType> usual)
    {
        var type = word is null ? usual[0] : EnumWords.FromWord<AddressType>(word.GetValue<string>())!.Value;
        return new(type, Samples.GetValueOrDefault(type, "SAMPLE"));
    }

    // A caption that follows its file is written with its name; anything that is not text has none.
    private static string Shown(Message message, PlannedPart part) => (message.Content, part.IsCaption) switch
    {
        (TextContent text, _) => part.Slice(text.Body),
        (MediaContent media, true) => "caption " + part.Slice(media.Caption!),
        _ => "",
    };

    private static IEnumerable<string> Texts(JsonNode? list) => Expand(list)?.AsArray().Select(text => text!.GetValue<string>()) ?? [];

    private static JsonNode? Expand(JsonNode? node, string number = "") => node switch
    {
        JsonObject one when one["repeat"] is JsonArray r =>
            string.Concat(Enumerable.Repeat(r[0]!.GetValue<string>(), r[1]!.GetValue<int>())),
        JsonObject one when one["join"] is JsonArray j => string.Concat(j.Select(piece => Expand(piece, number)!.GetValue<string>())),
        JsonObject one => new JsonObject(one.Select(member => KeyValuePair.Create(member.Key, Expand(member.Value, number)))),
        JsonArray list => new JsonArray([.. list.SelectMany(item => item is JsonObject one && one["times"] is JsonArray t
            ? Enumerable.Range(0, t[1]!.GetValue<int>()).Select(i => Expand(t[0], $"{number}{i}"))
            : [Expand(item, number)])]),
        JsonValue value when value.TryGetValue<string>(out var text) => text.Replace("{#}", number, StringComparison.Ordinal),
        _ => node?.DeepClone(),
    };
}
