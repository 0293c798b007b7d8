using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Omni.Client;

namespace Omni.Cli.Tests;

/// <summary>Every command before the real API.</summary>
public sealed class LocalTests(LocalService local) : IClassFixture<LocalService>
{
    private const string Ours = LocalService.Ours;

    private static readonly string[] SendFrom = ["--carrier", "twilio", "--from", Ours];

    /// <summary>Commands that have a test of their own below, or in <see cref="CommandTests"/>.</summary>
    private static readonly string[] Elsewhere =
    [
        "send", "watch", "messages cancel", "messages resend", "messages read", "conversations messages", "conversations answer",
        "consents opt-out", "consents opt-in", "consents get", "media get", "events", "listen", "endpoints get", "endpoints create",
        "endpoints change", "endpoints delete", "endpoints test", "endpoints rotate-secret", "endpoints replay", "endpoints attempts",
        "senders get", "senders put", "senders delete", "carriers pause", "carriers resume", "keys create", "keys delete", "play write",
        "messages delete-content", "people delete", "people deletion", "media upload", "play answer", "play opt-out", "play read",
        "bulk send", "batches get", "batches watch", "batches messages", "batches pause", "batches resume", "batches cancel",
        "play tell", "messages get", "conversations handoff", "conversations resume", "routes put", "configure", "completion",
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
        ["routes"] = ("", ExitCode.Done),
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
    public async Task A_message_is_checked_sent_and_followed()
    {
        const string Person = "+14155550201";
        var check = await local.Terminal.RunAsync(["send", Person, "Hello", .. SendFrom, "--check"]);
        Assert.Equal((ExitCode.Done, "It would be sent to +14155550201, in 1 segments.\n"), (check.Code, check.Output));
        Assert.Equal(ExitCode.NotSo, (await local.Terminal.RunAsync(["send", "nobody", "Hello", .. SendFrom, "--check"])).Code);
        Assert.Empty(await Run.TakeAsync(local.Omni.Messages.List(new() { To = Person }), 0, default)); // nothing was sent

        string[] line = ["send", Person, "Hello", .. SendFrom, "--wait", "--label", "cli", "--meta", "a=b", "--idempotency-key", "cli-1"];
        var sent = await local.Terminal.RunAsync([.. line, "--json"]);
        var again = await local.Terminal.RunAsync([.. line, "--json"]);

        Assert.Equal(ExitCode.Done, sent.Code);
        var id = sent.Lines.Single().GetProperty("id").GetString()!;
        Assert.Equal("delivered", sent.Lines.Single().GetProperty("status").GetString());
        Assert.Equal(id, again.Lines.Single().GetProperty("id").GetString());
        var watched = await local.Terminal.RunAsync("watch", id);
        Assert.Equal(ExitCode.Done, watched.Code);
        Assert.Contains("delivered", watched.Output, StringComparison.Ordinal);
        var shown = await local.Terminal.RunAsync("messages", "get", id);
        Assert.Contains($"to            {Person}", shown.Output, StringComparison.Ordinal);
        var listed = await local.Terminal.RunAsync("messages", "--label", "cli", "--json");
        Assert.Equal(id, listed.Lines.Single().GetProperty("id").GetString());
    }

    [Fact]
    public async Task A_message_that_waits_is_taken_back_and_sent_again()
    {
        var at = TimeProvider.System.GetUtcNow().AddHours(1).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", null);
        var id = (await local.Terminal.RunAsync(["send", "+14155550202", "Later", .. SendFrom, "--at", at])).Output.Trim();

        var watched = await local.Terminal.RunAsync("watch", id, "--timeout", "1s");
        Assert.Equal((ExitCode.NotSo, "It is scheduled so far.\n"), (watched.Code, watched.Error));
        Assert.StartsWith("1 parts canceled", (await local.Terminal.RunAsync("messages", "cancel", id)).Output, StringComparison.Ordinal);
        var again = await local.Terminal.RunAsync("messages", "resend", id);

        Assert.StartsWith("msg_", again.Output, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Wrong, (await local.Terminal.RunAsync("messages", "resend", id)).Code); // already
    }

    [Fact]
    public async Task Everybody_in_a_file_gets_it_once()
    {
        var file = Path.GetTempFileName();
        await File.WriteAllLinesAsync(file, ["to,name", .. Enumerable.Range(0, 25).Select(i => $"+1415555{300 + i:0000},Ada {i}")]);
        string[] line = ["bulk", "send", file, "--text", "Hi {{name}}", .. SendFrom, "--label", "bulk", "--json"];

        var sent = await local.Terminal.RunAsync(line);
        var again = await local.Terminal.RunAsync(line);

        Assert.True((sent.Code, again.Code) == (ExitCode.Done, ExitCode.Done), sent.Error + again.Error);
        var id = sent.Lines.Single().GetProperty("id").GetString()!;
        Assert.Equal(id, again.Lines.Single().GetProperty("id").GetString());
        var messages = await local.Terminal.RunAsync("batches", "messages", id, "--limit", "0", "--json");
        Assert.Equal(25, messages.Lines.Length);
        Assert.Equal(25, (await Run.TakeAsync(local.Omni.Messages.List(new() { Label = "bulk", Limit = 100 }), 0, default)).Count);
        Assert.Contains("completed", (await local.Terminal.RunAsync("batches", "get", id)).Output, StringComparison.Ordinal);
        File.Delete(file);
    }

    [Fact]
    public async Task A_batch_rests_goes_on_and_ends()
    {
        var (file, at) = (Path.GetTempFileName(), TimeProvider.System.GetUtcNow().AddHours(1).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", null));
        await File.WriteAllLinesAsync(file, ["to", "+14155550401", "+14155550402"]);
        var taken = await local.Terminal.RunAsync(["bulk", "send", file, "--text", "Later", .. SendFrom, "--at", at, "--detach"]);
        var id = taken.Output.Trim();

        Assert.Contains("paused", (await local.Terminal.RunAsync("batches", "pause", id)).Output, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Done, (await local.Terminal.RunAsync("batches", "resume", id)).Code);
        Assert.Contains("canceled", (await local.Terminal.RunAsync("batches", "cancel", id)).Output, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Done, (await local.Terminal.RunAsync("batches", "watch", id)).Code);
        File.Delete(file);
    }

    [Fact]
    public async Task Other_content_is_read_from_standard_input()
    {
        var place = local.NewTerminal("""{"type":"location","latitude":1,"longitude":2}""");

        var sent = await place.RunAsync(["send", "+14155550203", .. SendFrom, "--content", "-", "--adapt", "--json"]);

        Assert.Equal("location", sent.Lines.Single().GetProperty("adaptedFrom").GetString());
    }

    [Fact]
    public async Task A_person_is_played_answered_and_opts_out()
    {
        const string Person = "+14155550204";
        var played = await local.Terminal.RunAsync("play", "write", "whatsapp", Person, "+31205550100", "Where is it?");
        Assert.Equal(ExitCode.Done, played.Code);
        var written = await local.WrittenByAsync(Person);

        Assert.Contains("Where is it?", (await local.Terminal.RunAsync("conversations", "messages", written.ConversationId!)).Output);
        Assert.Equal(ExitCode.Done, (await local.Terminal.RunAsync("messages", "read", written.Id)).Code);
        var answered = (await local.Terminal.RunAsync("conversations", "answer", written.ConversationId!, "On its way.")).Output.Trim();
        var conversation = written.ConversationId!;
        Assert.Equal(ExitCode.Done, (await local.Terminal.RunAsync("conversations", "handoff", conversation, "--reason", "me")).Code);
        Assert.Equal(ExitCode.Done, (await local.Terminal.RunAsync("conversations", "resume", conversation)).Code);
        Assert.Equal(ExitCode.Done, (await local.Terminal.RunAsync("watch", answered)).Code);
        Assert.Equal(ExitCode.Done, (await local.Terminal.RunAsync("play", "read", answered)).Code);
        var read = await local.Omni.Messages.WaitForAsync(answered, MessageStatus.Read, TimeSpan.FromMinutes(1));
        Assert.Equal(MessageStatus.Read, read.Status);
        Assert.Equal(ExitCode.Done, (await local.Terminal.RunAsync("play", "answer", answered, "Thank you")).Code);
    }

    [Fact]
    public async Task Routes_are_written_from_a_file()
    {
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, "[]");
            Assert.Equal(ExitCode.Done, (await local.Terminal.RunAsync("routes", "put", file, "--force")).Code);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public async Task A_person_who_writes_STOP_has_opted_out()
    {
        const string Person = "+14155550205";
        var message = await local.DeliverAsync(Person);
        Assert.Equal(ExitCode.Done, (await local.Terminal.RunAsync("play", "opt-out", message.Id)).Code);

        var told = await local.Terminal.RunAsync(
            "events", "--after", "earliest", "--types", "consent.changed", "--limit", "1", "--json");
        Assert.Equal("consent.changed", told.Lines.Single().GetProperty("type").GetString());
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
    public async Task What_is_listened_to_is_posted_and_the_library_of_the_standard_verifies_it()
    {
        const string Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
        var message = await local.DeliverAsync("+14155550207");
        await using var receiver = new Receiver();
        await receiver.StartAsync();

        var printed = await local.Terminal.RunAsync(
            "listen", "--forward-to", receiver.Url.ToString(), "--secret", Secret, "--after", "earliest",
            "--conversation", message.ConversationId!, "--limit", "2", "--json");

        Assert.Equal(ExitCode.Done, printed.Code);
        Assert.All(printed.Lines, line => Assert.Equal(204, line.GetProperty("status").GetInt32()));
        Assert.Equal(2, receiver.Calls.Count);
        Assert.All(receiver.Calls, call =>
        {
            new StandardWebhooks.StandardWebhook(Secret).Verify(call.Body, call.Headers);
            Assert.True(OmniWebhook.TryVerify(call.Headers, Encoding.UTF8.GetBytes(call.Body), [Secret], out var received));
            Assert.Equal(message.Id, received.AsMessage()!.Id);
        });
    }

    [Fact]
    public async Task What_nobody_takes_is_told_and_passed()
    {
        var message = await local.DeliverAsync("+14155550208");

        var printed = await local.Terminal.RunAsync(
            "listen", "--forward-to", "http://127.0.0.1:9/", "--after", "earliest",
            "--conversation", message.ConversationId!, "--limit", "1", "--json");

        Assert.NotNull(printed.Lines.Single().GetProperty("error").GetString());
        Assert.Contains("Signing with whsec_", printed.Error, StringComparison.Ordinal);
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
    public async Task A_file_that_a_person_sent_is_saved()
    {
        const string Person = "+14155550209";
        var order = $$"""{"from":"{{Person}}","to":"+31205550100","media":{"type":"image","contentType":"image/jpeg"} }""";
        Assert.Equal(ExitCode.Done, (await local.Terminal.RunAsync("play", "tell", "whatsapp", "inbound", order)).Code);
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        await foreach (var read in local.Omni.Events.ReadAsync(
            EventsApi.Earliest, new() { Types = [EventType.MessageMediaStored] }, patience.Token))
        {
            if (read.AsMessage() is not { } message || message.From != Person) continue;

            var path = Path.GetTempFileName();
            var saved = await local.Terminal.RunAsync("media", "get", message.Files![0].MediaId!, "--output", path);
            Assert.Equal(ExitCode.Done, saved.Code);
            Assert.Equal(message.Files[0].Bytes, new FileInfo(path).Length);
            File.Delete(path);
            break;
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
    public async Task What_names_a_person_is_deleted()
    {
        const string Person = "+14155550210";
        var message = await local.DeliverAsync(Person);

        Assert.StartsWith("Deleted.", (await local.Terminal.RunAsync("messages", "delete-content", message.Id)).Output);
        Assert.Equal(ExitCode.Done, (await local.Terminal.RunAsync("people", "delete", Person)).Code);
        Assert.Contains("searched", (await local.Terminal.RunAsync("people", "deletion", Person)).Output);
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

    /// <summary>A developer's own server.</summary>
    private sealed class Receiver : IAsyncDisposable
    {
        private readonly WebApplication _app;

        public Receiver()
        {
            var builder = WebApplication.CreateSlimBuilder(["--hostBuilder:reloadConfigOnChange=false"]);
            builder.Logging.ClearProviders();
            builder.WebHost.UseUrls("http://127.0.0.1:0");
            _app = builder.Build();
            _app.Run(async context =>
            {
                using var reader = new StreamReader(context.Request.Body);
                Calls.Add((new HeaderDictionary(context.Request.Headers.ToDictionary()), await reader.ReadToEndAsync()));
                context.Response.StatusCode = (int)HttpStatusCode.NoContent;
            });
        }

        public List<(HeaderDictionary Headers, string Body)> Calls { get; } = [];

        public Uri Url => new(_app.Urls.First());

        public Task StartAsync() => _app.StartAsync();

        public ValueTask DisposeAsync() => _app.DisposeAsync();
    }
}
