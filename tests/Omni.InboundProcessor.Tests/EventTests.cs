using System.Text.Json.Nodes;
using Omni.Aws;
using Omni.Shared;
using Omni.Testing;

namespace Omni.InboundProcessor.Tests;

/// <summary>
/// What webhook events do to the tables: one file a case. Each ends the same in whatever order, batch or number its events come.
/// </summary>
public sealed class EventTests(EmulatorFixture emulators) : IClassFixture<EmulatorFixture>
{
    public static IEnumerable<object[]> Cases() =>
        from path in Directory.EnumerateFiles("Fixtures", "*.json")
        from delivery in new[] { "twice", "reversed", "in one batch" }
        select new object[] { Path.GetFileNameWithoutExtension(path), delivery };

    [Theory, MemberData(nameof(Cases))]
    public async Task Events_end_in_what_their_fixture_says(string fixture, string delivery)
    {
        var json = JsonNode.Parse(await File.ReadAllTextAsync($"Fixtures/{fixture}.json"))!;
        using var tables = await OmniTables.CreateAsync(emulators, TimeProvider.System);
        var desk = new Desk(tables);
        foreach (var given in json["given"]!.AsArray()) await GiveAsync(desk, given!);
        string[] bodies = [.. json["events"]!.AsArray()
            .Select(e => e!.GetValueKind() == System.Text.Json.JsonValueKind.String ? (string)e! : e.ToJsonString())];

        var failed = delivery switch
        {
            "in one batch" => await desk.HandleAsync(bodies),
            "reversed" => [.. (await OneByOneAsync(desk, bodies.Reverse())).Select(i => bodies.Length - 1 - i).Order()],
            _ => await OneByOneAsync(desk, bodies),
        };
        if (delivery == "twice") Assert.Equal(failed, await desk.HandleAsync(bodies));

        Assert.Equal(json["failed"]!.AsArray().Select(i => (int)i!), failed);
        foreach (var (id, expected) in json["messages"]!.AsObject())
            Assert.Equal((id, expected!.ToJsonString()), (id, await MessageAsync(tables, id)));
        foreach (var expected in json["sessions"]!.AsArray()) Assert.Equal(expected!.ToJsonString(), await SessionAsync(tables, expected));
        foreach (var expected in json["consents"]!.AsArray())
        {
            Assert.Equal(
                (bool)expected!["optedOut"]!,
                await tables.Aws.Consents.IsOptedOutAsync(Defaults.Tenant, Phone(expected, "person"), Phone(expected, "ours")));
        }
    }

    private static async Task GiveAsync(Desk desk, JsonNode given)
    {
        var begun = Time(given, "begunAt");
        var message = await desk.SendingAsync(
            (string)given["id"]!,
            (string)given["carrier"]!,
            Phone(given, "to"),
            Phone(given, "from"),
            (string)given["body"]!,
            Time(given, "createdAt"),
            begun);
        var status = EnumWords.FromWord<MessageStatus>((string)given["status"]!)!.Value;
        for (var part = 0; part < message.Parts.Count; part++)
        {
            await desk.At(begun).ApplyAsync(new() { MessageId = message.Id, Part = part, Attempt = 1, Status = status, At = begun });
        }
    }

    private static async Task<int[]> OneByOneAsync(Desk desk, IEnumerable<string> bodies)
    {
        var failed = new List<int>();
        foreach (var (i, body) in bodies.Index())
        {
            if ((await desk.HandleAsync(body)).Length > 0) failed.Add(i);
        }

        return [.. failed];
    }

    private static async Task<string> MessageAsync(OmniTables tables, string id)
    {
        var record = await tables.Aws.Messages.FindAsync(id);
        return new JsonObject
        {
            ["status"] = record?.Status.Word(),
            ["timeline"] = new JsonArray([.. (record?.State.Timeline ?? []).Select(e => e.Id).Order(StringComparer.Ordinal)]),
            ["contradicted"] = record?.State.Contradicted,
        }.ToJsonString();
    }

    private static async Task<string> SessionAsync(OmniTables tables, JsonNode of)
    {
        var id = Ids.Conversation(
            Defaults.Tenant, (string)of["carrier"]!, Defaults.Account, ours: Phone(of, "ours"), theirs: Phone(of, "theirs"));
        var session = await tables.Aws.Sessions.FindAsync(id);
        return new JsonObject
        {
            ["carrier"] = session?.Carrier,
            ["ours"] = session?.Ours.Value,
            ["theirs"] = session?.Theirs.Value,
            ["lastInboundAt"] = Text(session?.LastInboundAt),
            ["windowExpiresAt"] = Text(session?.WindowExpiresAt),
            ["profileName"] = session?.ProfileName,
        }.ToJsonString();
    }

    private static string? Text(DateTimeOffset? time) => time?.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", null);

    private static DateTimeOffset Time(JsonNode of, string name) => DateTimeOffset.Parse((string)of[name]!, null);

    private static Address Phone(JsonNode of, string name) => Address.Phone((string)of[name]!);
}
