using System.CommandLine;
using System.Globalization;
using System.Text;

namespace Omni.Cli;

/// <summary>docs/cli.md, from the commands themselves.</summary>
internal static class Reference
{
    private const string Head = """
        # The command line

        `omni` is a .NET tool over the public API. Install it from the folder that packing it fills, with the .NET 10 runtime:

        <!-- not run: it fetches its tools -->
        ```sh
        dotnet pack clients/Omni.Cli -o dist/packages
        dotnet tool install --global Omni.Cli --add-source dist/packages
        ```

        Where the API is and which key opens it, it takes from `--url` and `--api-key`, else from `OMNI_URL` and `OMNI_API_KEY`, else
        from `~/.config/omni/config.json`, which `omni configure` writes.
        `--json` prints JSON, one value a line, in the forms of [the API](api/README.md). What is said beside the result goes to
        standard error. Times need a zone: `2026-01-31T08:00:00Z`.

        A call is repeated by itself where that is safe: after 429, a fault or a lost answer, three times, a send under one idempotency
        key. For repeats of your own, after Ctrl+C too, give `--idempotency-key`.

        | exit code | |
        |---|---|
        | 0 | done |
        | 1 | what was asked for did not come about: the message failed, a check found something |
        | 2 | the command or the request is wrong |
        | 3 | the API key is missing, wrong, or lacks a scope |
        | 4 | there is no such thing |
        | 5 | the API is not reached, or has a fault or too much to do: try again |
        | 130 | Ctrl+C |

        The first key of an installation is made by your AWS rights: `omni keys create --bootstrap --function omni-dev-api` runs `aws
        lambda invoke`, so whatever signs you in there (a profile, a role, single sign-on) counts here. Further ones are made with it.

        `omni listen` signs as [webhooks](events.md#webhooks) are signed, so the receiver that you try with it is the one that you
        deploy. It makes one attempt an event, in order, and goes on.

        `source <(omni completion bash)` in your shell's start file completes commands, options and their values; zsh and PowerShell
        alike.

        This page is what `omni reference` prints: a test holds it.

        """;

    public static string Of(RootCommand root)
    {
        var page = new StringBuilder(Head);
        foreach (var command in root.Subcommands.Where(command => !command.Hidden)) Describe(page, command, "omni");
        return page.ToString();
    }

    private static void Describe(StringBuilder page, Command command, string above)
    {
        var name = $"{above} {command.Name}";
        var does = command as OmniCommand;
        page.Append(CultureInfo.InvariantCulture, $"\n## {name}\n\n{command.Description}\n");
        if (does is not null)
        {
            page.Append(CultureInfo.InvariantCulture, $"\n```text\n{string.Join('\n', does.Examples)}\n```\n");
            Table(page, [
                .. command.Arguments.Select(argument => (Name(argument), argument.Description)),
                .. command.Options.Select(option => (Name(option), option.Description)),
            ]);
        }

        foreach (var below in command.Subcommands.Where(below => !below.Hidden)) Describe(page, below, name);
    }

    private static void Table(StringBuilder page, IReadOnlyList<(string Name, string? Does)> rows)
    {
        if (rows.Count == 0) return;

        page.Append("\n| | |\n|---|---|\n");
        foreach (var (name, does) in rows) page.Append(CultureInfo.InvariantCulture, $"| `{name}` | {does} |\n");
    }

    private static string Name(Argument argument) =>
        argument.Arity.MinimumNumberOfValues == 0 ? $"[{argument.Name}]" : $"<{argument.Name}>";

    private static string Name(Option option) =>
        option.HelpName is { } value ? $"{option.Name} <{value.Replace("|", "\\|", StringComparison.Ordinal)}>" : option.Name;
}
