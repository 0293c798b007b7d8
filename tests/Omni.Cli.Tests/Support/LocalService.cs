using Omni.Client;
using Omni.Local;

namespace Omni.Cli.Tests;

/// <summary>The whole service on this machine, a terminal before it, and some things to look at.</summary>
public sealed class LocalService : IAsyncLifetime
{
    public const string Ours = "+12065550100";
    public const string Person = "+14155550123";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false });
    private LocalHost? _host;

    internal Terminal Terminal { get; private set; } = null!;

    public OmniClient Omni { get; private set; } = null!;

    public Uri Url => _host!.Url;

    public HttpClient Http => _http;

    public async Task InitializeAsync()
    {
        string[] carriers = [CarrierId.Whatsapp, CarrierId.Twilio, CarrierId.Livechat];
        _host = await LocalHost.StartAsync(new() { Port = 0, Carriers = carriers }, new Progress<string>());
        Omni = new(_host.Url, "local-dev-key", _http);
        Terminal = NewTerminal();
    }

    public async Task DisposeAsync()
    {
        _http.Dispose();
        if (_host is not null) await _host.DisposeAsync();
    }

    /// <summary>A terminal whose standard input says something.</summary>
    internal Terminal NewTerminal(string input = "", string? path = null) => new(
        _http,
        new Dictionary<string, string>
        {
            ["OMNI_URL"] = _host!.Url.ToString(),
            ["OMNI_API_KEY"] = "local-dev-key",
            ["PATH"] = path ?? "",
        },
        input);

    /// <summary>Sends a text, and waits until it is delivered.</summary>
    public async Task<Message> DeliverAsync(string to, string carrier = CarrierId.Twilio)
    {
        var sent = await Omni.Messages.SendAsync(new() { Carrier = carrier, From = Ours, To = to, Text = "Hello" });
        return await Omni.Messages.WaitForAsync(sent.Id, MessageStatus.Delivered, Patience);
    }

    /// <summary>Waits for what a person wrote.</summary>
    public async Task<Message> WrittenByAsync(string person)
    {
        using var patience = new CancellationTokenSource(Patience);
        await foreach (var read in Omni.Events.ReadAsync(EventsApi.Earliest, new() { Types = [EventType.MessageReceived] }, patience.Token))
        {
            if (read.AsMessage() is { } message && message.From == person) return message;
        }

        throw new InvalidOperationException("The feed has no end.");
    }
}
