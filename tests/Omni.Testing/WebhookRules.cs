using System.Text.Json;
using System.Text.Json.Nodes;
using Omni.Shared;
using Xunit;

namespace Omni.Testing;

/// <summary>What the webhook of every carrier must satisfy. A carrier's tests give the calls, signed as the carrier signs them.</summary>
public abstract class WebhookRules
{
    /// <summary>A number that is in every call of <see cref="Message"/>, and must be in no log.</summary>
    protected const string Person = "4155550123";

    /// <summary>A text that is in every call of <see cref="Message"/>, and must be in no log.</summary>
    protected const string Words = "a private word";

    private const int Damages = 1500;

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

    /// <summary>Real bodies, to be damaged: JSON, and of a form its fields as an object of texts.</summary>
    protected abstract IEnumerable<JsonNode> Bodies();

    /// <summary>A signed call with a body, be it damaged. What proves the caller is put in here.</summary>
    protected abstract WebhookCall Call(JsonNode body);

    /// <summary>The body with an intact message of <see cref="Words"/> behind what is in it; null where a call holds one message.</summary>
    protected virtual JsonNode? WithNeighbour(JsonNode body) => null;

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
        var unsigned = await edge.CallAsync(
            Message() with { Headers = new Dictionary<string, string>(), Query = "", PathToken = "", Body = Tampered().Body });

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

    [Fact]
    public async Task Damaged_calls_are_acknowledged_lose_no_neighbour_and_are_seen()
    {
        JsonNode[] bodies = [.. Bodies()];
        for (var seed = 0; seed < Damages; seed++)
        {
            var damaged = Damage.Of(bodies[seed % bodies.Length], new Random(seed));
            var neighbours = WithNeighbour(damaged.DeepClone());
            var edge = NewEdge();

            var answer = await edge.CallAsync(Call(neighbours ?? damaged));

            var what = $"seed {seed}: {damaged.ToJsonString()} gave {edge.Log}";
            Assert.True(answer.StatusCode is >= 200 and < 300, what);
            var records = edge.Queued.Select(record => JsonSerializer.Deserialize(record, OmniJson.Wire.InboundEnvelope)!).ToArray();
            var messages = records.Select(record => record.Event).OfType<CarrierEvent.MessageReceived>().ToArray();
            if (neighbours is not null) Assert.True(messages.Any(message => message.Content is TextContent { Body: Words }), what);

            // A message, a receipt, the whole call kept, or a kind that is no message: and never a mere "unreadable".
            var isKept = edge.Blobs.Keys.Any(key => key.StartsWith("unparsed/", StringComparison.Ordinal));
            var isIgnored = edge.Log.Contains("Nothing to do", StringComparison.Ordinal);
            Assert.True(records.Length > 0 || isKept || isIgnored, what);
            Assert.True(isKept || !edge.Log.Contains("\"unreadable\"", StringComparison.Ordinal), what);
            Assert.True(messages.All(message => message.CarrierMessageId.Length is > 0 and <= 1024), what);
            Assert.True(messages.DistinctBy(message => message.CarrierMessageId).Count() == messages.Length || neighbours is null, what);
            Assert.True(
                records.All(
                    record => record.Event is not CarrierEvent.MessageReceived || record.Raw is not null || record.RawBlob is not null),
                what);
        }
    }

    [Fact]
    public async Task A_number_is_logged_in_no_member()
    {
        foreach (var body in Bodies()
            .SelectMany(body => Damage.WithText(body, "+1" + Person).Concat(Damage.WithText(body, $"{Words} {new string('x', 5000)}"))))
        {
            var edge = NewEdge();

            await edge.CallAsync(Call(body));

            Assert.DoesNotContain(Person, edge.Log, StringComparison.Ordinal);
            Assert.DoesNotContain(Words, edge.Log, StringComparison.Ordinal);
        }
    }
}
