using Omni.Emulators;
using Omni.Local;
using Spectre.Console;

// Functions log to the console, which belongs to people here: their lines go to a file.
var screen = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Out) });
if (args.Contains("--help"))
{
    screen.WriteLine(LocalOptions.Help);
    return 0;
}

try
{
    var options = LocalOptions.Parse(args, LocalOptions.ReadEnvironment());
    return options.Invocation is { } invocation
        ? await Invocation.RunAsync(options, invocation.Project, invocation.EventFile)
        : await Session.RunAsync(options, screen);
}
catch (Exception wrong) when (wrong is ArgumentException or EmulatorException or IOException)
{
    await Console.Error.WriteLineAsync(wrong.Message);
    return 2;
}
