namespace Omni.Shared;

/// <summary>A template that a carrier has approved, as it lists it.</summary>
public sealed record CarrierTemplate
{
    /// <summary>Its name as <see cref="TemplateContent.Name"/> has it.</summary>
    public required string Name { get; init; }

    /// <summary>What people call it, where that is another name.</summary>
    public string? Title { get; init; }

    /// <summary>Its language; null where the carrier does not say.</summary>
    public string? Language { get; init; }

    /// <summary>The carrier's word for what it is for, lower case, such as <c>utility</c>.</summary>
    public string? Category { get; init; }

    /// <summary>Its text, with places such as <c>{{1}}</c>; null when it has none.</summary>
    public string? Text { get; init; }

    /// <summary>The variables of its text, in their order.</summary>
    public IReadOnlyList<string> Variables { get => field ?? []; init; }

    /// <summary>What its header needs: <c>text</c>, <c>image</c>, <c>video</c> or <c>document</c>; null for nothing.</summary>
    public string? Header { get; init; }

    /// <summary>The places of a text, each once, in their order: <c>1</c> of <c>{{1}}</c>.</summary>
    /// <param name="text">The text.</param>
    public static IReadOnlyList<string> PlacesIn(string? text)
    {
        var places = new List<string>();
        foreach (var piece in (text ?? "").Split("{{").Skip(1))
        {
            if (piece.Split("}}", 2) is [var name, _] && name.Trim() is { Length: > 0 } place && !places.Contains(place)) places.Add(place);
        }

        return places;
    }
}
