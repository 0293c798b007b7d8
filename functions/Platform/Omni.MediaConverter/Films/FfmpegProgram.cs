using System.Diagnostics;
using System.Text;

namespace Omni.MediaConverter;

/// <summary>
/// The program ffmpeg, run bounded: without a shell, an environment, a network or input, for as long as the caller waits. It is a program
/// of its own and no part of the function: whoever deploys brings it.
/// </summary>
/// <param name="path">Where it lies.</param>
internal sealed class FfmpegProgram(string path)
{
    private const int MaxWords = 16 * 1024;

    /// <summary>The program at a path; null where there is none.</summary>
    /// <param name="path">The path; null for none.</param>
    public static FfmpegProgram? At(string? path) => path is not null && File.Exists(path) ? new(path) : null;

    /// <summary>Runs it.</summary>
    /// <param name="arguments">What it is to do.</param>
    /// <param name="cancellation">Ends it, and all that it began.</param>
    /// <returns>Whether it did, and what it said.</returns>
    /// <exception cref="OperationCanceledException">It was ended.</exception>
    public async Task<(bool IsDone, string Said)> RunAsync(IReadOnlyList<string> arguments, CancellationToken cancellation)
    {
        var start = new ProcessStartInfo(path)
        {
            RedirectStandardError = true, RedirectStandardInput = true, UseShellExecute = false, CreateNoWindow = true,
        };
        start.Environment.Clear();
        string[] bounds = ["-nostdin", "-hide_banner", "-nostats", "-y", "-threads", "2", "-protocol_whitelist", "file,pipe"];
        foreach (var argument in (string[])[.. bounds, .. arguments]) start.ArgumentList.Add(argument);

        using var process = Process.Start(start)!;
        try
        {
            process.StandardInput.Close();
            var said = await ReadAsync(process.StandardError, cancellation).ConfigureAwait(false);
            await process.WaitForExitAsync(cancellation).ConfigureAwait(false);
            return (process.ExitCode == 0, said);
        }
        finally
        {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
        }
    }

    /// <summary>Reads to the end, and keeps the beginning.</summary>
    private static async Task<string> ReadAsync(StreamReader from, CancellationToken cancellation)
    {
        var words = new StringBuilder();
        var buffer = new char[4096];
        while (await from.ReadAsync(buffer, cancellation).ConfigureAwait(false) is > 0 and var count)
        {
            if (words.Length < MaxWords) words.Append(buffer, 0, count);
        }

        return words.ToString();
    }
}
