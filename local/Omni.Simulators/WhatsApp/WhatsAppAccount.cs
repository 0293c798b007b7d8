using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;
using Omni.Simulators.Phones;
using Omni.Simulators.Script;

namespace Omni.Simulators.WhatsApp;

/// <summary>Everything the simulated account remembers.</summary>
internal sealed class WhatsAppAccount(WhatsAppOptions options, SimulatorOptions common)
{
    private const int KeepMedia = 1000;
    private static readonly TimeSpan Window = TimeSpan.FromHours(24);

    private readonly ConcurrentDictionary<(string Number, string User), DateTimeOffset> _lastInbound = new();
    private readonly ConcurrentDictionary<(string Number, string User), bool> _marketingStopped = new();
    private string _host = "";

    public WhatsAppOptions Options => options;
    public TimeProvider Clock => common.Clock;
    public BehaviourScript Script { get; } = new();
    public WhatsAppPeople People { get; } = new();
    public SenderBuckets Rates { get; } = new(options.Rate, common.Clock);
    public SenderBuckets PairRates { get; } = new(options.PairRate, common.Clock);
    public Outbox<WhatsAppMessage> Messages { get; } = new(common.KeepMessages);
    public Outbox<WhatsAppRefused> Refused { get; } = new(common.KeepMessages);
    public Outbox<WhatsAppReadMark> ReadMarks { get; } = new(common.KeepMessages);
    public Outbox<WhatsAppMedia> Media { get; } = new(KeepMedia);

    /// <summary>What the people did.</summary>
    public PhoneLog Written { get; } = new();

    /// <summary>Where the app's webhook is.</summary>
    public string WebhookUrl => $"{common.WebhookBaseUrl?.ToString().TrimEnd('/') ?? _host}/webhooks/{WhatsAppSimulator.Name}";

    /// <summary>How the API is addressed, for links in its answers.</summary>
    public string ApiUrl => $"{common.BaseUrl?.GetLeftPart(UriPartial.Path).TrimEnd('/') ?? _host}/{WhatsAppSimulator.Name}";

    /// <summary>Notes how this host is addressed, for when the options do not say it.</summary>
    public void Note(HttpRequest request) => _host = $"{request.Scheme}://{request.Host}";

    public WhatsAppNumber? NumberOf(string? phone) => options.Numbers.FirstOrDefault(number => number.Phone == phone);

    public WhatsAppNumber? NumberById(string? id) => options.Numbers.FirstOrDefault(number => number.Id == id);

    public WhatsAppTemplate? TemplateOf(string? name) => options.Templates.FirstOrDefault(template => template.Name == name);

    /// <summary>The person wrote: for a day everything may be sent to them.</summary>
    public void OpenWindow(WhatsAppNumber number, WhatsAppPerson person) => _lastInbound[(number.Id, person.UserId)] = Clock.GetUtcNow();

    public bool HasWindow(WhatsAppNumber number, WhatsAppPerson person) =>
        _lastInbound.TryGetValue((number.Id, person.UserId), out var last) && Clock.GetUtcNow() - last < Window;

    /// <summary>The person used WhatsApp's own switch for marketing.</summary>
    public void SetMarketing(WhatsAppNumber number, WhatsAppPerson person, bool stopped) =>
        _marketingStopped[(number.Id, person.UserId)] = stopped;

    public bool HasStoppedMarketing(WhatsAppNumber number, WhatsAppPerson person) =>
        _marketingStopped.GetValueOrDefault((number.Id, person.UserId));

    public void Reset()
    {
        Script.Clear();
        Rates.Reset();
        PairRates.Reset();
        Messages.Clear();
        Refused.Clear();
        ReadMarks.Clear();
        Media.Clear();
        _lastInbound.Clear();
        _marketingStopped.Clear();
    }
}
