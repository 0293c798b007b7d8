using System.Text;
using FsCheck;
using FsCheck.Xunit;
using Omni.Pipeline;
using Omni.Testing;

namespace Omni.WhatsApp.Inbound.Tests;

public class WhatsAppSignatureTests
{
    private const string Secret = "shhh";

    // Computed apart from this code, over the bytes as they come and over the same text escaped.
    [Theory]
    [InlineData("""{"a":"ä😀"}""", "73083f9eda4a7df4de3b7dc65f783e3f3e52d0dbb565990c01d079f71c797504")]
    [InlineData("""{"a":"ä😀"}""", "353c8d3b23f6949bbd2654d971c2891a157a741858c1667c7df568ee5cf2cd0d")]
    [InlineData("""{"a":"\u00e4"}""", "0e3c629b1d8c9d6bfb1fa65ae9360fb6a57678cc90668b1cacc59800e2152775")]
    [InlineData("""{"a":"\u00e4"}""", "0E3C629B1D8C9D6BFB1FA65AE9360FB6A57678CC90668B1CACC59800E2152775")]
    public void Text_may_be_signed_as_it_is_or_escaped(string body, string hex) => Assert.True(IsValid(body, "sha256=" + hex));

    [Theory]
    [InlineData("nothing", "")]
    [InlineData("no prefix", "0e3c629b1d8c9d6bfb1fa65ae9360fb6a57678cc90668b1cacc59800e2152775")]
    [InlineData("another prefix", "sha1=0e3c629b1d8c9d6bfb1fa65ae9360fb6a57678cc90668b1cacc59800e2152775")]
    [InlineData("a prefix in capitals", "SHA256=0e3c629b1d8c9d6bfb1fa65ae9360fb6a57678cc90668b1cacc59800e2152775")]
    [InlineData("too short", "sha256=0e3c629b1d8c9d6bfb1fa65ae9360fb6a57678cc90668b1cacc59800e21527")]
    [InlineData("too long", "sha256=0e3c629b1d8c9d6bfb1fa65ae9360fb6a57678cc90668b1cacc59800e215277500")]
    [InlineData("no hex", "sha256=zz3c629b1d8c9d6bfb1fa65ae9360fb6a57678cc90668b1cacc59800e2152775")]
    [InlineData("one digit changed", "sha256=1e3c629b1d8c9d6bfb1fa65ae9360fb6a57678cc90668b1cacc59800e2152775")]
    public void Any_other_header_is_refused(string _, string header) => Assert.False(IsValid("""{"a":"\u00e4"}""", header));

    [Fact]
    public void Plain_text_of_an_escaped_body_is_not_what_was_signed()
    {
        // Escaping is tried where there is something to escape, never taken back.
        var call = Meta.Call("""{"a":"\u00e4"}""", signed: """{"a":"ä"}""", Secret);
        Assert.False(IsValid(call));
    }

    [Fact]
    public void Slashes_and_escapes_are_signed_as_they_stand()
    {
        Assert.True(IsValid(Meta.Call("""{"u":"https:\/\/x.example\u003c\u0040"}""", Secret)));
        Assert.False(IsValid(Meta.Call("""{"u":"https://x.example<@"}""", signed: """{"u":"https:\/\/x.example\u003c\u0040"}""", Secret)));
    }

    [Property]
    public void One_byte_changed_is_refused(NonEmptyArray<byte> body, NonNegativeInt where, byte other)
    {
        var call = new WebhookCall(body.Get, Meta.Call("", signed: "", Secret).Headers);
        var signed = call with { Headers = new Dictionary<string, string> { ["X-Hub-Signature-256"] = Sign(body.Get) } };
        var changed = (byte[])body.Get.Clone();
        changed[where.Get % changed.Length] = other;

        Assert.True(IsValid(signed));
        Assert.Equal(changed.SequenceEqual(body.Get), IsValid(signed with { Body = changed }));
    }

    [Property]
    public void Whatever_comes_is_refused_without_an_exception(byte[] body, string? header) =>
        Assert.False(IsValid(new(body ?? [], new Dictionary<string, string> { ["X-Hub-Signature-256"] = header ?? "" })));

    private static string Sign(byte[] body) =>
        "sha256=" + Convert.ToHexStringLower(System.Security.Cryptography.HMACSHA256.HashData(Encoding.UTF8.GetBytes(Secret), body));

    private static bool IsValid(string body, string header) =>
        IsValid(new(Encoding.UTF8.GetBytes(body), new Dictionary<string, string> { ["X-Hub-Signature-256"] = header }));

    private static bool IsValid(WebhookCall call) => WhatsAppSignature.IsValid(
        new()
        {
            Method = "POST",
            Url = "https://omni.example.com/webhooks/whatsapp",
            Query = "",
            Headers = call.Headers.ToDictionary(header => header.Key.ToLowerInvariant(), header => header.Value),
            Body = call.Body,
            ReceivedAt = default,
        },
        ["another", Secret]);
}
