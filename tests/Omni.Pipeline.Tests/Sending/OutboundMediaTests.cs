using System.Net;
using System.Net.Sockets;
using Omni.Shared;
using Omni.Testing;

namespace Omni.Pipeline.Tests.Sending;

/// <summary>A message's own file that cannot be fetched is that message's trouble, and nobody else's.</summary>
public sealed class OutboundMediaTests(EmulatorFixture emulators) : IClassFixture<EmulatorFixture>
{
    private static readonly MediaItem Slip = new() { MediaUrl = new("https://files.example.com/slip.pdf") };

    // Nothing listens there: the connection is refused at once.
    private static readonly MediaItem NobodyThere = new() { MediaUrl = new("http://127.0.0.1:1/slip.pdf") };

    public static TheoryData<string, string> Hosts() => new()
    {
        { "refuses", "media_connect" },
        { "does not resolve", "media_connect" },
        { "is silent", "media_timeout" },
        { "stops midway", "media_reset" },
        { "never ends", "media_timeout" },
        { "is too busy", "media_http_429" },
        { "is down", "media_http_503" },
    };

    [Theory, MemberData(nameof(Hosts))]
    public async Task A_host_that_gives_no_file_puts_its_message_off(string host, string code)
    {
        var (file, refusal) = await Media(host).ReadAsync(Slip, CancellationToken.None);

        Assert.Null(file);
        Assert.Equal(new SendOutcome.Deferred(DeferralCause.Media, code), refusal);
    }

    [Theory]
    [InlineData(HttpStatusCode.Unauthorized)]
    [InlineData(HttpStatusCode.Forbidden)]
    [InlineData(HttpStatusCode.NotFound)]
    [InlineData(HttpStatusCode.Gone)]
    public async Task A_host_that_will_not_give_it_fails_its_message_at_once(HttpStatusCode status)
    {
        var (_, refusal) = await Media(new StubCarrier(status, "")).ReadAsync(Slip, CancellationToken.None);

        Assert.Equal(new SendOutcome.Rejected(FailureReason.MediaRejected, $"media_http_{(int)status}"), refusal);
    }

    [Fact]
    public async Task A_file_that_stays_away_fails_its_message_after_three_tries_and_leaves_the_carriers_health_alone()
    {
        using var stage = await Stage.SetAsync(emulators, "livechat");
        stage.FakeCarrier.Answer = part => part.Media.ReadAsync(NobodyThere, CancellationToken.None).Result.Refusal;
        var message = stage.NewMessage(change: m => m with { Content = new DocumentContent { MediaUrl = NobodyThere.MediaUrl } });

        var record = await stage.SettleAsync(message);

        var part = record.State.Parts[0];
        Assert.Equal(
            (MessageStatus.Failed, FailureReason.MediaRejected, "media_unreachable"),
            (record.Status, part.Rank.Reason, part.Rank.CarrierCode));
        Assert.Equal((3, 3), (part.Attempts, part.Retries));
        Assert.Equal(
            Enumerable.Repeat(((FailureReason?)FailureReason.MediaRejected, (string?)"media_connect"), 3),
            record.State.Timeline.Where(e => e.Type == "deferred").Select(e => (e.Reason, e.CarrierCode)));
        Assert.InRange(stage.Clock.GetUtcNow() - message.CreatedAt, TimeSpan.FromSeconds(20), TimeSpan.FromMinutes(2));
        Assert.Null((await stage.Aws.Health.ReadAsync("livechat")).LastFaultAt);
    }

    [Fact]
    public async Task A_file_that_comes_after_all_is_sent_and_the_carriers_own_trouble_is_not_counted_as_the_files()
    {
        using var stage = await Stage.SetAsync(emulators, "livechat");
        stage.FakeCarrier.Answer = part => part.Reference.Attempt switch
        {
            <= 3 => new SendOutcome.Deferred(DeferralCause.CarrierUnavailable, "http_503"),
            <= 5 => new SendOutcome.Deferred(DeferralCause.Media, "media_timeout"),
            _ => null,
        };

        Assert.Equal(MessageStatus.Sent, (await stage.SettleAsync(stage.NewMessage())).Status);
        Assert.Single(stage.FakeCarrier.Taken);
    }

    private static OutboundMedia Media(string host) => host switch
    {
        "refuses" => Media(new StubCarrier(() => throw new HttpRequestException(
            HttpRequestError.ConnectionError, null, new SocketException((int)SocketError.ConnectionRefused)))),
        "does not resolve" => Media(new StubCarrier(() => throw new HttpRequestException(HttpRequestError.NameResolutionError))),
        "is silent" => Media(new StubCarrier(() => throw new TaskCanceledException())),
        "stops midway" => Media(Body(new BrokenStream(_ => throw new HttpIOException(HttpRequestError.ResponseEnded)))),
        "never ends" => Media(Body(new BrokenStream(cancellation => Task.Delay(Timeout.Infinite, cancellation))), fetchTime: TimeSpan.Zero),
        "is too busy" =>
            Media(new StubCarrier(() => new(HttpStatusCode.TooManyRequests) { Headers = { RetryAfter = new(TimeSpan.FromHours(9)) } })),
        _ => Media(new StubCarrier(HttpStatusCode.ServiceUnavailable, "")),
    };

    private static StubCarrier Body(Stream stream) => new(() => new(HttpStatusCode.OK) { Content = new StreamContent(stream) });

    private static OutboundMedia Media(StubCarrier stub, TimeSpan? fetchTime = null) => new(
        new()
        {
            Id = "msg_1",
            Carrier = "livechat",
            To = Address.Phone("+1"),
            From = Address.Phone("+1"),
            Content = new DocumentContent { MediaUrl = Slip.MediaUrl }
        },
        CarrierCatalogue.Get("livechat"), null!, null!, stub.Http) { FetchTime = fetchTime ?? TimeSpan.FromMinutes(1) };

    /// <summary>Bytes that do not all come.</summary>
    private sealed class BrokenStream(Func<CancellationToken, Task> read) : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => 0; set => throw new NotSupportedException(); }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await read(cancellationToken);
            return 0;
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override void Flush() { }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
