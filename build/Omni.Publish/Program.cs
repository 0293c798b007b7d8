using Omni.Publish;

if (args.Contains("--help"))
{
    Console.WriteLine(PublishOptions.Help);
    return 0;
}

using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true;
    stop.Cancel();
};

try
{
    return await new Publisher(FunctionProject.FindRoot(), Command.RunAsync, Console.Out).RunAsync(PublishOptions.Parse(args), stop.Token)
        ? 0
        : 1;
}
catch (OperationCanceledException)
{
    return 1;
}
catch (ArgumentException wrong)
{
    Console.Error.WriteLine($"{wrong.Message}\n\n{PublishOptions.Help}");
    return 2;
}
