using System.CommandLine;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text.Json;
using Omni.Client;

namespace Omni.Cli.Commands;

/// <summary>Brings events to a developer's machine, signed as the service signs them.</summary>
internal static class ListenCommand
{
    // As long as the service waits for an endpoint.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public static Command Listen()
    {
        OmniCommand command = new(
            "listen",
            "Posts each event to an address of yours, signed as webhooks are, until Ctrl+C. Nothing need be reachable from outside.",
            "omni listen --forward-to http://localhost:3000/hooks",
            "omni listen --forward-to http://localhost:3000/hooks --secret whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
        var target = command.Url("--forward-to", "Where to post.", isRequired: true);
        var secret = command.Option<string?>(
            "--secret", "What to sign with, whsec_… (OMNI_WEBHOOK_SECRET; otherwise a new one is made).", "secret");
        var feed = new FeedOptions(command);
        var limit = command.Option<int?>("--limit", "End after so many.", "number");

        return command.Does(async (run, cancellation) =>
        {
            var key = run.Get(secret) ?? run.World.Variable("OMNI_WEBHOOK_SECRET") ?? NewSecret();
            run.Screen.Note($"Signing with {key}");
            run.Screen.Note($"Posting to {run.Get(target)}; Ctrl+C ends it.");

            var left = run.Get(limit) ?? int.MaxValue;
            await foreach (var read in feed.Read(run, cancellation))
            {
                var forwarded = await PostAsync(run, run.Get(target)!, read, key, cancellation);
                run.Screen.Show(forwarded, () => run.Screen.Line(
                    $"{forwarded.Status?.ToString() ?? forwarded.Error}  {forwarded.Milliseconds} ms  {EventCommands.Describe(read)}"));
                if (--left <= 0) break;
            }

            return ExitCode.Done;
        });
    }

    private static async Task<Forwarded> PostAsync(Run run, Uri target, Event read, string secret, CancellationToken cancellation)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(read, OmniJson.Default.Event);
        var at = run.Clock.GetUtcNow();
        using var request = new HttpRequestMessage(HttpMethod.Post, target)
        {
            Content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } },
        };
        request.Headers.Add(OmniWebhook.IdHeader, read.Id);
        request.Headers.Add(OmniWebhook.TimestampHeader, $"{at.ToUnixTimeSeconds()}");
        request.Headers.Add(OmniWebhook.SignatureHeader, Sign(read.Id, at, body, secret));

        var begun = run.Clock.GetTimestamp();
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(Patience);
        try
        {
            using var response = await run.World.Http.SendAsync(request, patience.Token);
            return new(read.Id, read.Type, (int)response.StatusCode, null, Elapsed());
        }
        catch (HttpRequestException failed)
        {
            return new(read.Id, read.Type, null, failed.Message, Elapsed());
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return new(read.Id, read.Type, null, $"no answer in {Patience.TotalSeconds} seconds", Elapsed());
        }

        long Elapsed() => (long)run.Clock.GetElapsedTime(begun).TotalMilliseconds;
    }

    private static string Sign(string id, DateTimeOffset at, byte[] body, string secret)
    {
        try
        {
            return OmniWebhook.Sign(id, at, body, secret);
        }
        catch (FormatException)
        {
            throw new UsageException("The secret is none: it is whsec_ and base64.");
        }
    }

    private static string NewSecret() => "whsec_" + Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));
}

/// <summary>What came of posting an event.</summary>
/// <param name="Id">The event.</param>
/// <param name="Type">What happened.</param>
/// <param name="Status">The HTTP status; null when no answer came.</param>
/// <param name="Error">Why no answer came.</param>
/// <param name="Milliseconds">How long it took.</param>
internal sealed record Forwarded(string Id, string Type, int? Status, string? Error, long Milliseconds);
