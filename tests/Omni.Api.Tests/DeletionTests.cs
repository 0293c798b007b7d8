using System.Text.Json;
using Amazon.DynamoDBv2.Model;
using Omni.Aws;
using Omni.Shared;

namespace Omni.Api.Tests;

/// <summary>What clients may have deleted: what a message says, and what names a person.</summary>
public sealed class DeletionTests
{
    private const string Person = "/api/v1/people/+14155550123";

    private readonly TestApi _api = new();

    [Theory]
    [InlineData("accepted", "canceled")]
    [InlineData("scheduled", "canceled")]
    [InlineData("queued", "canceled")]
    [InlineData("unknown", "unknown")]
    [InlineData("sent", "sent")]
    [InlineData("failed", "failed")]
    [InlineData("delivered", "delivered")]
    public async Task What_a_message_says_is_deleted_and_what_has_not_left_is_canceled(string status, string expected)
    {
        _api.Store("msg_1", rank: RankKey.Of(EnumWords.FromWord<MessageStatus>(status)!.Value));

        var first = await DeleteAsync("msg_1");
        var updates = _api.Tables.Updates.Count;
        var second = await DeleteAsync("msg_1");

        Assert.Equal((200, expected), (first.Status, first["status"]));
        Assert.Equal(first.Text, second.Text);
        Assert.Equal(updates, _api.Tables.Updates.Count);
        var message = await _api.GetAsync("/api/v1/messages/msg_1");
        Assert.Equal(
            ("unsupported", "deleted", first["contentDeletedAt"]),
            (Content(message, "type"), Content(message, "kind"), message["contentDeletedAt"]));
        Assert.DoesNotContain(TestApi.Text, Everything());
        Assert.Equal("+14155550123", message["to"]);
    }

    [Fact]
    public async Task The_answer_tells_what_forgets_by_itself_and_when()
    {
        _api.Store("msg_1");

        var answer = await DeleteAsync("msg_1");

        Assert.Equal(
            ["queues 2026-03-28T12:00:00.123Z", "backups 2026-04-18T12:00:00.123Z", "unparsed 2026-07-12T12:00:00.123Z"],
            Remnants(answer));
    }

    [Fact]
    public async Task The_files_of_a_message_and_the_carriers_own_words_go_too()
    {
        var (message, file) = ("msg_1", Ids.Media("msg_1", 1));
        _api.StoreInbound(message, "whatsapp", new ImageContent { MediaUrl = new("https://carrier.example/1"), Caption = "My cat" });
        _api.Tables.Store("messages", new()
        {
            ["pk"] = new(message), ["sk"] = new("raw"), ["blob"] = new("raw/whatsapp/20260314/1"),
        });
        _api.Files[BlobStore.MediaKey("default", Ids.Media(message, 0))] = 100;
        _api.Files["raw/whatsapp/20260314/1"] = 100;
        _api.Files[BlobStore.MediaKey("default", file)] = 100; // not of this message: it has one file

        Assert.Equal(200, (await DeleteAsync(message)).Status);

        Assert.Equal([BlobStore.MediaKey("default", file)], _api.Files.Keys);
        Assert.DoesNotContain("My cat", Everything());
        Assert.DoesNotContain("raw/whatsapp", Everything());
        Assert.False(await _api.Messages.KeepRawAsync(message, "My cat", blob: null));
        Assert.False(await _api.Messages.SetFileAsync(message, 0, new() { Status = FileStatus.Stored, MediaId = file }));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("""{"force":true}""")]
    public async Task What_is_deleted_cannot_be_sent_again(string? body)
    {
        _api.Store("msg_1", rank: RankKey.Of(MessageStatus.Failed));
        await DeleteAsync("msg_1");

        var answer = await _api.CallAsync("POST", "/api/v1/messages/msg_1/resend", body: body);

        Assert.Equal((410, "content_deleted"), (answer.Status, answer["code"]));
    }

    /// <summary>It is deleted after the resend has read it: what was read must not be sent.</summary>
    [Fact]
    public async Task What_is_deleted_in_the_moment_of_a_resend_is_not_sent()
    {
        var old = _api.Store("msg_1", rank: RankKey.Of(MessageStatus.Failed));
        await DeleteAsync("msg_1");

        var outcome = await _api.Messages.ResendAsync(old, old.Message with { Id = "msg_2" });

        Assert.IsType<Resending.Changed>(outcome);
        Assert.Null(await _api.Messages.FindAsync("msg_2"));
    }

    [Fact]
    public async Task The_deletion_of_a_person_is_begun_and_can_be_followed()
    {
        var begun = await _api.CallAsync("DELETE", Person);
        _api.Clock.Advance(TimeSpan.FromSeconds(1));
        var again = await _api.CallAsync("DELETE", Person);
        var seen = await _api.GetAsync(begun.Header("Location")!);

        Assert.Equal((202, "running", "2026-03-14T12:00:00.123Z"), (begun.Status, begun["status"], begun["requestedAt"]));
        Assert.Equal((202, begun.Text), (again.Status, again.Text));
        Assert.Equal((200, begun.Text), (seen.Status, seen.Text));
        Assert.Null(begun["remnants"]);
    }

    [Theory]
    [InlineData("nobody!")]
    [InlineData("+1")]
    [InlineData("alphanumeric:unknown")]
    [InlineData("phone:")]
    public async Task Whom_nobody_can_write_to_is_nobody(string address)
    {
        foreach (var (method, path) in ((string, string)[])[("DELETE", ""), ("GET", "/deletion")])
        {
            var refused = await _api.CallAsync(method, $"/api/v1/people/{address}{path}");
            Assert.Equal((400, "invalid_parameter"), (refused.Status, refused["code"]));
            Assert.Equal(["address invalid_address"], refused.Errors);
        }
    }

    [Theory]
    [InlineData("DELETE", Person)]
    [InlineData("GET", Person + "/deletion")]
    [InlineData("DELETE", "/api/v1/messages/msg_1/content")]
    public async Task A_key_that_only_reads_messages_deletes_nothing(string method, string path) =>
        Assert.Equal("insufficient_scope", (await _api.CallAsync(method, path, TestApi.ReadOnlyKey))["code"]);

    private Task<Reply> DeleteAsync(string id) => _api.CallAsync("DELETE", $"/api/v1/messages/{id}/content");

    private static string? Content(Reply message, string member) => message.Json.GetProperty("content").GetProperty(member).GetString();

    private static IEnumerable<string> Remnants(Reply answer) => answer.Json.GetProperty("remnants").EnumerateArray()
        .Select(remnant => $"{remnant.GetProperty("where").GetString()} {remnant.GetProperty("until").GetString()}");

    /// <summary>All that the table of messages holds.</summary>
    private string Everything() => JsonSerializer.Serialize(
        _api.Tables.Items("messages").Select(item => item.ToDictionary(one => one.Key, one => Text(one.Value))));

    private static string Text(AttributeValue value) => value switch
    {
        { M.Count: > 0 } => string.Join(' ', value.M.Select(one => $"{one.Key}={Text(one.Value)}")),
        { L.Count: > 0 } => string.Join(' ', value.L.Select(Text)),
        { SS.Count: > 0 } => string.Join(' ', value.SS),
        _ => value.S ?? value.N ?? "",
    };
}
