namespace Amazon.Lambda.Core;

/// <summary>Hooks of SnapStart, which a custom runtime does not have: they are accepted and never run.</summary>
public static class SnapshotRestore
{
    public static void RegisterBeforeSnapshot(Func<ValueTask> beforeSnapshotAction)
    {
    }

    public static void RegisterAfterRestore(Func<ValueTask> afterRestoreAction)
    {
    }
}
