namespace Amazon.Lambda.Core;

/// <summary>Turns the bytes of an event into an object, and an object into the bytes of a result.</summary>
public interface ILambdaSerializer
{
    T Deserialize<T>(Stream requestStream);

    void Serialize<T>(T response, Stream responseStream);
}
