using System.Text.Json.Serialization;
using Amazon.Lambda.Core;
using Amazon.Lambda.RuntimeSupport;
using Amazon.Lambda.Serialization.SystemTextJson;

namespace Omni.Aws;

/// <summary>Starts a function in the custom runtime: what <c>Program.cs</c> of every function calls.</summary>
public static class FunctionHost
{
    /// <summary>
    /// Runs a function until its environment ends. It is made in the runtime's initialisation, so that missing settings are reported as
    /// what they are; its settings are refreshed between invocations.
    /// </summary>
    /// <param name="make">Makes the function from its settings and gives its handler.</param>
    /// <typeparam name="TInput">The event.</typeparam>
    /// <typeparam name="TOutput">The answer.</typeparam>
    /// <typeparam name="TJson">The source-generated JSON of both.</typeparam>
    public static async Task RunAsync<
        TInput,
        TOutput,
        [System.Diagnostics.CodeAnalysis.DynamicallyAccessedMembers(
            System.Diagnostics.CodeAnalysis.DynamicallyAccessedMemberTypes.PublicConstructors)] TJson>(
            Func<Settings, Func<TInput, ILambdaContext, Task<TOutput>>> make)
        where TJson : JsonSerializerContext
    {
        var settings = Settings.FromEnvironment();
        Func<TInput, ILambdaContext, Task<TOutput>>? function = null;
        Func<TInput, ILambdaContext, Task<TOutput>> handler = async (input, context) =>
        {
            await settings.LoadAsync().ConfigureAwait(false);
            return await function!(input, context).ConfigureAwait(false);
        };

        using var bootstrap = LambdaBootstrapBuilder.Create(handler, new SourceGeneratorLambdaJsonSerializer<TJson>())
            .UseBootstrapHandler(async () =>
            {
                await settings.LoadAsync().ConfigureAwait(false);
                function = make(settings);
                return true;
            })
            .Build();
        await bootstrap.RunAsync().ConfigureAwait(false);
    }
}
