namespace Omni.Cli.Tests;

/// <summary>Every command before the real API.</summary>
public sealed class LocalTests(LocalService local) : IClassFixture<LocalService>
{
    /// <summary>Commands that have a test of their own, below or in the other classes.</summary>
    private static readonly string[] Elsewhere =
    [
        "send", "watch", "messages cancel", "messages resend", "messages read", "conversations messages", "conversations answer",
        "consents opt-out", "consents opt-in", "consents get", "media get", "events", "listen", "endpoints get", "endpoints create",
        "endpoints change", "endpoints delete", "endpoints test", "endpoints rotate-secret", "endpoints replay", "endpoints attempts",
        "senders get", "senders put", "senders delete", "carriers pause", "carriers resume", "keys create", "keys delete", "play write",
        "messages delete-content", "people delete", "people deletion", "media upload", "play answer", "play opt-out", "play read",
        "bulk send", "batches get", "batches watch", "batches messages", "batches pause", "batches resume", "batches cancel",
        "play tell", "messages get", "configure", "completion",
    ];

    /// <summary>Commands that only read, with how they end on a host on which little happened.</summary>
    private static readonly Dictionary<string, (string Arguments, int Code)> Reading = new()
    {
        ["messages"] = ("--limit 5", ExitCode.Done),
        ["batches"] = ("", ExitCode.Done),
        ["conversations"] = ("--open", ExitCode.Done),
        ["consents"] = ("--opted-out", ExitCode.Done),
        ["endpoints"] = ("", ExitCode.Done),
        ["senders"] = ("--carrier twilio", ExitCode.Done),
        ["carriers"] = ("", ExitCode.Done),
        ["carriers status"] = ("twilio", ExitCode.Done),
        ["templates"] = ("whatsapp", ExitCode.Done),
        ["usage"] = ("--by carrier", ExitCode.Done),
        ["keys list"] = ("", ExitCode.Done),
        ["dead-letters list"] = ("", ExitCode.Done),
        ["dead-letters redrive"] = ("omni-twilio-outbound-dlq.fifo", ExitCode.Done),
        ["play list"] = ("", ExitCode.Done),
        ["doctor"] = ("", ExitCode.NotSo), // the other carriers have no webhook on this host
    };

    public static TheoryData<string> Readings() => [.. Reading.Keys];

    [Fact]
    public void Every_command_is_tried() =>
        Assert.Equal(CommandTests.Commands().Select(command => command.Name).Order(), Elsewhere.Concat(Reading.Keys).Order());

    [Theory, MemberData(nameof(Readings))]
    public async Task A_list_is_for_people_and_for_programs(string command)
    {
        var (arguments, code) = Reading[command];
        string[] line = [.. command.Split(' '), .. arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries)];

        var words = await local.Terminal.RunAsync(line);
        var json = await local.Terminal.RunAsync([.. line, "--json"]);

        Assert.True((code, code) == (words.Code, json.Code), $"{words.Error}{words.Output}");
        Assert.All(json.Lines, one => Assert.Equal(System.Text.Json.JsonValueKind.Object, one.ValueKind));
        Assert.NotEmpty(words.Output + words.Error);
    }

    [Fact]
    public async Task Consents_are_recorded()
    {
        const string Person = "+14155550206";
        Assert.Equal("Recorded.\n", (await local.Terminal.RunAsync("consents", "opt-out", Person, "--evidence", "a letter")).Output);
        Assert.Contains("a letter", (await local.Terminal.RunAsync("consents", "get", Person)).Output, StringComparison.Ordinal);
        var late = await local.Terminal.RunAsync("consents", "opt-in", Person, "--at", "2020-01-01T00:00:00Z");
        Assert.Equal((ExitCode.NotSo, "Something later is on record, and stands.\n"), (late.Code, late.Output));
        Assert.Equal(ExitCode.Done, (await local.Terminal.RunAsync("consents", "opt-in", Person)).Code);
    }

    [Fact]
    public async Task An_endpoint_is_made_changed_and_ended()
    {
        var made = await local.Terminal.RunAsync("endpoints", "create", "http://127.0.0.1:9/", "--types", "message.received", "--json");
        var id = made.Lines.Single().GetProperty("id").GetString()!;
        Assert.StartsWith("whsec_", made.Lines.Single().GetProperty("secret").GetString(), StringComparison.Ordinal);

        Assert.Contains("message.received", (await local.Terminal.RunAsync("endpoints", "get", id)).Output, StringComparison.Ordinal);
        Assert.Contains("A shop", (await local.Terminal.RunAsync("endpoints", "change", id, "--description", "A shop")).Output);
        Assert.Equal(ExitCode.NotSo, (await local.Terminal.RunAsync("endpoints", "test", id)).Code);
        Assert.Contains("whsec_", (await local.Terminal.RunAsync("endpoints", "rotate-secret", id, "--previous-for", "1h")).Output);
        Assert.Equal(ExitCode.Done, (await local.Terminal.RunAsync("endpoints", "replay", id, "--from", Now())).Code);
        Assert.Equal(ExitCode.Done, (await local.Terminal.RunAsync("endpoints", "attempts", id)).Code);
        Assert.Equal(ExitCode.Done, (await local.Terminal.RunAsync("endpoints", "delete", id)).Code);
        Assert.Equal(ExitCode.NotFound, (await local.Terminal.RunAsync("endpoints", "get", id)).Code);
    }

    [Fact]
    public async Task A_sender_is_registered_and_ended()
    {
        string[] name = ["twilio", "+12065550198"];
        Assert.Equal(ExitCode.Done, (await local.Terminal.RunAsync(["senders", "put", .. name, "--rate", "10", "--meta", "a=b"])).Code);
        Assert.Contains("rate", (await local.Terminal.RunAsync(["senders", "get", .. name])).Output, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Done, (await local.Terminal.RunAsync(["senders", "delete", .. name])).Code);
        Assert.Equal(ExitCode.NotFound, (await local.Terminal.RunAsync(["senders", "get", .. name])).Code);
    }

    [Fact]
    public async Task A_carrier_is_paused_and_told_how_to_behave()
    {
        // Nothing else here sends through this one while it rests.
        var paused = await local.Terminal.RunAsync("carriers", "pause", "livechat", "--reason", "A test");
        var resumed = await local.Terminal.RunAsync("carriers", "resume", "livechat");

        Assert.Equal("livechat is paused: A test\n", paused.Output);
        Assert.Equal("livechat sends.\n", resumed.Output);
        var unknown = await local.Terminal.RunAsync("play", "tell", "nobody", "reset");
        Assert.Equal(ExitCode.Wrong, unknown.Code);
        Assert.Equal(ExitCode.Done, (await local.Terminal.RunAsync("play", "tell", "livechat", "reset")).Code);
    }

    [Fact]
    public async Task A_key_is_made_used_and_ended()
    {
        var made = await local.Terminal.RunAsync("keys", "create", "--name", "A test", "--scopes", "carriers:read", "--json");
        var (id, key) = (made.Lines.Single().GetProperty("id").GetString()!, made.Lines.Single().GetProperty("key").GetString()!);

        Assert.Equal(ExitCode.Done, (await local.Terminal.RunAsync("carriers", "--api-key", key)).Code);
        Assert.Equal(ExitCode.NotAllowed, (await local.Terminal.RunAsync("messages", "--api-key", key)).Code);
        Assert.Equal(ExitCode.Done, (await local.Terminal.RunAsync("keys", "delete", id)).Code);
    }

    public static TheoryData<string, int, string> Functions() => new()
    {
        {
            """
            cat > "$9" <<'END'
            {"statusCode":201,
             "body":"{\"id\":\"key_1\",\"name\":\"n\",\"tenant\":\"default\",\"scopes\":[],\"state\":\"active\",\"key\":\"the-key\"}"}
            END
            """,
            ExitCode.Done,
            "the-key\n"
        },
        { """echo '{"errorMessage":"timed out"}' > "$9" """, ExitCode.Wrong, "" },
        { "echo 'AccessDenied' >&2; exit 255", ExitCode.Wrong, "" },
    };

    [Theory, MemberData(nameof(Functions))]
    public async Task The_first_key_is_made_by_the_AWS_command_line(string answers, int code, string output)
    {
        if (OperatingSystem.IsWindows()) return; // the stand-in is a shell script

        var folder = Directory.CreateTempSubdirectory("omni-aws-");
        try
        {
            var aws = Path.Combine(folder.FullName, "aws");
            File.WriteAllText(aws, $"#!/bin/sh\nprintf '%s\\n' \"$@\" > {folder.FullName}/asked\n{answers}\n");
            File.SetUnixFileMode(aws, UnixFileMode.UserRead | UnixFileMode.UserExecute);

            var printed = await local.NewTerminal(path: folder.FullName).RunAsync(
                "keys", "create", "--bootstrap", "--function", "omni-dev-api", "--name", "First key");

            Assert.True((code, output) == (printed.Code, printed.Output), printed.Error);
            var asked = File.ReadAllLines(Path.Combine(folder.FullName, "asked"));
            Assert.Equal(["lambda", "invoke", "--function-name", "omni-dev-api"], asked[..4]);
            Assert.Equal("""{"bootstrap":{"name":"First key"}}""", asked[7]);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task A_file_is_uploaded_and_comes_back()
    {
        var (there, back) = (Path.GetTempFileName(), Path.GetTempFileName());
        await File.WriteAllTextAsync(there, "Open from 9 to 18.");

        var uploaded = await local.Terminal.RunAsync("media", "upload", there, "--type", "text/plain");
        Assert.True(uploaded.Code == ExitCode.Done, uploaded.Error);
        var id = uploaded.Output.Trim();
        Assert.Equal(ExitCode.Done, (await local.Terminal.RunAsync("media", "get", id, "--output", back)).Code);

        Assert.Equal("Open from 9 to 18.", await File.ReadAllTextAsync(back));
        File.Delete(there);
        File.Delete(back);
    }

    [Fact]
    public async Task Interrupting_ends_it()
    {
        using var stop = new CancellationTokenSource();
        var running = local.Terminal.RunAsync(["events", "--after", "latest"], stop.Token);
        await stop.CancelAsync();

        Assert.Equal(ExitCode.Interrupted, (await running).Code);
    }

    private static string Now() => TimeProvider.System.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", null);
}
