namespace Omni.Simulators;

/// <summary>A bounded memory of what a carrier saw, in order of arrival; the oldest entries drop out.</summary>
internal sealed class Outbox<T>(int keep) where T : class
{
    private readonly Lock _lock = new();
    private readonly LinkedList<(string Id, T Entry)> _order = [];
    private readonly Dictionary<string, T> _byId = new(StringComparer.Ordinal);

    public void Add(string id, T entry)
    {
        lock (_lock)
        {
            _byId[id] = entry;
            _order.AddLast((id, entry));
            if (_order.Count <= keep) return;

            _byId.Remove(_order.First!.Value.Id);
            _order.RemoveFirst();
        }
    }

    public T? Find(string id)
    {
        lock (_lock) return _byId.GetValueOrDefault(id);
    }

    /// <summary>Everything remembered, oldest first.</summary>
    public IReadOnlyList<T> All()
    {
        lock (_lock) return [.. _order.Select(item => item.Entry)];
    }

    public void Clear()
    {
        lock (_lock)
        {
            _byId.Clear();
            _order.Clear();
        }
    }
}
