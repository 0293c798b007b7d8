using System.Globalization;
using System.Text.RegularExpressions;

namespace Omni.Publish;

/// <summary>What was found out about one published function.</summary>
/// <param name="ExecutableBytes">The size of <c>bootstrap</c>.</param>
/// <param name="ZipBytes">The size of the package that Lambda fetches.</param>
/// <param name="Machine">The executable's processor, as ELF numbers them.</param>
/// <param name="Needs">The versions that the executable needs of shared libraries.</param>
/// <param name="Warnings">Lines of the compilers' output that warn.</param>
internal sealed record Measured(
    long ExecutableBytes, long ZipBytes, ushort Machine, IReadOnlyList<string> Needs, IReadOnlyList<string> Warnings)
{
    /// <summary>The size of the shared libraries beside the executable; zero for none. <see cref="Needs"/> are theirs too.</summary>
    public long LibraryBytes { get; init; }

    /// <summary>The newest glibc that it needs, as <c>2.34</c>. Null when it needs none.</summary>
    public string? Glibc =>
        Needs.Where(need => need.StartsWith(Gates.GlibcPrefix, StringComparison.Ordinal))
            .MaxBy(Gates.GlibcVersion)?[Gates.GlibcPrefix.Length..];
}

/// <summary>What a native function must satisfy to be deployed. docs/decisions/native-functions.md says why.</summary>
internal static partial class Gates
{
    public const string GlibcPrefix = "GLIBC_";
    public const long MaxExecutableBytes = 22_500_000;
    public const long MaxZipBytes = 9_500_000;

    /// <summary>The executable and its libraries together, where there are any.</summary>
    public const long MaxBytesWithLibraries = 36_000_000;

    /// <summary>The package, where there are libraries in it.</summary>
    public const long MaxZipBytesWithLibraries = 16_000_000;

    /// <summary>Amazon Linux 2023 has this one.</summary>
    public static Version MaxGlibc { get; } = new(2, 34);

    /// <summary>One line for each broken gate.</summary>
    public static IReadOnlyList<string> Broken(Measured measured, FunctionTarget target)
    {
        List<string> broken = [.. measured.Warnings.Select(warning => $"warns: {warning}")];

        if (measured.Machine != (target.Architecture == "x64" ? 62 : 183))
            broken.Add($"is not for {target.Architecture}: its ELF machine is {measured.Machine}");

        if (measured.ExecutableBytes > MaxExecutableBytes)
            broken.Add($"is {Megabytes(measured.ExecutableBytes)}; {Megabytes(MaxExecutableBytes)} are allowed");

        var all = measured.ExecutableBytes + measured.LibraryBytes;
        if (measured.LibraryBytes > 0 && all > MaxBytesWithLibraries)
            broken.Add($"is {Megabytes(all)} with its libraries; {Megabytes(MaxBytesWithLibraries)} are allowed");

        var maxZip = measured.LibraryBytes > 0 ? MaxZipBytesWithLibraries : MaxZipBytes;
        if (measured.ZipBytes > maxZip) broken.Add($"is {Megabytes(measured.ZipBytes)} zipped; {Megabytes(maxZip)} are allowed");

        broken.AddRange(measured.Needs
            .Where(need => need.StartsWith(GlibcPrefix, StringComparison.Ordinal) && GlibcVersion(need) > MaxGlibc)
            .Select(need =>
                $"needs {need}; Amazon Linux 2023 has glibc {MaxGlibc}. Publish on Debian 12 or Amazon Linux 2023, or give --sysroot"));

        return broken;
    }

    /// <summary>The lines of a publish that warn, each once: MSBuild repeats them for every reference.</summary>
    public static IReadOnlyList<string> Warnings(string output) =>
        [.. output.Split('\n').Where(line => Warning.IsMatch(line)).Select(line => line.Trim()).Distinct(StringComparer.Ordinal)];

    public static string Megabytes(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:0.0} MB");

    // GLIBC_ABI_DT_RELR, GLIBC_PRIVATE: needs that are no version are met by a glibc newer than ours,
    // or by the one that it was linked with only.
    public static Version GlibcVersion(string need) =>
        Version.TryParse(need[GlibcPrefix.Length..], out var version) ? version : new(int.MaxValue, 0);

    [GeneratedRegex(@"\bwarning\b( [A-Z]+\d+)?\s*:", RegexOptions.IgnoreCase)]
    private static partial Regex Warning { get; }
}
