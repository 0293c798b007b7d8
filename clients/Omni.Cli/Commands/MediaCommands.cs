using System.CommandLine;

namespace Omni.Cli.Commands;

/// <summary>Files.</summary>
internal static class MediaCommands
{
    public static Command All()
    {
        Command command = new("media", "Files of messages.");
        command.Add(Get());
        command.Add(Upload());
        return command;
    }

    private static OmniCommand Upload()
    {
        OmniCommand command = new(
            "upload", "Keeps a file of yours, to be sent by its id.", "omni media upload house.jpg --type image/jpeg");
        var path = command.Argument<string>("path", "The file.");
        var type = command.Option<string>("--type", "Its type, such as image/jpeg.", "type", isRequired: true);
        return command.Does(async (run, cancellation) =>
        {
            await using var file = File.OpenRead(run.Get(path));
            var kept = await run.Omni.Media.UploadAsync(file, run.Get(type)!, cancellation);
            run.Screen.Show(kept, () => run.Screen.Line(kept.Id));
            return ExitCode.Done;
        });
    }

    private static OmniCommand Get()
    {
        OmniCommand command = new("get", "Saves a file that a person sent.", "omni media get med_2c26b46b68ff --output house.jpg");
        var id = command.Argument<string>("id", "The file.");
        var output = command.Option<string>("--output", "Where to.", "path", isRequired: true);
        return command.Does(async (run, cancellation) =>
        {
            using var file = await run.Omni.Media.OpenAsync(run.Get(id), cancellation);
            var path = run.Get(output)!;
            await using (var target = File.Create(path)) await file.Content.CopyToAsync(target, cancellation);
            run.Screen.Show(
                new Saved(path, file.MimeType, new FileInfo(path).Length),
                () => run.Screen.Line($"{path}  {file.MimeType}  {new FileInfo(path).Length} bytes"));
            return ExitCode.Done;
        });
    }
}

/// <summary>A file that was saved.</summary>
internal sealed record Saved(string Path, string? MimeType, long Bytes);
