using Omni.Local.Account;

namespace Omni.Local.Deployment;

/// <summary>
/// What AWS itself does in a function's name: it reads the queues and the stream that feed it, sends what failed to a queue, writes its log
/// and its traces. The role must allow all of it.
/// </summary>
/// <param name="resources">The template, all that it refers to made.</param>
/// <param name="reader">Knows what a use of a queue or a table needs.</param>
internal sealed class PlatformNeeds(Resources resources, AccessReader reader)
{
    // https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
    private static readonly string[] OfQueues = ["ReceiveMessage", "DeleteMessage", "GetQueueAttributes"];

    // And ListStreams: https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-eventsourcemapping.html
    private static readonly string[] OfStreams = ["DescribeStream", "GetShardIterator", "GetRecords"];

    /// <summary>What each function's role must give, by the function's name.</summary>
    public ILookup<string, Access> Read(
        IEnumerable<(Resource Resource, StackFunction Function)> functions, IEnumerable<Resource> mappings) =>
        functions.SelectMany(made => OfFunction(made.Resource).Select(access => (made.Function.Name, access)))
            .Concat(mappings.SelectMany(mapping =>
                OfMapping(mapping).Select(access => (Name: resources.Text(mapping.Properties["FunctionName"]), access))))
            .ToLookup(need => need.Name, need => need.access);

    // https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs.html
    // https://docs.aws.amazon.com/lambda/latest/dg/services-xray.html
    private IEnumerable<Access> OfFunction(Resource function)
    {
        var group = resources.TextOrNull(function.Properties["LoggingConfig"]?["LogGroup"])
            ?? "/aws/lambda/" + resources.Text(function.Properties["FunctionName"]);
        var stream = Arn.Of("logs", $"log-group:{group}:log-stream:local");
        yield return new("logs:CreateLogStream", stream);
        yield return new("logs:PutLogEvents", stream);
        if (resources.TextOrNull(function.Properties["TracingConfig"]?["Mode"]) != "Active") yield break;

        yield return new("xray:PutTraceSegments", "*");
        yield return new("xray:PutTelemetryRecords", "*");
    }

    private IEnumerable<Access> OfMapping(Resource mapping)
    {
        var source = resources.Text(mapping.Properties["EventSourceArn"]);
        var failures = resources.TextOrNull(mapping.Properties["DestinationConfig"]?["OnFailure"]?["Destination"]);
        return
        [
            .. source.StartsWith("arn:aws:sqs:", StringComparison.Ordinal)
                ? OfQueues.SelectMany(action => reader.OfQueue(action, source))
                : OfStream(source),
            .. failures is null ? [] : reader.OfQueue("SendMessage", failures),
        ];
    }

    private IEnumerable<Access> OfStream(string stream)
    {
        var table = stream[..stream.IndexOf("/stream/", StringComparison.Ordinal)];
        return
        [
            new("dynamodb:ListStreams", "*"),
            .. OfStreams.SelectMany(action => reader.OfTable(action, table, stream[table.Length..])),
        ];
    }
}
