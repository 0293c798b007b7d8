using Microsoft.AspNetCore.Http;

namespace Omni.Simulators.Script;

/// <summary>Loses the answer to a submission that the carrier has accepted.</summary>
internal static class LostAnswer
{
    /// <param name="fault">The carrier's own error 500.</param>
    public static async Task<IResult> AfterAsync(AcceptThen then, HttpContext context, IResult fault, CancellationToken stopping)
    {
        if (then is AcceptThen.Fault) return fault;
        if (then is AcceptThen.Timeout)
        {
            using var gone = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
            await Task.Delay(Timeout.Infinite, gone.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        context.Abort();
        return Results.Empty;
    }
}
