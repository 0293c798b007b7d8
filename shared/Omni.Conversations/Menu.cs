using System.Globalization;
using Omni.Shared;

namespace Omni.Conversations;

/// <summary>The choices of a reply, in the order of the numbers that they have as text (<see cref="ContentAdapter"/>).</summary>
internal static class Menu
{
    /// <summary>What content offers; empty for nothing.</summary>
    public static IReadOnlyList<Choice> Of(Content content) => content is InteractiveContent offered
        ?
        [
            .. offered.Buttons ?? offered.QuickReplies ?? [],
            .. (offered.List?.Sections ?? []).SelectMany(section => section.Rows),
            .. (offered.Cards ?? []).SelectMany(card => card.Buttons).Select(button => new Choice(button.Id, button.Title)),
        ]
        : [];

    /// <summary>The choice that a typed text is: its number, also with a dot or a bracket, or its title.</summary>
    /// <returns>The choice's id; null when it is none of them.</returns>
    public static string? Hear(IReadOnlyList<Choice> menu, string? text)
    {
        var typed = (text ?? "").Trim();
        if (int.TryParse(typed.TrimEnd('.', ')'), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && number >= 1 && number <= menu.Count)
            return menu[number - 1].Id;

        return menu.FirstOrDefault(choice => choice.Title.Equals(typed, StringComparison.OrdinalIgnoreCase))?.Id;
    }
}
