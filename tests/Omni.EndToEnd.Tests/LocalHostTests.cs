using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Omni.Local;

namespace Omni.EndToEnd.Tests;

/// <summary>
/// A host behind a tunnel, on a port that was asked for: carriers reach it by another address than the one it listens on.
/// </summary>
public sealed class TunnelHost() : Host(SharedHost.IsIsolatedRun)
{
    /// <summary>The tunnel. Nothing listens there: what is called by this name must come here all the same.</summary>
    public const string PublicBaseUrl = "https://tunnel.example.com";

    protected override int Port { get; } = FreePort();

    protected override IEnumerable<KeyValuePair<string, string>> Settings =>
        [.. base.Settings, KeyValuePair.Create("PUBLIC_BASE_URL", PublicBaseUrl)];

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}

/// <summary>What the local host promises beside the service: its addresses, and that it leaves nothing behind.</summary>
public sealed class LocalHostTests(TunnelHost tunnel, SharedHost shared) : IClassFixture<TunnelHost>, IClassFixture<SharedHost>
{
    public static TheoryData<string> Names() => Socket.OSSupportsIPv6 ? ["localhost", "127.0.0.1", "[::1]"] : ["localhost", "127.0.0.1"];

    public static TheoryData<string> Carriers() => [.. Scene.All.Select(scene => scene.Carrier)];

    [Theory, MemberData(nameof(Names))]
    public async Task A_simulated_person_writes_whatever_the_host_is_called(string name)
    {
        var person = Host.NewPhone();

        await WriteAsync(tunnel, name, person);

        await tunnel.InboundAsync(person, 1);
    }

    [Theory]
    [InlineData("localhost")]
    [InlineData("127.0.0.1")]
    public async Task So_it_is_without_a_tunnel(string name)
    {
        var person = Host.NewPhone();

        await WriteAsync(shared.Host, name, person);

        await shared.Host.InboundAsync(person, 1);
    }

    [Theory, MemberData(nameof(Carriers))]
    public async Task A_message_reaches_its_last_status_through_the_public_address(string carrier)
    {
        var scene = Scene.Of(carrier);
        var person = await scene.NewPersonAsync(tunnel);
        await scene.RuleAsync(
            tunnel,
            person,
            new() { ["receipts"] = new JsonObject { ["path"] = new JsonArray([.. scene.Path.Select(status => (JsonNode)status)]) } });

        await tunnel.SendAsync(scene.Text(person, "Through the tunnel"), scene.Last);
    }

    [Fact]
    public async Task A_carrier_is_given_the_public_address_and_signs_it()
    {
        var scene = Scene.Of("twilio");
        var person = Host.NewPhone();
        await tunnel.SendAsync(scene.Text(person, "Report here"), "delivered");
        var taken = Assert.Single(await scene.TakenAsync(tunnel, person))!;
        Assert.StartsWith(
            TunnelHost.PublicBaseUrl + "/webhooks/twilio", (string?)taken["parameters"]!["StatusCallback"]![0], StringComparison.Ordinal);

        var call = Assert.Single(scene.Calls(tunnel, [new(person, scene.Ours[0], "Real")], []));

        Assert.Equal(HttpStatusCode.OK, (await call.MakeAsync(tunnel)).Status);
    }

    [Theory]
    [InlineData("tunnel.example.com")]
    [InlineData("ftp://tunnel.example.com")]
    public async Task A_public_address_that_is_none_is_refused(string url)
    {
        var options = new LocalOptions { Port = 0, Environment = new Dictionary<string, string> { ["PUBLIC_BASE_URL"] = url } };

        var refusal = await Assert.ThrowsAsync<ArgumentException>(() => StartAsync(options));

        Assert.Contains(url, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_function_that_there_is_not_is_refused_with_those_that_there_are()
    {
        var refusal = await Assert.ThrowsAsync<ArgumentException>(
            () => tunnel.Local.InvokeAsync("Omni.Nobody", [], CancellationToken.None));

        Assert.Contains("Omni.Twilio.Inbound", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void One_function_alone_takes_a_free_port_unless_one_is_asked_for()
    {
        static LocalOptions Parse(params string[] arguments) => LocalOptions.Parse(arguments, new Dictionary<string, string>());

        Assert.Equal(
            (("Omni.Api", "event.json"), 0),
            (Parse("--invoke", "Omni.Api", "event.json").Invocation!.Value, Parse("--invoke", "Omni.Api", "event.json").Port));
        Assert.Equal(9000, Parse("--port", "9000", "--invoke", "Omni.Api", "event.json").Port);
        Assert.Throws<ArgumentException>(() => Parse("--invoke", "Omni.Api"));
    }

    [Fact]
    public void Its_servers_watch_no_files()
    {
        if (!OperatingSystem.IsLinux()) return;

        Assert.NotNull(tunnel.Local.Url);
        Assert.DoesNotContain(
            "anon_inode:inotify", Directory.EnumerateFiles("/proc/self/fd").Select(open => new FileInfo(open).LinkTarget));
    }

    [Fact]
    public async Task The_folder_of_a_host_is_removed_at_its_end()
    {
        var host = await StartAsync(new() { Port = 0 });
        var folder = Path.GetDirectoryName(host.LogFile)!;
        Assert.True(File.Exists(host.LogFile));

        await host.DisposeAsync();

        Assert.False(Directory.Exists(folder));
    }

    private static Task<LocalHost> StartAsync(LocalOptions options) => LocalHost.StartAsync(options, new Progress<string>());

    // The simulated carrier signs for the address that it takes the webhook to have; a wrong one is refused.
    private static async Task WriteAsync(Host host, string name, string person)
    {
        using var http = new HttpClient();
        var simulator = new Uri($"http://{name}:{host.Local.Url.Port}/sim/twilio/inbound");
        // A function may run out of its time on a busy machine, which is a 500 and says nothing of the signature.
        var call = await Host.UntilAsync(async () =>
        {
            using var answer = await http.PostAsJsonAsync(simulator, new { from = person, to = "+12065550100", body = "Hi!" });
            var told = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
            return (int?)told["status"] == 500 ? null : told;
        });
        Assert.True((int?)call["status"] == 200, call.ToJsonString());
    }
}
