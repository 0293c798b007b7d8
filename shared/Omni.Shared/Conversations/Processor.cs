using System.Collections.Frozen;

namespace Omni.Shared;

/// <summary>A processor: business logic that answers people, whatever carrier they write through.</summary>
/// <param name="Name">The name of its project, which is also what senders name it by: <c>Omni.Concierge</c>.</param>
/// <param name="CallsOthers">Whether it calls others than AWS, whose certificates any authority may have signed.</param>
public sealed record Processor(string Name, bool CallsOthers = false)
{
    /// <summary>Its name in queues and settings: the last word of its project, in lower case.</summary>
    public string Id => Name[(Name.LastIndexOf('.') + 1)..].ToLowerInvariant();

    /// <summary>The start of its settings' names: <c>CONCIERGE</c>.</summary>
    public string SettingPrefix => Id.ToUpperInvariant();
}

/// <summary>
/// The processors of this version: the only place that names them all. A new one is its folder under <c>functions/Conversations</c>, its
/// tests and a line here.
/// </summary>
public static class ProcessorCatalogue
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<Processor> All { get; } = [new("Omni.Concierge")];

    private static readonly FrozenDictionary<string, Processor> ByName = All.ToFrozenDictionary(p => p.Name, StringComparer.Ordinal);

    /// <summary>A processor by its name.</summary>
    /// <param name="name">The name.</param>
    /// <returns>The processor; null when there is none of this name.</returns>
    public static Processor? Find(string? name) => name is not null ? ByName.GetValueOrDefault(name) : null;
}
