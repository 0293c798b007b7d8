using System.Text.Json.Nodes;
using Omni.Shared;

namespace Omni.Infra.Tests;

[Collection(TemplatesDefinition.Name)]
public sealed class EventSourceTests(Templates templates)
{
    private readonly StackTemplate _template = templates.Everything;

    [Fact]
    public void Every_batch_reports_its_failures()
    {
        Assert.All(_template.EventSources, source =>
            Assert.Contains(
                "ReportBatchItemFailures", source["FunctionResponseTypes"]!.AsArray().Select(type => type!.GetValue<string>())));
    }

    [Fact]
    public void Every_event_source_has_a_way_to_dead_letters()
    {
        Assert.All(_template.EventSources, source =>
        {
            var from = _template.Follow(source["EventSourceArn"]);
            var target = from.Type == "AWS::SQS::Queue"
                ? from["RedrivePolicy"]?["deadLetterTargetArn"]
                : source["DestinationConfig"]?["OnFailure"]?["Destination"];
            Assert.Contains("-dlq", _template.Follow(target).Text("QueueName"), StringComparison.Ordinal);
        });
    }

    [Fact]
    public void Every_function_hears_of_work_by_a_way_that_loses_nothing()
    {
        // A batch has dead letters; an HTTP caller sees the failure and comes again; a tick is made up for by the next.
        var batches = _template.EventSources.Select(source => _template.Follow(source["FunctionName"]));
        var routes = _template.All("AWS::ApiGatewayV2::Integration").Select(integration => _template.Follow(integration["IntegrationUri"]));
        var ticks = _template.All("AWS::Events::Rule")
            .SelectMany(rule => rule["Targets"]!.AsArray())
            .Select(target => _template.Follow(target!["Arn"]));

        HashSet<string> reached = [.. batches.Concat(routes).Concat(ticks).Select(function => function.LogicalId)];
        Assert.All(_template.Functions, function => Assert.Contains(function.LogicalId, reached));
    }

    [Fact]
    public void A_record_stays_hidden_six_times_as_long_as_its_function_may_take()
    {
        var sources = QueueSources().ToArray();
        Assert.Equal(2 * CarrierCatalogue.All.Count + ProcessorCatalogue.All.Count + 5, sources.Length);
        Assert.All(sources, source => Assert.True(source.Queue.Number("VisibilityTimeout") >= 6 * source.Function.Number("Timeout")));
    }

    [Fact]
    public void Queues_hand_out_ten_records_at_a_time()
    {
        Assert.All(
            QueueSources().Where(source => source.Function.Text("Handler") is not ("Omni.Notifier" or "Omni.Batcher")),
            source => Assert.Equal(10, source.Mapping.Number("BatchSize")));
    }

    [Fact]
    public void Endpoints_hold_up_nobody_elses_record_and_a_bounded_share_of_the_concurrency()
    {
        var (mapping, queue, _) = Assert.Single(QueueSources(), source => source.Function.Text("Handler") == "Omni.Notifier");

        Assert.Equal(1, mapping.Number("BatchSize"));
        Assert.Equal(50, mapping["ScalingConfig"]!["MaximumConcurrency"]!.GetValue<int>());
        Assert.Equal("omni-dev-notify.fifo", queue.Text("QueueName"));
        Assert.Equal(100, queue["RedrivePolicy"]!["maxReceiveCount"]!.GetValue<int>());
    }

    [Fact]
    public void Batches_are_released_side_by_side_within_a_bounded_share_of_the_concurrency()
    {
        var (mapping, queue, _) = Assert.Single(QueueSources(), source => source.Function.Text("Handler") == "Omni.Batcher");

        Assert.Equal(1, mapping.Number("BatchSize"));
        Assert.Equal(20, mapping["ScalingConfig"]!["MaximumConcurrency"]!.GetValue<int>());
        Assert.Equal("omni-dev-batches.fifo", queue.Text("QueueName"));
        Assert.Equal(100, queue["RedrivePolicy"]!["maxReceiveCount"]!.GetValue<int>());
    }

    [Fact]
    public void Every_processor_has_a_queue_of_its_own_and_a_bounded_share_of_the_concurrency()
    {
        Assert.All(ProcessorCatalogue.All, processor =>
        {
            var (mapping, queue, _) = Assert.Single(QueueSources(), source => source.Function.Text("Handler") == processor.Name);
            Assert.Equal(20, mapping["ScalingConfig"]!["MaximumConcurrency"]!.GetValue<int>());
            Assert.Equal($"omni-dev-{processor.Id}-turns.fifo", queue.Text("QueueName"));
            Assert.Equal(100, queue["RedrivePolicy"]!["maxReceiveCount"]!.GetValue<int>());
        });
    }

    [Fact]
    public void A_carriers_queues_may_use_the_concurrency_that_its_rate_takes()
    {
        // Five, and 1.3 times the rate in batches of ten that take 2.5 s; what has no rate gets a bounded share.
        var expected = new Dictionary<string, int>
        {
            ["twilio"] = 135, ["whatsapp"] = 31, ["messagebird"] = 15, ["inteliquent"] = 8, ["bandwidth"] = 5, ["livechat"] = 20,
        };

        Assert.Equal(CarrierCatalogue.All.Select(carrier => carrier.Id).Order(), expected.Keys.Order());
        Assert.All(expected, carrier => Assert.Equal([carrier.Value, carrier.Value], ConcurrencyOf(templates.Everything, carrier.Key)));
    }

    [Fact]
    public void Given_rates_and_senders_change_the_concurrency_and_the_rate_reaches_sender_and_API()
    {
        Assert.Equal([83, 83], ConcurrencyOf(templates.Production, "whatsapp")); // three numbers
        Assert.Equal([21, 21], ConcurrencyOf(templates.Production, "bandwidth")); // 50 a second
        Assert.Equal([1000, 1000], ConcurrencyOf(templates.Production, "twilio")); // AWS takes no more

        foreach (var function in (string[])["Omni.Bandwidth.Outbound", "Omni.Api"])
        {
            Assert.Equal("50", templates.Production.Function(function)["Environment"]!["Variables"]!["BANDWIDTH_RATE"]!.GetValue<string>());
            Assert.Null(templates.Production.Function(function)["Environment"]!["Variables"]!["WHATSAPP_RATE"]);
        }
    }

    [Theory]
    [InlineData("Omni.Dispatcher", "omni-dev-dispatcher-dlq", """["m","b"]""")]
    [InlineData("Omni.EventRecorder", "omni-dev-recorder-dlq", """["m","b","o"]""")]
    public void A_reader_of_the_stream_follows_all_of_its_items_and_gives_up_nothing(string function, string deadLetters, string sortKeys)
    {
        var mapping = Assert.Single(Streams(), source => _template.Follow(source["FunctionName"]).Text("Handler") == function);

        Assert.Equal("omni-dev-messages", _template.Follow(mapping["EventSourceArn"]).Text("TableName"));
        Assert.Equal(deadLetters, _template.Follow(mapping["DestinationConfig"]!["OnFailure"]!["Destination"]).Text("QueueName"));
        Assert.Equal("TRIM_HORIZON", mapping.Text("StartingPosition"));
        Assert.Equal(100, mapping.Number("BatchSize"));
        Assert.True(mapping["BisectBatchOnFunctionError"]!.GetValue<bool>());
        Assert.Null(mapping["MaximumRetryAttempts"]);
        Assert.Null(mapping["MaximumRecordAgeInSeconds"]);

        var filter = Assert.Single(mapping["FilterCriteria"]!["Filters"]!.AsArray());
        var expected = """{"eventName":["INSERT","MODIFY"],"dynamodb":{"Keys":{"sk":{"S":""" + sortKeys + "}}}}";
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), JsonNode.Parse(filter!["Pattern"]!.GetValue<string>())));
    }

    [Fact]
    public void A_stream_has_two_readers_and_no_more()
    {
        Assert.Equal(2, Streams().Count());
    }

    [Fact]
    public void Without_events_batches_are_counted_all_the_same_and_no_writer_tells()
    {
        var quiet = templates.Quiet;

        Assert.Equal(2, quiet.EventSources.Count(source => quiet.Follow(source["EventSourceArn"]).Type == "AWS::DynamoDB::Table"));
        Assert.Null(quiet.Function("Omni.EventRecorder")["Environment"]!["Variables"]!["SQS_QUEUE_NOTIFY"]);
        Assert.All(
            (string[])["Omni.Api", "Omni.InboundProcessor", "Omni.Twilio.Outbound", "Omni.EventRecorder"],
            function =>
            {
                var settings = quiet.Function(function)["Environment"]!["Variables"]!;
                Assert.Equal("off", settings["OMNI_EVENTS"]!.GetValue<string>());
                Assert.Null(settings["DYNAMODB_TABLE_EVENTS"]);
            });
        Assert.All(quiet.Functions.SelectMany(quiet.StatementsOf), statement => Assert.All(
            StackTemplate.Many(statement["Resource"]),
            resource => Assert.DoesNotContain("events", quiet.Plain(resource), StringComparison.Ordinal)));
    }

    [Fact]
    public void So_many_calls_may_wait_as_the_stage_says_or_half_of_what_the_API_has()
    {
        string? PollsOf(StackTemplate template) =>
            template.Function("Omni.Api")["Environment"]!["Variables"]!["OMNI_LONG_POLLS"]?.GetValue<string>();

        Assert.Equal("30", PollsOf(templates.Production));
        Assert.Equal("5", PollsOf(templates.Everything)); // a new account has ten executions
        Assert.Null(PollsOf(templates.Local));
        Assert.Equal(20, new OmniOptions { Stage = "dev", ApiConcurrency = 40 }.LongPolls);
        Assert.Throws<ArgumentException>(() => new OmniOptions { Stage = "dev", LongPolls = 0 });
    }

    [Fact]
    public void A_key_makes_so_many_calls_as_the_stage_says_or_a_hundred_a_second()
    {
        string? RateOf(StackTemplate template) =>
            template.Function("Omni.Api")["Environment"]!["Variables"]!["OMNI_API_RATE"]?.GetValue<string>();

        Assert.Equal("100", RateOf(templates.Everything));
        Assert.Null(RateOf(templates.Local));
        Assert.Equal(0.5, new OmniOptions { Stage = "dev", ApiRate = 0.5 }.ApiRate);
        Assert.Throws<ArgumentException>(() => new OmniOptions { Stage = "dev", ApiRate = 0 });
        Assert.Throws<ArgumentException>(() => new OmniOptions { Stage = "dev", ApiBurst = 0 });
    }

    [Fact]
    public void The_clock_calls_the_scheduler_every_minute_and_repeats_no_tick()
    {
        var rule = Assert.Single(_template.All("AWS::Events::Rule"));
        var target = Assert.Single(rule["Targets"]!.AsArray())!;
        var scheduler = _template.Function("Omni.Scheduler");

        Assert.Equal("rate(1 minute)", rule.Text("ScheduleExpression"));
        Assert.Equal(scheduler, _template.Follow(target["Arn"]));
        Assert.Equal(0, target["RetryPolicy"]!["MaximumRetryAttempts"]!.GetValue<int>());
        Assert.Contains(_template.All("AWS::Lambda::EventInvokeConfig"), config =>
            _template.Follow(config["FunctionName"]) == scheduler && config.Number("MaximumRetryAttempts") == 0);
        Assert.True(scheduler.Number("Timeout") < 60);
    }

    private static IEnumerable<int> ConcurrencyOf(StackTemplate template, string carrier) => QueueSources(template)
        .Where(source => source.Function.Text("Handler") == $"Omni.{CarrierCatalogue.Get(carrier).Name}.Outbound")
        .Select(source => source.Mapping["ScalingConfig"]!["MaximumConcurrency"]!.GetValue<int>());

    private IEnumerable<Resource> Streams() =>
        _template.EventSources.Where(source => _template.Follow(source["EventSourceArn"]).Type == "AWS::DynamoDB::Table");

    private IEnumerable<(Resource Mapping, Resource Queue, Resource Function)> QueueSources() => QueueSources(_template);

    private static IEnumerable<(Resource Mapping, Resource Queue, Resource Function)> QueueSources(StackTemplate template) =>
        from mapping in template.EventSources
        let queue = template.Follow(mapping["EventSourceArn"])
        where queue.Type == "AWS::SQS::Queue"
        select (mapping, queue, template.Follow(mapping["FunctionName"]));
}
