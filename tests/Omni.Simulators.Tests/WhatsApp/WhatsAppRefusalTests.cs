using System.Net;
using System.Text;
using System.Text.Json.Nodes;

namespace Omni.Simulators.Tests.WhatsApp;

public sealed class WhatsAppRefusalTests : IClassFixture<SimulatedWhatsApp>
{
    private static readonly JsonObject Cases = JsonNode.Parse(
        File.ReadAllText(Path.Combine("Fixtures", "whatsapp-refused-sends.json")))!.AsObject();

    private readonly SimulatedWhatsApp _meta;

    public WhatsAppRefusalTests(SimulatedWhatsApp meta) => _meta = meta;

    public static TheoryData<string> Names() => [.. Cases.Select(one => one.Key)];

    [Theory, MemberData(nameof(Names))]
    public async Task A_message_that_breaks_a_rule_is_refused_with_its_code(string name)
    {
        using var response = await _meta.SendAsync(Cases[name]!["body"]!.AsObject());

        Assert.Equal((int)Cases[name]!["code"]!, await SimulatedWhatsApp.CodeOf(response));
    }

    [Fact]
    public async Task A_stranger_and_an_unknown_number_are_refused()
    {
        using var stranger = _meta.Client("another-token");
        using var refused = await stranger.PostAsync("v25.0/99001122/messages", null);
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        Assert.Equal(190, await SimulatedWhatsApp.CodeOf(refused));

        using var unknown = await _meta.SendAsync(numberId: "1");
        Assert.Equal(100, await SimulatedWhatsApp.CodeOf(unknown));
    }

    [Fact]
    public async Task A_body_that_is_not_json_is_none()
    {
        using var form = new FormUrlEncodedContent(new Dictionary<string, string> { ["messaging_product"] = "whatsapp" });
        using var broken = new StringContent("{", Encoding.UTF8, "application/json");

        foreach (var content in (HttpContent[])[form, broken])
        {
            using var response = await _meta.Api.PostAsync("v25.0/99001122/messages", content);
            Assert.Equal(100, await SimulatedWhatsApp.CodeOf(response));
        }

        using var seen = await _meta.Control.GetAsync("refused");
        Assert.Equal(HttpStatusCode.OK, seen.StatusCode);
    }
}
