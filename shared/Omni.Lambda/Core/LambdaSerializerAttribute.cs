namespace Amazon.Lambda.Core;

/// <summary>Names the serializer for the class-library hosting model; an executable ignores it.</summary>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Assembly)]
public sealed class LambdaSerializerAttribute(Type serializerType) : Attribute
{
    public Type SerializerType { get; set; } = serializerType;
}
