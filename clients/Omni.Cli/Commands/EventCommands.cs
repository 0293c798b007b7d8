using System.CommandLine;
using Omni.Client;

namespace Omni.Cli.Commands;

/// <summary>The feed.</summary>
internal static class EventCommands
{
    public static Command Events()
    {
        OmniCommand command = new(
            "events",
            "Prints what happens, until Ctrl+C.",
            "omni events",
            "omni events --after earliest --types message.failed,message.undelivered --json");
        var options = new FeedOptions(command);
        var limit = command.Option<int?>("--limit", "End after so many.", "number");

        return command.Does(async (run, cancellation) =>
        {
            var left = run.Get(limit) ?? int.MaxValue;
            await foreach (var read in options.Read(run, cancellation))
            {
                run.Screen.Show(read, () => run.Screen.Line($"{Screen.Time(read.Timestamp)}  {Describe(read)}"));
                if (--left <= 0) break;
            }

            return ExitCode.Done;
        });
    }

    /// <summary>An event on one line.</summary>
    public static string Describe(Event read) => read switch
    {
        _ when read.AsMessage() is { } message =>
            $"{read.Type,-22}  {message.Id}  {message.From} > {message.To}  "
            + (message.Error is null ? MessageCommands.Excerpt(message.Content) : SendCommands.Why(message.Error).Trim()),
        _ when read.AsBatch() is { } batch => $"{read.Type,-22}  {batch.Id}  {batch.Name}",
        _ when read.AsConsent() is { } consent => $"{read.Type,-22}  {consent.Address}  {(consent.OptedOut ? "out" : "in")}",
        _ when read.AsConversationChange() is { } talk => $"{read.Type,-22}  {talk.ConversationId}  {talk.Reason}",
        _ when read.AsCarrierChange() is { } carrier => $"{read.Type,-22}  {carrier.Carrier}  {carrier.Code}",
        _ when read.AsEndpoint() is { } endpoint => $"{read.Type,-22}  {endpoint.Id}  {endpoint.Why}",
        _ => $"{read.Type,-22}  {read.Id}",
    };
}

/// <summary>Which events, from where on.</summary>
internal sealed class FeedOptions(OmniCommand command)
{
    private readonly Option<string?> _after = command.Option<string?>(
        "--after", "earliest, latest, or a cursor (latest).", "cursor");

    private readonly Option<string?> _types = command.Option<string?>("--types", "Only these types, with commas between them.", "types");
    private readonly Option<string?> _carrier = command.Option<string?>("--carrier", "Only this carrier's.", "id");
    private readonly Option<string?> _conversation = command.Option<string?>("--conversation", "Only this conversation's.", "id");

    public IAsyncEnumerable<Event> Read(Run run, CancellationToken cancellation) => run.Omni.Events.ReadAsync(
        run.Get(_after) ?? EventsApi.Latest,
        new() { Types = Parsing.Words(run.Get(_types)), Carrier = run.Get(_carrier), Conversation = run.Get(_conversation) },
        cancellation);
}
