using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace Omni.Simulators.Tests.WhatsApp;

public sealed class WhatsAppInboundTests : IAsyncLifetime
{
    private readonly SimulatedWhatsApp _meta = new();

    public Task InitializeAsync() => _meta.InitializeAsync();

    public Task DisposeAsync() => _meta.DisposeAsync();

    [Fact]
    public async Task A_message_comes_signed_and_with_its_text_escaped()
    {
        var call = await _meta.ReceiveAsync(new { from = SimulatedWhatsApp.Ann, to = SimulatedWhatsApp.Ours, body = "Zürich/😀" });

        Assert.True(call.IsSignedWith(_meta.Options.AppSecret));
        Assert.Contains("Z\\u00fcrich\\/\\ud83d\\ude00", call.Body, StringComparison.Ordinal);
        var message = call.Value["messages"]![0]!;
        Assert.Equal(
            ("14155550123", "text", "Zürich/😀"), ((string?)message["from"], (string?)message["type"], (string?)message["text"]!["body"]));
        Assert.Equal(
            ("31205550100", "99001122"),
            ((string?)call.Value["metadata"]!["display_phone_number"], (string?)call.Value["metadata"]!["phone_number_id"]));
        Assert.Equal("14155550123", (string?)call.Value["contacts"]![0]!["wa_id"]);
    }

    [Fact]
    public async Task Or_it_comes_plain_under_the_signature_of_the_escaped_text()
    {
        var call = await _meta.ReceiveAsync(
            new { from = SimulatedWhatsApp.Ann, to = SimulatedWhatsApp.Ours, body = "ü", rawUnicode = true });

        Assert.Contains("\"ü\"", call.Body, StringComparison.Ordinal);
        Assert.False(call.IsSignedWith(_meta.Options.AppSecret));
        Assert.True(call.IsSignedWith(_meta.Options.AppSecret, over: call.Body.Replace("ü", "\\u00fc", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task The_secret_before_signs_when_told_to()
    {
        await _meta.TellAsync("behaviour", new { signWith = "secondary" });
        Assert.True((await _meta.ReceiveAsync(new { from = SimulatedWhatsApp.Ann, to = SimulatedWhatsApp.Ours, body = "Hi" })).IsSignedWith(
            _meta.Options.PreviousAppSecret));
    }

    [Fact]
    public async Task Several_people_come_in_one_call_with_an_entry_for_each_number()
    {
        await _meta.TellAsync("batch", new
        {
            messages = new object[]
            {
                new { from = SimulatedWhatsApp.Ann, to = SimulatedWhatsApp.Ours, body = "One" },
                new { from = "+14155550124", to = SimulatedWhatsApp.Ours2, body = "Two" },
                new { from = "+14155550125", to = SimulatedWhatsApp.Ours, body = "Three" },
            },
        });

        var values = (await _meta.NextAsync()).Values;
        Assert.Equal(["One", "Three"], values[0]["messages"]!.AsArray().Select(message => (string?)message!["text"]!["body"]));
        Assert.Equal(["Two"], values[1]["messages"]!.AsArray().Select(message => (string?)message!["text"]!["body"]));
    }

    [Fact]
    public async Task Somebody_who_hides_their_number_is_known_by_their_user_id()
    {
        var message = (await _meta.ReceiveAsync(
            new { from = SimulatedWhatsApp.Ann, to = SimulatedWhatsApp.Ours, body = "Hi", hidesNumber = true })).Value["messages"]![0]!;

        Assert.Null(message["from"]);
        Assert.Matches(@"^US\.[0-9a-f]{16}$", (string?)message["from_user_id"]);
    }

    [Fact]
    public async Task A_choice_names_what_was_offered()
    {
        await _meta.ReceiveAsync(new { from = SimulatedWhatsApp.Ann, to = SimulatedWhatsApp.Ours, body = "Hi" });
        var id = await _meta.AcceptedAsync(new()
        {
            ["type"] = "interactive",
            ["text"] = null,
            ["interactive"] = JsonNode.Parse("""{"type":"button","body":{"text":"When?"},"action":{"buttons":[{"type":"reply","reply":"""
                + """{"id":"am","title":"Morning"}}]}}"""),
        });
        await _meta.NextStatusAsync();
        await _meta.NextStatusAsync();

        var message = (await _meta.ReceiveAsync(
            new { from = SimulatedWhatsApp.Ann, to = SimulatedWhatsApp.Ours, choice = new { id = "am" } })).Value["messages"]![0]!;

        Assert.Equal("Morning", (string?)message["interactive"]!["button_reply"]!["title"]);
        Assert.Equal(id, (string?)message["context"]!["id"]);
    }

    [Fact]
    public async Task All_that_a_person_reads_is_reported_in_one_call_and_once()
    {
        await _meta.ReceiveAsync(new { from = SimulatedWhatsApp.Ann, to = SimulatedWhatsApp.Ours, body = "Hi" });
        foreach (var _ in Enumerable.Range(0, 2))
        {
            await _meta.AcceptedAsync();
            await _meta.NextStatusAsync();
            await _meta.NextStatusAsync();
        }

        await _meta.TellAsync("read", new { person = SimulatedWhatsApp.Ann, number = SimulatedWhatsApp.Ours });
        Assert.Equal(["read", "read"], (await _meta.NextAsync()).Value["statuses"]!.AsArray().Select(status => (string?)status!["status"]));
        Assert.Empty((await _meta.TellAsync("read", new { person = SimulatedWhatsApp.Ann }))["read"]!.AsArray());
    }

    [Fact]
    public async Task What_is_not_answered_with_200_comes_again()
    {
        _meta.Answers.Enqueue(500);
        _meta.Answers.Enqueue(204);

        var first = await _meta.ReceiveAsync(new { from = SimulatedWhatsApp.Ann, to = SimulatedWhatsApp.Ours, body = "Hi" });

        Assert.Equal(first, await _meta.NextAsync());
        Assert.Equal(first, await _meta.NextAsync());
    }

    [Fact]
    public async Task An_inbound_message_can_be_marked_as_read_and_no_other_can()
    {
        var id = (string?)(await _meta.ReceiveAsync(
            new { from = SimulatedWhatsApp.Ann, to = SimulatedWhatsApp.Ours, body = "Hi" })).Value["messages"]![0]!["id"];

        using var marked = await _meta.Api.PostAsJsonAsync(
            "v25.0/99001122/messages", new { messaging_product = "whatsapp", status = "read", message_id = id });
        Assert.Equal("""{"success":true}""", await marked.Content.ReadAsStringAsync());
        using var unknown = await _meta.Api.PostAsJsonAsync(
            "v25.0/99001122/messages", new { messaging_product = "whatsapp", status = "read", message_id = "wamid.X" });
        Assert.Equal(131009, await SimulatedWhatsApp.CodeOf(unknown));

        Assert.Equal(id, (string?)Assert.Single((await _meta.Control.GetFromJsonAsync<JsonArray>("reads"))!)!["messageId"]);
    }

    [Fact]
    public async Task The_question_at_set_up_can_be_asked()
    {
        var asked = await _meta.TellAsync("verify");

        Assert.Equal((string?)asked["challenge"], (string?)asked["body"]);
        var call = await _meta.NextAsync();
        Assert.Equal("GET", call.Method);
        Assert.Contains($"hub.verify_token={_meta.Options.VerifyToken}", call.Query, StringComparison.Ordinal);
    }
}
