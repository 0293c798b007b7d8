using System.Globalization;
using System.Text;

namespace Omni.Client;

/// <summary>A path with its query, put together from what is not null.</summary>
internal sealed class Query
{
    private readonly StringBuilder _text;
    private bool _hasParameters;

    /// <summary>A path under <c>/api/v1</c>.</summary>
    /// <param name="segments">Its steps, not escaped.</param>
    public Query(params ReadOnlySpan<string> segments)
    {
        _text = new("api/v1");
        foreach (var segment in segments) _text.Append('/').Append(Uri.EscapeDataString(segment));
    }

    public Query Add(string name, string? value)
    {
        if (value is null) return this;

        _text.Append(_hasParameters ? '&' : '?').Append(name).Append('=').Append(Uri.EscapeDataString(value));
        _hasParameters = true;
        return this;
    }

    public Query Add(string name, Address? value) => Add(name, value?.ToString());

    public Query Add(string name, int? value) => Add(name, value?.ToString(CultureInfo.InvariantCulture));

    public Query Add(string name, bool? value) => Add(name, value switch { null => null, true => "true", false => "false" });

    public Query Add(string name, DateTimeOffset? value) =>
        Add(name, value?.UtcDateTime.ToString(TimeConverter.Format, CultureInfo.InvariantCulture));

    public Query Add(string name, DateOnly? value) => Add(name, value?.ToString("O", CultureInfo.InvariantCulture));

    public override string ToString() => _text.ToString();
}
