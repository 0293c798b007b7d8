namespace Omni.Shared;

/// <summary>Spreads keys over shards, the same way in every process (<see cref="string.GetHashCode()"/> differs between them).</summary>
public static class Shards
{
    /// <summary>The shard that always belongs to a key.</summary>
    /// <param name="key">The key.</param>
    /// <param name="count">How many shards there are.</param>
    public static int Of(string key, int count)
    {
        var hash = 2166136261u; // FNV-1a
        foreach (var character in key) hash = (hash ^ character) * 16777619u;
        return (int)(hash % (uint)count);
    }
}
