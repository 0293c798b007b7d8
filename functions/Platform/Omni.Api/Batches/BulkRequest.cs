using System.Text.Json;
using Omni.Shared;

namespace Omni.Api;

/// <summary>A request to send many messages: what they have alike, and who each goes to.</summary>
internal sealed record BulkRequest
{
    /// <summary>The most recipients of one request.</summary>
    public const int MaxRecipients = 10_000;

    private const int MaxName = 128;

    /// <summary>What the messages have alike; it goes to nobody.</summary>
    public required SendRequest Shared { get; init; }

    /// <summary>The client's name for the batch.</summary>
    public string? Name { get; init; }

    /// <summary>Whether nothing is taken when one recipient is refused.</summary>
    public bool Atomic { get; init; }

    /// <summary>Whether the same address may come twice.</summary>
    public bool AllowDuplicates { get; init; }

    /// <summary>The recipients, not read yet.</summary>
    public required IReadOnlyList<JsonElement> Recipients { get; init; }

    /// <summary>Reads a request; null when something is wrong with what is alike, and then the errors tell everything that is.</summary>
    public static BulkRequest? Read(JsonElement body, List<FieldError> errors)
    {
        if (JsonFields.Of(body, errors) is not { } fields) return null;

        var shared = SendRequest.ReadShared(fields, errors);
        var name = fields.Text("name", max: MaxName);
        var atomic = fields.Flag("atomic");
        var duplicates = fields.Flag("allowDuplicates");
        var recipients = RecipientsOf(fields);
        if (fields.Member("failover") is not null)
            fields.Refuse("failover", "not_in_bulk", "A batch goes one way: send messages with legs one by one.");
        if (shared?.ReplyTo is not null) fields.Refuse("replyTo", "not_in_bulk", "A batch answers nobody's message.");
        fields.RefuseOthers();
        if (errors.Count > 0) return null;

        return new()
        {
            Shared = shared!,
            Name = name,
            Atomic = atomic ?? false,
            AllowDuplicates = duplicates ?? false,
            Recipients = recipients,
        };
    }

    private static JsonElement[] RecipientsOf(JsonFields fields)
    {
        if (fields.Member("recipients", required: true) is not { } list) return [];

        if (list.ValueKind != JsonValueKind.Array)
        {
            fields.Refuse("recipients", "wrong_type", "It must be a list.");
            return [];
        }

        if (list.GetArrayLength() is var count && count is < 1 or > MaxRecipients)
            fields.Refuse("recipients", "invalid_length", $"It has 1 to {MaxRecipients} recipients; this has {count}.");
        return [.. list.EnumerateArray()];
    }
}

/// <summary>One recipient of a batch: who, and what is their own.</summary>
internal sealed record BulkRecipient
{
    private const int MaxVariables = 50;
    private const int MaxVariable = 1024;

    public required Address To { get; init; }

    /// <summary>What fills the content's placeholders, by name.</summary>
    public required IReadOnlyDictionary<string, string> Variables { get; init; }

    public string? ClientReference { get; init; }

    public IReadOnlyDictionary<string, string>? Metadata { get; init; }

    /// <summary>Content in place of the batch's; null for none.</summary>
    public Content? Content { get; init; }

    /// <summary>Reads a recipient; null when something is wrong with it, and then the errors tell everything that is.</summary>
    public static BulkRecipient? Read(JsonElement recipient, Carrier? carrier, List<FieldError> errors)
    {
        if (JsonFields.Of(recipient, errors) is not { } fields) return null;

        var to = AddressReader.To(fields, carrier);
        var variables = fields.Map("variables") ?? new Dictionary<string, string>();
        if (variables.Count > MaxVariables) fields.Refuse("variables", "too_many", $"It has at most {MaxVariables} members.");
        if (variables.Values.Any(value => value.Length > MaxVariable))
            fields.Refuse("variables", "invalid_length", $"A value in it has at most {MaxVariable} characters.");
        var reference = SendRequest.ReferenceOf(fields);
        var metadata = SendRequest.MetadataOf(fields);
        var content = fields.Member("content") is null ? null : ContentReader.Read(fields);
        fields.RefuseOthers();
        if (errors.Count > 0) return null;

        return new() { To = to!, Variables = variables, ClientReference = reference, Metadata = metadata, Content = content };
    }
}
