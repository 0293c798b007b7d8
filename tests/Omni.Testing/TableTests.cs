using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Omni.Testing;

/// <summary>Tests over the tables of Omni: each has empty ones, whose stores go by a clock that stands still.</summary>
/// <param name="emulators">Where the tables are.</param>
/// <param name="start">What the clock says at first.</param>
public abstract class TableTests(EmulatorFixture emulators, DateTimeOffset start) : IClassFixture<EmulatorFixture>, IAsyncLifetime
{
    private OmniTables? _tables;

    /// <summary>Where the tables are.</summary>
    protected EmulatorFixture Emulators { get; } = emulators;

    /// <summary>The clock.</summary>
    protected FakeTimeProvider Clock { get; } = new(start);

    /// <summary>The tables.</summary>
    protected OmniTables Tables => _tables ?? throw new InvalidOperationException("Used before xunit has made the tables.");

    public virtual async Task InitializeAsync() => _tables = await OmniTables.CreateAsync(Emulators, Clock);

    public virtual Task DisposeAsync()
    {
        _tables?.Dispose();
        return Task.CompletedTask;
    }
}
