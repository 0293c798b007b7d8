using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Omni.Client.Tests;

/// <summary>The client is what the OpenAPI document says: every endpoint, field and word, and nothing else.</summary>
public sealed class ContractTests
{
    private static readonly DateTimeOffset At = new(2026, 1, 31, 8, 0, 0, TimeSpan.Zero);

    private static readonly SendRequest Hello =
        new() { Carrier = CarrierId.Twilio, To = "+14155550123", From = "+12065550100", Text = "Hello" };

    /// <summary>A call for every operation, with every parameter.</summary>
    private static readonly Dictionary<string, Func<OmniClient, Task>> Calls = new()
    {
        ["sendMessage"] = omni => omni.Messages.SendAsync(Hello),
        ["validateMessage"] = omni => omni.Messages.ValidateAsync(Hello),
        ["listMessages"] = omni => omni.Messages.List(new()
        {
            Direction = Direction.Inbound, Carrier = CarrierId.Twilio, Status = MessageStatus.Sent, To = "+1", From = "+2",
            ConversationId = "ses_1", ClientReference = "r", Label = "l", Legs = true, CreatedAfter = At, CreatedBefore = At, Limit = 5,
        }).PageAsync("c"),
        ["getMessage"] = omni => omni.Messages.GetAsync("msg_1"),
        ["getMessageStatus"] = omni => omni.Messages.GetStatusAsync("msg_1", TimeSpan.FromSeconds(20)),
        ["getMessageTimeline"] = omni => omni.Messages.GetTimelineAsync("msg_1"),
        ["cancelMessage"] = omni => omni.Messages.CancelAsync("msg_1"),
        ["resendMessage"] = omni => omni.Messages.ResendAsync("msg_1", force: true),
        ["markMessageRead"] = omni => omni.Messages.MarkReadAsync("msg_1"),
        ["sendBulk"] = omni => omni.Batches.SendAsync(new() { Carrier = CarrierId.Twilio, From = "+2", Text = "Hi", Recipients = [] }),
        ["listBatches"] = omni => omni.Batches.List(limit: 5).PageAsync("c"),
        ["getBatch"] = omni => omni.Batches.GetAsync("bat_1", TimeSpan.FromSeconds(1)),
        ["listBatchMessages"] = omni => omni.Batches.ListMessages("bat_1", MessageStatus.Failed, limit: 5).PageAsync("c"),
        ["pauseBatch"] = omni => omni.Batches.PauseAsync("bat_1"),
        ["resumeBatch"] = omni => omni.Batches.ResumeAsync("bat_1"),
        ["cancelBatch"] = omni => omni.Batches.CancelAsync("bat_1"),
        ["listSessions"] = omni => omni.Sessions.List(CarrierId.Twilio, "+1", open: true, limit: 5).PageAsync("c"),
        ["getSession"] = omni => omni.Sessions.GetAsync("ses_1"),
        ["listSessionMessages"] = omni => omni.Sessions.ListMessages("ses_1", limit: 5).PageAsync("c"),
        ["answerSession"] = omni => omni.Sessions.AnswerAsync("ses_1", new() { Text = "Yes" }),
        ["handOffSession"] = omni => omni.Sessions.HandOffAsync("ses_1", new() { Reason = "so", ResumeAfterSeconds = 60 }),
        ["resumeSession"] = omni => omni.Sessions.ResumeAsync("ses_1"),
        ["listConsents"] = omni => omni.Consents.List(optedOut: false, "+2", "everything", limit: 5).PageAsync("c"),
        ["getConsents"] = omni => omni.Consents.GetAsync("+1"),
        ["optOut"] = omni => omni.Consents.OptOutAsync("+1"),
        ["optIn"] = omni => omni.Consents.OptInAsync("+1", "+2", "everything", At, "a letter"),
        ["getMedia"] = async omni => (await omni.Media.OpenAsync("med_1")).Dispose(),
        ["deleteMessageContent"] = omni => omni.Messages.DeleteContentAsync("msg_1"),
        ["deletePerson"] = omni => omni.People.DeleteAsync("+1"),
        ["getPersonDeletion"] = omni => omni.People.GetDeletionAsync("+1"),
        ["createMedia"] = omni => omni.Media.CreateAsync(new byte[] { 1 }, "image/png"),
        ["createUpload"] = omni => omni.Media.CreateUploadAsync(new() { Bytes = 1, ContentType = "video/mp4" }),
        ["completeUpload"] = omni => omni.Media.CompleteUploadAsync("upl_1"),
        ["getMediaFacts"] = omni => omni.Media.GetFactsAsync("med_1"),
        ["listCarriers"] = omni => omni.Carriers.ListAsync(),
        ["getCarrierStatus"] = omni => omni.Carriers.GetStatusAsync(CarrierId.Twilio),
        ["pauseCarrier"] = omni => omni.Carriers.PauseAsync(CarrierId.Twilio, new() { Reason = "so" }),
        ["resumeCarrier"] = omni => omni.Carriers.ResumeAsync(CarrierId.Twilio),
        ["listTemplates"] = omni => omni.Carriers.ListTemplates(CarrierId.Twilio, limit: 5).PageAsync("c"),
        ["readDeadLetters"] = omni => omni.DeadLetters.ListAsync("q"),
        ["redriveDeadLetters"] = omni => omni.DeadLetters.RedriveAsync(new() { Queue = "q" }),
        ["getUsage"] = omni => omni.GetUsageAsync(new(2026, 1, 1), new(2026, 1, 31), UsageKind.Carrier),
        ["readEvents"] = omni => omni.Events.PageAsync(
            "c",
            new() { Types = [EventType.MessageSent], Carrier = CarrierId.Twilio, Conversation = "ses_1", Legs = true, Limit = 5 },
            TimeSpan.FromSeconds(1)),
        ["createWebhookEndpoint"] = omni => omni.WebhookEndpoints.CreateAsync(new() { Url = new("https://shop.example") }),
        ["listWebhookEndpoints"] = omni => omni.WebhookEndpoints.ListAsync(),
        ["getWebhookEndpoint"] = omni => omni.WebhookEndpoints.GetAsync("whe_1"),
        ["changeWebhookEndpoint"] = omni => omni.WebhookEndpoints.ChangeAsync("whe_1", new() { Description = "d" }),
        ["deleteWebhookEndpoint"] = omni => omni.WebhookEndpoints.DeleteAsync("whe_1"),
        ["testWebhookEndpoint"] = omni => omni.WebhookEndpoints.TestAsync("whe_1"),
        ["rotateWebhookSecret"] = omni => omni.WebhookEndpoints.RotateSecretAsync("whe_1"),
        ["replayWebhookEndpoint"] = omni => omni.WebhookEndpoints.ReplayAsync("whe_1", new() { From = At }),
        ["listWebhookAttempts"] = omni => omni.WebhookEndpoints.ListAttempts("whe_1", limit: 5).PageAsync("c"),
        ["listSenders"] = omni => omni.Senders.List(CarrierId.Twilio, "t", limit: 5).PageAsync("c"),
        ["getSender"] = omni => omni.Senders.GetAsync(CarrierId.Twilio, "+2"),
        ["putSender"] = omni => omni.Senders.PutAsync(CarrierId.Twilio, "+2", new()),
        ["deleteSender"] = omni => omni.Senders.DeleteAsync(CarrierId.Twilio, "+2"),
        ["getRoutes"] = omni => omni.Routes.GetAsync(),
        ["putRoutes"] = omni => omni.Routes.PutAsync([new() { Id = "r", Use = [new() { Pool = "p" }] }], "\"1\""),
        ["listKeys"] = omni => omni.Keys.ListAsync(),
        ["createKey"] = omni => omni.Keys.CreateAsync(new() { Name = "n", Scopes = [Scope.MessagesRead] }),
        ["deleteKey"] = omni => omni.Keys.DeleteAsync("key_1"),
        ["getHealth"] = omni => omni.GetHealthAsync(deep: true),
        ["getProblem"] = omni => omni.GetProblemAsync("not_found"),
        ["getOpenApi"] = omni => omni.GetOpenApiAsync(),
    };

    /// <summary>Schemas whose class has another name, or shares one.</summary>
    private static readonly Dictionary<string, string> Renamed = new()
    {
        ["File"] = nameof(ReceivedFile), // File is System.IO's
        ["Key"] = nameof(ApiKey),
        ["NewKey"] = nameof(NewApiKey),
        ["NewKeywordAnswers"] = nameof(KeywordAnswers),
        ["NewRouteRule"] = nameof(RouteRule),
        ["NewRuleMatch"] = nameof(RuleMatch),
        ["NewRouteUse"] = nameof(RouteUse),
        ["NewKeywordAnswer"] = nameof(KeywordAnswer),
        ["Status"] = nameof(CurrentStatus), // a class cannot have a member of its own name
        ["Encoding"] = nameof(SegmentEncoding), // Encoding is System.Text's
        ["SendAccepted"] = nameof(Message), // a message as far as it is known then
        ["AcceptedPart"] = nameof(Part),
        ["AcceptedLeg"] = nameof(Leg),
        ["SendLeg"] = nameof(SendLeg),
        ["MessageEventData"] = nameof(Message),
        ["ConsentEventData"] = nameof(Consent),
        ["ConversationEventData"] = nameof(ConversationChange),
        ["CarrierEventData"] = nameof(CarrierChange),
    };

    /// <summary>Schemas without a class of their own.</summary>
    private static readonly string[] NoClass = ["GatewayProblem"]; // OmniException.UnreadableCode

    /// <summary>Members that the document requires and the class does not, and why.</summary>
    private static readonly string[] NotRequired =
    [
        "SendRequest.content", "AnswerRequest.content", "BulkRequest.content", // Text is the short form
    ];

    public static TheoryData<string> Operations() => [.. Contract.Operations.Select(operation => operation.Id)];

    public static TheoryData<string> Classes() => [.. Objects().Select(schema => ClassOf(schema.Name)).Distinct()];

    public static TheoryData<string> WordLists() =>
        [.. Contract.Schemas.Where(schema => Contract.Words(schema.Value).Length > 0).Select(schema => schema.Name)];

    [Fact]
    public void Every_call_is_of_an_operation() =>
        Assert.Empty(Calls.Keys.Except(Contract.Operations.Select(operation => operation.Id)));

    [Theory, MemberData(nameof(Operations))]
    public async Task Every_operation_has_a_call_with_all_that_it_takes(string id)
    {
        var operation = Contract.Operations.Single(operation => operation.Id == id);
        var (status, body) = operation.Answer;
        var api = new StubApi(
            StubApi.Json(status, body?.ToJsonString() ?? "", ("Location", "https://files.example/1")), StubApi.Json(200, "bytes"));
        using var omni = api.NewClient();
        Assert.True(Calls.TryGetValue(id, out var call), $"The client has no call for {operation.Method} {operation.Path} ({id}).");

        await call(omni);

        var asked = api.Calls[0];
        Assert.Equal(operation.Method, asked.Method);
        Assert.Matches("^" + Regex.Replace(operation.Path, "\\{\\w+\\}", "[^/]+") + "$", asked.Url.AbsolutePath);
        Assert.Equal(operation.Parameters("query").Order(), asked.Parameters.Order());
        Assert.Equal(operation.Parameters("header").Contains("Idempotency-Key"), asked.IdempotencyKey is not null);
        Assert.Equal(operation.HasBody, asked.Body is not null);
        Assert.Equal("Bearer key", asked.Authorization);
    }

    [Theory, MemberData(nameof(Classes))]
    public void A_class_has_the_members_of_its_schemas(string name)
    {
        JsonElement[] schemas = [.. Objects().Where(schema => ClassOf(schema.Name) == name).Select(schema => schema.Value)];
        var type = typeof(OmniClient).Assembly.GetType($"Omni.Client.{name}");
        Assert.True(type is not null, $"The client has no class {name}.");
        var info = OmniJson.Default.GetTypeInfo(type)!;
        var members = info.Properties.Where(property => property.Get is not null); // the others are not of the wire

        var described = schemas.SelectMany(Members).Where(member => !IsDiscriminator(type, member)).Distinct();
        var required = described.Where(member =>
            !NotRequired.Contains($"{name}.{member}") && schemas.All(schema => Required(schema).Contains(member)));
        Assert.Equal(described.Order(), members.Select(p => p.Name).Order());
        Assert.Equal(required.Order(), members.Where(p => p.IsRequired).Select(p => p.Name).Order());
        Assert.All(schemas, schema =>
        {
            var sample = Contract.Sample(schema);
            var kept = JsonSerializer.SerializeToNode(JsonSerializer.Deserialize(sample.ToJsonString(), info), info)!;
            AssertKept(sample, kept, name);
        });
    }

    [Theory, MemberData(nameof(WordLists))]
    public void Words_are_those_of_the_document(string schema)
    {
        var name = schema.StartsWith("Known", StringComparison.Ordinal) ? schema["Known".Length..] : schema;
        var type = typeof(OmniClient).Assembly.GetType($"Omni.Client.{Renamed.GetValueOrDefault(name, name)}");
        Assert.True(type is not null, $"The client has no words {name}.");

        Assert.Equal(
            Contract.Words(Contract.Schemas.Single(s => s.Name == schema).Value),
            type.GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => (string)field.GetValue(null)!));
    }

    [Fact]
    public void Kinds_of_content_are_those_of_the_document()
    {
        var kinds = Contract.Schemas.Single(schema => schema.Name == "Content").Value.GetProperty("oneOf").EnumerateArray()
            .Select(kind => Contract.Resolve(kind).GetProperty("properties").GetProperty("type").GetProperty("const").GetString());

        Assert.Equal(
            kinds, OmniJson.Default.Content.PolymorphismOptions!.DerivedTypes.Select(kind => (string?)kind.TypeDiscriminator));
    }

    /// <summary>The schemas of things: not of words, choices, addresses and pages, which have a form of their own here.</summary>
    private static IEnumerable<(string Name, JsonElement Value)> Objects() =>
        from schema in Contract.Schemas
        where schema.Value.TryGetProperty("properties", out var members)
            && !NoClass.Contains(schema.Name)
            && !schema.Name.EndsWith("Address", StringComparison.Ordinal)
            && !(schema.Name.EndsWith("List", StringComparison.Ordinal) && members.TryGetProperty("data", out _))
        select (schema.Name, schema.Value);

    // What is sent and what is answered is one class where the document has SendText and Text.
    private static string ClassOf(string schema) =>
        Renamed.TryGetValue(schema, out var name) ? name
        : schema.StartsWith("Send", StringComparison.Ordinal) && Contract.Schemas.Any(other => other.Name == schema["Send".Length..])
            ? schema["Send".Length..]
            : schema;

    private static IEnumerable<string> Members(JsonElement schema) =>
        schema.GetProperty("properties").EnumerateObject().Select(member => member.Name);

    private static string[] Required(JsonElement schema) =>
        schema.TryGetProperty("required", out var names) ? [.. names.EnumerateArray().Select(name => name.GetString()!)] : [];

    private static bool IsDiscriminator(Type type, string member) => member == "type" && type.IsSubclassOf(typeof(Content));

    /// <summary>Whether all that was read is written again.</summary>
    private static void AssertKept(JsonNode expected, JsonNode? actual, string path)
    {
        Assert.True(actual is not null, $"{path} is lost.");
        switch (expected)
        {
            case JsonObject members:
                foreach (var (name, value) in members.Where(member => member.Key != "type" || actual["type"] is not null))
                {
                    AssertKept(value!, actual[name], $"{path}.{name}");
                }

                break;
            case JsonArray items:
                for (var i = 0; i < items.Count; i++) AssertKept(items[i]!, actual[i], $"{path}[{i}]");
                break;
            default:
                Assert.True(JsonNode.DeepEquals(expected, actual), $"{path} is {actual} and not {expected}.");
                break;
        }
    }
}
