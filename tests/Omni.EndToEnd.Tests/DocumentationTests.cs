using System.Diagnostics;
using System.Text.RegularExpressions;
using Omni.Local.Functions;

namespace Omni.EndToEnd.Tests;

/// <summary>The host that documents speak of: started with what they say, on another port.</summary>
public sealed class DocumentedHost() : Host(SharedHost.IsIsolatedRun)
{
    // docs/testing.md starts it with these.
    protected override IEnumerable<KeyValuePair<string, string>> Settings =>
        [new("TWILIO_AUTH_TOKEN", "12345"), new("TWILIO_ACCOUNT_SID", "AC00000000000000000000000000000042")];
}

/// <summary>Runs the commands of the documents: what a reader copies works as it is written.</summary>
public sealed partial class DocumentationTests(DocumentedHost host) : IClassFixture<DocumentedHost>
{
    private static readonly string[] Documents = FindDocuments();

    /// <summary>Why a command is not run here.</summary>
    private static readonly string[] NotRun =
    [
        "an AWS account is needed",
        "the carrier itself is called",
        "it fetches its tools", // from a registry, and a minute long
        "it starts the service", // which these tests have started, with the same settings
        "it starts tests", // these, or some that run beside them
        "it takes minutes",
        "what it names is made up", // the chat or message of an example that shows a field
    ];

    public static TheoryData<string> WithCommands() => [.. Documents.Where(document => BlocksOf(document).Any(block => block.IsRun))];

    [Fact]
    public void Every_command_is_run_or_says_why_not()
    {
        Assert.NotEmpty(Documents);
        Assert.All(Documents, document => Assert.All(BlocksOf(document), block => Assert.True(
            block.IsRun || (block.NotRun is { } why && NotRun.Contains(why)),
            $"{document} has a command that is neither run nor says why not, in words of the list:\n{block.Text}")));

        // A reason that nobody gives any more is none.
        Assert.Equal(NotRun.Order(), Documents.SelectMany(BlocksOf).Select(block => block.NotRun).OfType<string>().Distinct().Order());
    }

    [Theory, MemberData(nameof(WithCommands))]
    public async Task The_commands_of_a_document_work_as_they_are_written(string document)
    {
        var folder = Directory.CreateTempSubdirectory("omni-documents-");
        try
        {
            var (id, etag) = ("", "");
            foreach (var block in BlocksOf(document).Where(block => block.IsRun && (!block.Needs("aws") || HasAws)))
            {
                var script = Here(block.Text, id);
                var run = await RunAsync(folder, script, id, etag);
                if (block.Needs("soon"))
                    run = await Host.UntilAsync(
                        async () => (run = await RunAsync(folder, script, id, etag)).Worked ? run : null, block.Text);
                Assert.True(run.Worked, $"{document}:\n{script}\n{run.Output}");
                id = Last(MessageId(), run.Output) ?? id;
                etag = Last(EntityTag(), run.Output) ?? etag;
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>A command as it is run here: the host has another port, and the reader would put in what was printed before.</summary>
    private string Here(string text, string id) => text
        .Replace("localhost:8080", $"localhost:{host.Local.Url.Port}", StringComparison.Ordinal)
        .Replace("127.0.0.1:8080", host.Local.Url.Authority, StringComparison.Ordinal)
        .Replace("http://127.0.0.1:PORT", host.Local.Sqs.GetLeftPart(UriPartial.Authority), StringComparison.Ordinal)
        .Replace("/messages/ID/", $"/messages/{id}/", StringComparison.Ordinal);

    // An answer with a refusal in it is none that works, also where it was asked for in an envelope:
    // a simulated carrier tells what its webhook was answered.
    private static async Task<Run> RunAsync(DirectoryInfo folder, string script, string id, string etag)
    {
        using var shell = Process.Start(new ProcessStartInfo("bash", ["-e", "-o", "pipefail", "-c", Prelude + script])
        {
            WorkingDirectory = folder.FullName,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["ID"] = id, ["ETAG"] = etag },
        })!;
        var output = await Task.WhenAll(shell.StandardOutput.ReadToEndAsync(), shell.StandardError.ReadToEndAsync());
        await shell.WaitForExitAsync();
        return new(shell.ExitCode == 0 && !Refused().IsMatch(output[0]), string.Concat(output));
    }

    // A refusal is a failure to curl, and what `dotnet run` would start is built already.
    private static string Prelude { get; } = $$"""
        curl() { command curl --fail-with-body "$@"; }
        dotnet() { [ "$1 $2 $3 $4" = 'run --project local/Omni.Local --' ] && command dotnet '{{LocalProgram}}' "${@:5}"; }
        omni() { command dotnet '{{OmniProgram}}' "$@"; }

        """;

    private static string LocalProgram => Program("local", "Omni.Local", "Omni.Local");

    private static string OmniProgram => Program("clients", "Omni.Cli", "omni");

    /// <summary>A program of this build.</summary>
    private static string Program(string part, string project, string name)
    {
        var output = Path.GetRelativePath(Path.Combine(FunctionExecutable.Root, "tests", "Omni.EndToEnd.Tests"), AppContext.BaseDirectory);
        return Path.Combine(FunctionExecutable.Root, part, project, output, $"{name}.dll");
    }

    private static bool HasAws { get; } = Environment.GetEnvironmentVariable("PATH")!.Split(':').Any(
        folder => File.Exists(Path.Combine(folder, "aws")));

    private static string[] FindDocuments() =>
    [
        "README.md", "CONTRIBUTING.md",
        .. Directory.EnumerateFiles(Path.Combine(FunctionExecutable.Root, "docs"), "*.md", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(FunctionExecutable.Root, file)).Order(StringComparer.Ordinal),
    ];

    private static IReadOnlyList<Block> BlocksOf(string document) =>
        [.. Fence()
            .Matches(File.ReadAllText(Path.Combine(FunctionExecutable.Root, document)))
            .Select(found => new Block(found.Groups["mark"].Value, found.Groups["text"].Value))];

    private static string? Last(Regex wanted, string output) =>
        wanted.Matches(output) is { Count: > 0 } found ? found[^1].Groups[1].Value : null;

    [GeneratedRegex(@"^( *<!-- (?<mark>[^\n]*) -->\n)? *```sh\n(?<text>.*?)^ *```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fence();

    [GeneratedRegex(@"""id"":""(msg_\w+)""")]
    private static partial Regex MessageId();

    [GeneratedRegex(@"^ETag: (\S+)", RegexOptions.Multiline | RegexOptions.IgnoreCase)]
    private static partial Regex EntityTag();

    [GeneratedRegex(@"""status(Code)?"":\s*[45]\d\d")]
    private static partial Regex Refused();

    /// <summary>What came of a block.</summary>
    private sealed record Run(bool Worked, string Output);

    /// <summary>A fenced block of commands.</summary>
    /// <param name="Mark">The comment above it; empty for none.</param>
    /// <param name="Text">The commands.</param>
    private sealed record Block(string Mark, string Text)
    {
        private const string NotRunMark = "not run: ";

        public bool IsRun => Mark == "run" || Mark.StartsWith("run:", StringComparison.Ordinal);

        /// <summary>Why it is not run; null when it does not say.</summary>
        public string? NotRun => Mark.StartsWith(NotRunMark, StringComparison.Ordinal) ? Mark[NotRunMark.Length..] : null;

        public bool Needs(string what) =>
            Mark.StartsWith("run:", StringComparison.Ordinal)
                && Mark["run:".Length..].Split(',', StringSplitOptions.TrimEntries).Contains(what);
    }
}
