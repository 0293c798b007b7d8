namespace Omni.Publish.Tests;

public sealed class GatesTests
{
    private static readonly FunctionTarget _target = new("arm64", FunctionTarget.Native);
    private static readonly Measured _good = new(
        Gates.MaxExecutableBytes, Gates.MaxZipBytes, Elf.Arm64, ["GLIBC_2.17", "GLIBC_2.34", "GCC_3.0"], []);

    [Fact]
    public void What_is_exactly_at_the_limits_passes()
    {
        Assert.Empty(Gates.Broken(_good, _target));
        Assert.Equal("2.34", _good.Glibc);
    }

    [Fact]
    public void The_limits_are_those_that_were_promised()
    {
        Assert.Equal((22_500_000, 9_500_000, new Version(2, 34)), (Gates.MaxExecutableBytes, Gates.MaxZipBytes, Gates.MaxGlibc));
    }

    [Fact]
    public void One_byte_more_breaks_the_gate_of_the_executable()
    {
        Assert.StartsWith(
            "is 22.5 MB; 22.5 MB are allowed",
            Assert.Single(Gates.Broken(_good with { ExecutableBytes = Gates.MaxExecutableBytes + 1 }, _target)),
            StringComparison.Ordinal);
    }

    [Fact]
    public void One_byte_more_breaks_the_gate_of_the_package()
    {
        Assert.Contains(
            "zipped", Assert.Single(Gates.Broken(_good with { ZipBytes = Gates.MaxZipBytes + 1 }, _target)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GLIBC_2.35")]
    [InlineData("GLIBC_2.100")]
    [InlineData("GLIBC_2.34.1")]
    [InlineData("GLIBC_3.0")]
    [InlineData("GLIBC_ABI_DT_RELR")]
    [InlineData("GLIBC_PRIVATE")]
    public void A_glibc_that_amazon_linux_2023_does_not_have_breaks_the_gate(string need)
    {
        var measured = _good with { Needs = ["GLIBC_2.4", need] };

        Assert.StartsWith($"needs {need};", Assert.Single(Gates.Broken(measured, _target)), StringComparison.Ordinal);
        Assert.Equal(need["GLIBC_".Length..], measured.Glibc);
    }

    [Fact]
    public void An_executable_for_another_processor_breaks_the_gate()
    {
        Assert.Contains("not for x64", Assert.Single(Gates.Broken(_good, new("x64", FunctionTarget.Native))), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/r/Function.cs(12,3): Trim analysis warning IL2026: Function.HandleAsync: Using member 'X' [/r/f.csproj]")]
    [InlineData("/r/Function.cs(12,3): AOT analysis warning IL3050: X [/r/f.csproj]")]
    [InlineData("/r/Names.cs(3,1): warning SYSLIB1031: There are multiple types named 'Item' [/r/f.csproj]")]
    [InlineData("ld.lld: warning: x")]
    public void A_warning_breaks_the_gate_once(string line)
    {
        var warnings = Gates.Warnings($"  Omni.Api -> /r/Omni.Api.dll\n{line}\n  {line}\n  Generating native code\n");

        Assert.Equal($"warns: {line}", Assert.Single(Gates.Broken(_good with { Warnings = warnings }, _target)));
    }

    [Fact]
    public void An_ordinary_publish_warns_of_nothing()
    {
        Assert.Empty(
            Gates.Warnings("  Omni.Shared -> /r/Omni.Shared.dll\n  Generating native code\n  Omni.Api -> /r/dist/\n    0 Warning(s)\n"));
    }
}
