using System.CommandLine;
using Omni.Client;

namespace Omni.Cli;

/// <summary>One run of a command.</summary>
internal sealed class Run
{
    private readonly ParseResult _parse;
    private OmniClient? _omni;

    private Run(ParseResult parse)
    {
        _parse = parse;
        World = (World)parse.InvocationConfiguration;
        Screen = new(World, parse.GetValue(Cli.Json));
    }

    public World World { get; }

    public Screen Screen { get; }

    public TimeProvider Clock => World.Clock;

    /// <summary>A client of the API that the settings name.</summary>
    /// <exception cref="UsageException">They name none.</exception>
    public OmniClient Omni => _omni ??= new(Url, ApiKey, World.Http, World.Clock);

    public Uri Url
    {
        get
        {
            var text = Setting(Cli.Url, settings => settings.Url, "where the API is", "OMNI_URL");
            return Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "https" or "http"
                ? url
                : throw new UsageException($"{text} is no web address.");
        }
    }

    public string ApiKey => Setting(Cli.ApiKey, settings => settings.ApiKey, "which key opens the API", "OMNI_API_KEY");

    public T? Get<T>(Option<T> option) => _parse.GetValue(option);

    public T Get<T>(Argument<T> argument) => _parse.GetValue(argument)!;

    /// <summary>Reads a list up to a limit; 0 for all.</summary>
    public static async Task<IReadOnlyList<T>> TakeAsync<T>(Paged<T> list, int limit, CancellationToken cancellation)
    {
        List<T> taken = [];
        await foreach (var item in list.WithCancellation(cancellation))
        {
            taken.Add(item);
            if (taken.Count == limit) break;
        }

        return taken;
    }

    /// <summary>A page's size for a limit.</summary>
    public static int PageSize(int limit) => limit is > 0 and < 100 ? limit : 100;

    public static async Task<int> ExecuteAsync(
        ParseResult parse, Func<Run, CancellationToken, Task<int>> action, CancellationToken cancellation)
    {
        var run = new Run(parse);
        try
        {
            return await action(run, cancellation);
        }
        catch (OmniException refusal)
        {
            run.Tell(refusal);
            return ExitCode.Of(refusal);
        }
        catch (Exception wrong) when (wrong is UsageException or IOException or UnauthorizedAccessException)
        {
            run.Screen.Note($"error: {wrong.Message}");
            return ExitCode.Wrong;
        }
        catch (HttpRequestException lost)
        {
            run.Screen.Note($"error: {lost.Message}");
            return ExitCode.Unavailable;
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return ExitCode.Interrupted;
        }
    }

    private void Tell(OmniException refusal)
    {
        Screen.Note($"error: {refusal.Message} ({refusal.Code})");
        foreach (var error in refusal.Errors) Screen.Note($"  {error.Field}: {error.Detail}");
        if (refusal.RequestId is { } id) Screen.Note($"  request {id}");
        if (refusal.Code == OmniException.NoAnswerCode) Screen.Note($"  Is the API at {Url}?");
    }

    private string Setting(Option<string?> option, Func<Settings, string?> read, string what, string variable) =>
        _parse.GetValue(option) ?? read(Settings.Read(World)) ?? throw new UsageException(
            $"It is not said {what}. Set {variable}, or write it down once: omni configure --url https://… --api-key -");
}
