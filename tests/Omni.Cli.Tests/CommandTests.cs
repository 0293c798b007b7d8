using System.CommandLine;
using System.Net;
using System.Text;

namespace Omni.Cli.Tests;

/// <summary>What all commands have in common.</summary>
public sealed class CommandTests
{
    public static TheoryData<string> Names() => [.. Commands().Select(command => command.Name)];

    [Theory, MemberData(nameof(Names))]
    public async Task Every_command_has_help_with_an_example(string name)
    {
        var command = Commands().Single(command => command.Name == name).Command;
        using var http = new HttpClient();

        var help = await new Terminal(http).RunAsync([.. name.Split(' '), "--help"]);

        Assert.Equal(ExitCode.Done, help.Code);
        Assert.Contains(command.Description!, help.Output.ReplaceLineEndings(" "), StringComparison.Ordinal);
        Assert.NotEmpty(command.Examples);
        Assert.All(command.Examples, example =>
        {
            Assert.Contains(example, help.Output, StringComparison.Ordinal);
            Assert.Contains($"omni {name}", example, StringComparison.Ordinal);
        });
        Assert.All(command.Options.Cast<Symbol>().Concat(command.Arguments), part => Assert.False(string.IsNullOrEmpty(part.Description)));
    }

    [Theory, MemberData(nameof(Names))]
    public void Examples_are_commands_that_can_be_read(string name)
    {
        foreach (var example in Commands().Single(command => command.Name == name).Command.Examples)
        {
            var line = example.Replace("source <(", "", StringComparison.Ordinal).TrimEnd(')').Split(" | ")[0];
            var parse = Cli.Root().Parse(line["omni ".Length..]);

            Assert.True(parse.Errors.Count == 0, $"{example}: {string.Join(' ', parse.Errors.Select(error => error.Message))}");
        }
    }

    [Fact]
    public void The_reference_is_that_of_the_commands() =>
        Assert.Equal(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "cli.md")), Cli.Reference());

    public static TheoryData<string, int, int, string> Refusals() => new()
    {
        { "wrong option", 0, ExitCode.Wrong, "messages --nonsense" },
        { "missing option", 0, ExitCode.Wrong, "carriers pause twilio" },
        { "wrong word", 0, ExitCode.Wrong, "messages --direction sideways" },
        { "time without a zone", 0, ExitCode.Wrong, "messages --after 2026-01-31T08:00:00" },
        { "no length of time", 0, ExitCode.Wrong, "watch msg_1 --timeout soon" },
        { "nothing to send", 0, ExitCode.Wrong, "send +1 --carrier twilio --from +2" },
        { "two things to send", 0, ExitCode.Wrong, "send +1 --carrier twilio --from +2 --template a --image https://a.example" },
        { "no content", 0, ExitCode.Wrong, "send +1 --carrier twilio --from +2 --content {" },
        { "no pair", 0, ExitCode.Wrong, "send +1 Hello --carrier twilio --from +2 --meta a" },
        { "a bad request", 400, ExitCode.Wrong, "messages" },
        { "no key", 401, ExitCode.NotAllowed, "messages" },
        { "no scope", 403, ExitCode.NotAllowed, "messages" },
        { "no such thing", 404, ExitCode.NotFound, "messages get msg_1" },
        { "a conflict", 409, ExitCode.Wrong, "messages cancel msg_1" },
        { "too many calls", 429, ExitCode.Unavailable, "messages" },
        { "a fault", 503, ExitCode.Unavailable, "messages" },
        { "nobody there", -1, ExitCode.Unavailable, "messages" },
    };

    [Theory, MemberData(nameof(Refusals))]
    public async Task An_exit_code_says_how_it_ended(string why, int status, int code, string line)
    {
        using var http = new HttpClient(new Refusing(status));
        Dictionary<string, string> environment = new() { ["OMNI_URL"] = "https://omni.example", ["OMNI_API_KEY"] = "key" };

        var printed = await new Terminal(http, environment).RunAsync(line.Split(' '));

        Assert.True(code == printed.Code, $"{why}: {printed.Code} {printed.Error}");
        Assert.NotEmpty(printed.Error);
    }

    [Fact]
    public async Task Settings_come_from_options_then_the_environment_then_the_file()
    {
        var home = Directory.CreateTempSubdirectory("omni-cli-");
        try
        {
            var asked = new Refusing(404);
            using var http = new HttpClient(asked);
            Dictionary<string, string> environment = new() { ["HOME"] = home.FullName };
            Assert.Equal(ExitCode.Wrong, (await new Terminal(http, environment).RunAsync("messages")).Code); // nothing is said yet

            var written = await new Terminal(http, environment, "secret\n").RunAsync(
                "configure", "--url", "https://file.example", "--api-key", "-");
            Assert.Equal(ExitCode.Done, written.Code);
            var file = Path.Combine(home.FullName, ".config", "omni", "config.json");
            Assert.True(OperatingSystem.IsWindows() || File.GetUnixFileMode(file) == (UnixFileMode.UserRead | UnixFileMode.UserWrite));

            await new Terminal(http, environment).RunAsync("messages");
            environment["OMNI_URL"] = "https://environment.example";
            await new Terminal(http, environment).RunAsync("messages");
            await new Terminal(http, environment).RunAsync("messages", "--url", "https://option.example");

            Assert.Equal(["file.example", "environment.example", "option.example"], asked.Calls.Select(call => call.Host));
            Assert.All(asked.Calls, call => Assert.Equal("Bearer secret", call.Key));
        }
        finally
        {
            home.Delete(recursive: true);
        }
    }

    [Theory]
    [InlineData("bash", "complete -o default -F _omni omni")]
    [InlineData("zsh", "compdef _omni omni")]
    [InlineData("powershell", "Register-ArgumentCompleter")]
    public async Task A_shell_is_told_how_to_complete(string shell, string hook)
    {
        using var http = new HttpClient();

        Assert.Contains(hook, (await new Terminal(http).RunAsync("completion", shell)).Output, StringComparison.Ordinal);
        var suggested = await new Terminal(http).RunAsync("[suggest:10]", "omni dead-");
        Assert.Contains("dead-letters", suggested.Output, StringComparison.Ordinal);
    }

    /// <summary>All commands that do something, with their names from the root on.</summary>
    internal static IEnumerable<(string Name, OmniCommand Command)> Commands() => Below(Cli.Root(), "");

    private static IEnumerable<(string Name, OmniCommand Command)> Below(Command command, string name) =>
        from below in command.Subcommands
        where !below.Hidden
        let full = $"{name} {below.Name}".Trim()
        from found in below is OmniCommand does ? Below(below, full).Prepend((full, does)) : Below(below, full)
        select found;

    private sealed class Refusing(int status) : HttpMessageHandler
    {
        public List<(string Host, string Key)> Calls { get; } = [];

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Calls.Add((request.RequestUri!.Host, request.Headers.Authorization!.ToString()));
            if (status < 0) throw new HttpRequestException("Nobody is there.");

            var response = new HttpResponseMessage((HttpStatusCode)status);
            response.Headers.TryAddWithoutValidation("Retry-After", "3600"); // longer than anybody waits
            response.Content = new StringContent(
                $$"""
                {"type":"https://omni.example/api/v1/problems/a","title":"t","status":{{status}},"detail":"It is so.","code":"a",
                 "requestId":"r","retryable":false}
                """,
                Encoding.UTF8,
                "application/problem+json");
            return Task.FromResult(response);
        }
    }
}
