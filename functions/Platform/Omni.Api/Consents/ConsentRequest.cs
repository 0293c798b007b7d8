using System.Text.Json;
using Omni.Shared;

namespace Omni.Api;

/// <summary>What a client was told by a person.</summary>
/// <param name="Sender">Our address that it is about; null for all of them.</param>
/// <param name="Scope">What of its messages it is about.</param>
/// <param name="At">When they said it.</param>
/// <param name="Evidence">How it is known.</param>
internal sealed record ConsentRequest(Address? Sender, ConsentScope Scope, DateTimeOffset At, string? Evidence)
{
    private const int MaxEvidence = 256;

    // What is to come would win over everything that is said until then.
    private const string Past = "It must not be in the future: the latest word wins.";

    /// <summary>Reads a body; null when something is wrong with it, and then the errors tell everything that is.</summary>
    public static ConsentRequest? Read(JsonElement body, DateTimeOffset now, List<FieldError> errors)
    {
        if (body.ValueKind != JsonValueKind.Object)
        {
            errors.Add(new("$", "wrong_type", "The body must be an object."));
            return null;
        }

        var fields = new JsonFields(body, "", errors);
        var sender = AddressReader.Sender(fields);
        var scope = fields.Word<ConsentScope>("scope") ?? default;
        var at = fields.Moment("at") ?? now;
        var evidence = fields.Text("evidence", max: MaxEvidence);
        if (at > now) fields.Refuse("at", "in_future", Past);
        fields.RefuseOthers();
        return errors.Count == 0 ? new(sender, scope, at, evidence) : null;
    }

    /// <summary>Reads query parameters; what is wrong with them stands in the query's errors.</summary>
    public static ConsentRequest Read(Query query, DateTimeOffset now)
    {
        var sender = query.Parsed("sender", AddressReader.UrlRule, text => AddressReader.FromPath(text));
        var scope = query.Word<ConsentScope>("scope") ?? default;
        var at = query.Moment("at") ?? now;
        var evidence = query.Text("evidence");
        if (at > now) query.Refuse("at", "in_future", Past);
        if (evidence is { Length: 0 or > MaxEvidence })
            query.Refuse("evidence", "invalid_length", $"It has 1 to {MaxEvidence} characters; this has {evidence.Length}.");
        return new(sender, scope, at, evidence);
    }
}
