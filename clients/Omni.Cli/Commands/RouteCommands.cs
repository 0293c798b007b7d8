using System.CommandLine;
using System.Text.Json;
using Omni.Client;

namespace Omni.Cli.Commands;

/// <summary>Which of our senders a message leaves from when it does not say.</summary>
internal static class RouteCommands
{
    public static Command All()
    {
        OmniCommand command = new("routes", "Shows your routes, and their version.", "omni routes", "omni routes --json");
        command.Add(Put());
        return command.Does(async (run, cancellation) => Show(run, await run.Omni.Routes.GetAsync(cancellation)));
    }

    private static OmniCommand Put()
    {
        OmniCommand command = new(
            "put",
            "Writes your routes, all of them, from a JSON file. Rules that are there are written over only when their version is given.",
            "omni routes put routes.json",
            "omni routes put routes.json --version 3",
            "omni routes put routes.json --force");
        var file = command.Argument<string>("file", "A JSON file with the list of rules.");
        var version = command.Option<string?>("--version", "The version that they take the place of.", "number");
        var force = command.Option<bool>("--force", "Take the place of whatever there is.");
        return command.Does(async (run, cancellation) =>
        {
            var known = run.Get(force) ? RoutesApi.AnyVersion : run.Get(version) is { } number ? $"\"{number.Trim('"')}\"" : null;
            var rules = Read(await File.ReadAllTextAsync(run.Get(file), cancellation));
            return Show(run, await run.Omni.Routes.PutAsync(rules, known, cancellation));
        });
    }

    private static string NameOf(RouteUse use) => $"{(use.Carrier is null ? "" : use.Carrier + "/")}{use.Pool}:{use.Weight ?? 1}";

    private static IReadOnlyList<RouteRule> Read(string json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, OmniJson.Default.IReadOnlyListRouteRule)
                ?? throw new UsageException("The file has no rules: it is null.");
        }
        catch (JsonException unreadable)
        {
            throw new UsageException($"The file is no list of rules: {unreadable.Message}");
        }
    }

    private static int Show(Run run, Routes routes)
    {
        run.Screen.Table(
            routes.Rules,
            "There are none.",
            ("RULE", rule => rule.Id),
            ("CHANNEL", rule => rule.Match?.Channel),
            ("TO", rule => rule.Match?.ToCountry),
            ("PRIORITY", rule => rule.Match?.Priority),
            ("LABELS", rule => rule.Match?.Labels?.Select(label => $"{label.Key}={label.Value}").ToArray()),
            ("USES", rule => rule.Use.Select(NameOf).ToArray()));
        run.Screen.Note($"Version {routes.Version.Trim('"')}");
        return ExitCode.Done;
    }
}
