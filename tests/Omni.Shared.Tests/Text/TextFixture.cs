using System.Text.Json;

namespace Omni.Shared.Tests.Text;

/// <summary>The cases of one file under Fixtures/Text, each known by its name.</summary>
internal static class TextFixture
{
    public static TheoryData<string> Names(string file) => [.. Cases(file).Select(one => one.GetProperty("name").GetString()!)];

    public static T Read<T>(string file, string name) =>
        Cases(file).Single(one => one.GetProperty("name").GetString() == name).Deserialize<T>(JsonSerializerOptions.Web)!;

    private static JsonElement[] Cases(string file) =>
        JsonSerializer.Deserialize<JsonElement[]>(File.ReadAllText(Path.Combine("Fixtures", "Text", file)))!;
}
