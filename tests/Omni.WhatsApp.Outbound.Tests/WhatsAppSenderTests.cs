using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Omni.Pipeline;
using Omni.Shared;
using Omni.Testing;

namespace Omni.WhatsApp.Outbound.Tests;

public sealed class WhatsAppSenderTests : SenderRules
{
    protected override Message Message => StubMeta.Hello;

    protected override (HttpStatusCode Status, string Body, string CarrierMessageId) Acceptance =>
        (HttpStatusCode.OK, StubMeta.Sent, StubMeta.Wamid);

    protected override (string Body, string Code) Refusal => ("""{"error":{"code":131047}}""", "131047");

    protected override ICarrierSender NewSender(StubCarrier carrier) => StubMeta.Sender(carrier);

    public static TheoryData<string> Requests() =>
        [.. Directory.EnumerateFiles(Path.Combine("Fixtures", "Requests"), "*.json")
            .Select(path => Path.GetFileNameWithoutExtension(path)).Order()];

    [Theory, MemberData(nameof(Requests))]
    public async Task A_message_becomes_its_request_to_the_byte(string name)
    {
        var fixture = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine("Fixtures", "Requests", $"{name}.json")))!;
        var message = StubCarrier.Planned(fixture["message"].Deserialize(OmniJson.Wire.Message)!);
        var meta = new StubCarrier(HttpStatusCode.OK, StubMeta.Sent);

        Assert.Equivalent(StubMeta.Taken, await StubMeta.SendAsync(meta, message), strict: true);

        var request = Assert.Single(meta.Requests);
        Assert.Equal(HttpMethod.Post, request.Method);
        Assert.Equal("https://graph.facebook.com/v25.0/99001122/messages", request.Url);
        Assert.Equal("application/json", request.ContentType);
        Assert.Equal($"Bearer {StubMeta.Token}", request.Headers.Authorization?.ToString());
        Assert.Equal(StubMeta.Compact(fixture["request"]!), request.Text);
    }

    [Fact]
    public async Task Each_part_of_a_long_text_is_a_message_with_its_own_reference_and_the_first_one_quotes()
    {
        var meta = new StubCarrier(HttpStatusCode.OK, StubMeta.Sent);
        var message = StubCarrier.Planned(StubMeta.Hello with
        {
            Content = new TextContent { Body = new string('a', 4096) + "b" }, Parts = [], ReplyTo = "wamid.QUOTED01"
        });

        foreach (var index in (int[])[0, 1])
            await StubMeta.Sender(meta).SendAsync(StubCarrier.Part(message, index), CancellationToken.None);

        Assert.Contains(
            "\"context\":{\"message_id\":\"wamid.QUOTED01\"},\"biz_opaque_callback_data\":\"msg_7f3a.0.1\"",
            meta.Requests[0].Text,
            StringComparison.Ordinal);
        Assert.EndsWith(
            "\"biz_opaque_callback_data\":\"msg_7f3a.1.1\",\"type\":\"text\",\"text\":{\"body\":\"b\"}}",
            meta.Requests[1].Text,
            StringComparison.Ordinal);
        Assert.DoesNotContain("context", meta.Requests[1].Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_caption_that_a_sound_cannot_have_follows_as_a_text()
    {
        var meta = new StubCarrier(HttpStatusCode.OK, StubMeta.Sent);
        var message = StubMeta.Hello with
        {
            Content = new AudioContent { MediaId = "881", Caption = "Listen" },
            Parts = [new PlannedPart(), new PlannedPart { IsCaption = true }],
        };

        foreach (var index in (int[])[0, 1])
            await StubMeta.Sender(meta).SendAsync(StubCarrier.Part(message, index), CancellationToken.None);

        Assert.EndsWith("\"type\":\"audio\",\"audio\":{\"id\":\"881\"}}", meta.Requests[0].Text, StringComparison.Ordinal);
        Assert.EndsWith("\"type\":\"text\",\"text\":{\"body\":\"Listen\"}}", meta.Requests[1].Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("accepted", null)]
    [InlineData("held_for_quality_assessment", "held_for_quality_assessment")]
    [InlineData("paused", "paused")]
    [InlineData("", null)]
    public async Task A_message_that_meta_takes_and_holds_says_so(string status, string? code)
    {
        var meta = new StubCarrier(
            HttpStatusCode.OK, $$"""{"messaging_product":"whatsapp","messages":[{"id":"wamid.OUT001","message_status":"{{status}}"}]}""");

        Assert.Equal(
            new SendOutcome.Accepted(StubMeta.Wamid, CarrierCode: code),
            await StubMeta.SendAsync(meta, StubMeta.Hello with { Content = new TemplateContent { Name = "a", Language = "en" } }));
    }

    [Theory]
    [InlineData("""{"wa_id":"551199990001"}""", "phone:+551199990001")] // a Brazilian number without its mobile 9
    [InlineData("""{"wa_id":551199990001}""", "phone:+551199990001")]
    [InlineData("""{"wa_id":"551199990001","user_id":"BR.8841ab"}""", "phone:+551199990001", "whatsappUserId:BR.8841ab")]
    [InlineData("""{"user_id":"BR.8841ab","parent_user_id":"BR.ENT.1"}""", "whatsappUserId:BR.8841ab", "whatsappUserId:BR.ENT.1")]
    [InlineData("""{"wa_id":"BR.8841ab"}""", "whatsappUserId:BR.8841ab")]
    [InlineData("""{"wa_id":"unknown"}""")]
    [InlineData("""{"wa_id":""}""")]
    public async Task What_meta_calls_the_person_is_where_the_answers_come_from(string contact, params string[] names)
    {
        var meta = new StubCarrier(
            HttpStatusCode.OK, $$$"""{"messaging_product":"whatsapp","contacts":[{{{contact}}}],"messages":[{"id":"wamid.OUT001"}]}""");

        var taken = Assert.IsType<SendOutcome.Accepted>(await StubMeta.SendAsync(meta, StubMeta.Hello));

        Assert.Equal(StubMeta.Wamid, taken.CarrierMessageId);
        Assert.Equal(names, (taken.KnownAs ?? []).Select(name => name.Key));
    }

    [Theory]
    [InlineData("""{"messaging_product":"whatsapp"}""")]
    [InlineData("""{"messaging_product":"whatsapp","contacts":null,"messages":null}""")]
    [InlineData("""{"messaging_product":"whatsapp","contacts":[null],"messages":[null]}""")]
    [InlineData("""{"messaging_product":"whatsapp","contacts":[],"messages":[{"id":""}]}""")]
    public async Task An_acceptance_without_an_id_is_one_all_the_same(string body) =>
        Assert.Equal(
            new SendOutcome.Accepted(null), await StubMeta.SendAsync(new StubCarrier(HttpStatusCode.Created, body), StubMeta.Hello));

    [Fact]
    public async Task With_a_list_of_numbers_each_one_sends_by_its_own_id_and_no_other_does()
    {
        var meta = new StubCarrier(HttpStatusCode.OK, StubMeta.Sent);
        var sender = StubMeta.Sender(
            meta,
            ("WHATSAPP_PHONE_NUMBER_IDS", "+31205550100=1, +12065550100 = 2"),
            ("WHATSAPP_API_VERSION", "v26.0"),
            ("WHATSAPP_BASE_URL", "http://127.0.0.1:8080/whatsapp/"));

        await sender.SendAsync(StubCarrier.Part(StubMeta.Hello with { From = Address.Phone("+12065550100") }), CancellationToken.None);
        var stranger = await sender.SendAsync(
            StubCarrier.Part(StubMeta.Hello with { From = Address.Phone("+12065550199") }), CancellationToken.None);

        Assert.Equal("http://127.0.0.1:8080/whatsapp/v26.0/2/messages", Assert.Single(meta.Requests).Url);
        Assert.Equal(new SendOutcome.Rejected(FailureReason.SenderMisconfigured, "from_not_listed"), stranger);
    }

    [Theory]
    [InlineData("""{"type":"interactive","body":"x","cards":[{"title":"t","buttons":[]}]}""", "unsupported", "content")]
    [InlineData("""{"type":"interactive","body":"x"}""", "unsupported", "content")]
    [InlineData("""{"type":"sticker","mediaId":"1","caption":"x"}""", "unsupported", "content")]
    [InlineData("""{"type":"template","name":"hello_world"}""", "bad_request", "template_language")]
    [InlineData("""{"type":"image"}""", "media_rejected", "media")]
    public async Task What_whatsapp_cannot_carry_is_rejected_without_a_call(string content, string reason, string code)
    {
        var meta = new StubCarrier(HttpStatusCode.OK, StubMeta.Sent);

        var outcome = await StubMeta.SendAsync(
            meta, StubMeta.Hello with { Content = JsonSerializer.Deserialize(content, OmniJson.Wire.Content)! });

        Assert.Equal(new SendOutcome.Rejected(EnumWords.FromCode(reason)!.Value, code), outcome);
        Assert.Empty(meta.Requests);
    }

    [Fact]
    public async Task A_rotated_token_counts_from_the_next_call_on()
    {
        var meta = new StubCarrier(HttpStatusCode.OK, StubMeta.Sent);
        var environment = StubMeta.Environment();
        var sender = StubMeta.Sender(meta, environment);

        environment["WHATSAPP_API_TOKEN"] = "rotated";
        await sender.SendAsync(StubCarrier.Part(StubMeta.Hello), CancellationToken.None);

        Assert.Equal("Bearer rotated", meta.Requests[0].Headers.Authorization?.ToString());
    }

    [Fact]
    public async Task An_inbound_message_is_marked_as_read_by_the_number_that_it_came_to()
    {
        var meta = new StubCarrier(HttpStatusCode.OK, """{"success":true}""");
        var inbound = StubMeta.Hello with
        {
            Direction = Direction.Inbound, CarrierMessageId = "wamid.IN001", To = Address.Phone("+12065550100")
        };

        Assert.IsType<SendOutcome.Accepted>(
            await StubMeta.Sender(meta, ("WHATSAPP_PHONE_NUMBER_IDS", "+12065550100=2")).MarkReadAsync(inbound, CancellationToken.None));

        var request = Assert.Single(meta.Requests);
        Assert.Equal("https://graph.facebook.com/v25.0/2/messages", request.Url);
        Assert.Equal("""{"messaging_product":"whatsapp","status":"read","message_id":"wamid.IN001"}""", request.Text);
    }

    [Theory]
    [InlineData(HttpStatusCode.BadRequest, "131009", "rejected")]
    [InlineData(HttpStatusCode.InternalServerError, "131000", "carrierUnavailable")]
    [InlineData(HttpStatusCode.InternalServerError, "139999", "carrierUnavailable")]
    [InlineData(HttpStatusCode.Unauthorized, "190", "ourFault")]
    [InlineData(HttpStatusCode.TooManyRequests, "130429", "throttled")]
    public async Task A_mark_that_failed_may_be_made_again_unless_it_was_refused(HttpStatusCode status, string code, string expected)
    {
        var outcome = await StubMeta.Sender(StubMeta.Refusing(code, status))
            .MarkReadAsync(StubMeta.Hello with { CarrierMessageId = "wamid.IN001" }, CancellationToken.None);

        Assert.Equal(expected, outcome switch
        {
            SendOutcome.Deferred deferred => deferred.Cause.Word(),
            SendOutcome.Rejected => "rejected",
            _ => outcome.ToString()
        });
    }
}
