namespace Omni.Aws;

/// <summary>The wait that an answer asks for.</summary>
public static class RetryAfterHeader
{
    /// <summary>Reads it: whole seconds or an HTTP date. https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3</summary>
    /// <param name="response">The answer.</param>
    /// <param name="clock">The time.</param>
    /// <returns>The wait, never below zero; null when it asks for none.</returns>
    public static TimeSpan? Of(HttpResponseMessage response, TimeProvider clock)
    {
        var wait = response.Headers.RetryAfter switch
        {
            { Delta: { } delta } => delta,
            { Date: { } date } => date - clock.GetUtcNow(),
            _ => default(TimeSpan?),
        };
        return wait < TimeSpan.Zero ? TimeSpan.Zero : wait;
    }
}
