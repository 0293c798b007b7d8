using System.Globalization;
using System.Text.Json.Nodes;
using Omni.Local.Deployment;
using Omni.Local.Functions;
using Omni.Shared;
using Spectre.Console;

namespace Omni.Bench.Tests;

public sealed class ScaleModelTests
{
    private static readonly ScaleData Data = ScaleData.Load();

    [Fact]
    public void The_page_shows_what_the_command_prints()
    {
        // Whoever changes a constant, a quota or a price sees here that the page tells something else.
        var screen = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(TextWriter.Null) });
        var report = new Report(screen);
        foreach (var sheet in ScaleReport.Load([10, 1000, 10_000], new Progress<string>()).Sheets()) report.Add(sheet);
        var copy = Path.GetTempFileName();
        File.Copy(ScaleReport.Page, copy, overwrite: true);

        report.WriteInto(copy);

        var (now, page) = (File.ReadAllText(copy), File.ReadAllText(ScaleReport.Page));
        File.Delete(copy);
        Assert.True(now == page, $"docs/scale.md is stale: {Difference(page, now)}\nRun: {Command}");
        Assert.Contains(Command, page, StringComparison.Ordinal);
    }

    private const string Command = "dotnet run -c Release --project bench/Omni.Bench -- --scale 10,1000,10000 --write";

    [Fact]
    public void The_model_reads_the_stacks_own_constants()
    {
        var stack = Stack();

        Assert.Equal(Defaults.ListShards, stack.ListShards);
        Assert.Equal((10, 10, 10, 100), (stack.Outbound.BatchSize, stack.Bulk.BatchSize, stack.Inbound.BatchSize, stack.Stream.BatchSize));
        Assert.Equal((120, 180), (stack.Outbound.VisibilitySeconds, stack.Inbound.VisibilitySeconds));
        Assert.Equal((135, 135), (stack.Outbound.Concurrency, stack.Bulk.Concurrency));
        Assert.Null(stack.Inbound.Concurrency);
        Assert.Equal(400, stack.SenderRate);
    }

    [Fact]
    public void Four_times_the_list_shards_carry_four_times_the_messages()
    {
        var few = Limit(Stack(), "one shard of a tenant's list");
        var many = Limit(Stack(shards: 4 * Defaults.ListShards), "one shard of a tenant's list");

        // 1,000 writes a second of a key; one for each text and for each tenth that is answered.
        Assert.Equal(8 * 1000 / 1.1, few.ReachedAt, tolerance: 1);
        Assert.Equal(4 * few.ReachedAt, many.ReachedAt, tolerance: 1);
        Assert.Equal(few.Most, few.Used(few.ReachedAt), tolerance: 0.01);
    }

    [Fact]
    public void A_backlog_of_one_sender_goes_at_the_carriers_full_rate()
    {
        var stack = Stack();

        Assert.Equal((1.3 * stack.SenderRate) + 20, Limit(stack, "senders of one carrier, while a backlog").ReachedAt, tolerance: 1);
    }

    [Fact]
    public void What_is_reached_first_comes_first_and_no_limit_is_exceeded_below_where_it_is_reached()
    {
        var limits = Model(Stack()).Limits();

        Assert.Equal(limits.OrderBy(l => l.ReachedAt), limits);
        Assert.All(limits, limit =>
        {
            Assert.True(limit.Used(Math.Min(limit.ReachedAt, 1e6) * 0.99) < limit.Most, limit.What);
            Assert.True(double.IsPositiveInfinity(limit.ReachedAt) || limit.Used(limit.ReachedAt * 1.01) > limit.Most, limit.What);
        });
    }

    [Fact]
    public void A_batch_writes_a_slot_for_each_sender_in_it()
    {
        var model = Model(Stack());

        Assert.Equal(10, model.SlotWrites(100)); // one sender: one write for ten texts
        Assert.Equal(25, model.Senders(10_000)); // at 400 a second each
        Assert.InRange(model.SlotWrites(10_000), 8_000, 10_000); // nearly each text of a batch has a sender of its own
        Assert.Equal(1000, model.HottestSlot(10_000));
    }

    [Fact]
    public void Functions_run_at_once_as_Littles_law_says()
    {
        var stack = Stack();
        var function = Model(stack).Functions(1000).Single(f => f.Project == stack.Webhook);

        // 2,100 calls a second: two receipts of each text, one answer of ten. 0.6 ms of CPU on 512 of 1,769 MB, and a call to SQS.
        Assert.Equal(2100, function.Invocations);
        Assert.Equal((0.6 * 1769 / 512) + 10, function.Milliseconds, tolerance: 0.001);
        Assert.Equal(2.1 * function.Milliseconds, function.Concurrency, tolerance: 0.001);
    }

    [Fact]
    public void A_month_costs_its_units_at_list_prices()
    {
        var cost = Model(Stack()).Cost(1000).ToDictionary(c => c.What, c => c.Usd);

        var writes = (6 * 1000) + (5 * 100) + Model(Stack()).SlotWrites(1000);
        Assert.Equal(writes * 2.592 * 0.625, cost["DynamoDB, writes"], tolerance: 0.01);
        Assert.Equal(3100 * 2.592 * 1.00, cost["HTTP API"], tolerance: 0.01);
        Assert.Equal(1000 * 90 * 86_400.0 * (1500 + 220) / 1e9 * 0.25, cost["DynamoDB, 90 days kept"], tolerance: 0.01);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1_000, 500)]
    [InlineData(20_000, 7_500)]
    [InlineData(60_000, 12_500)]
    public void The_more_is_logged_the_cheaper_is_the_next_gigabyte(double gigabytes, double usd)
    {
        Assert.Equal(usd, Prices.Load().Logs(gigabytes), tolerance: 0.001);
    }

    [Fact]
    public void Every_quota_names_its_page()
    {
        Assert.All(Data.Quotas.Values, quota => Assert.StartsWith("https://docs.aws.amazon.com/", quota.Page, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("--scale", "10,1000", new[] { 10, 1000 })]
    [InlineData("--scale", "7", new[] { 7 })]
    public void The_numbers_of_the_command_line_are_messages_a_second(string option, string value, int[] numbers)
    {
        Assert.Equal(numbers, BenchOptions.Parse([option, value]).Scale);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("many")]
    [InlineData("10,,20")]
    public void Numbers_that_are_none_are_refused(string value)
    {
        Assert.Throws<ArgumentException>(() => BenchOptions.Parse(["--scale", value]));
    }

    private static ScaleModel Model(ScaleStack stack) => new(Data, stack, Prices.Load());

    private static ScaleLimit Limit(ScaleStack stack, string what) =>
        Model(stack).Limits().Single(l => l.What.StartsWith(what, StringComparison.Ordinal));

    private static ScaleStack Stack(int? shards = null)
    {
        var template = TemplateFile.Load([ScaleStack.Fastest], new Progress<string>());
        if (shards is { } many)
        {
            foreach (var (_, resource) in template["Resources"]!.AsObject())
            {
                if (resource!["Properties"]?["Environment"]?["Variables"] is JsonObject settings
                    && settings.ContainsKey(SettingNames.ListShards))
                {
                    settings[SettingNames.ListShards] = many.ToString(CultureInfo.InvariantCulture);
                }
            }
        }

        return new(ScaleStack.Fastest, template);
    }

    private static string Difference(string page, string now) =>
        page.Split('\n').Zip(now.Split('\n')).FirstOrDefault(lines => lines.First != lines.Second) is (var was, var @is)
            ? $"'{was}' is now '{@is}'"
            : "it has other lines at its end";
}
