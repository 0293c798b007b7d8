using System.Runtime.InteropServices;
using System.Text;

namespace Omni.Publish.Tests;

public sealed class ElfFileTests
{
    [Fact]
    public void Processor_and_needs_are_read_without_sections_and_symbols()
    {
        var file = ElfFile.Read(Elf.Make(Elf.Arm64, needs: ["GLIBC_2.17", "GLIBC_2.34", "GCC_3.0"]));

        Assert.Equal(Elf.Arm64, file.Machine);
        Assert.Equal(["GLIBC_2.17", "GLIBC_2.34", "GCC_3.0"], file.Needs);
    }

    [Fact]
    public void An_executable_that_needs_no_versions_has_no_needs()
    {
        Assert.Empty(ElfFile.Read(Elf.Make(Elf.X64)).Needs);
    }

    [Fact]
    public void An_executable_of_this_machine_is_read()
    {
        // The host that runs this test: linked by somebody else's tools. Other systems have no ELF files.
        if (!OperatingSystem.IsLinux()) return;

        var file = ElfFile.Read(File.ReadAllBytes(Environment.ProcessPath!));

        Assert.Equal(RuntimeInformation.OSArchitecture == Architecture.Arm64 ? Elf.Arm64 : Elf.X64, file.Machine);
        Assert.Contains(
            file.Needs, need => need.StartsWith("GLIBC_2.", StringComparison.Ordinal) || need.StartsWith("GCC_", StringComparison.Ordinal));
        Assert.All(file.Needs, need => Assert.Matches("^[A-Z]+_[0-9A-Za-z_.]+$", need));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(40)]
    [InlineData(70)]
    [InlineData(200)]
    [InlineData(260)]
    public void A_file_that_is_cut_is_refused(int length)
    {
        Assert.Throws<InvalidDataException>(() => ElfFile.Read(Elf.Make(Elf.X64, needs: ["GLIBC_2.17", "GLIBC_2.34"])[..length]));
    }

    [Fact]
    public void Anything_else_is_refused()
    {
        Assert.Throws<InvalidDataException>(() => ElfFile.Read(Encoding.ASCII.GetBytes("#!/bin/sh\nexit 1\n")));
    }
}
