namespace Amazon.Lambda.DynamoDBEvents;

/// <summary>A batch of changes from one shard of a table's stream.</summary>
public class DynamoDBEvent
{
    public IList<DynamodbStreamRecord> Records { get; set; }

    /// <summary>One change of one item.</summary>
    public class DynamodbStreamRecord
    {
        public string EventID { get; set; }

        public string EventName { get; set; }

        public string EventSource { get; set; }

        public string EventSourceArn { get; set; }

        public string EventVersion { get; set; }

        public string AwsRegion { get; set; }

        public StreamRecord Dynamodb { get; set; }

        public Identity UserIdentity { get; set; }
    }

    /// <summary>The item before and after the change, as far as the stream's view type has them.</summary>
    public class StreamRecord
    {
        /// <summary>UTC, to the second: too coarse to order by.</summary>
        public DateTime ApproximateCreationDateTime { get; set; }

        public Dictionary<string, AttributeValue> Keys { get; set; }

        public Dictionary<string, AttributeValue> NewImage { get; set; }

        public Dictionary<string, AttributeValue> OldImage { get; set; }

        /// <summary>A decimal number of up to 40 digits; it names the record in a partial failure.</summary>
        public string SequenceNumber { get; set; }

        public long SizeBytes { get; set; }

        public string StreamViewType { get; set; }
    }

    /// <summary>Who made the change, when it was the service itself (expiry by TTL).</summary>
    public class Identity
    {
        public string PrincipalId { get; set; }

        public string Type { get; set; }
    }

    /// <summary>A typed value: exactly one member is set.</summary>
    public class AttributeValue
    {
        public string S { get; set; }

        public string N { get; set; }

        public MemoryStream B { get; set; }

        public bool? BOOL { get; set; }

        public bool? NULL { get; set; }

        public List<string> SS { get; set; }

        public List<string> NS { get; set; }

        public List<MemoryStream> BS { get; set; }

        public List<AttributeValue> L { get; set; }

        public Dictionary<string, AttributeValue> M { get; set; }
    }
}
