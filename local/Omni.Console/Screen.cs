using Omni.Client;

namespace Omni.WebConsole;

/// <summary>What one browser wants to see.</summary>
public sealed class Screen
{
    private const int ShownDigits = 4;

    /// <summary>Whether numbers and addresses are shown whole.</summary>
    public bool ShowsNumbers { get; private set; }

    /// <summary>Told when that changes.</summary>
    public event Action? Changed;

    /// <summary>Shows numbers whole, or hides them.</summary>
    public void ShowNumbers(bool shown)
    {
        ShowsNumbers = shown;
        Changed?.Invoke();
    }

    /// <summary>An address as it may be shown.</summary>
    public string Name(Address? address) => address is null ? "" : Name(address.Value);

    /// <summary>A number or id as it may be shown.</summary>
    public string Name(string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        if (ShowsNumbers || value.Length <= ShownDigits * 2) return value;
        return value[..(value[0] == '+' ? 2 : ShownDigits)] + "•••" + value[^ShownDigits..];
    }
}
