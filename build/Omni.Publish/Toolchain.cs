using System.Text.RegularExpressions;

namespace Omni.Publish;

/// <summary>Something that a native publish needs and this machine lacks.</summary>
/// <param name="What">Its name.</param>
/// <param name="Fix">How to get it.</param>
internal sealed record MissingTool(string What, string Fix);

/// <summary>The native tools: learn.microsoft.com/dotnet/core/deploying/native-aot/#prerequisites</summary>
internal static partial class Toolchain
{
    /// <summary>What is missing for a target, found by trying it: a program is linked for it.</summary>
    public static async Task<IReadOnlyList<MissingTool>> FindMissingAsync(
        FunctionTarget target, RunCommand run, CancellationToken cancellation)
    {
        if (!target.IsNative) return [];

        if (!OperatingSystem.IsLinux())
        {
            return [new(
                "Linux",
                "Native executables for Linux are linked on Linux: run this in a container of Debian 12. The way without: "
                    + "--runtime dotnet10, which can be published anywhere.")];
        }

        List<MissingTool> missing = [];
        var hasClang = (await run("clang", ["--version"], cancellation)).Succeeded;
        if (!hasClang) missing.Add(new("clang", Install("clang")));

        // The objcopy of binutils knows this machine's processor only.
        var hasObjCopy = (await run("llvm-objcopy", ["--version"], cancellation)).Succeeded
            || (!target.IsCross && (await run("objcopy", ["--version"], cancellation)).Succeeded);
        if (!hasObjCopy) missing.Add(new("llvm-objcopy", Install("llvm")));

        if (hasClang && await WhyNotLinkedAsync(target, run, cancellation) is { } output)
            missing.AddRange(Explain(output, target) is { Count: > 0 } reasons ? reasons : [Unexplained(output, target)]);

        return missing;
    }

    /// <summary>What a linker's output says is missing. Empty when it says nothing of the kind.</summary>
    public static IReadOnlyList<MissingTool> Explain(string output, FunctionTarget target)
    {
        List<MissingTool> missing = [];
        if (NoLinker.Match(output) is { Success: true } linker)
        {
            var lld = linker.Value.Contains("lld", StringComparison.Ordinal);
            missing.Add(new($"a linker for {target.Architecture}", lld ? Install("lld") : CLibrary(target)));
        }
        else if (NoStartFiles.IsMatch(output))
        {
            missing.Add(new($"the C library for {target.Architecture}", CLibrary(target)));
        }

        foreach (var library in NoLibrary.Matches(output).Select(match => match.Groups["name"].Value).Distinct(StringComparer.Ordinal))
        {
            missing.Add(library switch
            {
                "z" => Library("zlib", "zlib1g-dev"),
                "ssl" or "crypto" => Library("OpenSSL", "libssl-dev"),
                "brotlienc" or "brotlidec" or "brotlicommon" => Library("brotli", "libbrotli-dev"),
                "c" or "m" or "dl" or "rt" or "pthread" or "gcc" or "gcc_s" =>
                    new($"the C library for {target.Architecture}", CLibrary(target)),
                _ => Library($"lib{library}", $"lib{library}-dev"),
            });
        }

        return [.. missing.Distinct()];

        MissingTool Library(string name, string package) => new(
            $"{name} for {target.Architecture}",
            target.SysRoot is { } root ? $"put it into {root}, unpacked from the package {package}"
            : target.IsCross
                ? $"sudo dpkg --add-architecture {Debian(target)} && sudo apt-get update && sudo apt-get install {package}:{Debian(target)}"
            : Install(package));
    }

    private static async Task<string?> WhyNotLinkedAsync(FunctionTarget target, RunCommand run, CancellationToken cancellation)
    {
        var folder = Directory.CreateTempSubdirectory("omni-publish-");
        try
        {
            var source = Path.Combine(folder.FullName, "probe.c");
            await File.WriteAllTextAsync(source, "int main(void) { return 0; }\n", cancellation);
            string[] arguments =
            [
                source, "-o", Path.Combine(folder.FullName, "probe"), "-pie", "-pthread", "-ldl", "-lrt", "-lm",
                .. target.IsCross ? new[] { $"--target={target.Triple}" } : [],
                .. target.SysRoot is { } root ? new[] { $"--sysroot={root}", "-fuse-ld=lld" } : ["-fuse-ld=bfd"],
            ];
            var linked = await run("clang", arguments, cancellation);
            return linked.Succeeded ? null : linked.Output;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static MissingTool Unexplained(string output, FunctionTarget target) =>
        new(
            $"a way to link for {target.Architecture}: "
                + $"{output.Split('\n').FirstOrDefault(line => line.Contains("error", StringComparison.OrdinalIgnoreCase), output).Trim()}",
            CLibrary(target));

    private static string CLibrary(FunctionTarget target) =>
        target.SysRoot is { } root
            ? $"{root} must hold the C library of the older distribution, unpacked from its packages libc6, libc6-dev, libgcc-12-dev "
                + "and libgcc-s1"
        : !target.IsCross ? Install("binutils gcc libc6-dev")
        : target.Architecture == "x64" ? "sudo apt-get install gcc-x86-64-linux-gnu libc6-dev-amd64-cross. Or give a --sysroot"
        : "sudo apt-get install gcc-aarch64-linux-gnu libc6-dev-arm64-cross. Or give a --sysroot";

    private static string Debian(FunctionTarget target) => target.Architecture == "x64" ? "amd64" : "arm64";

    private static string Install(string packages) => packages switch
    {
        "clang" or "llvm" or "lld" => $"sudo apt-get install {packages}, or sudo dnf install {packages}",
        "zlib1g-dev" => "sudo apt-get install zlib1g-dev, or sudo dnf install zlib-devel",
        _ => $"sudo apt-get install {packages}",
    };

    // The last is this machine's linker, which clang takes when it finds none for the other processor.
    [GeneratedRegex(
        @"invalid linker name in (argument )?'[^']*'"
            + @"|unable to execute command: Executable ""[^""]*ld[^""]*""|unrecogni[sz]ed emulation mode")]
    private static partial Regex NoLinker { get; }

    [GeneratedRegex(@"(cannot find|cannot open) (S?crt1|crti|crtbeginS?)\.o")]
    private static partial Regex NoStartFiles { get; }

    [GeneratedRegex(@"(cannot find|unable to find library) -l(?<name>[\w+]+)")]
    private static partial Regex NoLibrary { get; }
}
