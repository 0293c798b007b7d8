using Omni.Shared;
using Columns = Omni.Aws.EndpointCodec;

namespace Omni.Aws;

public sealed partial class EndpointStore
{
    /// <summary>
    /// Counts an event that failed while the endpoint is enabled. The same event counts once, however often it is tried: one that the
    /// endpoint can never take says nothing about the others.
    /// </summary>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="eventId">The event.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <returns>The endpoint as it is then; null when it is not enabled any more.</returns>
    public Task<WebhookEndpoint?> CountFailureAsync(WebhookEndpoint endpoint, string eventId, CancellationToken cancellation = default)
    {
        var now = Attr.Time(clock.GetUtcNow());
        return WriteAsync(
            InState(endpoint, EndpointState.Enabled).Set(new Path(Columns.Failures, eventId), now).SetOnce(Columns.FailsSince, now),
            endpoint.Tenant,
            cancellation);
    }

    /// <summary>Forgets the failures of an enabled endpoint: it has taken an event.</summary>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <returns>The endpoint as it is then; null when it is not enabled any more.</returns>
    public Task<WebhookEndpoint?> ForgetFailuresAsync(WebhookEndpoint endpoint, CancellationToken cancellation = default) =>
        WriteAsync(
            InState(endpoint, EndpointState.Enabled).Set(Columns.Failures, Attr.M([])).Remove(Columns.FailsSince),
            endpoint.Tenant,
            cancellation);

    /// <summary>Marks an enabled endpoint as failing: everything rests but a probe.</summary>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="cause">Why.</param>
    /// <param name="firstProbe">When it is tried.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <returns>The endpoint; null when it is not enabled any more, or the cause is failures and there are fewer by now.</returns>
    public Task<WebhookEndpoint?> FailAsync(
        WebhookEndpoint endpoint, EndpointCause cause, DateTimeOffset firstProbe, CancellationToken cancellation = default)
    {
        var now = Attr.Time(clock.GetUtcNow());
        var update = InState(endpoint, EndpointState.Enabled)
            .Set(Columns.State, Attr.S(EndpointState.Failing.Word()))
            .Set(Columns.Since, now)
            .Set(Columns.Cause, Attr.S(cause.Word()))
            .Set(Columns.Probes, Attr.N(0))
            .Set(Columns.DueAt, Attr.Time(firstProbe))
            .SetOnce(Columns.FailsSince, now);
        // It may have taken an event since the last failure was counted.
        if (cause == EndpointCause.Failures) update.IfSize(Columns.Failures, ">=", WebhookEndpoint.MaxFailures);
        return WriteAsync(update, endpoint.Tenant, cancellation);
    }

    /// <summary>Notes that a probe failed.</summary>
    /// <param name="endpoint">The endpoint as it was before the probe.</param>
    /// <param name="next">When it is tried next.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <returns>The endpoint; null when another has noted a probe.</returns>
    public Task<WebhookEndpoint?> PutOffProbeAsync(
        WebhookEndpoint endpoint, DateTimeOffset next, CancellationToken cancellation = default) =>
        WriteAsync(
            InState(endpoint, EndpointState.Failing)
                .If(Columns.Probes, "=", Attr.N(endpoint.Probes))
                .Set(Columns.Probes, Attr.N(endpoint.Probes + 1))
                .Set(Columns.DueAt, Attr.Time(next)),
            endpoint.Tenant,
            cancellation);

    /// <summary>Enables a failing endpoint: it has taken an event.</summary>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <returns>The endpoint; null when it is not failing any more.</returns>
    public Task<WebhookEndpoint?> RecoverAsync(WebhookEndpoint endpoint, CancellationToken cancellation = default) =>
        WriteAsync(Enabled(InState(endpoint, EndpointState.Failing)), endpoint.Tenant, cancellation);

    /// <summary>Lets an endpoint rest: it asked for it.</summary>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="until">Until when.</param>
    /// <param name="cancellation">Stops the call.</param>
    public Task RestAsync(WebhookEndpoint endpoint, DateTimeOffset until, CancellationToken cancellation = default) =>
        WriteAsync(
            Item(endpoint.Tenant, endpoint.Id)
                .Set(Columns.RestsUntil, Attr.Time(until))
                .SetOnce(Columns.FailsSince, Attr.Time(clock.GetUtcNow()))
                .IfMissingOr(Columns.RestsUntil, "<", Attr.Time(until)),
            endpoint.Tenant,
            cancellation);

    /// <summary>Enables an endpoint that was disabled or is failing, for its client.</summary>
    /// <param name="endpoint">The endpoint as read.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <returns>The endpoint; null when its state is another by now, or it was enabled a short while ago.</returns>
    public Task<WebhookEndpoint?> EnableAsync(WebhookEndpoint endpoint, CancellationToken cancellation = default)
    {
        var now = clock.GetUtcNow();
        return WriteAsync(
            Enabled(InState(endpoint, endpoint.State))
                .Set(Columns.EnabledAt, Attr.Time(now))
                .Set(Columns.UpdatedAt, Attr.Time(now))
                .Set(Columns.DueKey, Columns.DueKeyOf(endpoint.Id))
                .IfMissingOr(Columns.EnabledAt, "<=", Attr.Time(now - WebhookEndpoint.EnablePause)),
            endpoint.Tenant,
            cancellation);
    }

    /// <summary>
    /// Disables an endpoint, and has it told in the log: in one transaction, so that neither is there without the other.
    /// </summary>
    /// <param name="endpoint">The endpoint as read.</param>
    /// <param name="cause">Why.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <returns>The endpoint; null when its state is another by now.</returns>
    public async Task<WebhookEndpoint?> DisableAsync(
        WebhookEndpoint endpoint, EndpointCause cause, CancellationToken cancellation = default)
    {
        var now = clock.GetUtcNow();
        var disabled = endpoint with { State = EndpointState.Disabled, Since = now, Cause = cause, NextProbeAt = null };
        var update = InState(endpoint, endpoint.State)
            .Set(Columns.State, Attr.S(EndpointState.Disabled.Word()))
            .Set(Columns.Since, Attr.Time(now))
            .Set(Columns.Cause, Attr.S(cause.Word()))
            .Remove(Columns.DueKey, Columns.DueAt);
        if (outbox is null) return await WriteAsync(update, endpoint.Tenant, cancellation).ConfigureAwait(false);

        var told = outbox.Put(EndpointView.DisabledEvent(disabled));
        return (await update.WriteAsync(dynamo, told, cancellation).ConfigureAwait(false)).Done ? disabled : null;
    }

    private ItemUpdate Enabled(ItemUpdate update) => update
        .Set(Columns.State, Attr.S(EndpointState.Enabled.Word()))
        .Set(Columns.Since, Attr.Time(clock.GetUtcNow()))
        .Set(Columns.Failures, Attr.M([]))
        .Set(Columns.DueAt, Attr.N(0))
        .Remove(Columns.Cause, Columns.FailsSince, Columns.Probes, Columns.RestsUntil);

    private ItemUpdate InState(WebhookEndpoint endpoint, EndpointState state) =>
        Item(endpoint.Tenant, endpoint.Id).If(Columns.State, "=", Attr.S(state.Word()));
}
