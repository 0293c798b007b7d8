using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Omni.Client;

namespace Omni.Cli.Tests;

/// <summary>Messages and people, before the real API.</summary>
public sealed class LocalMessageTests(LocalService local) : IClassFixture<LocalService>
{
    private static readonly string[] SendFrom = ["--carrier", "twilio", "--from", LocalService.Ours];

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

        Assert.Contains("Where is it?", (await local.Terminal.RunAsync("conversations", "messages", written.ConversationId)).Output);
        Assert.Equal(ExitCode.Done, (await local.Terminal.RunAsync("messages", "read", written.Id)).Code);
        var answered = (await local.Terminal.RunAsync("conversations", "answer", written.ConversationId, "On its way.")).Output.Trim();
        Assert.Equal(ExitCode.Done, (await local.Terminal.RunAsync("watch", answered)).Code);
        Assert.Equal(ExitCode.Done, (await local.Terminal.RunAsync("play", "read", answered)).Code);
        var read = await local.Omni.Messages.WaitForAsync(answered, MessageStatus.Read, TimeSpan.FromMinutes(1));
        Assert.Equal(MessageStatus.Read, read.Status);
        Assert.Equal(ExitCode.Done, (await local.Terminal.RunAsync("play", "answer", answered, "Thank you")).Code);
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
    public async Task What_is_listened_to_is_posted_and_the_library_of_the_standard_verifies_it()
    {
        const string Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
        var message = await local.DeliverAsync("+14155550207");
        await using var receiver = new Receiver();
        await receiver.StartAsync();

        var printed = await local.Terminal.RunAsync(
            "listen", "--forward-to", receiver.Url.ToString(), "--secret", Secret, "--after", "earliest",
            "--conversation", message.ConversationId, "--limit", "2", "--json");

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
            "--conversation", message.ConversationId, "--limit", "1", "--json");

        Assert.NotNull(printed.Lines.Single().GetProperty("error").GetString());
        Assert.Contains("Signing with whsec_", printed.Error, StringComparison.Ordinal);
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
    public async Task What_names_a_person_is_deleted()
    {
        const string Person = "+14155550210";
        var message = await local.DeliverAsync(Person);

        Assert.StartsWith("Deleted.", (await local.Terminal.RunAsync("messages", "delete-content", message.Id)).Output);
        Assert.Equal(ExitCode.Done, (await local.Terminal.RunAsync("people", "delete", Person)).Code);
        Assert.Contains("searched", (await local.Terminal.RunAsync("people", "deletion", Person)).Output);
    }

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
