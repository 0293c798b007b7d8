using System.Text.Json.Nodes;
using Xunit;

namespace Omni.Testing;

/// <summary>What the webhook of every carrier must satisfy. A carrier's tests give the calls, signed as the carrier signs them.</summary>
public abstract class WebhookRules
{
    /// <summary>A number that is in every call of <see cref="Message"/>, and must be in no log.</summary>
    protected const string Person = "4155550123";

    /// <summary>A text that is in every call of <see cref="Message"/>, and must be in no log.</summary>
    protected const string Words = "a private word";

    /// <summary>A function with its settings.</summary>
    protected abstract WebhookEdge NewEdge();

    /// <summary>The secrets in those settings.</summary>
    protected abstract IReadOnlyList<string> Secrets { get; }

    /// <summary>A signed call in which a person writes <see cref="Words"/>.</summary>
    protected abstract WebhookCall Message();

    /// <summary>The same with one byte changed: of the body where that is signed, else of what proves the caller.</summary>
    protected abstract WebhookCall Tampered();

    /// <summary>A signed call of a real kind that Omni does not know.</summary>
    protected abstract WebhookCall UnknownEvent();

    /// <summary>A signed call that cannot be read.</summary>
    protected abstract WebhookCall Unreadable();

    /// <summary>What a refused caller hears.</summary>
    protected virtual int RefusedStatus => 403;

    [Fact]
    public async Task A_signed_message_is_queued_and_acknowledged()
    {
        var edge = NewEdge();

        var answer = await edge.CallAsync(Message());

        Assert.InRange(answer.StatusCode, 200, 299);
        Assert.Contains(edge.Events, e => (string?)e!["type"] == "messageReceived");
    }

    [Fact]
    public async Task A_repeated_call_says_the_same()
    {
        var edge = NewEdge();

        await edge.CallAsync(Message());
        var first = edge.Events.ToJsonString();
        edge.Queued.Clear();
        edge.Clock.Advance(TimeSpan.FromSeconds(1));
        await edge.CallAsync(Message());

        Assert.Equal(first, edge.Events.ToJsonString());
    }

    [Fact]
    public async Task One_byte_changed_is_refused_with_one_constant_answer()
    {
        var edge = NewEdge();

        var tampered = await edge.CallAsync(Tampered());
        var unsigned = await edge.CallAsync(Message() with { Headers = new Dictionary<string, string>(), Query = "", PathToken = "", Body = Tampered().Body });

        Assert.Equal(RefusedStatus, tampered.StatusCode);
        Assert.InRange(unsigned.StatusCode, 400, 499);
        Assert.Empty(edge.Queued);
        Assert.Empty(edge.Blobs);
        foreach (var secret in Secrets) Assert.DoesNotContain(secret, tampered.Body ?? "", StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_event_is_acknowledged_counted_and_forgotten()
    {
        var edge = NewEdge();

        var answer = await edge.CallAsync(UnknownEvent());

        Assert.InRange(answer.StatusCode, 200, 299);
        Assert.Empty(edge.Queued);
        Assert.Empty(edge.Blobs);
        Assert.Contains("Nothing to do", edge.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_cannot_be_read_is_kept_and_acknowledged()
    {
        var edge = NewEdge();

        var answer = await edge.CallAsync(Unreadable());

        Assert.InRange(answer.StatusCode, 200, 299);
        Assert.Empty(edge.Queued);
        Assert.Single(edge.Blobs);
    }

    [Fact]
    public async Task No_secret_text_or_number_is_logged_and_no_secret_is_kept()
    {
        var edge = NewEdge();

        foreach (var call in (WebhookCall[])[Message(), Tampered(), UnknownEvent(), Unreadable()]) await edge.CallAsync(call);

        foreach (var word in (string[])[.. Secrets, Person, Words]) Assert.DoesNotContain(word, edge.Log, StringComparison.Ordinal);
        var queued = new JsonArray([.. edge.Queued]).ToJsonString();
        foreach (var secret in Secrets) Assert.DoesNotContain(secret, queued, StringComparison.Ordinal);
    }
}
