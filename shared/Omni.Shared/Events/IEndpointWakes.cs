namespace Omni.Shared;

/// <summary>
/// Tells the workers of clients' endpoints that a lane of the log has grown. A wake that is lost is a delay, never a loss: what an endpoint
/// is sent is read from the log.
/// </summary>
public interface IEndpointWakes
{
    /// <summary>Wakes the worker of each enabled endpoint that wants one of the types.</summary>
    /// <param name="tenant">Whose log.</param>
    /// <param name="lane">The lane, from 0.</param>
    /// <param name="n">The number of the segment that was appended: the same segment wakes once.</param>
    /// <param name="types">The types of the events in it.</param>
    /// <param name="cancellation">Stops the call.</param>
    Task WakeAsync(string tenant, int lane, long n, IReadOnlySet<string> types, CancellationToken cancellation = default);
}
