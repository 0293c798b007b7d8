namespace Omni.Shared;

/// <summary>The lanes of a tenant's log: each is a line of its own, and what keeps its order is in one of them.</summary>
public static class EventLanes
{
    /// <summary>How many there are. No setting: clients hold cursors into so many.</summary>
    public const int Count = 4;

    /// <summary>The lane of an event.</summary>
    /// <param name="e">The event.</param>
    public static int Of(ClientEvent e) => Shards.Of(e.OrderKey, Count);
}
