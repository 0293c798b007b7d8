using Spectre.Console;

namespace Omni.Local.Demo;

/// <summary>Plays the scenes of the carriers that are there.</summary>
internal static class DemoPlayer
{
    private static readonly IDemo[] Demos =
    [
        new WhatsAppDemo(), new BandwidthDemo(), new TwilioDemo(), new LiveChatDemo(), new MessageBirdDemo(), new InteliquentDemo(),
        new FailoverDemo(),
    ];

    /// <summary>Plays.</summary>
    /// <param name="url">The host.</param>
    /// <param name="apiKey">The API key.</param>
    /// <param name="carriers">The carriers to play; none for all.</param>
    /// <param name="screen">Where it is shown.</param>
    /// <param name="cancellation">Stops the play.</param>
    /// <returns>The exit code: 0 when every message reached the status that its scene expects.</returns>
    public static async Task<int> PlayAsync(
        Uri url, string apiKey, IReadOnlyList<string> carriers, IAnsiConsole screen, CancellationToken cancellation)
    {
        using var client = new OmniClient(url, apiKey);
        await using var endpoint = await DemoEndpoint.StartAsync(client, cancellation);
        var stage = new Stage(client, screen, cancellation);
        var failed = 0;
        foreach (var demo in Demos.Where(demo => carriers.Count == 0 || carriers.Contains(demo.Carrier)))
        {
            screen.Write(new Rule($"[bold]{demo.Carrier}[/]").LeftJustified());
            foreach (var (title, play) in demo.Scenes)
            {
                screen.MarkupLineInterpolated($"[bold]{title}[/]");
                try
                {
                    await play(stage);
                }
                catch (Exception wrong) when (wrong is InvalidOperationException or HttpRequestException)
                {
                    failed++;
                    screen.MarkupLineInterpolated($"  [red]{wrong.Message}[/]");
                }
            }

            // What the carrier's scenes came to, as a client hears of it without asking.
            failed += await ShowAsync(endpoint, screen, cancellation);
        }

        screen.MarkupLineInterpolated(
            $"{(failed == 0 ? "All scenes ended as they should." : $"{failed} scene(s) did not end as they should.")}");
        return failed == 0 ? 0 : 1;
    }

    private static async Task<int> ShowAsync(DemoEndpoint endpoint, IAnsiConsole screen, CancellationToken cancellation)
    {
        screen.MarkupLine("[bold]The client's own endpoint[/]");
        try
        {
            await endpoint.ShowAsync(screen, cancellation);
            return 0;
        }
        catch (InvalidOperationException wrong)
        {
            screen.MarkupLineInterpolated($"  [red]{wrong.Message}[/]");
            return 1;
        }
    }
}
