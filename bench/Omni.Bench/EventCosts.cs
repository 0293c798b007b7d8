using Omni.Aws;
using Omni.Shared;
using static Omni.Bench.Report;

namespace Omni.Bench;

/// <summary>What an event costs in the log, by how many come at once, and when recorders are in each other's way.</summary>
/// <param name="stage">The stage whose log it is.</param>
internal sealed class EventCosts(Stage stage)
{
    private const string Tenant = "bench";
    private const int Appends = 20;
    private const int Racers = 8;

    /// <summary>Counts.</summary>
    public async Task<Sheet> CountAsync() => new(
        "An event in the log: AWS requests for each event (a put that fails counted with its write unit)",
        ["events", "requests", "write units", "read units"],
        [
            await RowAsync("one an append, the lane at rest", 1, 1, warm: false),
            await RowAsync("one an append, the lane in use", 1, 1, warm: true),
            await RowAsync("a hundred an append", 100, 1, warm: false),
            await RowAsync($"one an append, {Racers} recorders at once", 1, Racers, warm: false),
        ]);

    private async Task<string[]> RowAsync(string name, int events, int recorders, bool warm)
    {
        var kept = stage.NewEventLog();
        await kept.AppendAsync(Tenant, 0, [Make(Tenant)]);
        var before = stage.Meter.Read();
        for (var i = 0; i < Appends; i++)
        {
            // A process that has just begun knows nothing of the lane's end.
            await Task.WhenAll(Enumerable.Range(0, recorders).Select(_ =>
                (warm ? kept : stage.NewEventLog()).AppendAsync(Tenant, 0, [.. Enumerable.Range(0, events).Select(_ => Make(Tenant))])));
        }

        var used = stage.Meter.Read().Since(before);
        double Each(double figure) => figure / (Appends * recorders * events);
        return [name, Number(Each(used.Requests.Values.Sum()), 2), Number(Each(used.Writes), 2), Number(Each(used.Reads), 2)];
    }

    /// <summary>That a text was sent.</summary>
    public static ClientEvent Make(string tenant)
    {
        var message = new Message
        {
            Id = Ids.NewMessage(),
            Carrier = "twilio",
            To = Address.Phone("+14155550123"),
            From = Address.Phone("+12065550100"),
            Content = new TextContent { Body = "Your parcel is on its way and will be with you tomorrow before noon." },
            Parts = [new PlannedPart { Encoding = SmsEncoding.Gsm7 }],
            CreatedAt = TimeProvider.System.GetUtcNow(),
        };
        return new()
        {
            Id = Ids.Event(message.Id, "sent"),
            Type = "message.sent",
            Timestamp = message.CreatedAt,
            Sequence = (int)MessageStatus.Sent,
            Tenant = tenant,
            Data = EventData.Of(MessageView.Of(MessageStore.NewRecord(message)), EventJson.Wire.MessageView),
        };
    }
}
