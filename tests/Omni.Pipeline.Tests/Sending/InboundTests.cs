using System.Security.Cryptography;
using System.Text;
using Omni.Aws;
using Omni.Shared;
using Omni.Testing;

namespace Omni.Pipeline.Tests.Sending;

/// <summary>
/// What a sender does for inbound messages: their files are fetched and kept, and the carrier is told that they were read.
/// </summary>
public sealed class InboundTests(EmulatorFixture emulators) : IClassFixture<EmulatorFixture>
{
    private static readonly byte[] Picture = Encoding.UTF8.GetBytes("the bytes of a picture");
    private static readonly string Digest = Convert.ToHexStringLower(SHA256.HashData(Picture));

    [Fact]
    public async Task A_file_is_kept_under_the_name_of_its_message_and_read_again_as_it_came()
    {
        using var stage = await Stage.SetAsync(emulators);
        var message = await InboundAsync(stage, new MediaItem { MediaUrl = new("https://carrier.example/1"), Sha256 = Digest });
        stage.FakeCarrier.File = _ => Opened(Picture, "image/jpeg");

        Assert.Empty(await stage.RunAsync(Fetch(stage, message)));

        var file = Assert.Single((await stage.FindAsync(message)).State.Files);
        Assert.Equal(
            new FileState
            {
                Status = FileStatus.Stored, MediaId = Ids.Media(message.Id, 0), MimeType = "image/jpeg", Bytes = Picture.Length,
                Sha256 = Digest, DetectedType = "text/plain",
            },
            file);
        var kept = await stage.Blobs.FindAsync(BlobStore.MediaKey(message.Tenant, file.MediaId!));
        Assert.Equal(Picture, kept!.Value.Bytes);
        Assert.Equal("image/jpeg", kept.Value.ContentType);

        using var http = new HttpClient();
        var link = stage.Blobs.LinkTo(BlobStore.MediaKey(message.Tenant, file.MediaId!), TimeSpan.FromMinutes(5));
        Assert.Equal(Picture, await http.GetByteArrayAsync(link));
        Assert.Null(await stage.Blobs.SizeAsync(BlobStore.MediaKey("another", file.MediaId!)));
    }

    [Fact]
    public async Task What_a_file_is_its_bytes_tell_whatever_the_carrier_says()
    {
        using var stage = await Stage.SetAsync(emulators);
        var message = await InboundAsync(stage, new MediaItem { MediaUrl = new("https://carrier.example/1") });
        stage.FakeCarrier.File = _ => Opened([.. "GIF89a"u8, 16, 0, 9, 0, 0, 0, 0, 0x3B], "image/png");

        Assert.Empty(await stage.RunAsync(Fetch(stage, message)));

        var file = Assert.Single((await stage.FindAsync(message)).State.Files);
        Assert.Equal(
            ("image/png", "image/gif", 16, 9, null), (file.MimeType, file.DetectedType, file.Width, file.Height, file.DurationMs));
    }

    [Fact]
    public async Task What_is_kept_already_is_not_fetched_again()
    {
        using var stage = await Stage.SetAsync(emulators);
        var message = await InboundAsync(stage, File("a"), File("b"));
        var asked = new List<string?>();
        stage.FakeCarrier.File = file =>
        {
            asked.Add(file.MediaId);
            return file.MediaId == "b" && asked.Count < 3
                ? new MediaAnswer.Later(DeferralCause.Throttled, "429", TimeSpan.FromMinutes(7))
                : Opened(Picture, null);
        };

        Assert.Single(await stage.RunAsync(Fetch(stage, message)));
        Assert.Equal(TimeSpan.FromMinutes(7), Assert.Single(stage.Waits).Value);
        Assert.Empty(await stage.RunAsync(Fetch(stage, message, 2)));
        Assert.Empty(await stage.RunAsync(Fetch(stage, message, 3)));

        Assert.Equal(["a", "b", "b"], asked);
        Assert.All((await stage.FindAsync(message)).State.Files, file => Assert.Equal(FileStatus.Stored, file.Status));
    }

    [Fact]
    public async Task Bytes_that_are_not_those_that_were_announced_are_fetched_again_and_given_up_at_last()
    {
        using var stage = await Stage.SetAsync(emulators);
        var message = await InboundAsync(
            stage, new MediaItem { MediaId = "a", Sha256 = Convert.ToHexStringLower(SHA256.HashData("others"u8)) });
        stage.FakeCarrier.File = _ => Opened(Picture, null);

        for (var delivery = 1; delivery <= 3; delivery++)
        {
            Assert.Single(await stage.RunAsync(Fetch(stage, message, delivery)));
            Assert.Equal(FileStatus.Pending, (await stage.FindAsync(message)).State.Files[0].Status);
        }

        Assert.Empty(await stage.RunAsync(Fetch(stage, message, 4)));
        Assert.Equal((FileStatus.Failed, "hash_mismatch"), Outcome(await stage.FindAsync(message)));
    }

    [Theory]
    [InlineData("hex")]
    [InlineData("base64")]
    public async Task A_hash_that_the_carrier_gives_with_the_bytes_is_read_in_both_writings(string writing)
    {
        using var stage = await Stage.SetAsync(emulators);
        var message = await InboundAsync(stage, File("a"));
        var hash = SHA256.HashData(Picture);
        stage.FakeCarrier.File = _ =>
            Opened(Picture, null) with { Sha256 = writing == "hex" ? Convert.ToHexString(hash) : Convert.ToBase64String(hash) };

        Assert.Empty(await stage.RunAsync(Fetch(stage, message)));
        Assert.Equal(FileStatus.Stored, (await stage.FindAsync(message)).State.Files[0].Status);
    }

    [Fact]
    public async Task A_file_that_the_carrier_does_not_give_out_any_more_fails_with_its_code()
    {
        using var stage = await Stage.SetAsync(emulators);
        var message = await InboundAsync(stage, File("a"));
        stage.FakeCarrier.File = _ => new MediaAnswer.Gone("http_404");

        Assert.Empty(await stage.RunAsync(Fetch(stage, message)));
        Assert.Equal((FileStatus.Failed, "http_404"), Outcome(await stage.FindAsync(message)));
    }

    [Fact]
    public async Task A_file_larger_than_is_kept_fails_whether_its_size_is_told_or_not()
    {
        using var stage = await Stage.SetAsync(emulators);
        stage.Options = stage.Options with { MaxMediaBytes = Picture.Length - 1 };
        foreach (var length in (long?[])[Picture.Length, null])
        {
            var message = await InboundAsync(stage, File("a"));
            stage.FakeCarrier.File = _ => Opened(Picture, null) with { Length = length };

            Assert.Empty(await stage.RunAsync(Fetch(stage, message)));
            Assert.Equal((FileStatus.Failed, "too_large"), Outcome(await stage.FindAsync(message)));
        }
    }

    [Fact]
    public async Task Refused_credentials_are_waited_for_until_the_carrier_has_the_file_no_more()
    {
        using var stage = await Stage.SetAsync(emulators);
        var message = await InboundAsync(stage, File("a"));
        stage.FakeCarrier.File = _ => new MediaAnswer.Later(DeferralCause.OurFault, "http_401");

        Assert.Single(await stage.RunAsync(Fetch(stage, message, 9)));
        stage.Clock.Advance(stage.Options.MediaAge);
        Assert.Empty(await stage.RunAsync(Fetch(stage, message, 10)));

        Assert.Equal((FileStatus.Failed, "http_401"), Outcome(await stage.FindAsync(message)));
    }

    [Fact]
    public async Task A_fault_of_ours_goes_to_the_dead_letters_and_holds_up_nothing_else()
    {
        using var stage = await Stage.SetAsync(emulators);
        var (broken, other, sent) = (await InboundAsync(stage, File("broken")), await InboundAsync(stage, File("a")), stage.NewMessage());
        stage.FakeCarrier.File = file => file.MediaId == "broken" ? throw new InvalidOperationException("A bug.") : Opened(Picture, null);

        Assert.Single(await stage.RunAsync(Fetch(stage, broken), Fetch(stage, other), stage.Send(sent)));
        Assert.Empty(await stage.RunAsync(Fetch(stage, broken, 5)));

        Assert.Single(stage.DeadLetters);
        Assert.Equal(FileStatus.Stored, (await stage.FindAsync(other)).State.Files[0].Status);
        Assert.Single(stage.FakeCarrier.Taken);
    }

    [Fact]
    public async Task A_command_about_no_message_or_another_carriers_is_done()
    {
        using var stage = await Stage.SetAsync(emulators);
        var others = await InboundAsync(stage, m => m with { Carrier = "bandwidth" }, File("a"));

        Assert.Empty(await stage.RunAsync(stage.Record(new OutboundCommand.FetchMedia { MessageId = "msg_none" }), Fetch(stage, others)));
        Assert.Equal(FileStatus.Pending, (await stage.FindAsync(others)).State.Files[0].Status);
    }

    [Fact]
    public async Task A_read_mark_is_told_once_and_stands_in_the_timeline()
    {
        using var stage = await Stage.SetAsync(emulators);
        var message = await InboundAsync(stage, File("a"));
        var answers = new Queue<SendOutcome>([new SendOutcome.Unknown("timeout"), new SendOutcome.Accepted(null)]);
        stage.FakeCarrier.Mark = _ => answers.Dequeue();

        Assert.True(await stage.Aws.Messages.AskReadAsync(message.Id));
        Assert.False(await stage.Aws.Messages.AskReadAsync(message.Id));
        Assert.Single(await stage.RunAsync(Mark(stage, message)));
        Assert.Empty(await stage.RunAsync(Mark(stage, message)));
        Assert.Empty(await stage.RunAsync(Mark(stage, message)));

        var record = await stage.FindAsync(message);
        Assert.True(record.State.ReadAsked);
        Assert.Equal(["received", "readMarked"], record.State.Timeline.Select(e => e.Type));
    }

    [Fact]
    public async Task A_refused_read_mark_is_not_tried_again()
    {
        using var stage = await Stage.SetAsync(emulators);
        var message = await InboundAsync(stage, File("a"));
        stage.FakeCarrier.Mark = _ => new SendOutcome.Rejected(FailureReason.BadRequest, "100");

        Assert.Empty(await stage.RunAsync(Mark(stage, message)));

        Assert.Equal("readMarkRefused", (await stage.FindAsync(message)).State.Timeline[^1].Type);
    }

    [Fact]
    public async Task What_an_answer_tells_of_the_conversation_is_noted_and_its_window_is_found()
    {
        using var stage = await Stage.SetAsync(emulators, "whatsapp");
        var typed = stage.NewMessage();
        var known = Address.Phone("+551187654321");
        stage.FakeCarrier.Answer = _ => new SendOutcome.Accepted("wamid.1", [known], "thread-1");

        Assert.Empty(await stage.RunAsync(stage.Send(typed)));
        Assert.Null(await stage.Aws.Sessions.FindWithWindowAsync(typed.Conversation));
        await stage.Aws.Sessions.NoteInboundAsync(typed with { Direction = Direction.Inbound, From = known, To = typed.From }, "Ina");

        var session = await stage.Aws.Sessions.FindAsync(typed.ConversationId);
        Assert.Equal((known, "thread-1"), (session!.Recipient, session.Thread));
        var window = await stage.Aws.Sessions.FindWithWindowAsync(typed.Conversation);
        Assert.Equal((known, typed.To), (window!.Theirs, Assert.Single(window.Links)));
        Assert.Equal(typed.CreatedAt + TimeSpan.FromHours(24), window.WindowExpiresAt);
    }

    [Fact]
    public async Task Too_fast_for_one_person_makes_only_that_conversation_wait()
    {
        using var stage = await Stage.SetAsync(emulators, "whatsapp");
        var (fast, other) = (stage.NewMessage(), stage.NewMessage(change: m => m with { To = Address.Phone("+14155550177") }));
        stage.FakeCarrier.Answer = part => part.Message.Id == fast.Id
            ? new SendOutcome.Deferred(DeferralCause.RecipientThrottled, "131056", TimeSpan.FromSeconds(64))
            : null;

        var record = stage.Send(fast);
        Assert.Equal([record.Id], await stage.RunAsync(record));
        Assert.Empty(await stage.RunAsync(stage.Send(other)));

        Assert.InRange(stage.Waits[record.Id], TimeSpan.FromSeconds(64), TimeSpan.FromSeconds(64 + 2));
        Assert.Single(stage.FakeCarrier.Taken);
    }

    [Fact]
    public async Task A_lost_call_that_only_prepares_puts_the_part_off()
    {
        using var stage = await Stage.SetAsync(emulators);
        var message = stage.NewMessage();
        stage.FakeCarrier.Leaving = _ => throw new HttpRequestException("no token");

        Assert.Single(await stage.RunAsync(stage.Send(message)));

        var part = (await stage.FindAsync(message)).State.Parts[0];
        Assert.Equal((MessageStatus.Sending, 0, 1), (part.Rank.Status, part.Faults, part.Retries));
    }

    private static MediaItem File(string id) => new() { MediaId = id };

    private static MediaAnswer.Opened Opened(byte[] bytes, string? type) => new(new MemoryStream(bytes), type, bytes.Length);

    private static (FileStatus, string?) Outcome(MessageRecord record) => (record.State.Files[0].Status, record.State.Files[0].Code);

    private static QueueRecord Fetch(Stage stage, Message message, int receiveCount = 1) =>
        stage.Record(new OutboundCommand.FetchMedia { MessageId = message.Id }, message.Id + ".media", receiveCount);

    private static QueueRecord Mark(Stage stage, Message message) =>
        stage.Record(new OutboundCommand.MarkRead { MessageId = message.Id, CarrierMessageId = "cm" }, message.Id + ".read");

    private static Task<Message> InboundAsync(Stage stage, params MediaItem[] files) => InboundAsync(stage, m => m, files);

    private static async Task<Message> InboundAsync(Stage stage, Func<Message, Message> change, params MediaItem[] files)
    {
        var content = new ImageContent
        {
            MediaUrl = files[0].MediaUrl, MediaId = files[0].MediaId, Sha256 = files[0].Sha256, More = files.Length > 1 ? files[1..] : null
        };
        var message = change(
            stage.NewMessage() with { Direction = Direction.Inbound, Content = content, Parts = [], CarrierMessageId = "cm" });
        await stage.Aws.Messages.CreateAsync(MessageStore.NewRecord(message));
        return message;
    }
}
