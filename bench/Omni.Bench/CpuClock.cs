using System.ComponentModel;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Omni.Bench;

/// <summary>What the kernel knows about another process: Linux only.</summary>
internal static partial class CpuClock
{
    /// <summary>The CPU time of all its threads so far, to the nanosecond; <c>/proc</c> counts in hundredths of a second. man 3 clock_getcpuclockid</summary>
    /// <exception cref="Win32Exception">There is no such process.</exception>
    public static TimeSpan Of(int process)
    {
        if (GetClock(process, out var clock) is var error and not 0) throw new Win32Exception(error);
        if (GetTime(clock, out var time) != 0) throw new Win32Exception(Marshal.GetLastPInvokeError());
        return TimeSpan.FromSeconds(time.Seconds) + TimeSpan.FromTicks(time.Nanoseconds / 100);
    }

    /// <summary>The most memory that it ever had, in megabytes (VmHWM).</summary>
    public static double PeakMegabytes(int process)
    {
        var line = File.ReadLines($"/proc/{process}/status").First(l => l.StartsWith("VmHWM:", StringComparison.Ordinal));
        return double.Parse(line["VmHWM:".Length..].Replace("kB", "", StringComparison.Ordinal).Trim(), CultureInfo.InvariantCulture) / 1024;
    }

    [StructLayout(LayoutKind.Sequential)]
    private readonly struct TimeSpec
    {
        public readonly long Seconds;
        public readonly long Nanoseconds;
    }

    [LibraryImport("libc", EntryPoint = "clock_getcpuclockid")]
    private static partial int GetClock(int process, out int clock);

    [LibraryImport("libc", EntryPoint = "clock_gettime", SetLastError = true)]
    private static partial int GetTime(int clock, out TimeSpec time);
}
