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
            Assert.Contains("ReportBatchItemFailures", source["FunctionResponseTypes"]!.AsArray().Select(type => type!.GetValue<string>())));
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
        var ticks = _template.All("AWS::Events::Rule").SelectMany(rule => rule["Targets"]!.AsArray()).Select(target => _template.Follow(target!["Arn"]));

        HashSet<string> reached = [.. batches.Concat(routes).Concat(ticks).Select(function => function.LogicalId)];
        Assert.All(_template.Functions, function => Assert.Contains(function.LogicalId, reached));
    }

    [Fact]
    public void A_record_stays_hidden_six_times_as_long_as_its_function_may_take()
    {
        var sources = QueueSources().ToArray();
        Assert.Equal(2 * CarrierCatalogue.All.Count + 1, sources.Length);
        Assert.All(sources, source => Assert.True(source.Queue.Number("VisibilityTimeout") >= 6 * source.Function.Number("Timeout")));
    }

    [Fact]
    public void Queues_hand_out_ten_records_at_a_time()
    {
        Assert.All(QueueSources(), source => Assert.Equal(10, source.Mapping.Number("BatchSize")));
    }

    [Fact]
    public void Bulk_may_use_less_concurrency_than_the_rest()
    {
        Assert.All(CarrierCatalogue.All, carrier =>
        {
            var limits = QueueSources()
                .Where(source => source.Function.Text("Handler") == $"Omni.{carrier.Name}.Outbound")
                .ToDictionary(source => source.Queue.Text("QueueName"), source => source.Mapping["ScalingConfig"]!["MaximumConcurrency"]!.GetValue<int>());
            Assert.Equal(2, limits.Count);
            Assert.True(limits[$"omni-dev-{carrier.Id}-outbound-bulk.fifo"] < limits[$"omni-dev-{carrier.Id}-outbound.fifo"]);
        });
    }

    [Fact]
    public void The_dispatcher_follows_the_whole_stream_and_gives_up_nothing()
    {
        var mapping = _template.EventSources.Single(source => _template.Follow(source["EventSourceArn"]).Type == "AWS::DynamoDB::Table");

        Assert.Equal("Omni.Dispatcher", _template.Follow(mapping["FunctionName"]).Text("Handler"));
        Assert.Equal("omni-dev-messages", _template.Follow(mapping["EventSourceArn"]).Text("TableName"));
        Assert.Equal("omni-dev-dispatcher-dlq", _template.Follow(mapping["DestinationConfig"]!["OnFailure"]!["Destination"]).Text("QueueName"));
        Assert.Equal("TRIM_HORIZON", mapping.Text("StartingPosition"));
        Assert.Equal(100, mapping.Number("BatchSize"));
        Assert.True(mapping["BisectBatchOnFunctionError"]!.GetValue<bool>());
        Assert.Null(mapping["MaximumRetryAttempts"]);
        Assert.Null(mapping["MaximumRecordAgeInSeconds"]);
    }

    [Fact]
    public void The_dispatcher_sees_new_and_changed_messages_only()
    {
        var mapping = _template.EventSources.Single(source => source["FilterCriteria"] is not null);
        var filter = Assert.Single(mapping["FilterCriteria"]!["Filters"]!.AsArray());

        var expected = """{"eventName":["INSERT","MODIFY"],"dynamodb":{"Keys":{"sk":{"S":["m"]}}}}""";
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), JsonNode.Parse(filter!["Pattern"]!.GetValue<string>())));
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

    private IEnumerable<(Resource Mapping, Resource Queue, Resource Function)> QueueSources() =>
        from mapping in _template.EventSources
        let queue = _template.Follow(mapping["EventSourceArn"])
        where queue.Type == "AWS::SQS::Queue"
        select (mapping, queue, _template.Follow(mapping["FunctionName"]));
}
