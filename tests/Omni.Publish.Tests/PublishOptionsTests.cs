namespace Omni.Publish.Tests;

public sealed class PublishOptionsTests
{
    [Fact]
    public void Without_words_everything_is_published_natively_for_what_cdk_deploys()
    {
        var options = PublishOptions.Parse([]);

        Assert.Equal("linux-arm64", Assert.Single(options.Targets).Folder);
        Assert.Empty(options.Only);
    }

    [Fact]
    public void Words_choose_architectures_functions_and_runtime()
    {
        var options = PublishOptions.Parse(
            ["x64", "arm64", "x64", "--runtime", "dotnet10", "--only", "Omni.Api", "--only", "Omni.Scheduler", "--force"]);

        Assert.Equal(["dotnet10-linux-x64", "dotnet10-linux-arm64"], options.Targets.Select(target => target.Folder));
        Assert.Equal(["Omni.Api", "Omni.Scheduler"], options.Only);
        Assert.True(options.Force);
    }

    [Fact]
    public void A_sysroot_is_handed_to_the_linker()
    {
        Assert.Equal(
            ["-p:Configuration=Release", "-p:RuntimeIdentifier=linux-arm64", "-p:SysRoot=/opt/bullseye", "-p:LinkerFlavor=lld"],
            Assert.Single(PublishOptions.Parse(["arm64", "--sysroot", "/opt/bullseye"]).Targets).Properties);
    }

    [Theory]
    [InlineData("x86")]
    [InlineData("--only")]
    [InlineData("--runtime", "dotnet8")]
    [InlineData("x64", "arm64", "--sysroot", "/opt/bullseye")]
    public void What_cannot_be_is_refused(params string[] arguments)
    {
        Assert.Throws<ArgumentException>(() => PublishOptions.Parse(arguments));
    }
}
