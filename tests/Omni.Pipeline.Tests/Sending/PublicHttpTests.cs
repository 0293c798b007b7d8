using System.Net;
using System.Net.Sockets;
using System.Text;
using Omni.Aws;
using Omni.Shared;
using Omni.Testing;

namespace Omni.Pipeline.Tests.Sending;

/// <summary>Addresses that others name lead to the public internet only.</summary>
public sealed class PublicHttpTests
{
    private static readonly MediaAnswer NobodyThere = new MediaAnswer.Later(DeferralCause.CarrierUnavailable, "connect");

    [Theory]
    [InlineData("8.8.8.8", true)]
    [InlineData("1.1.1.1", true)]
    [InlineData("172.32.0.1", true)]
    [InlineData("2606:4700:4700::1111", true)]
    [InlineData("0.0.0.0", false)]
    [InlineData("10.1.2.3", false)]
    [InlineData("100.64.0.1", false)]
    [InlineData("127.0.0.1", false)]
    [InlineData("169.254.169.254", false)]
    [InlineData("172.31.255.255", false)]
    [InlineData("192.168.1.1", false)]
    [InlineData("224.0.0.1", false)]
    [InlineData("255.255.255.255", false)]
    [InlineData("::", false)]
    [InlineData("::1", false)]
    [InlineData("::ffff:10.0.0.1", false)]
    [InlineData("::127.0.0.1", false)]
    [InlineData("64:ff9b::a9fe:a9fe", false)]
    [InlineData("fd00:ec2::254", false)]
    [InlineData("fe80::1", false)]
    public void An_address_is_public_or_not(string address, bool isPublic) =>
        Assert.Equal(isPublic, PublicHttp.IsPublic(IPAddress.Parse(address)));

    [Theory]
    [InlineData("http://127.0.0.1:{0}/")]
    [InlineData("http://localhost:{0}/")]
    [InlineData("http://[::ffff:127.0.0.1]:{0}/")]
    [InlineData("http://2130706433:{0}/")]
    [InlineData("http://0x7f.1:{0}/")]
    public async Task A_private_address_is_not_connected_to_however_it_is_written(string url)
    {
        using var server = new OneAnswer("secret");
        using var client = PublicHttp.NewClient(trustedHost: null, CarrierHttp.Timeout);
        using var request = new HttpRequestMessage(HttpMethod.Get, string.Format(null, url, server.Port));

        var answer = await new CarrierHttp(client, TimeProvider.System, client).OpenAsync(request, CancellationToken.None);

        Assert.Equal(NobodyThere, answer);
        Assert.False(server.WasAsked);
    }

    [Theory]
    [InlineData("http://no-such-host.invalid/")]
    [InlineData("http://127.0.0.1:1/")]
    public async Task A_host_that_is_not_there_looks_like_a_private_one(string url)
    {
        using var client = PublicHttp.NewClient(trustedHost: new Uri(url).Host, CarrierHttp.Timeout);
        using var request = new HttpRequestMessage(HttpMethod.Get, url);

        Assert.Equal(NobodyThere, await new CarrierHttp(client, TimeProvider.System, client).OpenAsync(request, CancellationToken.None));
    }

    [Theory]
    [InlineData("file:///etc/passwd", "redirect")]
    [InlineData("data:text/plain,a", "redirect")]
    [InlineData("http://", "http_302")]
    public async Task A_redirect_to_what_is_no_host_is_the_files_end_and_no_fault(string location, string code)
    {
        using var server = new OneAnswer("", $"HTTP/1.1 302 Found\r\nLocation: {location}\r\n");
        using var client = PublicHttp.NewClient(trustedHost: "127.0.0.1", CarrierHttp.Timeout);
        using var request = new HttpRequestMessage(HttpMethod.Get, $"http://127.0.0.1:{server.Port}/");

        Assert.Equal(
            new MediaAnswer.Gone(code),
            await new CarrierHttp(client, TimeProvider.System, client).OpenAsync(request, CancellationToken.None));
    }

    [Fact]
    public async Task The_carriers_own_host_may_lie_anywhere()
    {
        using var server = new OneAnswer("hello");
        using var client = PublicHttp.NewClient(trustedHost: "127.0.0.1", CarrierHttp.Timeout);
        using var request = new HttpRequestMessage(HttpMethod.Get, $"http://127.0.0.1:{server.Port}/");

        using var file = Assert.IsType<MediaAnswer.Opened>(
            await new CarrierHttp(client, TimeProvider.System, client).OpenAsync(request, CancellationToken.None));

        Assert.Equal("hello", await new StreamReader(file.Bytes).ReadToEndAsync());
    }

    [Fact]
    public async Task Bytes_for_an_upload_are_read_up_to_the_carriers_limit()
    {
        var carrier = CarrierCatalogue.Get("livechat") with { Limits = new() { MediaBytes = 10 } };
        foreach (var (bytes, fits) in ((string, bool)[])[("0123456789", true), ("0123456789x", false)])
        {
            var stub = new StubCarrier(HttpStatusCode.OK, bytes, "image/png");
            var (file, refusal) = await Media(stub, carrier)
                .ReadAsync(new() { MediaUrl = new("https://files.example.com/a%20b.png") }, CancellationToken.None);

            Assert.Equal(fits, file is not null);
            if (fits)
                Assert.Equal(("image/png", "a b.png", bytes), (file!.ContentType, file.Filename, Encoding.UTF8.GetString(file.Bytes.Span)));
            else Assert.Equal(new SendOutcome.Rejected(FailureReason.MediaTooLarge, "too_large"), refusal);
        }
    }

    [Fact]
    public async Task Each_kind_of_file_has_its_own_limit()
    {
        var carrier = CarrierCatalogue.Get("livechat") with
        {
            Limits = new()
            {
                MediaBytes = 10, MediaBytesOf = new Dictionary<ContentType, long> { [ContentType.Image] = 2, [ContentType.Document] = 20 }
            },
        };
        var file = new MediaItem { MediaUrl = new("https://files.example.com/1") };
        foreach (var (content, most) in ((Content, int)[])
            [
                (new ImageContent { MediaUrl = file.MediaUrl }, 2),
                (new VideoContent { MediaUrl = file.MediaUrl }, 10),
                (new TemplateContent { Name = "a", Header = new() { Document = file } }, 20)
            ])
        {
            foreach (var length in (int[])[most, most + 1])
            {
                var stub = new StubCarrier(HttpStatusCode.OK, new string('x', length), "image/png");

                var (read, _) = await Media(stub, carrier, content).ReadAsync(file, CancellationToken.None);

                Assert.Equal(length == most, read is not null);
            }
        }
    }

    private static OutboundMedia Media(StubCarrier stub, Carrier carrier, Content? content = null) => new(
        new()
        {
            Id = "msg_1",
            Carrier = carrier.Id,
            To = Address.Phone("+1"),
            From = Address.Phone("+1"),
            Content = content ?? new TextContent { Body = "" }
        }, carrier, null!, null!, stub.Http);

    /// <summary>A server that answers anybody, and remembers that it was asked.</summary>
    private sealed class OneAnswer : IDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

        public OneAnswer(string body, string start = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n")
        {
            _listener.Start();
            _ = Task.Run(async () =>
            {
                using var client = await _listener.AcceptTcpClientAsync();
                WasAsked = true;
                var stream = client.GetStream();
                _ = await stream.ReadAsync(new byte[4096]);
                await stream.WriteAsync(
                    Encoding.ASCII.GetBytes($"{start}Content-Length: {body.Length}\r\nConnection: close\r\n\r\n{body}"));
            });
        }

        public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

        public bool WasAsked { get; private set; }

        public void Dispose() => _listener.Dispose();
    }
}
