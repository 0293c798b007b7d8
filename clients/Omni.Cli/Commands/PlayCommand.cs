using System.CommandLine;
using System.Net.Http.Headers;
using System.Text.Json;
using Omni.Client;

namespace Omni.Cli.Commands;

/// <summary>Plays the people, on a local host with its simulated carriers.</summary>
internal static class PlayCommand
{
    public static Command Play()
    {
        Command command = new("play", "Be the person, on the local host: write, answer, opt out, read.");
        command.Add(Write());
        command.Add(Answer("answer", "Answers a message as the person that it went to.", "omni play answer msg_5b1c \"Thank you\""));
        command.Add(OptOut());
        command.Add(Read());
        command.Add(Tell());
        command.Add(List());
        return command;
    }

    private static OmniCommand Write()
    {
        OmniCommand command = new(
            "write", "Writes to one of your addresses.", "omni play write twilio +14155550123 +12065550100 \"Where is my parcel?\"");
        var carrier = command.Argument<string>("carrier", "The carrier.");
        var from = command.Argument<string>("from", "The person.");
        var to = command.Argument<string>("to", "Your address.");
        var text = command.Argument<string>("text", "What they write.");
        return command.Does((run, cancellation) => TellAsync(
            run, run.Get(carrier), "inbound", new PlayedMessage(run.Get(from), run.Get(to), run.Get(text)), cancellation));
    }

    private static OmniCommand Answer(string name, string description, string example)
    {
        OmniCommand command = new(name, description, example);
        var id = command.Argument<string>("id", "The message that they got.");
        var text = command.Argument<string>("text", "What they write.");
        return command.Does((run, cancellation) => AnswerAsync(run, run.Get(id), run.Get(text), cancellation));
    }

    private static OmniCommand OptOut()
    {
        OmniCommand command = new("opt-out", "Writes STOP, as the person that a message went to.", "omni play opt-out msg_5b1c");
        var id = command.Argument<string>("id", "The message that they got.");
        return command.Does((run, cancellation) => AnswerAsync(run, run.Get(id), "STOP", cancellation));
    }

    private static OmniCommand Read()
    {
        OmniCommand command = new("read", "Reads a message, where the carrier tells of that.", "omni play read msg_5b1c");
        var id = command.Argument<string>("id", "The message that they got.");
        return command.Does(async (run, cancellation) =>
        {
            var message = await SentAsync(run, run.Get(id), cancellation);
            var part = message.Parts?.FirstOrDefault(part => part.CarrierMessageId is not null)
                ?? throw new UsageException("The carrier does not have it yet.");
            return await TellAsync(run, message.Carrier!, "read", new PlayedReading(part.CarrierMessageId!), cancellation);
        });
    }

    private static OmniCommand Tell()
    {
        OmniCommand command = new(
            "tell",
            "Tells a simulated carrier anything of its list.",
            "omni play tell livechat inbound '{\"customer\":\"ada\",\"text\":\"Hi\"}'",
            "omni play tell twilio behaviour '{\"steps\":[{\"status\":503}]}'");
        var carrier = command.Argument<string>("carrier", "The carrier.");
        var what = command.Argument<string>("what", "The last step of its path in the list.");
        var order = command.Argument<string?>("order", "The order, as JSON.", isOptional: true);
        return command.Does((run, cancellation) => PostAsync(run, run.Get(carrier), run.Get(what), run.Get(order), cancellation));
    }

    private static OmniCommand List()
    {
        OmniCommand command = new("list", "Lists what simulated carriers can be told.", "omni play list");
        return command.Does(async (run, cancellation) =>
        {
            using var response = await run.World.Http.GetAsync(new Uri(run.Url, "/sim"), cancellation);
            if (!response.IsSuccessStatusCode) throw new UsageException($"{run.Url} is no local host: it has no simulated carriers.");
            using var answer = JsonDocument.Parse(await response.Content.ReadAsStringAsync(cancellation));
            PlayedOrder[] orders =
            [
                .. answer.RootElement.EnumerateArray().Select(order => new PlayedOrder(
                    order.GetProperty("method").GetString()!,
                    order.GetProperty("path").GetString()!,
                    order.TryGetProperty("summary", out var summary) ? summary.GetString() : null)),
            ];
            run.Screen.Table(orders, "There is nothing.", ("METHOD", o => o.Method), ("PATH", o => o.Path), ("", o => o.Summary));
            return ExitCode.Done;
        });
    }

    /// <summary>The message as it was sent: of one with legs, the leg that was begun last.</summary>
    private static async Task<Message> SentAsync(Run run, string id, CancellationToken cancellation)
    {
        var message = await run.Omni.Messages.GetAsync(id, cancellation);
        return message is { Failover: { } legs, Leg: { } leg } ? await run.Omni.Messages.GetAsync(legs[leg].Id, cancellation) : message;
    }

    private static async Task<int> AnswerAsync(Run run, string id, string text, CancellationToken cancellation)
    {
        var message = await SentAsync(run, id, cancellation);
        PlayedMessage answer = new(message.To.Value, message.From.Value, text);
        return await TellAsync(run, message.Carrier!, "inbound", answer, cancellation);
    }

    private static Task<int> TellAsync<T>(Run run, string carrier, string what, T order, CancellationToken cancellation) =>
        PostAsync(run, carrier, what, JsonLine.Of(order), cancellation);

    private static async Task<int> PostAsync(Run run, string carrier, string what, string? order, CancellationToken cancellation)
    {
        var address = new Uri(run.Url, $"/sim/{Uri.EscapeDataString(carrier)}/{what}");
        using var body = order is null ? null : new StringContent(order, new MediaTypeHeaderValue("application/json"));
        using var response = await run.World.Http.PostAsync(address, body, cancellation);
        var answer = await response.Content.ReadAsStringAsync(cancellation);
        if (!response.IsSuccessStatusCode)
        {
            throw new UsageException($"{address} answered {(int)response.StatusCode}: is this a local host that plays {carrier}? {answer}");
        }

        run.Screen.Line(answer);
        return ExitCode.Done;
    }
}

/// <summary>What a person writes.</summary>
internal sealed record PlayedMessage(string From, string To, string Body);

/// <summary>What a person reads, by the carrier's id.</summary>
internal sealed record PlayedReading(string Id);

/// <summary>Something that a simulated carrier can be told.</summary>
internal sealed record PlayedOrder(string Method, string Path, string? Summary);
