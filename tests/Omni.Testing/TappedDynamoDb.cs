using System.Collections.Concurrent;
using Amazon.DynamoDBv2;
using Amazon.Runtime;
using Amazon.Runtime.Internal;
using Omni.Emulators;

namespace Omni.Testing;

/// <summary>
/// A DynamoDB client that shows each call to the test before and after it is made, outside the SDK's own retries. What a tap throws, the
/// caller meets: before the call it never reached the table, after it its answer was lost.
/// </summary>
public sealed class TappedDynamoDb(EmulatorFixture emulators, string accessKey) : AmazonDynamoDBClient(
    new BasicAWSCredentials(accessKey, "secret"),
    new AmazonDynamoDBConfig { ServiceURL = emulators.Emulators.DynamoDb.ToString(), AuthenticationRegion = LocalEmulators.Region })
{
    /// <summary>The calls so far.</summary>
    public ConcurrentQueue<AmazonWebServiceRequest> Calls { get; } = new();

    public Action<AmazonWebServiceRequest>? Before { get; set; }

    public Action<AmazonWebServiceRequest, AmazonWebServiceResponse>? After { get; set; }

    protected override void CustomizeRuntimePipeline(RuntimePipeline pipeline)
    {
        base.CustomizeRuntimePipeline(pipeline);
        pipeline.AddHandler(new Tap(this));
    }

    private sealed class Tap(TappedDynamoDb client) : PipelineHandler
    {
        public override async Task<T> InvokeAsync<T>(IExecutionContext executionContext)
        {
            var request = executionContext.RequestContext.OriginalRequest;
            client.Before?.Invoke(request);
            client.Calls.Enqueue(request);
            var response = await base.InvokeAsync<T>(executionContext);
            client.After?.Invoke(request, executionContext.ResponseContext.Response);
            return response;
        }
    }
}
