namespace Omni.Local;

/// <summary>
/// One function alone, with an event of a file: tables, queues and simulated carriers are there, and nothing else moves. Its answer goes to
/// the standard output, so that it can be piped; what it logged, and what takes its time, to the standard error.
/// </summary>
internal static class Invocation
{
    /// <summary>Invokes it.</summary>
    /// <param name="options">What the host is made of.</param>
    /// <param name="project">The function's project.</param>
    /// <param name="eventFile">The file with its event.</param>
    /// <returns>0 when it answered, 1 when it failed.</returns>
    public static async Task<int> RunAsync(LocalOptions options, string project, string eventFile)
    {
        // First what needs no servers; the functions' logs take the console later.
        var eventJson = await File.ReadAllBytesAsync(eventFile);
        var (answers, says) = (Console.Out, Console.Error);
        await using var host = await LocalHost.StartAsync(
            options, new Probe { IsStepped = true }, new Progress(says), CancellationToken.None);

        var result = await host.InvokeAsync(project, eventJson, CancellationToken.None);
        await says.WriteAsync(await ReadSharedAsync(host.LogFile));
        if (result.IsError) await says.WriteLineAsync(result.Error);
        else await answers.WriteLineAsync(System.Text.Encoding.UTF8.GetString(result.Payload));
        return result.IsError ? 1 : 0;
    }

    // Its writer has it open.
    private static async Task<string> ReadSharedAsync(string file)
    {
        await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var reader = new StreamReader(stream);
        return await reader.ReadToEndAsync();
    }

    private sealed class Progress(TextWriter says) : IProgress<string>
    {
        public void Report(string value) => says.WriteLine(value);
    }
}
