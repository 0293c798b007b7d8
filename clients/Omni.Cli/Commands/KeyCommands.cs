using System.CommandLine;
using System.Diagnostics;
using System.Text.Json;
using Omni.Client;

namespace Omni.Cli.Commands;

/// <summary>API keys, from the first one on.</summary>
internal static class KeyCommands
{
    public static Command All()
    {
        Command command = new("keys", "API keys of your tenant.");
        command.Add(List());
        command.Add(Create());
        command.Add(Delete());
        return command;
    }

    private static OmniCommand List()
    {
        OmniCommand command = new("list", "Lists keys, without themselves.", "omni keys list");
        return command.Does(async (run, cancellation) =>
        {
            run.Screen.Table(
                await run.Omni.Keys.ListAsync(cancellation),
                "There are none.",
                ("ID", key => key.Id),
                ("NAME", key => key.Name),
                ("STATE", key => key.State),
                ("LAST USED", key => key.LastUsedOn),
                ("EXPIRES", key => key.ExpiresAt),
                ("SCOPES", key => key.Scopes));
            return ExitCode.Done;
        });
    }

    private static OmniCommand Create()
    {
        OmniCommand command = new(
            "create",
            "Makes a key. It is shown this once.",
            "omni keys create --name \"The shop\" --scopes messages:write,messages:read",
            "omni keys create --bootstrap --function omni-dev-api --name \"First key\"");
        var name = command.Option<string?>("--name", "Your name for it.", "text");
        var scopes = command.Option<string?>("--scopes", "What it may do, with commas between them.", "scopes");
        var expires = command.Time("--expires", "When it ends (never).");
        var bootstrap = command.Option<bool>(
            "--bootstrap", "Make it by your AWS rights instead of another key (lambda:InvokeFunction), with the AWS CLI.");
        var function = command.Option<string?>("--function", "With --bootstrap: the API's function.", "name");
        var tenant = command.Option<string?>("--tenant", "With --bootstrap: whose key it is (default).", "name");
        return command.Does(async (run, cancellation) =>
        {
            var key = run.Get(bootstrap)
                ? await BootstrapAsync(
                    run,
                    run.Get(function) ?? throw new UsageException("--bootstrap needs --function, such as omni-dev-api."),
                    new(run.Get(name), run.Get(tenant), Parsing.Words(run.Get(scopes)), run.Get(expires)),
                    cancellation)
                : await run.Omni.Keys.CreateAsync(
                    new()
                    {
                        Name = run.Get(name) ?? throw new UsageException("--name is missing."),
                        Scopes = Parsing.Words(run.Get(scopes)) ?? throw new UsageException("--scopes is missing."),
                        ExpiresAt = run.Get(expires),
                    },
                    cancellation);
            run.Screen.Show(key, () => run.Screen.Line(key.Key!));
            if (!run.Screen.IsJson) run.Screen.Note($"It is {key.Id}. Keep it: Omni cannot show it again.");
            return ExitCode.Done;
        });
    }

    private static OmniCommand Delete()
    {
        OmniCommand command = new("delete", "Ends a key, within a minute.", "omni keys delete key_5b1c0e4f");
        var id = command.Argument<string>("id", "The key's id.");
        return command.Does(async (run, cancellation) =>
        {
            await run.Omni.Keys.DeleteAsync(run.Get(id), cancellation);
            return ExitCode.Done;
        });
    }

    /// <summary>
    /// Invokes the API's function with the AWS CLI: it knows profiles, roles and single sign-on already, and whoever deploys has it.
    /// </summary>
    private static async Task<ApiKey> BootstrapAsync(Run run, string function, BootstrapWish wish, CancellationToken cancellation)
    {
        // Of its owner alone: the answer has the key.
        var folder = Directory.CreateTempSubdirectory("omni-key-");
        try
        {
            var answer = Path.Combine(folder.FullName, "answer.json");
            var start = new ProcessStartInfo(FindAws(run.World)) { RedirectStandardOutput = true, RedirectStandardError = true };
            foreach (var argument in (string[])
            [
                "lambda", "invoke",
                "--function-name", function,
                "--cli-binary-format", "raw-in-base64-out",
                "--payload", JsonSerializer.Serialize(new BootstrapEvent(wish), CliJson.Default.BootstrapEvent),
                answer,
            ])
            {
                start.ArgumentList.Add(argument);
            }

            using var aws = Process.Start(start)!;
            var said = await Task.WhenAll(aws.StandardOutput.ReadToEndAsync(cancellation), aws.StandardError.ReadToEndAsync(cancellation));
            await aws.WaitForExitAsync(cancellation);
            if (aws.ExitCode != 0) throw new UsageException($"aws lambda invoke failed: {said[1].Trim()}");

            return Read(await File.ReadAllTextAsync(answer, cancellation));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static ApiKey Read(string answer)
    {
        try
        {
            var read = JsonSerializer.Deserialize(answer, CliJson.Default.BootstrapAnswer)!;
            if (read is { StatusCode: 201, Body: { } made }) return JsonSerializer.Deserialize(made, OmniJson.Default.ApiKey)!;
            var problem = read.Body is { } body ? JsonSerializer.Deserialize(body, OmniJson.Default.Problem) : null;
            throw new UsageException($"The function made no key: {problem?.Detail ?? answer}");
        }
        catch (JsonException)
        {
            throw new UsageException($"The function is not Omni's API: it answered {answer}");
        }
    }

    private static string FindAws(World world)
    {
        string[] names = OperatingSystem.IsWindows() ? ["aws.exe", "aws.cmd"] : ["aws"];
        var found =
            from folder in (world.Variable("PATH") ?? "").Split(Path.PathSeparator)
            from name in names
            let path = Path.Combine(folder, name)
            where File.Exists(path)
            select path;
        return found.FirstOrDefault() ?? throw new UsageException(
            "The AWS CLI is not there: https://docs.aws.amazon.com/cli/latest/userguide/getting-started-install.html");
    }
}

/// <summary>The event that makes a key.</summary>
internal sealed record BootstrapEvent(BootstrapWish Bootstrap);

/// <summary>The key to make.</summary>
internal sealed record BootstrapWish(string? Name, string? Tenant, IReadOnlyList<string>? Scopes, DateTimeOffset? ExpiresAt);

/// <summary>What the function answers, as it would to the gateway.</summary>
internal sealed record BootstrapAnswer(int StatusCode, string? Body);
