using System.Diagnostics;

namespace Omni.Local.Functions;

/// <summary>
/// Ends processes when this one has ended, however it ended. A shell remembers them, and kills what is left of them when its standard input
/// closes, which the system does for a process that dies. Where there is no such shell, on Windows, nobody is watched.
/// </summary>
internal sealed class DeathWatch : IDisposable
{
    // Ctrl+C goes to the whole group: the shell outlives it, for a host that does not tidy up.
    private const string Script = """
        trap '' INT TERM
        alive=' '
        while read -r what id; do
          case $what in
            began) alive="$alive$id " ;;
            ended) alive="${alive%%" $id "*} ${alive#*" $id "}" ;;
          esac
        done
        kill -9 $alive 2>/dev/null
        """;

    private static readonly Lazy<DeathWatch> OfThisProcess = new(() => new());

    private readonly Process? _shell = OperatingSystem.IsWindows()
        ? null
        : Process.Start(new ProcessStartInfo("sh", ["-c", Script]) { RedirectStandardInput = true });

    /// <summary>The one that watches this process.</summary>
    public static DeathWatch Shared => OfThisProcess.Value;

    /// <summary>From now on this process is not outlived by that one.</summary>
    public void Began(Process process) => Say("began", process);

    /// <summary>That process has ended, and its id may become another's.</summary>
    public void Ended(Process process) => Say("ended", process);

    /// <summary>What the system does when this process ends.</summary>
    public void Dispose()
    {
        _shell?.StandardInput.Close();
        _shell?.Dispose();
    }

    private void Say(string what, Process process)
    {
        if (_shell is null) return;

        lock (_shell)
        {
            _shell.StandardInput.WriteLine($"{what} {process.Id}");
            _shell.StandardInput.Flush();
        }
    }
}
