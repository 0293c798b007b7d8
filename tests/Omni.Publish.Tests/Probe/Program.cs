using System.Text.Json;
using System.Text.Json.Serialization;

Console.WriteLine(JsonSerializer.Serialize(new First.Item(1)));
Console.WriteLine(Activator.CreateInstance(Type.GetType(args[0])!));

/// <summary>Two types of one name, of which the generator writes one.</summary>
[JsonSerializable(typeof(First.Item))]
[JsonSerializable(typeof(Second.Item))]
internal sealed partial class Names : JsonSerializerContext;

internal static class First
{
    internal sealed record Item(int Value);
}

internal static class Second
{
    internal sealed record Item(int Value);
}
