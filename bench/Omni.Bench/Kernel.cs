using System.ComponentModel;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Omni.Bench;

/// <summary>What the kernel knows of processes and where it runs them: Linux only.</summary>
internal static partial class Kernel
{
    /// <summary>
    /// The CPU time of all its threads so far, to the nanosecond; <c>/proc</c> counts in hundredths of a second. man 3 clock_getcpuclockid
    /// </summary>
    /// <exception cref="Win32Exception">There is no such process.</exception>
    public static TimeSpan CpuTime(int process)
    {
        if (GetClock(process, out var clock) is var error and not 0) throw new Win32Exception(error);
        if (GetTime(clock, out var time) != 0) throw new Win32Exception(Marshal.GetLastPInvokeError());
        return TimeSpan.FromSeconds(time.Seconds) + TimeSpan.FromTicks(time.Nanoseconds / 100);
    }

    /// <summary>The most memory that it ever had, in megabytes (VmHWM).</summary>
    public static double PeakMegabytes(int process)
    {
        var line = File.ReadLines($"/proc/{process}/status").First(l => l.StartsWith("VmHWM:", StringComparison.Ordinal));
        return double.Parse(
            line["VmHWM:".Length..].Replace("kB", "", StringComparison.Ordinal).Trim(), CultureInfo.InvariantCulture) / 1024;
    }

    /// <summary>The child of a process that runs a command.</summary>
    /// <exception cref="BenchException">It has none.</exception>
    public static int ChildOf(int process, string command)
    {
        foreach (var folder in Directory.EnumerateDirectories("/proc").Where(f => char.IsAsciiDigit(Path.GetFileName(f)[0])))
        {
            // man 5 proc_pid_stat: pid (command) state parent …
            if (Read(Path.Combine(folder, "stat")).Split(')') is not [var start, var rest, ..]
                || rest.Split(' ') is not [_, _, var parent, ..])
                continue;
            if (parent == process.ToString(CultureInfo.InvariantCulture) && start.EndsWith('(' + command, StringComparison.Ordinal))
            {
                return int.Parse(Path.GetFileName(folder), CultureInfo.InvariantCulture);
            }
        }

        throw new BenchException($"The local host has no child {command}.");
    }

    /// <summary>Asks a process to end. man 2 kill</summary>
    public static void Terminate(int process) => _ = Kill(process, SigTerm);

    /// <summary>
    /// Leaves the last processor to what is measured: this process, and whatever it starts from now on, run on the others.
    /// </summary>
    public static void LeaveLastProcessor()
    {
        if (!CanShare) return;

        foreach (var thread in Directory.EnumerateDirectories("/proc/self/task"))
        {
            // A thread that ended meanwhile runs nowhere.
            _ = SetAffinity(int.Parse(Path.GetFileName(thread), CultureInfo.InvariantCulture), sizeof(ulong), Others);
        }
    }

    /// <summary>Starts a process on the last processor: it inherits it from the thread that starts it.</summary>
    public static void OnLastProcessor(Action start)
    {
        if (CanShare) _ = SetAffinity(CallingThread, sizeof(ulong), Others + 1);
        try
        {
            start();
        }
        finally
        {
            if (CanShare) _ = SetAffinity(CallingThread, sizeof(ulong), Others);
        }
    }

    private const int CallingThread = 0;
    private const int SigTerm = 15;

    private static bool CanShare => Environment.ProcessorCount is > 1 and < 64;

    private static ulong Others { get; } = (1UL << (Environment.ProcessorCount - 1)) - 1;

    [StructLayout(LayoutKind.Sequential)]
    private readonly struct TimeSpec
    {
        public readonly long Seconds;
        public readonly long Nanoseconds;
    }

    [LibraryImport("libc", EntryPoint = "sched_setaffinity", SetLastError = true)]
    private static partial int SetAffinity(int thread, nint size, in ulong processors);

    /// <summary>A file of /proc; nothing when its process ended meanwhile.</summary>
    private static string Read(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (IOException)
        {
            return "";
        }
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);

    [LibraryImport("libc", EntryPoint = "clock_getcpuclockid")]
    private static partial int GetClock(int process, out int clock);

    [LibraryImport("libc", EntryPoint = "clock_gettime", SetLastError = true)]
    private static partial int GetTime(int clock, out TimeSpec time);
}
