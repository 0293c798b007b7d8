using System.Net.Http.Json;
using System.Text.Json;

namespace Omni.WebConsole.Phones;

/// <summary>The simulated carriers of a local host, as the people see them.</summary>
public sealed class Simulators(ConsoleOptions options) : IDisposable
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull,
    };

    private readonly HttpClient _http = new() { BaseAddress = new(options.Url.AbsoluteUri.TrimEnd('/') + "/sim/") };
    private readonly SemaphoreSlim _once = new(1);
    private IReadOnlyDictionary<string, PhoneFacts>? _carriers;

    /// <summary>The carriers that have phones, with what these can do; none where there is no local host.</summary>
    public async Task<IReadOnlyDictionary<string, PhoneFacts>> CarriersAsync(CancellationToken cancellation)
    {
        await _once.WaitAsync(cancellation);
        try
        {
            return _carriers ??= await AskAsync(cancellation);
        }
        finally
        {
            _once.Release();
        }
    }

    /// <summary>What is on a phone.</summary>
    public Task<PhoneScreen> ScreenAsync(Phone phone, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(phone);
        var query = $"person={Uri.EscapeDataString(phone.Person)}&sender={Uri.EscapeDataString(phone.Sender)}";
        return GetAsync<PhoneScreen>($"{phone.Carrier}/phone/messages?{query}", cancellation);
    }

    /// <summary>The person writes, sends a picture or taps.</summary>
    public Task WriteAsync(
        Phone phone,
        string? text = null,
        PhonePicture? picture = null,
        PhoneChoice? choice = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(phone);
        return TellAsync(
            HttpMethod.Post,
            $"{phone.Carrier}/phone/messages",
            new { phone.Person, phone.Sender, phone.Name, text, picture, choice },
            cancellation);
    }

    /// <summary>The person reads.</summary>
    public Task ReadAsync(Phone phone, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(phone);
        return TellAsync(HttpMethod.Post, $"{phone.Carrier}/phone/read", new { phone.Person, phone.Sender }, cancellation);
    }

    /// <summary>How a carrier behaves.</summary>
    public Task<PhoneBehaviour> BehaviourAsync(string carrier, CancellationToken cancellation) =>
        GetAsync<PhoneBehaviour>($"{carrier}/phone/behaviour", cancellation);

    /// <summary>Has a carrier behave otherwise.</summary>
    public Task BehaveAsync(string carrier, PhoneBehaviour behaviour, CancellationToken cancellation) =>
        TellAsync(HttpMethod.Put, $"{carrier}/phone/behaviour", behaviour, cancellation);

    /// <inheritdoc/>
    public void Dispose()
    {
        _http.Dispose();
        _once.Dispose();
    }

    private async Task<IReadOnlyDictionary<string, PhoneFacts>> AskAsync(CancellationToken cancellation)
    {
        using var response = await _http.GetAsync(new Uri("../sim", UriKind.Relative), cancellation);
        if (!response.IsSuccessStatusCode) return new Dictionary<string, PhoneFacts>();

        var orders = await response.Content.ReadFromJsonAsync<JsonElement>(Json, cancellation);
        var paths = orders.EnumerateArray().Select(order => order.GetProperty("path").GetString()!.Split('/'));
        var found = new SortedDictionary<string, PhoneFacts>(StringComparer.Ordinal);
        foreach (var carrier in paths.Where(path => path is ["", "sim", _, "phone"]).Select(path => path[2]))
            found[carrier] = await GetAsync<PhoneFacts>($"{carrier}/phone", cancellation);
        return found;
    }

    private async Task<T> GetAsync<T>(string path, CancellationToken cancellation) =>
        (await _http.GetFromJsonAsync<T>(new Uri(path, UriKind.Relative), Json, cancellation))!;

    private async Task TellAsync(HttpMethod method, string path, object order, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative));
        request.Content = JsonContent.Create(order, options: Json);
        using var response = await _http.SendAsync(request, cancellation);
        if (!response.IsSuccessStatusCode)
            throw new HttpRequestException(await response.Content.ReadAsStringAsync(cancellation), null, response.StatusCode);
    }
}
