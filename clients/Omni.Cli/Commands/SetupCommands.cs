using System.CommandLine;

namespace Omni.Cli.Commands;

/// <summary>Settings, completion, and the reference that docs/cli.md holds.</summary>
internal static class SetupCommands
{
    public static Command Configure()
    {
        OmniCommand command = new(
            "configure",
            "Writes down where the API is and which key opens it, in ~/.config/omni, for you alone.",
            "omni configure --url https://omni.example --api-key -");
        return command.Does(async (run, cancellation) =>
        {
            var kept = new Settings { Url = run.Get(Cli.Url), ApiKey = run.Get(Cli.ApiKey) };
            if (kept.ApiKey == "-") kept = kept with { ApiKey = (await run.World.Input.ReadLineAsync(cancellation))?.Trim() };
            if (kept is { Url: null, ApiKey: null })
            {
                throw new UsageException("Give --url, --api-key (- reads it from standard input), or both.");
            }

            var before = Settings.ReadFile(run.World);
            var path = new Settings { Url = kept.Url ?? before.Url, ApiKey = kept.ApiKey ?? before.ApiKey }.Write(run.World);
            run.Screen.Note($"Written to {path}.");
            return ExitCode.Done;
        });
    }

    public static Command Completion()
    {
        OmniCommand command = new(
            "completion",
            "Prints what makes a shell complete commands and options.",
            "source <(omni completion bash)",
            "source <(omni completion zsh)",
            "omni completion powershell | Out-String | Invoke-Expression");
        var shell = command.Argument<string>("shell", "bash, zsh or powershell.");
        shell.AcceptOnlyFromAmong(Completions.Shells);
        return command.Does((run, _) =>
        {
            run.Screen.Line(Completions.For(run.Get(shell)));
            return Task.FromResult(ExitCode.Done);
        });
    }

    public static Command Reference()
    {
        OmniCommand command = new("reference", "Prints docs/cli.md.") { Hidden = true };
        return command.Does((run, _) =>
        {
            run.World.Output.Write(Cli.Reference());
            return Task.FromResult(ExitCode.Done);
        });
    }
}

/// <summary>Completion by what the command line itself suggests: <c>omni [suggest:position] "line"</c>.</summary>
internal static class Completions
{
    public static readonly string[] Shells = ["bash", "zsh", "powershell"];

    public static string For(string shell) => shell switch
    {
        "bash" => """
            _omni() {
              local IFS=$'\n'
              COMPREPLY=($(compgen -W "$(omni "[suggest:$COMP_POINT]" "$COMP_LINE" 2>/dev/null)" -- "${COMP_WORDS[COMP_CWORD]}"))
            }
            complete -o default -F _omni omni
            """,
        "zsh" => """
            _omni() {
              local -a found
              found=("${(@f)$(omni "[suggest:$CURSOR]" "$BUFFER" 2>/dev/null)}")
              compadd -a found
            }
            compdef _omni omni
            """,
        _ => """
            Register-ArgumentCompleter -Native -CommandName omni -ScriptBlock {
              param($word, $line, $position)
              omni "[suggest:$position]" "$line" | Where-Object { $_ -like "$word*" } |
                ForEach-Object { [System.Management.Automation.CompletionResult]::new($_) }
            }
            """,
    };
}
