using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Omni.Local.Functions;
using Signer = Omni.Shared.StandardWebhooks;

namespace Omni.EndToEnd.Tests;

/// <summary>
/// Others verify what is posted to clients: the specification's own library for JavaScript, one for .NET, and the receivers of
/// docs/events.md as a reader pastes them.
/// </summary>
public sealed class SignatureTests(EmulatorFiles files) : IClassFixture<EmulatorFiles>
{
    private const string Id = "evt_5b1c0e4f8d7a4c2b9e60a1f3d2c4b5a6";

    private static readonly string Body = JsonSerializer.Serialize(
        new { id = Id, type = "message.received", data = new { body = "Grüße, 你好, 👋 \"quoted\" \\ / </script>" } });

    private static readonly (string Old, string New) Secrets = (Signer.NewSecret(), Signer.NewSecret());

    public static TheoryData<string[], string, bool> Cases() => new()
    {
        { [Secrets.New], Secrets.New, true },
        { [Secrets.New, Secrets.Old], Secrets.New, true }, // while it is rotated either secret verifies
        { [Secrets.New, Secrets.Old], Secrets.Old, true },
        { [Secrets.New], Secrets.Old, false },
    };

    [Theory, MemberData(nameof(Cases))]
    public void A_library_for_dotnet_verifies_what_is_signed(string[] signers, string known, bool isGood)
    {
        if (signers is [_, var second] && known == second) return; // of several signatures it finds the first alone

        var headers = new HeaderDictionary();
        foreach (var (name, value) in Sign(signers, TimeProvider.System.GetUtcNow())) headers[name] = value;
        var verifier = new global::StandardWebhooks.StandardWebhook(known);

        if (isGood) verifier.Verify(Body, headers);
        else Assert.ThrowsAny<Exception>(() => verifier.Verify(Body, headers));
    }

    [Theory, MemberData(nameof(Cases))]
    public async Task The_specifications_own_library_verifies_what_is_signed(string[] signers, string known, bool isGood)
    {
        const string Script = """
            import { Webhook } from "standardwebhooks";
            const { secret, body, headers } = JSON.parse(process.argv[1]);
            try { new Webhook(secret).verify(body, headers); console.log("good"); } catch (e) { console.log("bad " + e.message); }
            """;
        var given = JsonSerializer.Serialize(
            new { secret = known, body = Body, headers = Sign(signers, TimeProvider.System.GetUtcNow()) });

        var said = await RunAsync(files.Folder, "node", ["--input-type=module", "-e", Script, given]);

        Assert.Equal(isGood ? "good" : "bad No matching signature found", said.Trim());
    }

    [Fact]
    public void A_secret_is_32_random_bytes_and_a_signature_that_of_the_specification()
    {
        // The example of https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
        var signature = Signer.Sign(
            ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"],
            "msg_p5jXN8AQM9LWM0D4loKWxJek",
            DateTimeOffset.FromUnixTimeSeconds(1614265330),
            """{"test": 2432232314}"""u8);

        Assert.Equal("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=", signature);
        Assert.Equal(32, Convert.FromBase64String(Secrets.New["whsec_".Length..]).Length);
        Assert.NotEqual(Secrets.New, Secrets.Old);
    }

    [Theory]
    [InlineData("js", "receiver.mjs", "node", "receiver.mjs")]
    [InlineData("python", "receiver.py", "python3", "receiver.py")]
    [InlineData("csharp", "receiver.cs", "dotnet", "run receiver.cs")]
    public async Task A_receiver_of_the_documents_takes_what_is_signed_and_nothing_else(
        string language, string file, string program, string arguments)
    {
        if (!IsInstalled(program)) return;

        var folder = Directory.CreateTempSubdirectory("omni-receiver-");
        try
        {
            var page = await File.ReadAllTextAsync(Path.Combine(FunctionExecutable.Root, "docs", "events.md"));
            var code = page.Split($"```{language}\n")[1].Split("```")[0];
            Assert.InRange(code.TrimEnd().Split('\n').Length, 1, 13);
            await File.WriteAllTextAsync(Path.Combine(folder.FullName, file), code);
            using var receiver = new DocumentedReceiver(folder.FullName, program, arguments, $"{Secrets.New},{Secrets.Old}");
            var now = TimeProvider.System.GetUtcNow();
            await receiver.UntilReadyAsync();

            Assert.Equal(204, await receiver.PostAsync(Body, Sign([Secrets.New], now)));
            Assert.Equal(204, await receiver.PostAsync(Body, Sign([Secrets.Old], now)));
            Assert.Equal(401, await receiver.PostAsync(Body, Sign([Signer.NewSecret()], now)));
            Assert.Equal(401, await receiver.PostAsync(Body + " ", Sign([Secrets.New], now)));
            Assert.Equal(401, await receiver.PostAsync(Body, Sign([Secrets.New], now.AddMinutes(-6))));
            Assert.Equal($"{Id} message.received", await receiver.ReadLineAsync());
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static Dictionary<string, string> Sign(string[] secrets, DateTimeOffset at) => new()
    {
        [Signer.IdHeader] = Id,
        [Signer.TimestampHeader] = Signer.Seconds(at),
        [Signer.SignatureHeader] = Signer.Sign(secrets, Id, at, Encoding.UTF8.GetBytes(Body)),
    };

    private static bool IsInstalled(string program) =>
        Environment.GetEnvironmentVariable("PATH")!.Split(':').Any(folder => File.Exists(Path.Combine(folder, program)));

    private static async Task<string> RunAsync(string folder, string program, string[] arguments)
    {
        using var process = Process.Start(
            new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true })!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return output;
    }

    /// <summary>A receiver of the documents, as a process.</summary>
    private sealed class DocumentedReceiver : IDisposable
    {
        private readonly Process _process;
        private readonly HttpClient _http;
        private readonly StringBuilder _errors = new();

        public DocumentedReceiver(string folder, string program, string arguments, string secrets)
        {
            var port = FreePort();
            // Python's speaks HTTP/1.0 and closes after each answer without saying so: a connection kept could be closing when used.
            var handler = new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.Zero };
            _http = new(handler) { BaseAddress = new($"http://127.0.0.1:{port}") };
            _process = Process.Start(new ProcessStartInfo(program, arguments)
            {
                WorkingDirectory = folder,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                Environment = { ["WEBHOOK_SECRETS"] = secrets, ["PORT"] = $"{port}", ["Logging__LogLevel__Default"] = "None" },
            })!;
            Listen();
        }

        // Below those that the system gives out by itself (ip_local_port_range): else another server of these tests may get it meanwhile.
        private static int FreePort()
        {
            while (true)
            {
                try
                {
                    using var free = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, Random.Shared.Next(20_000, 32_000));
                    free.Start();
                    return ((System.Net.IPEndPoint)free.LocalEndpoint).Port;
                }
                catch (System.Net.Sockets.SocketException)
                {
                    // Another one, then.
                }
            }
        }

        // What it says to nobody: without a reader it would stand still once the pipe is full.
        private void Listen()
        {
            _process.ErrorDataReceived += (_, line) =>
            {
                lock (_errors) _errors.AppendLine(line.Data);
            };
            _process.BeginErrorReadLine();
        }

        public Task UntilReadyAsync() => Host.UntilAsync(async () =>
        {
            try
            {
                await _http.GetAsync("/");
                return this;
            }
            catch (HttpRequestException)
            {
                return null;
            }
        });

        public async Task<int> PostAsync(string body, Dictionary<string, string> headers)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/hook")
            {
                Content = new StringContent(body, Encoding.UTF8, "application/json"),
            };
            foreach (var (name, value) in headers) request.Headers.Add(name, value);
            try
            {
                using var response = await _http.SendAsync(request);
                return (int)response.StatusCode;
            }
            catch (HttpRequestException lost)
            {
                lock (_errors) throw new InvalidOperationException($"The receiver did not answer, and said: {_errors}", lost);
            }
        }

        public Task<string?> ReadLineAsync() => _process.StandardOutput.ReadLineAsync();

        public void Dispose()
        {
            _process.Kill(entireProcessTree: true);
            _process.WaitForExit();
            _process.Dispose();
            _http.Dispose();
        }
    }
}

/// <summary>The folder of the emulators' packages, installed.</summary>
public sealed class EmulatorFiles : IAsyncLifetime
{
    public string Folder { get; } = Path.Combine(FunctionExecutable.Root, "local", "emulators");

    // Whoever starts the emulators installs what their lock file names.
    public async Task InitializeAsync() => await (await Emulators.LocalEmulators.StartAsync(new())).DisposeAsync();

    public Task DisposeAsync() => Task.CompletedTask;
}
