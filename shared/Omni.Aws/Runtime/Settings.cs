using System.Collections;
using System.Globalization;
using Amazon.SimpleSystemsManagement;
using Amazon.SimpleSystemsManagement.Model;
using Omni.Shared;

namespace Omni.Aws;

/// <summary>
/// A function's settings: its environment, and the SSM parameters under <see cref="SettingNames.ParameterPath"/> where that is set.
/// Parameters are read in one call, again every few minutes; when a reading fails the last values stay.
/// </summary>
public sealed class Settings
{
    private static readonly TimeSpan RefreshEvery = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(20);

    private readonly IReadOnlyDictionary<string, string> _environment;
    private readonly TimeProvider _clock;
    private readonly Func<string, CancellationToken, Task<IReadOnlyDictionary<string, string>>>? _readParameters;
    private IReadOnlyDictionary<string, string> _parameters = new Dictionary<string, string>();
    private DateTimeOffset _refreshAt;

    /// <summary>Settings over an environment alone, or with parameters once <see cref="LoadAsync"/> was called.</summary>
    /// <param name="environment">The environment.</param>
    /// <param name="clock">The time.</param>
    /// <param name="readParameters">Reads the parameters under a path; by default from SSM.</param>
    public Settings(
        IReadOnlyDictionary<string, string> environment,
        TimeProvider? clock = null,
        Func<string, CancellationToken, Task<IReadOnlyDictionary<string, string>>>? readParameters = null)
    {
        _environment = environment;
        _clock = clock ?? TimeProvider.System;
        _readParameters = readParameters ?? ReadFromSsmAsync;
    }

    /// <summary>Counts the readings: whoever derives something from the settings need do it again only when this has changed.</summary>
    public int Version { get; private set; }

    /// <summary>The process's environment.</summary>
    public static Settings FromEnvironment()
    {
        var environment = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (DictionaryEntry variable in Environment.GetEnvironmentVariables())
            environment[(string)variable.Key] = (string?)variable.Value ?? "";
        return new(environment);
    }

    /// <summary>
    /// Reads the parameters if there is a path for them and it is time. A failure of the first reading is thrown, a later one is not.
    /// </summary>
    /// <param name="cancellation">Stops the call.</param>
    public async Task LoadAsync(CancellationToken cancellation = default)
    {
        if (Find(SettingNames.ParameterPath) is not { } path || _clock.GetUtcNow() < _refreshAt) return;

        try
        {
            _parameters = await _readParameters!(path, cancellation).ConfigureAwait(false);
            _refreshAt = _clock.GetUtcNow() + RefreshEvery;
            Version++;
        }
        catch (Exception) when (Version > 0)
        {
            _refreshAt = _clock.GetUtcNow() + RetryAfter;
        }
    }

    /// <summary>A setting; null when it is not set, or empty.</summary>
    /// <param name="name">Its name.</param>
    public string? Find(string name) =>
        _environment.GetValueOrDefault(name) is { Length: > 0 } value
            ? value
            : _parameters.GetValueOrDefault(name) is { Length: > 0 } parameter ? parameter : null;

    /// <summary>Whether the stage is the one on a single machine.</summary>
    public bool IsLocal => Find(SettingNames.Stage) == "local";

    /// <summary>The carriers of this installation: it may have fewer than there are.</summary>
    public IReadOnlyList<Carrier> Carriers() => Find(SettingNames.Carriers) is { } ids
        ? [.. ids.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(CarrierCatalogue.Get)]
        : [.. CarrierCatalogue.All.Where(carrier => carrier.Available)];

    /// <summary>
    /// How many messages (SMS: segments) a second a carrier takes, of a sender or of the account as the catalogue says; null when that is
    /// not known.
    /// </summary>
    /// <param name="carrier">The carrier.</param>
    /// <exception cref="FormatException">The setting is no number.</exception>
    public double? RateOf(Carrier carrier) =>
        Find(SettingNames.Rate(carrier)) is { } rate ? double.Parse(rate, CultureInfo.InvariantCulture) : carrier.Limits.RatePerSecond;

    /// <summary>Whether what happens is kept for clients to be told of.</summary>
    /// <exception cref="FormatException">The setting is neither on nor off.</exception>
    public bool KeepsEvents() => Find(SettingNames.Events) switch
    {
        null or "on" => true,
        "off" => false,
        _ => throw new FormatException($"{SettingNames.Events} is neither on nor off."),
    };

    /// <summary>Whether the default tenant too sends from registered senders only.</summary>
    /// <exception cref="FormatException">The setting is neither any nor registered.</exception>
    public bool OnlyRegisteredSenders() => Find(SettingNames.Senders) switch
    {
        null or "any" => false,
        "registered" => true,
        _ => throw new FormatException($"{SettingNames.Senders} is neither any nor registered."),
    };

    /// <summary>Settings that must be there.</summary>
    /// <param name="names">Their names.</param>
    /// <returns>Their values, in the same order.</returns>
    /// <exception cref="SettingsException">Some are missing; all of them are named.</exception>
    public string[] Require(params ReadOnlySpan<string> names)
    {
        var values = new string[names.Length];
        var missing = new List<string>();
        for (var i = 0; i < names.Length; i++)
        {
            values[i] = Find(names[i]) ?? "";
            if (values[i].Length == 0) missing.Add(names[i]);
        }

        return missing.Count == 0 ? values : throw new SettingsException(missing);
    }

    private static async Task<IReadOnlyDictionary<string, string>> ReadFromSsmAsync(string path, CancellationToken cancellation)
    {
        // the SDK's retries are jittered
        using var ssm = new AmazonSimpleSystemsManagementClient(new AmazonSimpleSystemsManagementConfig { MaxErrorRetry = 4 });
        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        string? next = null;
        do
        {
            var page = await ssm.GetParametersByPathAsync(
                new GetParametersByPathRequest { Path = path, WithDecryption = true, NextToken = next },
                cancellation).ConfigureAwait(false);
            foreach (var parameter in page.Parameters ?? [])
                found[parameter.Name[(parameter.Name.LastIndexOf('/') + 1)..]] = parameter.Value;
            next = page.NextToken;
        }
        while (next is not null);
        return found;
    }
}

/// <summary>Settings are missing. The message names them all.</summary>
/// <param name="missing">Their names.</param>
public sealed class SettingsException(IReadOnlyList<string> missing) : Exception($"Missing settings: {string.Join(", ", missing)}.")
{
    /// <summary>The names of what is missing.</summary>
    public IReadOnlyList<string> Missing { get; } = missing;
}
