namespace Omni.Infra;

/// <summary>The few things that functions do to a table. Scans and table management are nobody's; TTL deletes.</summary>
internal static class TableActions
{
    public const string ReadItem = "dynamodb:GetItem";
    public const string ReadItems = "dynamodb:BatchGetItem";
    public const string Scan = "dynamodb:Scan";
    public const string Query = "dynamodb:Query";
    public const string Put = "dynamodb:PutItem";
    public const string Update = "dynamodb:UpdateItem";
    public const string Check = "dynamodb:ConditionCheckItem";
    public const string Delete = "dynamodb:DeleteItem";
}
