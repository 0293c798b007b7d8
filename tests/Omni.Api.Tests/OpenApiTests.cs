using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.OpenApi;
using Microsoft.OpenApi.Reader;
using Omni.Aws;
using Omni.Shared;

namespace Omni.Api.Tests;

public sealed class OpenApiTests
{
    private static IReadOnlyList<Route> Table => Routes.Of(TestParts.Unused);

    private static JsonElement Paths => Contract.Document.GetProperty("paths");

    [Fact]
    public async Task The_document_is_served_as_it_is_without_a_key()
    {
        using var file = new StreamReader(typeof(Function).Assembly.GetManifestResourceStream("openapi.json")!);

        var reply = await new TestApi().GetAsync("/api/v1/openapi.json", key: null);

        Assert.Equal(await file.ReadToEndAsync(), reply.Text);
        Assert.Equal("/", reply.Json.GetProperty("servers")[0].GetProperty("url").GetString());
    }

    [Fact]
    public void The_document_is_OpenAPI_3_1()
    {
        var read = Microsoft.OpenApi.OpenApiDocument.Parse(Contract.Document.GetRawText(), "json", new OpenApiReaderSettings());

        Assert.Empty(read.Diagnostic!.Errors);
        Assert.Empty(read.Diagnostic.Warnings);
        Assert.Equal(OpenApiSpecVersion.OpenApi3_1, read.Diagnostic.SpecificationVersion);
    }

    [Fact]
    public void The_document_and_the_routes_are_the_same_table()
    {
        var described = Paths.EnumerateObject().SelectMany(path => path.Value.EnumerateObject().Select(operation => (
            operation.Name.ToUpperInvariant(),
            path.Name,
            operation.Value.TryGetProperty("x-scope", out var scope) ? scope.GetString() : null,
            string.Join(',', Parameters(operation.Value, "query").Order(StringComparer.Ordinal)))));

        Assert.Equal(
            Table.Select(r => (r.Method, r.Template, r.Scope, string.Join(',', r.Parameters.Order(StringComparer.Ordinal)))).Order(),
            described.Order());
        Assert.All(Paths.EnumerateObject(), path => Assert.All(path.Value.EnumerateObject(), operation =>
            Assert.Equal(path.Name.Contains("{id}"), Parameters(operation.Value, "path").Contains("id"))));
    }

    [Fact]
    public void An_operation_needs_a_key_exactly_where_the_route_has_a_scope()
    {
        Assert.All(Table, route => Assert.Equal(
            route.Scope is not null,
            Paths.GetProperty(route.Template).GetProperty(route.Method.ToLowerInvariant()).GetProperty("security").GetArrayLength() > 0));
    }

    [Fact]
    public void The_catalogue_of_problems_is_that_of_the_code()
    {
        var listed = Contract.Document.GetProperty("x-problems").EnumerateArray().Select(p => (
            p.GetProperty("code").GetString(),
            p.GetProperty("status").GetInt32(),
            p.GetProperty("title").GetString(),
            p.GetProperty("retryable").GetBoolean()));

        Assert.Equal(Problems.All.Select(p => ((string?)p.Code, p.Status, (string?)p.Title, p.Retryable)), listed);
        Assert.Equal(Problems.All.Select(p => p.Code), Words("ProblemCode"));
        var fields = typeof(Problems).GetFields()
            .Where(f => f.FieldType == typeof(ProblemKind))
            .Select(f => (ProblemKind)f.GetValue(null)!);
        Assert.Equal(fields, Problems.All);
    }

    [Fact]
    public void Enums_of_the_document_are_those_of_the_contracts()
    {
        Assert.Equal(Enum.GetValues<MessageStatus>().Select(v => v.Word()), Words("MessageStatus"));
        Assert.Equal(Enum.GetValues<FailureReason>().Select(v => v.Code()), Words("FailureReason"));
        Assert.Equal(Enum.GetValues<ContentType>().Select(v => v.Word()), Words("ContentType"));
        Assert.Equal(Enum.GetValues<AddressType>().Select(v => v.Word()), Words("AddressType"));
        Assert.Equal(Enum.GetValues<Priority>().Select(v => v.Word()), Words("Priority"));
        Assert.Equal(CarrierCatalogue.All.Select(c => c.Id), Words("CarrierId"));
        Assert.Equal(Enum.GetValues<UnknownOutcomePolicy>().Select(v => v.Word()), Words("UnknownOutcomePolicy"));
        Assert.Equal(Enum.GetValues<EndpointState>().Select(v => v.Word()), Words("EndpointState"));
        Assert.Equal(Enum.GetValues<EndpointCause>().Select(v => v.Word()), Words("EndpointCause"));
        Assert.Equal(Enum.GetValues<LegEnd>().Select(v => v.Word()), Words("LegEnd"));
        Assert.Equal(Enum.GetValues<Direction>().Select(v => v.Word()), Words("Direction"));
        Assert.Equal(EventTypes.All, Words("EventType"));
        Assert.Equal(Scopes.All, Words("Scope"));
        Assert.Equal(Enum.GetValues<SenderState>().Select(v => v.Word()), Words("SenderState"));
        Assert.Equal(Enum.GetValues<AutomaticAnswer>().Select(v => v.Word()), Words("AutomaticAnswer"));
        Assert.Equal(Enum.GetValues<SenderChannel>().Select(v => v.Word()), Words("SenderChannel"));
        Assert.Equal(Table.Select(route => route.Scope).OfType<string>().Distinct().Order(), Scopes.All.Order());
        var closed = Contract.Document.GetProperty("components")
            .GetProperty("schemas")
            .EnumerateObject()
            .Where(s => s.Name.StartsWith("Known")).ToArray();
        Assert.Equal(10, closed.Length);
        Assert.All(closed, schema => Assert.Equal(Words(schema.Name["Known".Length..]), Words(schema.Name)));
        Assert.Equal(
            Enum.GetValues<AddressType>().Select(v => v.Word()),
            Contract.Schema("SendTypedAddress").GetProperty("discriminator").GetProperty("mapping").EnumerateObject().Select(m => m.Name));
    }

    [Fact]
    public void Requests_are_closed_and_answers_open_and_they_share_no_schema_of_content()
    {
        var requests = Reached("#/components/schemas/SendRequest");
        var answers = Paths.EnumerateObject()
            .SelectMany(p => p.Value.EnumerateObject())
            .SelectMany(o => Refs(o.Value.GetProperty("responses")))
            .SelectMany(Reached)
            .ToHashSet();

        Assert.Empty(requests.Intersect(answers));
        Assert.All(requests, schema => Assert.DoesNotContain("x-extensible-enum", SchemaWalk.At(schema).GetRawText()));
        Assert.All(requests, schema => Assert.DoesNotContain("Inbound only", SchemaWalk.At(schema).GetRawText()));
        foreach (var rule in (string[])[
            "\"enum\"",
            "\"minLength\"",
            "\"minItems\"",
            "\"maxLength\"",
            "\"additionalProperties\": false",
            "\"additionalProperties\":false"
        ])
        {
            Assert.All(answers, schema => Assert.DoesNotContain(rule, SchemaWalk.At(schema).GetRawText()));
        }
    }

    [Fact]
    public void Every_type_of_event_that_is_told_is_described_with_its_data()
    {
        var described = Contract.Document.GetProperty("webhooks").EnumerateObject().Select(hook => hook.Name).ToArray();

        Assert.Equal(EventTypes.All, described);
        Assert.Empty(SchemaWalk.Faults(
            Contract.Schema("MessageEventData"),
            EventData.Of(MessageView.Of(new TestApi().Store("msg_1")), EventJson.Wire.MessageView)));
        Assert.Empty(SchemaWalk.Faults(
            Contract.Schema("ConsentEventData"),
            EventData.Of(
                new(Address.Phone("+14155550123"), new(AddressType.ShortCode, "12345"), true, default, TestApi.Noon, "STOP"),
                EventJson.Wire.ConsentView)));
        Assert.Empty(SchemaWalk.Faults(
            Contract.Schema("Batch"),
            EventData.Of(BatchView.Of(Batch(), TestApi.Noon), EventJson.Wire.BatchView)));
        Assert.Empty(SchemaWalk.Faults(
            Contract.Schema("ConversationEventData"),
            EventData.Of(
                new(
                    "ses_0d9f3c2b1a48576e8f7a6b5c4d3e2f10", "twilio", Address.Phone("+12065550100"), Address.Phone("+14155550123"),
                    "Omni.Concierge", "asked for", TestApi.Noon, TestApi.Noon.AddDays(1)),
                EventJson.Wire.ConversationChangeView)));
        Assert.Empty(SchemaWalk.Faults(
            Contract.Schema("CarrierEventData"),
            EventData.Of(new("twilio", TestApi.Noon, "20003", TestApi.Noon), EventJson.Wire.CarrierChangeView)));
    }

    [Fact]
    public void What_people_send_fits_the_answers()
    {
        var empty = JsonDocument.Parse("""{"type":"text","body":""}""").RootElement;

        Assert.Empty(SchemaWalk.Faults(Contract.Schema("Content"), empty));
        Assert.NotEmpty(SchemaWalk.Faults(Contract.Schema("SendContent"), empty));
    }

    [Theory]
    [InlineData("""{"type":"contacts","contacts":[]}""")]
    [InlineData("""{"type":"contacts","contacts":[{"name":"a","phones":[]}]}""")]
    [InlineData("""{"type":"contacts","contacts":[{"name":"a","phones":["+1"],"emails":[]}]}""")]
    [InlineData("""{"type":"interactive","cards":[{"title":"a","buttons":[]}]}""")]
    [InlineData("""{"type":"interactive","body":"a","buttons":[]}""")]
    [InlineData("""{"type":"interactive","body":"a","reply":{"id":"1","title":"b"}}""")]
    [InlineData("""{"type":"image","mediaUrl":"https://example.com/a.png","sha256":"00"}""")]
    [InlineData("""{"type":"image","mediaUrl":"https://example.com/a.png","more":[]}""")]
    [InlineData("""{"type":"unsupported","kind":"poll"}""")]
    [InlineData("""{"type":"text","body":""}""")]
    public async Task What_the_document_refuses_the_API_refuses(string content)
    {
        var element = JsonDocument.Parse(content).RootElement;

        Assert.NotEmpty(SchemaWalk.Faults(Contract.Schema("SendContent"), element));
        Assert.InRange((await new TestApi().SendAsync("whatsapp", element)).Status, 400, 422);
    }

    [Fact]
    public void Every_example_fits_its_schema()
    {
        var examples = Media(Contract.Document).Where(m => m.TryGetProperty("example", out _)).ToArray();

        Assert.NotEmpty(examples);
        Assert.All(examples, media => Assert.Empty(SchemaWalk.Faults(media.GetProperty("schema"), media.GetProperty("example"))));
    }

    [Fact]
    public async Task The_first_example_of_the_README_fits_its_schema_and_is_taken()
    {
        const string Example = """{"carrier":"twilio","to":"+14155550123","from":"+12065550100","content":{"type":"text","body":"Hello"}"""
            + ""","metadata":{"campaignId":"camp_001"}}""";

        Assert.Empty(SchemaWalk.Faults(Contract.Schema("SendRequest"), JsonDocument.Parse(Example).RootElement));
        Assert.Equal(202, (await new TestApi().SendBodyAsync(Example)).Status);
        Assert.NotEmpty(
            SchemaWalk.Faults(Contract.Schema("SendRequest"), JsonDocument.Parse("""{"carrier":"twilio","tll":5}""").RootElement));
    }

    [Fact]
    public void The_docs_explain_every_problem_and_every_endpoint()
    {
        using var file = new StreamReader(typeof(Function).Assembly.GetManifestResourceStream("problems.md")!);
        var problems = file.ReadToEnd();
        var guide = File.ReadAllText("docs/api/README.md");

        Assert.Equal(
            Problems.All.Select(p => p.Code),
            Regex.Matches(problems, "^## (\\w+)$", RegexOptions.Multiline).Select(m => m.Groups[1].Value));
        Assert.All(Table, route => Assert.Contains($"{route.Method} {route.Template}", guide));
    }

    [Fact]
    public void Every_request_in_the_guide_fits_its_schema()
    {
        var requests = Regex.Matches(File.ReadAllText("docs/api/README.md"), "-d '(\\{.*?\\})'", RegexOptions.Singleline)
            .Select(m => m.Groups[1].Value).ToArray();

        Assert.NotEmpty(requests);
        Assert.All(requests, request =>
        {
            var body = JsonDocument.Parse(request).RootElement;
            var schema = body.TryGetProperty("recipients", out _) ? "BulkRequest" : "SendRequest";
            Assert.Empty(SchemaWalk.Faults(Contract.Schema(schema), body));
        });
    }

    private static BatchRecord Batch() => new(
        new()
        {
            Id = Ids.NewBatch(), Tenant = "default", Name = "Spring sale", Carrier = "twilio", From = Address.Phone("+12065550100"),
            Label = "spring", CreatedAt = TestApi.Noon, ScheduledAt = TestApi.Noon, Total = 1, Segments = 1, File = "file", FileIndex = 0,
            RequestHash = "hash",
        },
        new() { Open = 1, UpdatedAt = TestApi.Noon });

    [Fact]
    public void The_model_explains_every_status_and_every_reason()
    {
        var model = File.ReadAllText("docs/models/README.md");

        Assert.All(Enum.GetValues<MessageStatus>(), status => Assert.Contains($"| {(int)status} | `{status.Word()}` |", model));
        Assert.All(Enum.GetValues<FailureReason>(), reason =>
        {
            var (detail, help, retryable) = ErrorView.Explain(reason);
            Assert.Contains($"| `{reason.Code()}` | {detail} | {help} | {(retryable ? "yes" : "no")} |", model);
        });
        Assert.All(Enum.GetValues<ContentType>(), type => Assert.Contains($"| `{type.Word()}` |", model));
        Assert.All(Enum.GetValues<AddressType>(), type => Assert.Contains($"| `{type.Word()}` |", model));
    }

    private static IEnumerable<string> Refs(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().SelectMany(p => p.Name == "$ref" ? [p.Value.GetString()!] : Refs(p.Value)),
        JsonValueKind.Array => element.EnumerateArray().SelectMany(Refs),
        _ => [],
    };

    private static HashSet<string> Reached(string reference)
    {
        var found = new HashSet<string>();
        var open = new Stack<string>([reference]);
        while (open.TryPop(out var next))
        {
            if (!found.Add(next)) continue;
            foreach (var further in Refs(SchemaWalk.At(next))) open.Push(further);
        }

        return found;
    }

    private static IEnumerable<string?> Words(string schema) =>
        Contract.Schema(schema)
            .EnumerateObject()
            .Single(p => p.Name is "enum" or "x-extensible-enum").Value
            .EnumerateArray()
            .Select(e => e.GetString());

    private static IEnumerable<string> Parameters(JsonElement operation, string place) =>
        operation.GetProperty("parameters").EnumerateArray()
            .Select(SchemaWalk.Resolve)
            .Where(p => p.GetProperty("in").GetString() == place)
            .Select(p => p.GetProperty("name").GetString()!);

    private static IEnumerable<JsonElement> Media(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().SelectMany(p =>
            p.Name == "content"
                && p.Value.ValueKind == JsonValueKind.Object
                && p.Value.EnumerateObject().All(m => m.Name.StartsWith("application/"))
                ? p.Value.EnumerateObject().Select(m => m.Value) : Media(p.Value)),
        JsonValueKind.Array => element.EnumerateArray().SelectMany(Media),
        _ => [],
    };
}
