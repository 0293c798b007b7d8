using System.Diagnostics;
using Omni.Local.Demo;
using Spectre.Console;

namespace Omni.Local;

/// <summary>One run at a terminal: brings the host up, says what to try, and waits; or plays the demo.</summary>
internal static class Session
{
    public static async Task<int> RunAsync(LocalOptions options, IAnsiConsole screen)
    {
        using var stop = new CancellationTokenSource();
        Console.CancelKeyPress += (_, pressed) =>
        {
            pressed.Cancel = true;
            stop.Cancel();
        };
        using var terminated = System.Runtime.InteropServices.PosixSignalRegistration.Create(
            System.Runtime.InteropServices.PosixSignal.SIGTERM, signal =>
            {
                signal.Cancel = true;
                stop.Cancel();
            });

        var clock = Stopwatch.StartNew();
        var progress = new ScreenProgress(screen);
        try
        {
            await using var host = await LocalHost.StartAsync(options, progress, stop.Token);
            screen.MarkupLineInterpolated($"[green]Omni is ready[/] at [bold]{host.Url}[/] after {clock.Elapsed.TotalSeconds:0.0} s");
            if (options.IsDemo) return await DemoPlayer.PlayAsync(host.Url, options.ApiKey, options.Carriers, screen, stop.Token);

            screen.MarkupLineInterpolated($"[green]Open the console[/]: [bold]{host.ConsoleUrl}[/]");
            Explain(host, options, screen);
            await Task.Delay(Timeout.Infinite, stop.Token);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            screen.WriteLine("Stopped.");
        }

        return 0;
    }

    private static void Explain(LocalHost host, LocalOptions options, IAnsiConsole screen)
    {
        var url = host.Url.ToString().TrimEnd('/');

        // Written as it is: a wrapped command cannot be copied.
        screen.Profile.Out.Writer.WriteLine($$$"""

            Send a message:
              curl -s {{{url}}}/api/v1/messages/send -H 'Authorization: Bearer {{{options.ApiKey}}}' -H 'Content-Type: application/json' \
                -d '{"carrier":"twilio","to":"+14155550123","from":"+12065550100","content":{"type":"text","body":"Hello"}}'
            Read what became of it (put in the id):
              curl -s {{{url}}}/api/v1/messages/ID/timeline -H 'Authorization: Bearer {{{options.ApiKey}}}'
            Let the person answer:
              curl -s {{{url}}}/sim/twilio/inbound -H 'Content-Type: application/json' \
                -d '{"from":"+14155550123","to":"+12065550100","body":"Hi!"}'
              curl -s '{{{url}}}/api/v1/messages?direction=inbound' -H 'Authorization: Bearer {{{options.ApiKey}}}'

            Simulators:  {{{url}}}/sim
            This host:   {{{url}}}/local
            DynamoDB:    {{{host.DynamoDb}}}   (aws dynamodb --endpoint-url …; region us-east-1, access key and secret: local)
            SQS:         {{{host.Sqs}}}   (aws sqs --endpoint-url …)
            Logs:        {{{host.LogFile}}}

            Ctrl+C stops everything.
            """);
    }

    private sealed class ScreenProgress(IAnsiConsole screen) : IProgress<string>
    {
        public void Report(string value)
        {
            lock (this) screen.MarkupLineInterpolated($"[grey]{value}[/]");
        }
    }
}
