using Omni.Bench;
using Omni.Emulators;
using Spectre.Console;

// The local host writes its functions' logs to the console of its process: the screen keeps the one that was there.
var screen = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Out) });
if (Console.IsOutputRedirected) screen.Profile.Width = 200; // a file has no width, and its tables no line breaks
if (args.Contains("--help"))
{
    screen.WriteLine(BenchOptions.Help);
    return 0;
}

try
{
    var options = BenchOptions.Parse(args);
    if (options.Scale.Count > 0) return ScaleReport.Run(options, screen, new Progress<string>(screen.WriteLine));
    if (options.Faults is { } carrier)
        return await new Faults(screen, options.Writes).PlayAsync(carrier, options.Messages, CancellationToken.None);

    if (options.Lists) return await new Lists(screen, options.Writes).MeasureAsync(options.Messages, CancellationToken.None);
    if (options.Express) return await new Express(screen, options.Writes).MeasureAsync(CancellationToken.None);
    if (options.Limits)
    {
        Console.SetOut(TextWriter.Null); // the senders' metrics
        return await new Limits(screen, options.Writes).PlayAsync(CancellationToken.None);
    }

    return await new Run(options, screen).PlayAsync(CancellationToken.None);
}
catch (Exception wrong) when (wrong is ArgumentException or BenchException or EmulatorException or IOException)
{
    screen.MarkupLineInterpolated($"[red]{wrong.Message}[/]");
    return 2;
}
