using System.CommandLine;
using Omni.Client;

namespace Omni.Cli.Commands;

/// <summary>The deletion of what names a person.</summary>
internal static class PeopleCommands
{
    public static Command All()
    {
        Command command = new("people", "The deletion of what names a person.");
        command.Add(Delete());
        command.Add(Deletion());
        return command;
    }

    private static OmniCommand Delete()
    {
        OmniCommand command = new(
            "delete",
            "Deletes what names a person up to now, but for what they said about being written to. It goes on by itself.",
            "omni people delete +14155550123");
        var person = command.Argument<string>("person", "The person.");
        return command.Does(async (run, cancellation) =>
            Show(run, await run.Omni.People.DeleteAsync(Address.Parse(run.Get(person)), cancellation)));
    }

    private static OmniCommand Deletion()
    {
        OmniCommand command = new("deletion", "Shows how far the deletion of a person is.", "omni people deletion +14155550123");
        var person = command.Argument<string>("person", "The person.");
        return command.Does(async (run, cancellation) =>
            Show(run, await run.Omni.People.GetDeletionAsync(Address.Parse(run.Get(person)), cancellation)));
    }

    private static int Show(Run run, PersonDeletion deletion)
    {
        run.Screen.Show(deletion, () =>
        {
            var found = $"{deletion.Messages} messages, {deletion.Sessions} conversations";
            run.Screen.Line($"{deletion.Status}: {(int)(deletion.Searched * 100)} % searched, {found}");
            foreach (var remnant in deletion.Remnants ?? []) run.Screen.Line($"  {remnant.Where} until {Screen.Time(remnant.Until)}");
        });
        return ExitCode.Done;
    }
}
