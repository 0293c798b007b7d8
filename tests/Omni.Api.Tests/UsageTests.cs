namespace Omni.Api.Tests;

/// <summary>It is 2026-03-14.</summary>
public sealed class UsageTests
{
    private const string Twilio =
        """{"carrier":"twilio","sender":"+12065550100","direction":"outbound","status":"delivered","messages":3""";
    private const string WhatsApp =
        """{"carrier":"whatsapp","sender":"+12065550100","direction":"inbound","status":"received","messages":2}""";

    private const string Prices4 = "\"segments\":4,\"prices\":{\"USD\":0.0225,\"EUR\":0.01}";
    private const string Prices3 = "\"segments\":3,\"prices\":{\"USD\":0.0225}";

    private readonly TestApi _api = new();

    public UsageTests()
    {
        Store("default", "20260313#00", $"[{Twilio},{Prices4}}},{WhatsApp}]", 1);
        Store("default", "20260314#00", $"[{Twilio},{Prices3}}}]", 2);
        Store("default", "20260314#07", """[{"carrier":"twilio","direction":"outbound","status":"failed","messages":1,"segments":0}]""", 3);
        Store("default", "20260201#01", $"[{Twilio},\"segments\":3}}]", 4);
        Store("another", "20260314#00", $"[{Twilio},\"segments\":99}}]", 5);
        _api.Tables.Store("control", new() { ["pk"] = new("usage#default"), ["sk"] = new("20260312#00"), ["ip"] = new("[]") }); // begun
    }

    /// <summary>Rows as <c>key outbound inbound segments prices</c>.</summary>
    [Theory]
    [InlineData("", "2026-03-13 3 2 4 EUR0.01 USD0.0225", "2026-03-14 4 0 3 USD0.0225")]
    [InlineData("by=carrier", "twilio 7 0 7 EUR0.01 USD0.0450", "whatsapp 0 2 0")]
    [InlineData("by=sender&from=2026-03-14", "twilio 1 0 0", "twilio +12065550100 3 0 3 USD0.0225")]
    [InlineData("by=status&from=2026-03-14&to=2026-03-14", "failed 1 0 0", "delivered 3 0 3 USD0.0225")]
    [InlineData("from=2026-02-01&to=2026-02-28", "2026-02-01 3 0 3")]
    [InlineData("from=2026-01-01&to=2026-01-31")]
    public async Task The_days_are_added_up(string query, params string[] rows)
    {
        var reply = await _api.GetAsync("/api/v1/usage?" + query);

        Assert.Equal(200, reply.Status);
        Assert.Equal(rows, reply.Json.GetProperty("data").EnumerateArray().Select(row => string.Join(' ', row.EnumerateObject()
            .SelectMany(member => member.Name == "prices"
                ? member.Value.EnumerateArray().Select(price => $"{price.GetProperty("currency")}{price.GetProperty("amount")}")
                : [member.Value.ToString()]))));
    }

    [Theory]
    [InlineData("", "2026-02-13", "2026-03-14", "2026-03-14T12:02:00.123Z")] // the earlier of its two shards
    [InlineData("from=2026-02-01&to=2026-02-28", "2026-02-01", "2026-02-28", "2026-03-14T12:04:00.123Z")]
    [InlineData("to=2026-03-12", "2026-02-11", "2026-03-12", null)]
    [InlineData("from=2025-03-14", "2025-03-14", "2026-03-14", "2026-03-14T12:02:00.123Z")]
    public async Task The_answer_tells_its_days_and_how_old_it_is(string query, string from, string to, string? countedAt)
    {
        var reply = await _api.GetAsync("/api/v1/usage?" + query);

        Assert.Equal((from, to, countedAt), (reply["from"], reply["to"], reply["countedAt"]));
    }

    [Theory]
    [InlineData("by=week", "by invalid_value")]
    [InlineData("from=yesterday", "from invalid_value")]
    [InlineData("from=2026-02-30&to=2026-3-1", "to invalid_value", "from invalid_value")]
    [InlineData("from=2026-03-14&to=2026-03-13", "from invalid_value")]
    [InlineData("from=2025-03-13&to=2026-03-14", "from invalid_value")]
    [InlineData("carrier=twilio", "carrier unknown_parameter")]
    public async Task What_cannot_be_asked_is_refused(string query, params string[] errors)
    {
        var reply = await _api.GetAsync("/api/v1/usage?" + query);

        Assert.Equal((400, "invalid_parameter"), (reply.Status, reply["code"]));
        Assert.Equal(errors, reply.Errors);
    }

    [Fact]
    public async Task Any_days_can_be_asked_for()
    {
        Assert.Equal(200, (await _api.GetAsync("/api/v1/usage?to=0001-01-01")).Status);
        Assert.Equal(200, (await _api.GetAsync("/api/v1/usage?from=9999-12-01&to=9999-12-31")).Status);
    }

    private void Store(string tenant, string name, string counts, int minute) => _api.Tables.Store("control", new()
    {
        ["pk"] = new("usage#" + tenant),
        ["sk"] = new(name),
        ["us"] = new(counts),
        ["at"] = new() { N = $"{TestApi.Noon.AddMinutes(minute).ToUnixTimeMilliseconds()}" },
    });
}
