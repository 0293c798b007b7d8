using System.Runtime.InteropServices;

namespace Omni.Publish.Tests;

/// <summary>What is said about tools that are missing, over machines that have them or not.</summary>
public sealed class ToolchainTests
{
    private static readonly FunctionTarget _own = new(
        RuntimeInformation.OSArchitecture == Architecture.Arm64 ? "arm64" : "x64", FunctionTarget.Native);
    private static readonly FunctionTarget _other = _own with { Architecture = _own.Architecture == "x64" ? "arm64" : "x64" };

    [Fact]
    public async Task A_machine_with_everything_lacks_nothing()
    {
        Assert.Empty(await Missing(_own, "clang", "llvm-objcopy"));
        Assert.Empty(await Missing(_other, "clang", "llvm-objcopy"));
        Assert.Empty(await Missing(_own, "clang", "objcopy"));
    }

    [Fact]
    public async Task A_machine_with_nothing_is_told_all_at_once()
    {
        var missing = await Missing(_own);

        Assert.Equal(["clang", "llvm-objcopy"], missing.Select(tool => tool.What));
        Assert.Contains("sudo apt-get install clang", missing[0].Fix, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_objcopy_of_this_machine_is_no_use_for_another_processor()
    {
        Assert.Equal("llvm-objcopy", Assert.Single(await Missing(_other, "clang", "objcopy")).What);
    }

    [Fact]
    public async Task Assemblies_need_no_native_tools()
    {
        Assert.Empty(await Missing(_own with { Runtime = FunctionTarget.Managed }));
    }

    [Theory]
    [InlineData("clang: error: invalid linker name in argument '-fuse-ld=bfd'", "a linker for arm64", "gcc-aarch64-linux-gnu")]
    [InlineData("/usr/bin/ld.bfd: unrecognised emulation mode: aarch64linux", "a linker for arm64", "gcc-aarch64-linux-gnu")]
    [InlineData("clang: error: invalid linker name in argument '-fuse-ld=lld'", "a linker for arm64", "apt-get install lld")]
    [InlineData(
        "/usr/bin/aarch64-linux-gnu-ld.bfd: cannot find Scrt1.o: No such file or directory",
        "the C library for arm64",
        "libc6-dev-arm64-cross")]
    [InlineData("/usr/bin/aarch64-linux-gnu-ld.bfd: cannot find -lz: No such file or directory", "zlib for arm64", "zlib1g-dev:arm64")]
    [InlineData("ld.lld: error: unable to find library -lz", "zlib for arm64", "zlib1g-dev")]
    public void A_linker_says_what_is_missing(string output, string what, string fix)
    {
        var target = new FunctionTarget("arm64", FunctionTarget.Native) { SysRoot = _own.Architecture == "arm64" ? "/sysroot" : null };
        var missing = Assert.Single(Toolchain.Explain(output, target));

        Assert.Equal(what, missing.What);
        if (target.SysRoot is null) Assert.Contains(fix, missing.Fix, StringComparison.Ordinal);
    }

    [Fact]
    public void In_a_sysroot_the_same_is_missing_from_its_folder()
    {
        var target = new FunctionTarget("x64", FunctionTarget.Native) { SysRoot = "/opt/bullseye" };
        var missing = Toolchain.Explain(
            "ld.lld: error: cannot open Scrt1.o: No such file or directory\nld.lld: error: unable to find library -lm\n"
                + "ld.lld: error: unable to find library -lz",
            target);

        Assert.Equal(["the C library for x64", "zlib for x64"], missing.Select(tool => tool.What));
        Assert.All(missing, tool => Assert.Contains("/opt/bullseye", tool.Fix, StringComparison.Ordinal));
    }

    [Fact]
    public void A_failure_of_another_kind_is_not_explained_away()
    {
        Assert.Empty(Toolchain.Explain("/r/Function.cs(1,1): error CS0103: The name 'x' does not exist", _own));
    }

    [Fact]
    public async Task A_link_that_fails_for_a_reason_of_its_own_is_shown()
    {
        var missing = await Toolchain.FindMissingAsync(
            _own,
            (program, arguments, _) =>
                Task.FromResult(new CommandResult(arguments[0] == "--version" ? 0 : 1, "clang: error: something new")),
            CancellationToken.None);

        if (OperatingSystem.IsLinux()) Assert.Contains("something new", Assert.Single(missing).What, StringComparison.Ordinal);
    }

    private static async Task<IReadOnlyList<MissingTool>> Missing(FunctionTarget target, params string[] programs)
    {
        var missing = await Toolchain.FindMissingAsync(
            target,
            (program, _, _) => Task.FromResult(new CommandResult(programs.Contains(program) ? 0 : 127, "")),
            CancellationToken.None);

        // Elsewhere than on Linux the answer is another, and always the same.
        return OperatingSystem.IsLinux() || !target.IsNative ? missing : throw new PlatformNotSupportedException();
    }
}
