using Omni.Shared;

namespace Omni.Infra.Tests;

[Collection(TemplatesDefinition.Name)]
public sealed class WatchingTests(Templates templates)
{
    private readonly StackTemplate _template = templates.Everything;

    [Fact]
    public void Every_dead_letter_queue_has_an_alarm_at_its_first_message()
    {
        Assert.All(_template.Queues.Where(queue => queue["RedrivePolicy"] is null), queue =>
            Assert.Contains(
                Alarms("ApproximateNumberOfMessagesVisible"), alarm => Watches(alarm, queue) && alarm.Number("Threshold") == 1));
    }

    [Fact]
    public void Every_queue_of_work_has_an_alarm_on_its_oldest_message()
    {
        Assert.All(_template.Queues.Where(queue => queue["RedrivePolicy"] is not null), queue =>
            Assert.Contains(Alarms("ApproximateAgeOfOldestMessage"), alarm => Watches(alarm, queue)));
    }

    [Theory]
    [InlineData("Errors")]
    [InlineData("Throttles")]
    public void Every_function_has_an_alarm_on(string metric)
    {
        Assert.All(_template.Functions, function => Assert.Contains(Alarms(metric), alarm => Watches(alarm, function)));
    }

    [Fact]
    public void Every_webhook_has_an_alarm_on_its_slowest_hundredth()
    {
        Assert.All(CarrierCatalogue.All, carrier => Assert.Contains(Alarms("Duration"), alarm =>
            Watches(alarm, _template.Function($"Omni.{carrier.Name}.Inbound")) && alarm.Text("ExtendedStatistic") == "p99"));
    }

    [Theory]
    [InlineData("Omni.Dispatcher", 60_000)]
    [InlineData("Omni.EventRecorder", 900_000)] // the stream keeps a day, but batches wait for what it counts
    public void A_reader_that_is_behind_in_the_stream_has_an_alarm(string function, int milliseconds)
    {
        var alarm = Assert.Single(Alarms("IteratorAge"), alarm => Watches(alarm, _template.Function(function)));

        Assert.Equal(milliseconds, alarm.Number("Threshold"));
    }

    [Theory]
    [InlineData("SenderFault")]
    [InlineData("Throttled")]
    [InlineData("WebhookUnparsed")]
    [InlineData("SignatureRefused")]
    [InlineData("OutcomeHeld")]
    [InlineData("ReceiptUnmatched")]
    public void Every_carrier_has_an_alarm_on(string metric)
    {
        var carriers = Alarms(metric).Where(alarm => alarm.Text("Namespace") == "Omni")
            .Select(alarm => Assert.Single(alarm["Dimensions"]!.AsArray())!)
            .Where(dimension => dimension["Name"]!.GetValue<string>() == "Carrier")
            .Select(dimension => dimension["Value"]!.GetValue<string>());

        Assert.Equal(CarrierCatalogue.All.Select(carrier => carrier.Id), carriers);
    }

    [Fact]
    public void An_endpoint_that_was_disabled_raises_an_alarm_by_another_way_than_itself()
    {
        var alarm = Assert.Single(Alarms("EndpointDisabled"));

        Assert.Equal(("Omni", 1), (alarm.Text("Namespace"), (int)alarm.Number("Threshold")));
        Assert.Null(alarm["Dimensions"]);
    }

    [Fact]
    public void Silence_is_no_alarm()
    {
        Assert.All(_template.All("AWS::CloudWatch::Alarm"), alarm => Assert.Equal("notBreaching", alarm.Text("TreatMissingData")));
    }

    [Fact]
    public void Alarms_reach_the_address_that_was_given()
    {
        var topic = Assert.Single(templates.Production.All("AWS::SNS::Topic"));

        Assert.Equal("ops@example.com", Assert.Single(templates.Production.All("AWS::SNS::Subscription")).Text("Endpoint"));
        Assert.All(templates.Production.All("AWS::CloudWatch::Alarm"), alarm =>
            Assert.Equal(topic, templates.Production.Follow(Assert.Single(alarm["AlarmActions"]!.AsArray()))));
    }

    [Fact]
    public void The_dashboard_has_a_row_for_every_carrier()
    {
        var dashboard = Assert.Single(_template.All("AWS::CloudWatch::Dashboard"));
        var body = _template.Plain(dashboard["DashboardBody"]);

        Assert.All(CarrierCatalogue.All, carrier => Assert.Contains($"## {carrier.Name}", body, StringComparison.Ordinal));
    }

    private IEnumerable<Resource> Alarms(string metric) =>
        _template.All("AWS::CloudWatch::Alarm").Where(alarm => alarm["MetricName"]?.GetValue<string>() == metric);

    private bool Watches(Resource alarm, Resource watched) =>
        alarm["Dimensions"]!.AsArray()
            .Any(dimension => dimension!["Value"] is System.Text.Json.Nodes.JsonObject value && _template.Follow(value) == watched);
}
