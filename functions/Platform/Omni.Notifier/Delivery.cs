using System.Collections.Concurrent;
using Omni.Aws;
using Omni.Shared;

namespace Omni.Notifier;

/// <summary>An event at its place in the log, on its way to an endpoint.</summary>
/// <param name="Event">The event.</param>
/// <param name="Lane">Its lane.</param>
/// <param name="Segment">Its segment.</param>
/// <param name="Index">Its place in the segment.</param>
/// <param name="Parked">What is known of earlier attempts; null when there were none.</param>
internal sealed record Due(ClientEvent Event, int Lane, long Segment, int Index, ParkedEvent? Parked = null)
{
    /// <summary>How many times it was tried, the coming one included.</summary>
    public int Attempt => (Parked?.Attempts ?? 0) + 1;

    /// <summary>Whether it can be read again: a test event stands nowhere.</summary>
    public bool IsInLog => Segment > 0;
}

/// <summary>What an attempt means for the event, and for what follows on it.</summary>
/// <param name="IsSettled">Whether the event is done here: taken, put off by itself, or given up.</param>
/// <param name="MayGoOn">Whether the endpoint is to be told more now.</param>
internal readonly record struct Verdict(bool IsSettled, bool MayGoOn);

/// <summary>
/// One attempt, and all that hangs on its answer: the endpoint's health, when the event is tried again, what the client can look up.
/// </summary>
internal sealed class Delivery(NotifierParts parts)
{
    // The last success is for people to see: it is not worth a write for each event.
    private static readonly TimeSpan SuccessResolution = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<string, DateTimeOffset> _successes = new(StringComparer.Ordinal);
    private int _delivered;
    private int _failed;

    /// <summary>Writes what was counted since the last time.</summary>
    public void Report()
    {
        if (Interlocked.Exchange(ref _delivered, 0) is > 0 and var delivered) Metrics.Count(NotifierMetrics.Delivered, delivered);
        if (Interlocked.Exchange(ref _failed, 0) is > 0 and var failed) Metrics.Count(NotifierMetrics.Failed, failed);
    }

    /// <summary>Tells an enabled endpoint of an event.</summary>
    public async Task<Verdict> SendAsync(EndpointInWork work, Due due)
    {
        var answer = await parts.Client.PostAsync(work.Endpoint, due.Event).ConfigureAwait(false);
        if (answer.Succeeded)
        {
            await TakenAsync(work.Endpoint, due, answer).ConfigureAwait(false);
            if (work.TakeFailures()) await parts.Endpoints.ForgetFailuresAsync(work.Endpoint).ConfigureAwait(false);
            return new(IsSettled: true, MayGoOn: true);
        }

        if (answer.IsGone || answer.Rest is not null)
        {
            work.Stop();
            await NotTakenAsync(work.Endpoint, due, answer, parts.Clock.GetUtcNow() + answer.Rest).ConfigureAwait(false);
            if (answer.Rest is { } rest && !IsFailingTooLong(work.Endpoint)) await RestAsync(work.Endpoint, rest).ConfigureAwait(false);
            else await DisableAsync(work.Endpoint, answer).ConfigureAwait(false);
            return new(IsSettled: false, MayGoOn: false);
        }

        if (due.Parked is not null)
        {
            // It was counted when it failed first, and says no more about the endpoint now.
            await ParkAsync(work.Endpoint, due, answer).ConfigureAwait(false);
            return new(IsSettled: true, MayGoOn: true);
        }

        // Another event may have been the fifth meanwhile: this one then waits at its place with all that follow on it.
        if (await parts.Endpoints.CountFailureAsync(work.Endpoint, due.Event.Id).ConfigureAwait(false) is not { } counted)
        {
            work.Stop();
            await NotTakenAsync(work.Endpoint, due, answer, parts.Clock.GetUtcNow() + RetrySteps.After(1)).ConfigureAwait(false);
            return new(IsSettled: false, MayGoOn: false);
        }

        work.Refresh(counted);
        await ParkAsync(counted, due, answer).ConfigureAwait(false);
        if (counted.Failures.Count < WebhookEndpoint.MaxFailures
            || await FailAsync(counted, EndpointCause.Failures).ConfigureAwait(false) is null)
            return new(IsSettled: true, MayGoOn: true);

        work.Stop();
        return new(IsSettled: true, MayGoOn: false);
    }

    /// <summary>Tries one event at a failing endpoint.</summary>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="due">The event.</param>
    /// <param name="settle">Notes that the event is done, before others go on from there.</param>
    /// <returns>The endpoint as it is then; null when another worker or the client has changed it.</returns>
    public async Task<WebhookEndpoint?> ProbeAsync(WebhookEndpoint endpoint, Due due, Func<Task> settle)
    {
        var answer = await parts.Client.PostAsync(endpoint, due.Event).ConfigureAwait(false);
        if (answer.Succeeded)
        {
            await TakenAsync(endpoint, due, answer).ConfigureAwait(false);
            await settle().ConfigureAwait(false);
            Log.Recovered(parts.Log, endpoint.Id);
            return await parts.Endpoints.RecoverAsync(endpoint).ConfigureAwait(false);
        }

        await ParkAsync(endpoint, due, answer).ConfigureAwait(false);
        await settle().ConfigureAwait(false);
        if (answer.IsGone || IsFailingTooLong(endpoint)) return await DisableAsync(endpoint, answer).ConfigureAwait(false);

        var (step, rest) = (RetrySteps.After(endpoint.Probes + 2), answer.Rest ?? TimeSpan.Zero);
        return await parts.Endpoints.PutOffProbeAsync(
            endpoint, parts.Clock.GetUtcNow() + (step > rest ? step : rest)).ConfigureAwait(false);
    }

    /// <summary>Lets an endpoint rest but for a probe.</summary>
    /// <returns>The endpoint; null when it is not enabled any more, or has taken an event since it was counted.</returns>
    public async Task<WebhookEndpoint?> FailAsync(WebhookEndpoint endpoint, EndpointCause cause)
    {
        var failing = await parts.Endpoints.FailAsync(
            endpoint, cause, parts.Clock.GetUtcNow() + RetrySteps.After(1)).ConfigureAwait(false);
        if (failing is null) return null;

        Log.Failing(parts.Log, endpoint.Id, cause.Word());
        Metrics.Count(NotifierMetrics.Failing);
        await WakeWaitsAsync(failing, failing.NextProbeAt!.Value).ConfigureAwait(false);
        return failing;
    }

    private async Task TakenAsync(WebhookEndpoint endpoint, Due due, EndpointAnswer answer)
    {
        Interlocked.Increment(ref _delivered);
        if (due.Parked is not null) await parts.Parks.RemoveAsync(endpoint.Tenant, endpoint.Id, due.Event.Id).ConfigureAwait(false);

        var last = _successes.GetValueOrDefault(endpoint.Id);
        if (answer.At - last < SuccessResolution) return;

        _successes[endpoint.Id] = answer.At;
        await parts.Attempts.AddAsync(
            endpoint.Tenant, endpoint.Id, answer.AttemptOf(due.Event, due.Attempt, next: null)).ConfigureAwait(false);
    }

    private async Task NotTakenAsync(WebhookEndpoint endpoint, Due due, EndpointAnswer answer, DateTimeOffset? next)
    {
        Interlocked.Increment(ref _failed);
        Log.NotTaken(parts.Log, endpoint.Id, due.Event.Id, due.Attempt, answer.Status, answer.Error);
        await parts.Attempts.AddAsync(
            endpoint.Tenant, endpoint.Id, answer.AttemptOf(due.Event, due.Attempt, next)).ConfigureAwait(false);
    }

    /// <summary>Puts an event off, so that others pass; or gives it up.</summary>
    private async Task ParkAsync(WebhookEndpoint endpoint, Due due, EndpointAnswer answer)
    {
        var (first, now) = (due.Parked?.FirstAttemptAt ?? answer.At, parts.Clock.GetUtcNow());
        var next = due.IsInLog ? RetrySteps.Next(first, due.Attempt, now) : null;
        if (next is { } at)
        {
            await parts.Parks.PutAsync(
                endpoint.Tenant,
                endpoint.Id,
                new(due.Event.Id, due.Lane, due.Segment, due.Index, first, due.Attempt, at)).ConfigureAwait(false);
            await WakeWaitsAsync(endpoint, at).ConfigureAwait(false);
        }
        else if (due.Parked is not null)
        {
            await parts.Parks.RemoveAsync(endpoint.Tenant, endpoint.Id, due.Event.Id).ConfigureAwait(false);
            Log.GivenUp(parts.Log, endpoint.Id, due.Event.Id, due.Attempt);
        }

        await NotTakenAsync(endpoint, due, answer, next).ConfigureAwait(false);
    }

    private async Task RestAsync(WebhookEndpoint endpoint, TimeSpan rest)
    {
        Log.Rests(parts.Log, endpoint.Id, (long)rest.TotalSeconds);
        var until = parts.Clock.GetUtcNow() + rest;
        await parts.Endpoints.RestAsync(endpoint, until).ConfigureAwait(false);
        await WakeWaitsAsync(endpoint, until).ConfigureAwait(false);
    }

    private async Task<WebhookEndpoint?> DisableAsync(WebhookEndpoint endpoint, EndpointAnswer answer)
    {
        var cause = answer.IsGone ? EndpointCause.Gone : EndpointCause.FailedForDays;
        if (await parts.Endpoints.DisableAsync(endpoint, cause).ConfigureAwait(false) is not { } disabled) return null;

        Log.Disabled(parts.Log, endpoint.Id, cause.Word());
        Metrics.Count(NotifierMetrics.Disabled);
        return disabled;
    }

    /// <summary>
    /// Sees to it that what waits is looked at in time. Longer waits the Scheduler ends, which looks every minute; moments that are close
    /// to one another wake once.
    /// </summary>
    private async Task WakeWaitsAsync(WebhookEndpoint endpoint, DateTimeOffset at)
    {
        if (at - parts.Clock.GetUtcNow() > WaitWorker.LongestWait) return;

        var moment = at.ToUnixTimeSeconds() / 5;
        await parts.WakeAsync(new EndpointWake(endpoint.Tenant, endpoint.Id, Lane: null).Entry($"{moment}")).ConfigureAwait(false);
    }

    private bool IsFailingTooLong(WebhookEndpoint endpoint) =>
        endpoint.FailsSince is { } since && parts.Clock.GetUtcNow() - since >= WebhookEndpoint.MaxFailing;
}
