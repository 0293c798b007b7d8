using System.Text;
using Microsoft.AspNetCore.Http;

namespace Omni.Client.Tests;

/// <summary>What Omni posts is verified, and nothing else.</summary>
public sealed class WebhookTests
{
    private const string Id = "evt_1";
    private const string Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    private const string OtherSecret = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD";

    private static readonly Omni.Testing.VirtualClock Clock = new();

    private static readonly byte[] Body = Encoding.UTF8.GetBytes(
        """{"id":"evt_1","type":"message.received","timestamp":"2026-01-31T08:00:00Z","tenant":"default","data":{"a":"Grüße 👋"}}""");

    public static TheoryData<string, string[], int, bool> Cases() => new()
    {
        { "good", [Secret], 0, true },
        { "rotating, the new one", [OtherSecret, Secret], 0, true },
        { "another's secret", [OtherSecret], 0, false },
        { "no secret", [], 0, false },
        { "almost too old", [Secret], -300, true },
        { "too old", [Secret], -301, false },
        { "almost too new", [Secret], 300, true },
        { "too new", [Secret], 301, false },
    };

    [Theory, MemberData(nameof(Cases))]
    public void A_call_is_verified(string name, string[] secrets, int age, bool isGood)
    {
        var verified = OmniWebhook.TryVerify(Headers(Clock.GetUtcNow().AddSeconds(age)), Body, secrets, out var received, Clock);

        Assert.True(verified == isGood, name);
        Assert.Equal(isGood ? Id : null, received?.Id);
    }

    [Theory]
    [InlineData("webhook-id", "evt_2")]
    [InlineData("webhook-id", null)]
    [InlineData("webhook-timestamp", "1")]
    [InlineData("webhook-timestamp", "soon")]
    [InlineData("webhook-timestamp", "99999999999999999")]
    [InlineData("webhook-timestamp", null)]
    [InlineData("webhook-signature", "")]
    [InlineData("webhook-signature", "v1,")]
    [InlineData("webhook-signature", "v1,AAAA")]
    [InlineData("webhook-signature", null)]
    public void A_header_that_is_wrong_or_missing_is_refused(string header, string? value)
    {
        var headers = Headers(Clock.GetUtcNow());
        if (value is null) headers.Remove(header);
        else headers[header] = value;

        Assert.False(OmniWebhook.TryVerify(headers, Body, [Secret], out _, Clock));
    }

    [Fact]
    public void A_body_that_was_changed_is_refused() =>
        Assert.False(OmniWebhook.TryVerify(Headers(Clock.GetUtcNow()), [.. Body, 32], [Secret], out _, Clock));

    [Fact]
    public void Two_signatures_stand_beside_each_other()
    {
        var headers = Headers(Clock.GetUtcNow());
        headers["webhook-signature"] = $"v1,AAAA {headers["webhook-signature"]}";

        Assert.True(OmniWebhook.TryVerify(headers, Body, [Secret], out _, Clock));
    }

    [Fact]
    public void Headers_are_those_of_any_framework()
    {
        var plain = Headers(Clock.GetUtcNow());
        var lists = plain.ToDictionary(header => header.Key.ToUpperInvariant(), header => (IEnumerable<string>)[header.Value]);
        var asp = new HeaderDictionary();
        foreach (var (name, value) in plain) asp[name] = value;

        Assert.True(OmniWebhook.TryVerify(plain, Body, [Secret], out _, Clock));
        Assert.True(OmniWebhook.TryVerify(lists, Body, [Secret], out _, Clock));
        Assert.True(OmniWebhook.TryVerify(asp, Body, [Secret], out _, Clock));
    }

    [Fact]
    public void The_library_of_the_standard_verifies_what_is_signed()
    {
        var headers = new HeaderDictionary();
        foreach (var (name, value) in Headers(TimeProvider.System.GetUtcNow())) headers[name] = value;

        new StandardWebhooks.StandardWebhook(Secret).Verify(Encoding.UTF8.GetString(Body), headers);
    }

    private static Dictionary<string, string> Headers(DateTimeOffset at) => new()
    {
        ["webhook-id"] = Id,
        ["webhook-timestamp"] = $"{at.ToUnixTimeSeconds()}",
        ["webhook-signature"] = OmniWebhook.Sign(Id, at, Body, Secret),
    };
}
