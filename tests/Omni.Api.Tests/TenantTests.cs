using System.Text.Json;
using Amazon.DynamoDBv2.Model;
using Omni.Aws;
using Omni.Shared;
using Omni.Testing.Simulation;

namespace Omni.Api.Tests;

/// <summary>
/// Two tenants at every endpoint: what one has, the other neither sees nor touches, and learns not even that it is there. Each endpoint
/// says here how that is tried; one that does not fails.
/// </summary>
public sealed class TenantTests
{
    private const string Stranger = "umbrella";
    private const string StrangersKey = "key-of-umbrella";
    private const string OwnersKey = "key-of-the-owner";
    private const string Number = "+12065550111";
    private const string StrangersNumber = "+12065550112";

    // Where a version is asked for, it is not what stands between the two.
    private static readonly Dictionary<string, string> Any = new() { ["if-match"] = "*" };

    private static readonly string MediaId = "med_" + new string('a', 64);

    /// <summary>
    /// How each endpoint is tried. {message}, {inbound}, {session}, {endpoint} and {key} stand for what the owner has.
    /// </summary>
    private static readonly Dictionary<string, Try[]> Tries = new()
    {
        ["POST /api/v1/messages/send"] =
        [
            Refused("unknown_sender", "/api/v1/messages/send", SendFrom(Number)),
            Refused("no_route", "/api/v1/messages/send", """{"to":"+14155550123","content":{"type":"text","body":"Hello"}}"""),
            .. References("/api/v1/messages/send"),
        ],
        ["POST /api/v1/messages/bulk"] =
        [
            Refused("recipients_refused", "/api/v1/messages/bulk", BulkFrom(Number)),
            Refused("recipients_refused", "/api/v1/messages/bulk", BulkFrom(null, """{"type":"image","mediaId":"{media}"}""")),
        ],
        ["GET /api/v1/batches"] = [new("/api/v1/batches", null, Sight.Other, "{batch}")],
        ["GET /api/v1/batches/{id}"] = [Missing("batch_not_found", "/api/v1/batches/{batch}")],
        ["GET /api/v1/batches/{id}/messages"] = [Missing("batch_not_found", "/api/v1/batches/{batch}/messages")],
        ["POST /api/v1/batches/{id}/pause"] = [Missing("batch_not_found", "/api/v1/batches/{batch}/pause")],
        ["POST /api/v1/batches/{id}/resume"] = [Missing("batch_not_found", "/api/v1/batches/{batch}/resume")],
        ["POST /api/v1/batches/{id}/cancel"] = [Missing("batch_not_found", "/api/v1/batches/{batch}/cancel")],
        ["POST /api/v1/messages/validate"] =
        [
            new("/api/v1/messages/validate", SendFrom(Number), Sight.Other, "\"valid\":true"),
            new("/api/v1/messages/validate", SendFrom(null, """{"type":"image","mediaId":"{media}"}"""), Sight.Other, "\"valid\":true"),
        ],
        ["GET /api/v1/messages"] =
        [
            new("/api/v1/messages", null, Sight.Other, "{message}"),
            new("/api/v1/messages?conversationId={conversation}", null, Sight.Other, "{message}"),
        ],
        ["GET /api/v1/messages/{id}"] = [Missing("message_not_found", "/api/v1/messages/{message}")],
        ["GET /api/v1/messages/{id}/status"] = [Missing("message_not_found", "/api/v1/messages/{message}/status")],
        ["GET /api/v1/messages/{id}/timeline"] = [Missing("message_not_found", "/api/v1/messages/{message}/timeline")],
        ["POST /api/v1/messages/{id}/cancel"] = [Missing("message_not_found", "/api/v1/messages/{message}/cancel")],
        ["POST /api/v1/messages/{id}/resend"] =
            [Missing("message_not_found", "/api/v1/messages/{message}/resend", """{"force":true}""")],
        ["DELETE /api/v1/messages/{id}/content"] = [Missing("message_not_found", "/api/v1/messages/{message}/content")],
        ["POST /api/v1/messages/{id}/read"] = [Missing("message_not_found", "/api/v1/messages/{inbound}/read")],
        ["GET /api/v1/sessions"] =
        [
            new("/api/v1/sessions", null, Sight.Other, "{session}"),
            new("/api/v1/sessions?person=%2B14155550123", null, Sight.Other, "{session}"),
        ],
        ["GET /api/v1/sessions/{id}/messages"] = [Missing("session_not_found", "/api/v1/sessions/{session}/messages")],
        ["POST /api/v1/sessions/{id}/messages"] =
        [
            Missing("session_not_found", "/api/v1/sessions/{session}/messages", """{"content":{"type":"text","body":"Hello"}}"""),
        ],
        ["POST /api/v1/sessions/{id}/handOff"] =
            [Missing("session_not_found", "/api/v1/sessions/{session}/handOff", """{"reason":"so"}""")],
        ["POST /api/v1/sessions/{id}/resume"] = [Missing("session_not_found", "/api/v1/sessions/{session}/resume", "")],
        ["GET /api/v1/consents"] = [new("/api/v1/consents", null, Sight.Other, "The owner's")],
        ["GET /api/v1/consents/{address}"] = [new("/api/v1/consents/+14155550123", null, Sight.Other, "The owner's")],
        ["PUT /api/v1/consents/{address}"] = [new("/api/v1/consents/+14155550123", "{}", Sight.Own)],
        ["DELETE /api/v1/consents/{address}"] = [new("/api/v1/consents/+14155550123", null, Sight.Own)],
        ["DELETE /api/v1/people/{address}"] = [new("/api/v1/people/+14155550123", null, Sight.Own)],
        ["GET /api/v1/people/{address}/deletion"] = [Missing("deletion_not_found", "/api/v1/people/+14155550177/deletion")],
        ["GET /api/v1/sessions/{id}"] = [Missing("session_not_found", "/api/v1/sessions/{session}")],
        ["POST /api/v1/media"] = [new("/api/v1/media", "{\"a\":1}", Sight.Own)],
        ["POST /api/v1/media/uploads"] = [new("/api/v1/media/uploads", """{"bytes":9,"contentType":"text/plain"}""", Sight.Own)],
        ["POST /api/v1/media/{id}/complete"] = [Missing("media_not_found", "/api/v1/media/{upload}/complete")],
        ["GET /api/v1/media/{mediaId}/facts"] = [Missing("media_not_found", "/api/v1/media/{media}/facts")],
        ["GET /api/v1/media/{mediaId}"] = [Missing("media_not_found", "/api/v1/media/{media}")],
        ["GET /api/v1/carriers"] = [new("/api/v1/carriers", null, Sight.Same)],
        ["GET /api/v1/carriers/{id}/status"] = [new("/api/v1/carriers/twilio/status", null, Sight.Other, Number)],
        // Looking after the service is for one tenant alone.
        ["POST /api/v1/carriers/{id}/pause"] =
            [Refused("insufficient_scope", "/api/v1/carriers/twilio/pause", """{"reason":"Trouble"}""")],
        ["POST /api/v1/carriers/{id}/resume"] = [Refused("insufficient_scope", "/api/v1/carriers/twilio/resume")],
        ["GET /api/v1/admin/dead-letters"] = [Refused("insufficient_scope", "/api/v1/admin/dead-letters")],
        ["POST /api/v1/admin/dead-letters/redrive"] =
            [Refused("insufficient_scope", "/api/v1/admin/dead-letters/redrive", """{"queue":"q-dead.fifo"}""")],
        ["GET /api/v1/templates"] = [new("/api/v1/templates?carrier=whatsapp", null, Sight.Same)],
        ["GET /api/v1/usage"] = [new("/api/v1/usage?by=sender", null, Sight.Other, Number)],
        ["GET /api/v1/events"] = [new("/api/v1/events?after=earliest", null, Sight.Other, "evt_owners")],
        ["POST /api/v1/webhook-endpoints"] = [new("/api/v1/webhook-endpoints", """{"url":"https://shop.example/"}""", Sight.Own)],
        ["GET /api/v1/webhook-endpoints"] = [new("/api/v1/webhook-endpoints", null, Sight.Other, "{endpoint}")],
        ["GET /api/v1/webhook-endpoints/{id}"] = [Missing("endpoint_not_found", "/api/v1/webhook-endpoints/{endpoint}")],
        ["PATCH /api/v1/webhook-endpoints/{id}"] =
            [Missing("endpoint_not_found", "/api/v1/webhook-endpoints/{endpoint}", """{"description":"Mine"}""")],
        ["DELETE /api/v1/webhook-endpoints/{id}"] = [Missing("endpoint_not_found", "/api/v1/webhook-endpoints/{endpoint}")],
        ["POST /api/v1/webhook-endpoints/{id}/test"] = [Missing("endpoint_not_found", "/api/v1/webhook-endpoints/{endpoint}/test")],
        ["POST /api/v1/webhook-endpoints/{id}/rotate-secret"] =
            [Missing("endpoint_not_found", "/api/v1/webhook-endpoints/{endpoint}/rotate-secret")],
        ["POST /api/v1/webhook-endpoints/{id}/replay"] =
            [Missing("endpoint_not_found", "/api/v1/webhook-endpoints/{endpoint}/replay", """{"from":"2026-03-14T11:00:00Z"}""")],
        ["GET /api/v1/webhook-endpoints/{id}/attempts"] =
            [Missing("endpoint_not_found", "/api/v1/webhook-endpoints/{endpoint}/attempts")],
        ["GET /api/v1/senders"] = [new("/api/v1/senders", null, Sight.Other, Number)],
        ["GET /api/v1/senders/{carrier}/{address}"] = [Missing("sender_not_found", "/api/v1/senders/twilio/" + Number)],
        ["PUT /api/v1/senders/{carrier}/{address}"] = [Missing("sender_not_found", "/api/v1/senders/twilio/" + Number, "{}")],
        ["DELETE /api/v1/senders/{carrier}/{address}"] = [Missing("sender_not_found", "/api/v1/senders/twilio/" + Number)],
        ["GET /api/v1/routes"] = [new("/api/v1/routes", null, Sight.Other, "owners-rule")],
        ["PUT /api/v1/routes"] =
        [
            new("/api/v1/routes", "[]", Sight.Own),
            Refused("invalid_request", "/api/v1/routes", """[{"id":"mine","use":[{"pool":"The owner's"}]}]"""),
        ],
        ["GET /api/v1/keys"] = [new("/api/v1/keys", null, Sight.Other, "key_owner")],
        ["POST /api/v1/keys"] = [new("/api/v1/keys", """{"name":"Mine","scopes":["messages:read"]}""", Sight.Own)],
        ["DELETE /api/v1/keys/{id}"] = [Missing("key_not_found", "/api/v1/keys/key_owner_2")],
    };

    /// <summary>Every endpoint that needs a key, with a tenant like any other as owner and with the one that there always is.</summary>
    public static TheoryData<string, string> Endpoints()
    {
        var endpoints = new TheoryData<string, string>();
        foreach (var route in Routes.Of(TestParts.Unused).Where(route => route.Scope is not null))
        {
            foreach (var owner in (string[])["acme", "default"])
            {
                if (Scopes.Of(owner).Contains(route.Scope)) endpoints.Add($"{route.Method} {route.Template}", owner);
            }
        }

        return endpoints;
    }

    [Theory, MemberData(nameof(Endpoints))]
    public async Task Nobody_sees_or_touches_what_another_tenant_has(string endpoint, string owner)
    {
        Assert.True(Tries.TryGetValue(endpoint, out var tries), $"Say in TenantTests how {endpoint} is tried with two tenants.");
        foreach (var one in tries!)
        {
            var world = await World.OfAsync(owner);
            var (method, path) = (endpoint.Split(' ')[0], world.Fill(one.Path));

            var strange = await world.Api.CallAsync(method, path, StrangersKey, BodyOf(world, one, StrangersNumber), Any);
            var own = await world.Api.CallAsync(method, path, OwnersKey, BodyOf(world, one, Number), Any);

            // What the owner is answered shows that the stranger was refused for the tenant alone.
            Assert.InRange(own.Status, 200, 302);
            switch (one.Sight)
            {
                case Sight.Refused:
                    Assert.Equal(one.Mark, strange["code"]);
                    break;
                case Sight.Other:
                    Assert.Equal(200, strange.Status);
                    Assert.Contains(world.Fill(one.Mark!), own.Text);
                    Assert.DoesNotContain(world.Fill(one.Mark!), strange.Text);
                    break;
                case Sight.Own:
                    Assert.Equal(own.Status, strange.Status);
                    break;
                case Sight.Same:
                    Assert.Equal(own.Text, strange.Text);
                    break;
            }

            Assert.All(world.Secrets, secret => Assert.DoesNotContain(secret, strange.Text ?? ""));
            Assert.All(strange.Header("Location") is { } place ? [place] : Array.Empty<string>(), header =>
                Assert.All(world.Secrets, secret => Assert.DoesNotContain(secret, header)));
        }
    }

    [Fact]
    public void No_endpoint_is_tried_that_is_not_there()
    {
        Assert.Empty(Tries.Keys.Except(Endpoints().Select(row => (string)row[0])));
    }

    [Fact]
    public async Task The_same_idempotency_key_of_two_tenants_is_two_messages()
    {
        var world = await World.OfAsync("acme");
        var own = await world.Api.SendAsync(new { from = Number }, "order-42", OwnersKey);
        var strange = await world.Api.SendAsync(new { from = StrangersNumber }, "order-42", StrangersKey);

        Assert.Equal((202, 202, null), (own.Status, strange.Status, strange.Header("Idempotency-Replayed")));
        Assert.NotEqual(own["id"], strange["id"]);
    }

    [Fact]
    public async Task Other_tenants_than_default_send_from_their_registered_senders_only()
    {
        var world = await World.OfAsync("acme");

        Assert.Equal(202, (await world.Api.SendAsync(new { from = Number }, key: OwnersKey)).Status);
        Assert.Equal("unknown_sender", (await world.Api.SendAsync(new { from = "+12065550199" }, key: OwnersKey))["code"]);
        Assert.Equal(202, (await world.Api.SendAsync(new { from = "+12065550199" })).Status);
    }

    [Fact]
    public async Task What_somebody_opted_out_of_at_one_tenant_they_did_not_at_the_other()
    {
        var world = await World.OfAsync("acme");
        await world.Api.Consents.RecordAsync("acme", Address.Phone("+14155550123"), ours: null, optedOut: true, TestApi.Noon, "STOP");

        async Task<string?> ConsentAsync(string from, string key) => (await world.Api.CallAsync(
            "POST", "/api/v1/messages/validate", key, TestApi.Body(new { from }))).Json.GetProperty("consent").GetRawText();

        Assert.Equal("{\"optedOut\":true}", await ConsentAsync(Number, OwnersKey));
        Assert.Equal("{\"optedOut\":false}", await ConsentAsync("+12065550100", TestApi.Key));
    }

    [Fact]
    public async Task The_default_tenant_gives_senders_out_and_others_do_not_take_them()
    {
        var api = (await World.OfAsync("acme")).Api;
        const string Path = "/api/v1/senders/twilio/+12065550113";

        Assert.Equal("sender_not_found", (await api.CallAsync("PUT", Path, OwnersKey, "{}"))["code"]);
        Assert.Equal(["tenant not_yours"], (await api.CallAsync("PUT", Path, OwnersKey, """{"tenant":"default"}""")).Errors);
        Assert.Equal((201, "acme"), await PutAsync(TestApi.Key, """{"tenant":"acme"}"""));
        Assert.Equal((200, "acme"), await PutAsync(OwnersKey, """{"ratePerSecond":5}"""));
        Assert.Equal("5", (await api.GetAsync(Path))["ratePerSecond"]);
        Assert.DoesNotContain("+12065550113", (await api.GetAsync("/api/v1/senders")).Text);
        Assert.Contains("+12065550113", (await api.GetAsync("/api/v1/senders?tenant=acme")).Text);
        Assert.Equal(["tenant not_yours"], (await api.GetAsync("/api/v1/senders?tenant=default", OwnersKey)).Errors);
        Assert.Equal(204, (await api.CallAsync("DELETE", Path, OwnersKey)).Status);
        Assert.Equal("sender_not_found", (await api.CallAsync("PUT", Path, OwnersKey, "{}"))["code"]);

        async Task<(int, string?)> PutAsync(string key, string body)
        {
            var reply = await api.CallAsync("PUT", Path, key, body);
            return (reply.Status, reply["tenant"]);
        }
    }

    private static string? BodyOf(World world, Try one, string number) =>
        one.Body is null ? null : world.Fill(one.Body).Replace("{own}", number, StringComparison.Ordinal);

    private static Try Missing(string code, string path, string? body = null) => Refused(code, path, body);

    private static Try Refused(string code, string path, string? body = null) => new(path, body, Sight.Refused, code);

    private static Try[] References(string path) =>
    [
        Refused("unknown_media", path, SendFrom(null, """{"type":"image","mediaId":"{media}"}""")),
        Refused("unknown_message", path, SendFrom(null, """{"type":"reaction","messageId":"{inbound}","emoji":"👍"}""", "whatsapp")),
    ];

    /// <summary>A send from a number, or from the caller's own: each has one.</summary>
    private static string SendFrom(string? number, string content = """{"type":"text","body":"Hello"}""", string carrier = "twilio") =>
        $$"""{"carrier":"{{carrier}}","to":"+14155550123","from":"{{number ?? "{own}"}}","content":{{content}}}""";

    private static string BulkFrom(string? number, string content = """{"type":"text","body":"Hello"}""") =>
        $$"""{"carrier":"twilio","from":"{{number ?? "{own}"}}","content":{{content}},"recipients":[{"to":"+14155550123"}]}""";

    /// <summary>One way to try an endpoint.</summary>
    /// <param name="Path">Where.</param>
    /// <param name="Body">With what.</param>
    /// <param name="Sight">What comes of it.</param>
    /// <param name="Mark">The code of the refusal; or what stands in the owner's answer and in no other.</param>
    private sealed record Try(string Path, string? Body, Sight Sight, string? Mark = null);

    private enum Sight
    {
        /// <summary>The stranger is refused what the owner gets.</summary>
        Refused,

        /// <summary>Both are answered, each of their own.</summary>
        Other,

        /// <summary>Both make something of their own.</summary>
        Own,

        /// <summary>It is everybody's.</summary>
        Same,
    }

    /// <summary>An API at which the owner has one of everything, and the stranger nothing.</summary>
    private sealed class World
    {
        private readonly Dictionary<string, string> _names = [];

        private World(TestApi api) => Api = api;

        public TestApi Api { get; }

        /// <summary>What must not stand in any answer to the stranger, unless they said it themselves.</summary>
        public string[] Secrets { get; } = [TestApi.Text, "The owner's", "wamid.owner"];

        public string Fill(string text) =>
            _names.Aggregate(text, (filled, name) => filled.Replace($"{{{name.Key}}}", name.Value, StringComparison.Ordinal));

        public static async Task<World> OfAsync(string owner)
        {
            var clock = new Microsoft.Extensions.Time.Testing.FakeTimeProvider(TestApi.Noon);
            var log = new EventLog(new MemoryDynamoDb(new MemoryTables(), () => Task.CompletedTask), "events", clock);
            var world = new World(new TestApi(clock, events: log));
            var api = world.Api;
            api.AddKey(OwnersKey, "key_owner", owner, [.. Scopes.All]);
            api.AddKey("another-of-the-owner", "key_owner_2", owner, [.. Scopes.All]);
            api.AddKey(StrangersKey, "key_stranger", Stranger, [.. Scopes.All]);

            var ours = Address.Phone(Number);
            foreach (var carrier in (string[])["twilio", "whatsapp"])
            {
                await api.Senders.PutAsync(
                    new() { Carrier = carrier, Address = ours, Tenant = owner, Pool = "The owner's" }, mayMake: true);
                await api.Senders.PutAsync(
                    new() { Carrier = carrier, Address = Address.Phone(StrangersNumber), Tenant = Stranger }, mayMake: true);
            }

            await new RouteStore(api.Tables.Client, "control", clock).PutAsync(
                owner, [new() { Id = "owners-rule", Use = [new() { Pool = "The owner's" }] }], version: null);
            var message = api.Store("msg_owner", tenant: owner, from: Number);
            api.Tables.Store("control", new()
            {
                ["pk"] = new($"usage#{owner}"), ["sk"] = new("20260314#00"), ["at"] = new() { N = "1773489720000" },
                ["us"] = new($$"""
                    [{"carrier":"twilio","sender":"{{Number}}","direction":"outbound","status":"delivered","messages":3,"segments":3}]
                    """),
            });
            api.StoreInbound("msg_inbound", "whatsapp", new TextContent { Body = "The owner's" }, m => m with
            {
                Tenant = owner, To = ours, CarrierMessageId = "wamid.owner",
            });
            var theirs = Address.Phone("+14155550123");
            var session = api.StoreSession("whatsapp", theirs, TestApi.Noon.AddDays(1), owner, ours, ("pn", "The owner's"));
            api.Activate(session, TestApi.Noon);
            await api.Consents.RecordAsync(owner, theirs, ours: null, optedOut: false, TestApi.Noon.AddDays(-1), "The owner's");
            api.StoreSession("whatsapp", theirs, TestApi.Noon.AddDays(1), Stranger, Address.Phone(StrangersNumber));
            await new PersonDeletionStore(api.Tables.Client, "control", clock).RequestAsync(owner, Address.Phone("+14155550177"));
            api.Files[BlobStore.MediaKey(owner, MediaId)] = 100;
            api.Upload(BlobStore.UploadKey(owner, "upl_" + new string('b', 32)), "The owner's"u8.ToArray(), "text/plain");
            await log.AppendAsync(owner, 0, [new ClientEvent
            {
                Id = "evt_owners", Type = "message.sent", Timestamp = TestApi.Noon, Tenant = owner,
                Data = EventData.Of(MessageView.Of(message), EventJson.Wire.MessageView),
            }]);
            var endpoint = new WebhookEndpoint
            {
                Id = Ids.NewEndpoint(), Tenant = owner, Url = new("https://owner.example/"), Description = "The owner's",
                Secret = StandardWebhooks.NewSecret(), Since = TestApi.Noon, CreatedAt = TestApi.Noon, UpdatedAt = TestApi.Noon,
            };
            await api.Endpoints.Endpoints.CreateAsync(endpoint, []);
            var batch = await api.CallAsync("POST", "/api/v1/messages/bulk", OwnersKey, BulkFrom(Number));
            await new RateLimiter(api.Tables.Client, "control", clock).ReserveAsync(
                new("twilio", $"{Defaults.Account}#{ours.Key}", 400), [1], TimeSpan.FromSeconds(1));

            world._names["message"] = "msg_owner";
            world._names["batch"] = batch["batchId"]!;
            world._names["inbound"] = "msg_inbound";
            world._names["session"] = session;
            world._names["conversation"] = message.Message.ConversationId;
            world._names["endpoint"] = endpoint.Id;
            world._names["media"] = MediaId;
            world._names["upload"] = "upl_" + new string('b', 32);
            return world;
        }
    }
}
