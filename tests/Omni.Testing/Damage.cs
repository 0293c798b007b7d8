using System.Text.Json.Nodes;

namespace Omni.Testing;

/// <summary>
/// Damages real bodies at random, the same for the same seed: members of other types, nulls, halves of characters, lengths,
/// members that are missing.
/// </summary>
public static class Damage
{
    /// <summary>Half of a surrogate pair, which no JSON node can hold: it is put in when the body becomes text.</summary>
    private const string Half = "HALFAPAIR";

    private const string Nul = "NULCHARACTER";

    private static readonly Func<Random, JsonNode?>[] Values =
    [
        _ => null, _ => "", _ => 42, _ => -7, _ => 1e300, _ => long.MinValue, _ => true, _ => false,
        _ => new JsonArray(), _ => new JsonArray((JsonNode?)null), _ => new JsonArray(1, "a", null), _ => new JsonObject(),
        _ => new JsonObject { ["a"] = null },
        _ => Half, _ => $"x{Half}", _ => Nul, _ => $"a{Nul}b{Nul}", _ => "not a url", _ => "file:///etc/passwd", _ => "http://",
        _ => "\u00e9\ud83d\ude00",
        _ => "0001-01-01T00:00:00Z", _ => "9999-12-31T23:59:59Z", _ => "1789000000", _ => "99999999999999999999", _ => "-1",
        _ => "yesterday",
        random => new string('x', random.Next(1, 5000)), random => new string('9', random.Next(1, 5000)),
    ];

    /// <summary>A damaged copy.</summary>
    /// <param name="body">The body.</param>
    /// <param name="random">What chooses.</param>
    public static JsonNode Of(JsonNode body, Random random)
    {
        var damaged = body.DeepClone();
        for (var times = random.Next(1, 4); times > 0; times--)
        {
            var places = Places(damaged).ToArray();
            if (places.Length == 0) break;

            Put(places[random.Next(places.Length)], random);
        }

        return damaged;
    }

    /// <summary>Every copy in which one text is another.</summary>
    /// <param name="body">The body.</param>
    /// <param name="text">The other text.</param>
    public static IEnumerable<JsonNode> WithText(JsonNode body, string text)
    {
        for (var i = 0; ; i++)
        {
            var copy = body.DeepClone();
            if (Places(copy).Where(place => place.Get() is JsonValue).Skip(i).FirstOrDefault() is not { Parent: not null } place)
                yield break;

            place.Set(text);
            yield return copy;
        }
    }

    /// <summary>The body as JSON text, with the halves and the NULs in it.</summary>
    /// <param name="body">The body.</param>
    public static string Json(JsonNode body) =>
        body.ToJsonString().Replace(Half, "\\ud83d", StringComparison.Ordinal).Replace(Nul, "\\u0000", StringComparison.Ordinal);

    /// <summary>The body, an object, as a form: a half is then three bytes that are no UTF-8.</summary>
    /// <param name="body">The body.</param>
    public static string Form(JsonNode body) => string.Join('&', body.AsObject().Select(field =>
            $"{Uri.EscapeDataString(field.Key)}="
                + $"{Uri.EscapeDataString(field.Value is JsonValue value ? value.ToString() : field.Value?.ToJsonString() ?? "")}"))
        .Replace(Half, "%ED%A0%BD", StringComparison.Ordinal).Replace(Nul, "%00", StringComparison.Ordinal);

    private static void Put(Place place, Random random)
    {
        switch (random.Next(6))
        {
            case 0:
                place.Remove();
                break;
            case 1 when place.Get() is { } node:
                place.Set(null);
                place.Set(new JsonArray(node.DeepClone())); // in a list
                break;
            default:
                place.Set(Values[random.Next(Values.Length)](random));
                break;
        }
    }

    private static IEnumerable<Place> Places(JsonNode? node)
    {
        Place[] own = node switch
        {
            JsonObject members => [.. members.Select(member => new Place(members, member.Key, 0))],
            JsonArray items => [.. items.Select((_, index) => new Place(items, null, index))],
            _ => [],
        };
        return own.Concat(own.SelectMany(place => Places(place.Get())));
    }

    private readonly record struct Place(JsonNode Parent, string? Name, int Index)
    {
        public JsonNode? Get() => Name is not null ? Parent[Name] : Parent[Index];

        public void Set(JsonNode? value)
        {
            if (Name is not null) Parent[Name] = value;
            else Parent[Index] = value;
        }

        public void Remove()
        {
            if (Name is not null) Parent.AsObject().Remove(Name);
            else Parent.AsArray().RemoveAt(Index);
        }
    }
}
