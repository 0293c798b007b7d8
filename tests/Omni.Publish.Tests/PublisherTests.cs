namespace Omni.Publish.Tests;

/// <summary>Runs of the tool over a small clone, with a <c>dotnet publish</c> that writes executables made by hand.</summary>
public sealed class PublisherTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("omni-publish-tests-").FullName;
    private readonly StringWriter _screen = new();
    private readonly List<string> _published = [];
    private string _clang = "clang 14";
    private byte[] _executable = Elf.Make(Elf.Arm64, needs: ["GLIBC_2.34"]);
    private string _output = "";
    private int _exitCode;

    public PublisherTests()
    {
        Write("Directory.Build.props", "<Project />");
        Write("functions/Acme/AcmeErrors.cs", "// errors");
        Write("functions/Acme/Omni.Acme.Inbound/Omni.Acme.Inbound.csproj", "<Project />");
        Write("functions/Acme/Omni.Acme.Outbound/Omni.Acme.Outbound.csproj", "<Project />");
        Write("functions/Platform/Omni.Api/Omni.Api.csproj", "<Project />");
        Write("shared/Omni.Shared/Rules.cs", "// rules");
        Write("build/Functions.proj", "<Project />");
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public async Task Every_function_becomes_an_asset_that_cdk_finds()
    {
        Assert.True(await RunAsync());

        Assert.Equal(["Omni.Acme.Inbound", "Omni.Acme.Outbound", "Omni.Api"], _published.Order(StringComparer.Ordinal));
        Assert.All(_published, function => Assert.Equal(_executable, File.ReadAllBytes(Bootstrap(function))));
        Assert.Equal(
            ["bootstrap"], Directory.EnumerateFileSystemEntries(Path.GetDirectoryName(Bootstrap("Omni.Api"))!).Select(Path.GetFileName));
        Assert.Contains("3/3", _screen.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_did_not_change_is_left_as_it_is_and_still_judged()
    {
        await RunAsync();
        _published.Clear();

        Assert.True(await RunAsync());
        Assert.Empty(_published);
        Assert.Equal(3, _screen.ToString().Split("unchanged").Length - 1);
    }

    [Theory]
    [InlineData("functions/Acme/Omni.Acme.Inbound/Function.cs", "Omni.Acme.Inbound")]
    [InlineData("functions/Acme/AcmeErrors.cs", "Omni.Acme.Inbound Omni.Acme.Outbound")]
    [InlineData("shared/Omni.Shared/Rules.cs", "Omni.Acme.Inbound Omni.Acme.Outbound Omni.Api")]
    [InlineData("Directory.Packages.props", "Omni.Acme.Inbound Omni.Acme.Outbound Omni.Api")]
    [InlineData("functions/Directory.Build.targets", "Omni.Acme.Inbound Omni.Acme.Outbound Omni.Api")]
    [InlineData("build/Omni.Publish/Publisher.cs", "Omni.Acme.Inbound Omni.Acme.Outbound Omni.Api")]
    [InlineData("functions/Platform/Omni.Api/openapi.json", "Omni.Api")]
    [InlineData("README.md", "")]
    [InlineData("functions/Platform/Omni.Api/obj/project.assets.json", "")]
    [InlineData("tests/Omni.Api.Tests/ApiTests.cs", "")]
    public async Task A_change_publishes_again_what_is_made_of_it_whatever_its_time(string file, string again)
    {
        await RunAsync();
        _published.Clear();

        // Older than what was published: a checkout of an earlier version.
        Write(file, "// changed");
        File.SetLastWriteTimeUtc(Path.Combine(_root, file), new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc));

        Assert.True(await RunAsync());
        Assert.Equal(again, string.Join(' ', _published.Order(StringComparer.Ordinal)));
    }

    [Fact]
    public async Task Another_compiler_publishes_all_again()
    {
        await RunAsync();
        _published.Clear();
        _clang = "clang 19";

        await RunAsync();
        Assert.Equal(3, _published.Count);
    }

    [Fact]
    public async Task An_asset_that_somebody_touched_is_published_again()
    {
        await RunAsync();
        _published.Clear();
        File.WriteAllBytes(Bootstrap("Omni.Api"), Elf.Make(Elf.Arm64, size: 5000));

        await RunAsync();
        Assert.Equal("Omni.Api", Assert.Single(_published));
        Assert.Equal(_executable, File.ReadAllBytes(Bootstrap("Omni.Api")));
    }

    [Fact]
    public async Task When_a_publish_fails_nothing_old_is_left_to_deploy()
    {
        await RunAsync("--only", "Omni.Api");
        Write("functions/Platform/Omni.Api/Function.cs", "// does not compile");
        (_exitCode, _output) = (1, "/r/Function.cs(1,1): error CS0103: The name 'x' does not exist");

        Assert.False(await RunAsync("--only", "Omni.Api"));
        Assert.False(File.Exists(Bootstrap("Omni.Api")));
        Assert.Contains("linux-arm64/Omni.Api /r/Function.cs(1,1): error CS0103", _screen.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_linker_that_lacks_a_library_is_translated()
    {
        (_exitCode, _output) =
            (1, "/usr/bin/ld.bfd: cannot find -lz: No such file or directory\nerror MSB3073: The command exited with code 1.");

        Assert.False(await RunAsync("--only", "Omni.Api"));
        Assert.Contains("linux-arm64/Omni.Api needs zlib for arm64: sudo ", _screen.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("size")]
    [InlineData("glibc")]
    [InlineData("machine")]
    [InlineData("warning")]
    public async Task What_breaks_a_gate_is_no_asset_and_the_run_fails(string gate)
    {
        await RunAsync("--only", "Omni.Api");
        _executable = gate switch
        {
            "size" => Elf.Make(Elf.Arm64, size: 22_500_001, needs: ["GLIBC_2.34"]),
            "glibc" => Elf.Make(Elf.Arm64, needs: ["GLIBC_2.38"]),
            "machine" => Elf.Make(Elf.X64, needs: ["GLIBC_2.34"]),
            _ => _executable,
        };
        if (gate == "warning") _output = "ILC : Trim analysis warning IL2026: X";

        Assert.False(await RunAsync("--only", "Omni.Api", "--force"));
        Assert.False(File.Exists(Bootstrap("Omni.Api")));
        Assert.True(File.Exists(Path.Combine(_root, "dist", "staging", "linux-arm64", "Omni.Api", "bootstrap")));
        Assert.Contains("REFUSED", _screen.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_managed_runtime_has_a_folder_of_its_own()
    {
        Assert.True(await RunAsync("--runtime", "dotnet10", "--only", "Omni.Api"));

        Assert.True(File.Exists(Path.Combine(_root, "dist", "dotnet10-linux-arm64", "Omni.Api", "bootstrap")));
        Assert.False(File.Exists(Bootstrap("Omni.Api")));
    }

    [Fact]
    public async Task A_function_that_does_not_exist_is_named()
    {
        Assert.Contains(
            "Omni.Nobody",
            (await Assert.ThrowsAsync<ArgumentException>(() => RunAsync("--only", "Omni.Nobody"))).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Missing_tools_stop_it_before_anything_is_touched()
    {
        await RunAsync("--only", "Omni.Api");
        _clang = "";

        Assert.False(await RunAsync("--only", "Omni.Api", "--force"));
        Assert.True(File.Exists(Bootstrap("Omni.Api")));
        Assert.Contains("linux-arm64 needs ", _screen.ToString(), StringComparison.Ordinal);
    }

    private Task<bool> RunAsync(params string[] arguments) =>
        new Publisher(_root, Run, _screen).RunAsync(PublishOptions.Parse(arguments), CancellationToken.None);

    private Task<CommandResult> Run(string program, IReadOnlyList<string> arguments, CancellationToken cancellation)
    {
        if (program == "clang") return Task.FromResult(new CommandResult(_clang is "" ? 127 : 0, _clang));
        if (program != "dotnet" || arguments[0] != "publish") return Task.FromResult(new CommandResult(0, program));

        lock (_published) _published.Add(Path.GetFileNameWithoutExtension(arguments[1]));
        if (_exitCode is 0)
        {
            var folder = arguments.Single(
                argument => argument.StartsWith("-p:PublishDir=", StringComparison.Ordinal))["-p:PublishDir=".Length..];
            Directory.CreateDirectory(folder);
            File.WriteAllBytes(Path.Combine(folder, "bootstrap"), _executable);
        }

        return Task.FromResult(new CommandResult(_exitCode, _output));
    }

    private string Bootstrap(string function) => Path.Combine(_root, "dist", "linux-arm64", function, "bootstrap");

    private void Write(string file, string text)
    {
        var path = Path.Combine(_root, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }
}
