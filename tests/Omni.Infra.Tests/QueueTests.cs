using Omni.Shared;

namespace Omni.Infra.Tests;

[Collection(TemplatesDefinition.Name)]
public sealed class QueueTests(Templates templates)
{
    private readonly StackTemplate _template = templates.Everything;

    [Fact]
    public void Every_queue_of_work_gives_up_into_a_dead_letter_queue_of_its_kind()
    {
        Assert.All(_template.Queues.Where(queue => !IsDeadLetters(queue)), queue =>
        {
            var target = _template.Follow(queue["RedrivePolicy"]!["deadLetterTargetArn"]);
            Assert.True(IsDeadLetters(target));
            Assert.Equal(queue["FifoQueue"]?.GetValue<bool>(), target["FifoQueue"]?.GetValue<bool>());
        });
    }

    [Fact]
    public void A_dead_letter_queue_is_an_end()
    {
        Assert.All(_template.Queues.Where(IsDeadLetters), queue => Assert.Null(queue["RedrivePolicy"]));
    }

    [Fact]
    public void Parking_never_counts_as_failing()
    {
        Assert.All(
            _template.Queues.Where(IsOutbound), queue => Assert.Equal(1000, queue["RedrivePolicy"]!["maxReceiveCount"]!.GetValue<int>()));
        Assert.Equal(10, Named("omni-dev-inbound")["RedrivePolicy"]!["maxReceiveCount"]!.GetValue<int>());
    }

    [Fact]
    public void Every_queue_keeps_what_it_holds_for_14_days()
    {
        Assert.All(_template.Queues, queue => Assert.Equal(14 * 24 * 60 * 60, queue.Number("MessageRetentionPeriod")));
    }

    [Fact]
    public void Every_outbound_queue_is_a_fast_fifo_queue_with_a_visibility_of_two_minutes()
    {
        Assert.Equal(2 * CarrierCatalogue.All.Count, _template.Queues.Count(IsOutbound));
        Assert.All(_template.Queues.Where(IsOutbound), queue =>
        {
            Assert.EndsWith(".fifo", queue.Text("QueueName"), StringComparison.Ordinal);
            Assert.True(queue["FifoQueue"]!.GetValue<bool>());
            Assert.Equal("messageGroup", queue.Text("DeduplicationScope"));
            Assert.Equal("perMessageGroupId", queue.Text("FifoThroughputLimit"));
            Assert.Equal(120, queue.Number("VisibilityTimeout"));
        });
    }

    [Fact]
    public void Every_carrier_has_its_queues()
    {
        Assert.All(CarrierCatalogue.All, carrier =>
        {
            var outbound = $"omni-dev-{carrier.Id}-outbound";
            Assert.All([$"{outbound}.fifo", $"{outbound}-bulk.fifo", $"{outbound}-dlq.fifo"], name => Named(name));
        });
    }

    [Fact]
    public void Every_queue_is_encrypted_and_refuses_plain_http()
    {
        var guarded = _template.All("AWS::SQS::QueuePolicy")
            .Where(policy => policy["PolicyDocument"]!["Statement"]!.AsArray().Any(statement =>
                statement!["Effect"]!.GetValue<string>() == "Deny"
                    && statement["Condition"]?["Bool"]?["aws:SecureTransport"]?.GetValue<string>() == "false"))
            .SelectMany(policy => policy["Queues"]!.AsArray())
            .Select(queue => _template.Follow(queue).LogicalId)
            .ToHashSet();

        Assert.All(_template.Queues, queue =>
        {
            Assert.True(queue["SqsManagedSseEnabled"]!.GetValue<bool>());
            Assert.Contains(queue.LogicalId, guarded);
        });
    }

    private static bool IsDeadLetters(Resource queue) =>
        queue.Text("QueueName") is var name
            && (name.EndsWith("-dlq", StringComparison.Ordinal) || name.EndsWith("-dlq.fifo", StringComparison.Ordinal));

    private static bool IsOutbound(Resource queue) =>
        queue.Text("QueueName").Contains("-outbound", StringComparison.Ordinal) && !IsDeadLetters(queue);

    private Resource Named(string name) => _template.Queues.Single(queue => queue.Text("QueueName") == name);
}
