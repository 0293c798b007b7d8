using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Omni.EndToEnd.Tests;

/// <summary>What a person wrote to one of our addresses.</summary>
/// <param name="From">The person.</param>
/// <param name="To">Our address.</param>
/// <param name="Text">The text.</param>
public sealed record Written(string From, string To, string Text)
{
    /// <summary>The carrier's id of it.</summary>
    public string Id { get; } = Guid.NewGuid().ToString("N");
}

/// <summary>A webhook call as a carrier makes it.</summary>
/// <param name="PathAndQuery">Where to.</param>
/// <param name="Body">The body; null for a GET.</param>
/// <param name="ContentType">Its type.</param>
public sealed record CarrierCall(string PathAndQuery, string? Body, string ContentType = "application/json")
{
    /// <summary>Makes the headers, anew for each call: a signature may hold the time.</summary>
    public Func<IReadOnlyDictionary<string, string>> Headers { get; init; } = () => new Dictionary<string, string>();

    /// <summary>Makes the call.</summary>
    public async Task<(HttpStatusCode Status, string Body, HttpResponseHeaders Headers)> MakeAsync(Host host)
    {
        // What is signed is what is sent: Uri must not tidy the path and the query.
        var url = new Uri(
            host.Local.Url.GetLeftPart(UriPartial.Authority) + PathAndQuery,
            new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
        using var request = new HttpRequestMessage(Body is null ? HttpMethod.Get : HttpMethod.Post, url);
        if (Body is not null)
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(Body));
            if (ContentType.Length > 0) request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(ContentType);
        }

        foreach (var (name, value) in Headers()) request.Headers.TryAddWithoutValidation(name, value);
        using var http = new HttpClient();
        using var answer = await http.SendAsync(request);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync(), answer.Headers);
    }
}

/// <summary>
/// One carrier in these tests: how its people write, how it signs, and what it documents, all written anew from its documentation and
/// shared with neither functions nor simulators. What every carrier must satisfy over it is <see cref="CarrierRules"/>.
/// </summary>
public abstract class Scene
{
    private static readonly Lazy<IReadOnlyList<Scene>> Found = new(() =>
        [.. typeof(Scene).Assembly.GetTypes()
            .Where(type => type.IsSubclassOf(typeof(Scene)))
            .Select(type => (Scene)Activator.CreateInstance(type)!)
            .OrderBy(scene => scene.Carrier)]);

    /// <summary>The scenes of all carriers.</summary>
    public static IReadOnlyList<Scene> All => Found.Value;

    /// <summary>The carrier's id.</summary>
    public abstract string Carrier { get; }

    /// <summary>Credentials on which both sides agree.</summary>
    public abstract IReadOnlyDictionary<string, string> Settings { get; }

    /// <summary>Our addresses, two where the carrier's account may have several.</summary>
    public virtual IReadOnlyList<string> Ours { get; } = ["+12065550100", "+12065550101"];

    /// <summary>The status that a message reaches when the carrier does what it does by itself.</summary>
    public virtual string Delivered => "delivered";

    /// <summary>The last status that there is: read, where the carrier tells of it.</summary>
    public virtual string Last => "delivered";

    /// <summary>What becomes of a message whose answer was lost after it was taken.</summary>
    public virtual string AfterLostAnswer => Delivered;

    /// <summary>All receipts of one message up to <see cref="Last"/>, in the carrier's words.</summary>
    public abstract IReadOnlyList<string> Path { get; }

    /// <summary>The rule by which the simulator says that it is too much.</summary>
    public virtual JsonObject Throttle => new() { ["httpStatus"] = 429, ["retryAfterSeconds"] = 1 };

    /// <summary>The code of a permanent refusal, and the HTTP status that it comes with.</summary>
    public abstract (string Code, int? Status) Refusal { get; }

    /// <summary>A content that the carrier cannot carry; the field that says so, and the limit that the problem must name.</summary>
    public abstract (JsonObject Content, string Field, string Limit) NotCarried { get; }

    /// <summary>The scene of a carrier.</summary>
    public static Scene Of(string carrier) => All.Single(scene => scene.Carrier == carrier);

    /// <summary>Somebody new, to whom a free text may be sent.</summary>
    public virtual Task<string> NewPersonAsync(Host host) => Task.FromResult(Host.NewPhone());

    /// <summary>A person as the API's filter takes them.</summary>
    public virtual string FilterOf(string person) => person;

    /// <summary>A person as a rule of the simulator takes them.</summary>
    public virtual string MatchOf(string person) => person;

    /// <summary>The receipts that the simulator has sent for a submission, each with the answer to it.</summary>
    public virtual JsonArray ReceiptsOf(JsonNode submission) => submission["callbacks"]!.AsArray();

    /// <summary>What the simulator is told when a person sends a picture, beside from and to.</summary>
    public virtual JsonObject Picture(string person, byte[] bytes) => new()
    {
        ["from"] = person, ["to"] = Ours[0], ["body"] = "Look",
        ["media"] = new JsonArray(new JsonObject { ["contentType"] = "image/png", ["base64"] = Convert.ToBase64String(bytes) }),
    };

    /// <summary>
    /// The signed calls that tell of messages and of the last status of submissions: one call for all where the carrier batches.
    /// </summary>
    public abstract IReadOnlyList<CarrierCall> Calls(Host host, IReadOnlyList<Written> messages, IReadOnlyList<JsonNode> submissions);

    /// <summary>A signed call of a kind that Omni does not know, about a person.</summary>
    public abstract CarrierCall UnknownEvent(Host host, string person);

    /// <summary>A call with one byte changed: of the body where that is signed, else of what proves the caller.</summary>
    public virtual CarrierCall Tamper(CarrierCall call, Written message) =>
        call with { Body = call.Body!.Replace(message.Text, message.Text[..^1] + "~", StringComparison.Ordinal) };

    /// <summary>A call without what proves the caller.</summary>
    public virtual CarrierCall Strip(CarrierCall call) => call with { Headers = () => new Dictionary<string, string>() };

    /// <summary>Whether a recorded request is the one that sends.</summary>
    public virtual bool IsSend(RecordedRequest request) => true;

    /// <summary>How the carrier answers a request; a send is taken under <see cref="TakenId"/>.</summary>
    public abstract (int Status, string Body) Answer(RecordedRequest request);

    /// <summary>The id under which the recorder takes a message.</summary>
    public string TakenId => "taken-by-" + Carrier;

    /// <summary>Fails unless a request is to the letter what the carrier documents for a text.</summary>
    public abstract void Check(RecordedRequest request, Host host, string person, string text, string reference);

    /// <summary>A text to a person.</summary>
    public JsonObject Text(string person, string body) => Send(person, new() { ["type"] = "text", ["body"] = body });

    /// <summary>A message to a person.</summary>
    public JsonObject Send(string person, JsonObject content) =>
        new() { ["carrier"] = Carrier, ["to"] = person, ["from"] = Ours[0], ["content"] = content };

    /// <summary>What the simulated carrier took for a person, one entry a submission.</summary>
    public async Task<JsonArray> TakenAsync(Host host, string person) =>
        (await host.Client.GetAsync($"/sim/{Carrier}/messages?to={Uri.EscapeDataString(person)}")).AsArray();

    /// <summary>Tells the simulator how to treat what goes to a person.</summary>
    public Task RuleAsync(Host host, string person, JsonObject rule)
    {
        rule["match"] = new JsonObject { ["to"] = MatchOf(person) };
        return host.Client.PostAsync($"/sim/{Carrier}/behaviour", rule);
    }

    public override string ToString() => Carrier;

    /// <summary>Unix seconds, as text.</summary>
    protected static string Seconds =>
        TimeProvider.System.GetUtcNow().ToUnixTimeSeconds().ToString(System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>RFC 3339.</summary>
    protected static string Now =>
        TimeProvider.System.GetUtcNow().UtcDateTime.ToString(
            "yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", System.Globalization.CultureInfo.InvariantCulture);

    protected static string Basic(string user, string password) =>
        "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}"));

    protected static string HexHmac(string key, string text) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), Encoding.UTF8.GetBytes(text)));

    protected static string HexHash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    protected static string Form(IEnumerable<KeyValuePair<string, string>> fields) =>
        string.Join('&', fields.Select(field => $"{Uri.EscapeDataString(field.Key)}={Uri.EscapeDataString(field.Value)}"));
}
