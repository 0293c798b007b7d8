using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Omni.Aws;
using Omni.Local;
using Omni.Local.Functions;
using Omni.Shared;
using Spectre.Console;

namespace Omni.Bench;

/// <summary>What it takes to list messages when there are many: AWS requests, read units and time of a page.</summary>
internal sealed class Lists(IAnsiConsole screen, bool writes)
{
    private const int ToWarm = 5;
    private const int Calls = 25;
    private const int Writers = 16;
    private static readonly TimeSpan Spread = TimeSpan.FromDays(30);

    /// <summary>The most that the median of any list may take, on this machine.</summary>
    private static readonly TimeSpan Most = TimeSpan.FromMilliseconds(300);

    // None of them is narrow: they are about everybody, and two match no message.
    private static readonly string[] Queries = ["", "?limit=100", "?carrier=twilio&limit=100", "?status=failed", "?direction=inbound"];

    /// <summary>Writes the messages, one after the other over the last month, and lists them.</summary>
    /// <returns>0 when every list is quick enough, otherwise 1.</returns>
    public async Task<int> MeasureAsync(int messages, CancellationToken cancellation)
    {
        await using var meter = new Meter();
        var options = new LocalOptions { Port = 0, Carriers = ["twilio"] };
        await using var host = await LocalHost.StartAsync(
            options, new Probe { Between = meter.Before, IsStepped = true }, new Run.Lines(screen), cancellation);
        await WriteAsync(host, messages, cancellation);

        using var http = new HttpClient
        {
            BaseAddress = host.Url, DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", options.ApiKey) }
        };
        var (rows, isMet) = (new List<string[]>(), true);
        foreach (var query in Queries)
        {
            for (var i = 0; i < ToWarm; i++) await ListAsync(http, query, cancellation);

            var before = meter.Read();
            var times = new List<TimeSpan>();
            var found = 0;
            for (var i = 0; i < Calls; i++)
            {
                var started = Stopwatch.GetTimestamp();
                found = await ListAsync(http, query, cancellation);
                times.Add(Stopwatch.GetElapsedTime(started));
            }

            var used = meter.Read().Since(before);
            times.Sort();
            isMet &= times[Calls / 2] <= Most;
            double[] numbers = [(double)used.Count("DynamoDB.") / Calls, used.Reads / Calls, times[Calls / 2].TotalMilliseconds,
                times[^1].TotalMilliseconds];
            rows.Add([
                $"`GET /api/v1/messages{query}`", found.ToString(CultureInfo.InvariantCulture),
                .. numbers.Select(number => Report.Number(number))]);
        }

        var report = new Report(screen, "lists");
        report.Say($"{Run.Machine}; {messages} messages of the last {Spread.TotalDays} days, {Calls} calls of each list.");
        report.Add(new Sheet("Lists", ["list", "found", "DynamoDB requests", "read units", "median ms", "slowest ms"], rows));
        if (writes) report.WriteInto(Path.Combine(FunctionExecutable.Root, "docs", "performance.md"));
        return isMet ? 0 : 1;
    }

    private async Task WriteAsync(LocalHost host, int messages, CancellationToken cancellation)
    {
        screen.WriteLine($"Writing {messages} messages");
        var clock = TimeProvider.System;
        var aws = new AwsClients(new Settings(host.Functions.Single(function => function.Project == "Omni.Api").Settings), clock);
        var (now, step) = (clock.GetUtcNow(), Spread / messages);
        await Parallel.ForAsync(
            0, messages, new ParallelOptions { MaxDegreeOfParallelism = Writers, CancellationToken = cancellation },
            async (i, token) => await aws.Messages.CreateAsync(MessageStore.NewRecord(new Message
            {
                Id = Ids.NewMessage(),
                Carrier = "twilio",
                To = Address.Phone($"+1415{5550000 + i}"),
                From = Address.Phone("+12065550100"),
                Content = new TextContent { Body = "Your order has left the house." },
                Parts = [new PlannedPart { Length = 30 }],
                CreatedAt = now - (step * i),
            }), token));
    }

    private static async Task<int> ListAsync(HttpClient http, string query, CancellationToken cancellation) =>
        JsonNode.Parse(await http.GetStringAsync($"/api/v1/messages{query}", cancellation))!["data"]!.AsArray().Count;
}
