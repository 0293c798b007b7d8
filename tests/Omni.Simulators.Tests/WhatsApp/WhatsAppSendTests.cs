using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Time.Testing;

namespace Omni.Simulators.Tests.WhatsApp;

public sealed class WhatsAppSendTests : IAsyncLifetime
{
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 11, 23, 10, 15, 0, TimeSpan.Zero));
    private readonly SimulatedWhatsApp _meta;

    public WhatsAppSendTests() => _meta = new() { Clock = _clock };

    public Task InitializeAsync() => _meta.InitializeAsync();

    public Task DisposeAsync() => _meta.DisposeAsync();

    [Fact]
    public async Task An_accepted_message_is_answered_as_Meta_answers_and_reported_on_in_order()
    {
        await _meta.ReceiveAsync(new { from = SimulatedWhatsApp.Ann, to = SimulatedWhatsApp.Ours, body = "Hi" });

        using var response = await _meta.SendAsync();

        var answer = await SimulatedWhatsApp.JsonOf(response);
        Assert.Equal("whatsapp", (string?)answer["messaging_product"]);
        Assert.Equal(SimulatedWhatsApp.Ann, (string?)answer["contacts"]![0]!["input"]);
        Assert.Equal("14155550123", (string?)answer["contacts"]![0]!["wa_id"]);
        var id = (string?)answer["messages"]![0]!["id"];
        Assert.StartsWith("wamid.", id, StringComparison.Ordinal);

        foreach (var status in (string[])["sent", "delivered"])
        {
            var report = await _meta.NextStatusAsync();
            Assert.Equal(
                (status, id, "msg_1.0.1"), ((string?)report["status"], (string?)report["id"], (string?)report["biz_opaque_callback_data"]));
            Assert.Equal("14155550123", (string?)report["recipient_id"]);
            Assert.Equal("service", (string?)report["pricing"]!["category"]);
        }
    }

    [Fact]
    public async Task Outside_the_window_only_a_template_arrives()
    {
        await _meta.AcceptedAsync();
        Assert.Equal(131047, await FailedAsync());

        await _meta.AcceptedAsync(Template("hello_world"));
        await DeliveredAsync();

        await _meta.ReceiveAsync(new { from = SimulatedWhatsApp.Ann, to = SimulatedWhatsApp.Ours, body = "Hi" });
        await _meta.AcceptedAsync();
        await DeliveredAsync();

        _clock.Advance(TimeSpan.FromHours(24));
        await _meta.AcceptedAsync();
        Assert.Equal(131047, await FailedAsync());
    }

    [Fact]
    public async Task Marketing_is_not_sent_to_those_who_stopped_it_and_everything_else_is()
    {
        await _meta.TellAsync("preferences", new { from = SimulatedWhatsApp.Ann, to = SimulatedWhatsApp.Ours, value = "stop" });
        var preference = (await _meta.NextAsync()).Value["user_preferences"]![0]!;
        Assert.Equal(
            ("14155550123", "marketing_messages", "stop"),
            ((string?)preference["wa_id"], (string?)preference["category"], (string?)preference["value"]));

        var sale = Template("spring_sale",
            """{"type":"header","parameters":[{"type":"image","image":{"link":"https://cdn.example.test/a.png"}}]}""",
            """{"type":"body","parameters":[{"type":"text","text":"Ann"}]}""",
            """{"type":"button","sub_type":"copy_code","index":"1","parameters":[{"type":"coupon_code","coupon_code":"SAVE"}]}""");
        await _meta.AcceptedAsync(sale);
        Assert.Equal(131050, await FailedAsync());

        await _meta.AcceptedAsync(Template("hello_world"));
        await DeliveredAsync();
    }

    [Fact]
    public async Task Too_much_for_one_person_or_for_a_number_is_refused_with_its_own_code()
    {
        await _meta.TellAsync("rate", new { number = new { perSecond = 0, burst = 3 }, pair = new { perSecond = 1, burst = 1 } });

        await _meta.AcceptedAsync();
        using (var pair = await _meta.SendAsync()) Assert.Equal(131056, await SimulatedWhatsApp.CodeOf(pair));

        _clock.Advance(TimeSpan.FromSeconds(1));
        await _meta.AcceptedAsync();
        using var number = await _meta.SendAsync(new() { ["to"] = "+14155550199" });
        Assert.Equal(130429, await SimulatedWhatsApp.CodeOf(number));
    }

    [Fact]
    public async Task A_person_may_be_known_by_another_number_or_by_no_number()
    {
        using var brazil = await _meta.SendAsync(new() { ["to"] = "+5511999990001" });
        Assert.Equal("551199990001", (string?)(await SimulatedWhatsApp.JsonOf(brazil))["contacts"]![0]!["wa_id"]);
        await _meta.NextAsync();

        using var hidden = await _meta.SendAsync(new() { ["to"] = null, ["recipient"] = "NL.8841ab" });
        var contact = (await SimulatedWhatsApp.JsonOf(hidden))["contacts"]![0]!;
        Assert.Equal(("NL.8841ab", null), ((string?)contact["user_id"], contact["wa_id"]));
        Assert.Null((await _meta.NextStatusAsync())["recipient_id"]);
    }

    [Theory]
    [InlineData("+15005550001", "failed/131026")]
    [InlineData("+15005550002", "sent")]
    [InlineData("+15005550005", "sent failed/131026")]
    [InlineData("+15005550006", "sent read")]
    public async Task Some_numbers_have_a_meaning(string to, string expected)
    {
        await _meta.AcceptedAsync(new(
            Template("hello_world").Append(new("to", to)).Select(member => KeyValuePair.Create(member.Key, member.Value?.DeepClone()))));

        foreach (var status in expected.Split(' '))
        {
            var report = await _meta.NextStatusAsync();
            Assert.Equal(status, report["errors"] is { } errors ? $"{report["status"]}/{errors[0]!["code"]}" : (string?)report["status"]);
        }
    }

    [Theory]
    [InlineData("""{"httpStatus":429,"retryAfterSeconds":3}""", 429, 130429)]
    [InlineData("""{"errorCode":131047}""", 400, 131047)]
    [InlineData("""{"errorCode":190}""", 401, 190)]
    [InlineData("""{"acceptThen":"500"}""", 500, 131000)]
    public async Task It_misbehaves_as_it_is_told(string rule, int status, int code)
    {
        await _meta.TellAsync("behaviour", JsonNode.Parse(rule)!);

        using var response = await _meta.SendAsync();

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal(code, await SimulatedWhatsApp.CodeOf(response));
        Assert.Equal(status == 429 ? 3 : null, (int?)response.Headers.RetryAfter?.Delta?.TotalSeconds);
        Assert.Equal(status == 500 ? 1 : 0, (await _meta.Control.GetFromJsonAsync<JsonArray>("messages"))!.Count);
    }

    [Fact]
    public async Task Receipts_are_lost_doubled_and_shuffled()
    {
        await _meta.TellAsync(
            "behaviour", new { receipts = new { path = (string[])["sent", "delivered", "read"], shuffle = true, duplicate = 1 } });
        await _meta.AcceptedAsync();

        var seen = new List<string?>();
        for (var i = 0; i < 6; i++) seen.Add((string?)(await _meta.NextStatusAsync())["status"]);
        Assert.Equal(["read", "read", "delivered", "delivered", "sent", "sent"], seen);
    }

    private static JsonObject Template(string name, params string[] components) => new()
    {
        ["type"] = "template",
        ["text"] = null,
        ["template"] = new JsonObject
        {
            ["name"] = name,
            ["language"] = new JsonObject { ["code"] = "en_US" },
            ["components"] = new JsonArray([.. components.Select(component => JsonNode.Parse(component))]),
        },
    };

    private async Task<int> FailedAsync()
    {
        var report = await _meta.NextStatusAsync();
        Assert.Equal("failed", (string?)report["status"]);
        return (int)report["errors"]![0]!["code"]!;
    }

    private async Task DeliveredAsync()
    {
        Assert.Equal("sent", (string?)(await _meta.NextStatusAsync())["status"]);
        Assert.Equal("delivered", (string?)(await _meta.NextStatusAsync())["status"]);
    }
}
