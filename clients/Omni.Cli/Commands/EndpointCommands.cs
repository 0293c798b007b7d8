using System.CommandLine;
using Omni.Client;

namespace Omni.Cli.Commands;

/// <summary>Addresses of yours that are told what happens.</summary>
internal static class EndpointCommands
{
    public static Command All()
    {
        OmniCommand command = new("endpoints", "Lists your webhook endpoints.", "omni endpoints");
        command.Add(Get());
        command.Add(Create());
        command.Add(Change());
        command.Add(Delete());
        command.Add(Test());
        command.Add(RotateSecret());
        command.Add(Replay());
        command.Add(Attempts());
        return command.Does(async (run, cancellation) =>
        {
            run.Screen.Table(
                await run.Omni.WebhookEndpoints.ListAsync(cancellation),
                "There are none.",
                ("ID", endpoint => endpoint.Id),
                ("STATE", endpoint => endpoint.State),
                ("WHY", endpoint => endpoint.Why),
                ("URL", endpoint => endpoint.Url),
                ("TYPES", endpoint => endpoint.Types.Count == 0 ? "all" : endpoint.Types));
            return ExitCode.Done;
        });
    }

    private static OmniCommand Get() => OfOne(
        new("get", "Shows an endpoint.", "omni endpoints get whe_5b1c"),
        (run, id, cancellation) => run.Omni.WebhookEndpoints.GetAsync(id, cancellation));

    private static OmniCommand Create()
    {
        OmniCommand command = new(
            "create",
            "Makes an endpoint. Its secret is shown this once.",
            "omni endpoints create https://shop.example/omni --types message.received,message.failed");
        var url = command.Argument<Uri?>("url", "Where to post: https.");
        url.CustomParser = result => Parsing.Url(result.Tokens[0].Value, result);
        var (types, carriers, description) = WishesOf(command);
        var headers = command.Pairs("--header", "A header that comes with each call.");
        var key = command.Option<string?>("--idempotency-key", "The same command under the same key makes one, for a day.", "key");
        return command.Does(async (run, cancellation) => Show(run, await run.Omni.WebhookEndpoints.CreateAsync(
            new()
            {
                Url = run.Get(url)!,
                Types = Parsing.Words(run.Get(types)),
                Carriers = Parsing.Words(run.Get(carriers)),
                Description = run.Get(description),
                Headers = Parsing.Map(run.Get(headers)),
            },
            run.Get(key),
            cancellation)));
    }

    private static OmniCommand Change()
    {
        OmniCommand command = new(
            "change",
            "Changes an endpoint, or switches it off and on.",
            "omni endpoints change whe_5b1c --state disabled",
            "omni endpoints change whe_5b1c --state enabled --from latest");
        var id = command.Argument<string>("id", "The endpoint.");
        var url = command.Url("--to", "Where to post.");
        var (types, carriers, description) = WishesOf(command);
        var state = command.Option("--state", "Whether it is told.", EndpointState.Enabled, EndpointState.Disabled);
        var from = command.Option("--from", "Where to go on when it is enabled.", "position", "latest");
        return command.Does(async (run, cancellation) => Show(run, await run.Omni.WebhookEndpoints.ChangeAsync(
            run.Get(id),
            new()
            {
                Url = run.Get(url),
                Types = Parsing.Words(run.Get(types)),
                Carriers = Parsing.Words(run.Get(carriers)),
                Description = run.Get(description),
                State = run.Get(state),
                From = run.Get(from),
            },
            cancellation)));
    }

    private static OmniCommand Delete()
    {
        OmniCommand command = new("delete", "Ends an endpoint.", "omni endpoints delete whe_5b1c");
        var id = command.Argument<string>("id", "The endpoint.");
        return command.Does(async (run, cancellation) =>
        {
            await run.Omni.WebhookEndpoints.DeleteAsync(run.Get(id), cancellation);
            return ExitCode.Done;
        });
    }

    private static OmniCommand Test()
    {
        OmniCommand command = new("test", "Posts a test event to an endpoint now.", "omni endpoints test whe_5b1c");
        var id = command.Argument<string>("id", "The endpoint.");
        return command.Does(async (run, cancellation) =>
        {
            var attempt = await run.Omni.WebhookEndpoints.TestAsync(run.Get(id), cancellation: cancellation);
            run.Screen.Show(attempt, () => run.Screen.Line($"{attempt.Status?.ToString() ?? attempt.Error}  {attempt.LatencyMs} ms"));
            return attempt.Succeeded ? ExitCode.Done : ExitCode.NotSo;
        });
    }

    private static OmniCommand RotateSecret()
    {
        OmniCommand command = new(
            "rotate-secret", "Gives an endpoint a new secret, shown this once.", "omni endpoints rotate-secret whe_5b1c --previous-for 1h");
        var id = command.Argument<string>("id", "The endpoint.");
        var previous = command.Duration("--previous-for", "How long the one before signs too (1d).");
        return command.Does(async (run, cancellation) => Show(run, await run.Omni.WebhookEndpoints.RotateSecretAsync(
            run.Get(id), new() { PreviousValidForSeconds = SendingOptions.Seconds(run.Get(previous)) }, cancellation: cancellation)));
    }

    private static OmniCommand Replay()
    {
        OmniCommand command = new(
            "replay", "Tells an endpoint once more of what happened.", "omni endpoints replay whe_5b1c --from 2026-01-31T08:00:00Z");
        var id = command.Argument<string>("id", "The endpoint.");
        var from = command.Time("--from", "From when on.");
        from.Required = true;
        var to = command.Time("--to", "Up to when (now).");
        return command.Does(async (run, cancellation) => Show(run, await run.Omni.WebhookEndpoints.ReplayAsync(
            run.Get(id), new() { From = run.Get(from)!.Value, To = run.Get(to) }, cancellation: cancellation)));
    }

    private static OmniCommand Attempts()
    {
        OmniCommand command = new("attempts", "Lists what came of calling an endpoint.", "omni endpoints attempts whe_5b1c");
        var id = command.Argument<string>("id", "The endpoint.");
        var limit = command.Limit();
        return command.Does(async (run, cancellation) =>
        {
            var list = run.Omni.WebhookEndpoints.ListAttempts(run.Get(id), Run.PageSize(run.Get(limit)));
            run.Screen.Table(
                await Run.TakeAsync(list, run.Get(limit), cancellation),
                "There are none.",
                ("AT", attempt => attempt.At),
                ("EVENT", attempt => attempt.EventId),
                ("TYPE", attempt => attempt.Type),
                ("ATTEMPT", attempt => attempt.Attempt),
                ("CAME OF IT", attempt => attempt.Status?.ToString() ?? attempt.Error),
                ("MS", attempt => attempt.LatencyMs),
                ("NEXT", attempt => attempt.NextAt));
            return ExitCode.Done;
        });
    }

    private static OmniCommand OfOne(OmniCommand command, Func<Run, string, CancellationToken, Task<WebhookEndpoint>> call)
    {
        var id = command.Argument<string>("id", "The endpoint.");
        return command.Does(async (run, cancellation) => Show(run, await call(run, run.Get(id), cancellation)));
    }

    private static (Option<string?> Types, Option<string?> Carriers, Option<string?> Description) WishesOf(OmniCommand command) => (
        command.Option<string?>("--types", "The types of events that it wants, with commas between them (all).", "types"),
        command.Option<string?>("--carriers", "The carriers whose events it wants, with commas between them (all).", "ids"),
        command.Option<string?>("--description", "Your own words.", "text"));

    private static int Show(Run run, WebhookEndpoint endpoint)
    {
        run.Screen.Show(endpoint, () => run.Screen.Fields(
            ("id", endpoint.Id),
            ("url", endpoint.Url),
            ("state", endpoint.State),
            ("why", endpoint.Why),
            ("types", endpoint.Types.Count == 0 ? "all" : endpoint.Types),
            ("carriers", endpoint.Carriers.Count == 0 ? "all" : endpoint.Carriers),
            ("description", endpoint.Description),
            ("next try", endpoint.NextTryAt),
            ("secret", endpoint.Secret)));
        return ExitCode.Done;
    }
}
