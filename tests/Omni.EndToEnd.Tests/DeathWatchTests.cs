using System.Diagnostics;
using Omni.Local.Functions;

namespace Omni.EndToEnd.Tests;

/// <summary>Functions in processes of their own do not outlive a host that is killed.</summary>
public sealed class DeathWatchTests : IDisposable
{
    private readonly Process[] _processes = [.. Enumerable.Range(0, 3).Select(_ => Process.Start("sleep", "1000"))];

    public void Dispose()
    {
        foreach (var process in _processes)
        {
            process.Kill();
            process.Dispose();
        }
    }

    [Fact]
    public async Task What_is_left_ends_with_the_watched_process_and_nothing_else_does()
    {
        var (first, ended, last) = (_processes[0], _processes[1], _processes[2]);
        using (var watch = new DeathWatch())
        {
            foreach (var process in _processes) watch.Began(process);
            watch.Ended(ended); // its id is another's by now
            Assert.DoesNotContain(_processes, process => process.HasExited);
        }

        await first.WaitForExitAsync().WaitAsync(Host.Patience);
        await last.WaitForExitAsync().WaitAsync(Host.Patience);
        Assert.False(ended.HasExited);
    }
}
