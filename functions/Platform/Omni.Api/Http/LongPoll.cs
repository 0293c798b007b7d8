using System.Globalization;
using Omni.Aws;

namespace Omni.Api;

/// <summary>
/// Answers a call when there is something to tell, or when its time is up. Each that waits holds an execution of the API, so only so many
/// do; the others are answered at once and told when to come again.
/// </summary>
/// <param name="share">How many may wait; null for any number.</param>
/// <param name="clock">The time.</param>
internal sealed class LongPoll(LongPolls? share, TimeProvider clock)
{
    public const string Parameter = "wait";

    private const int MaxSeconds = 20;

    /// <summary>When to come again for who found no place to wait.</summary>
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);

    // For the last look and the answer, before Lambda stops the invocation.
    private static readonly TimeSpan Reserve = TimeSpan.FromSeconds(3);

    /// <summary>How long a call wants to wait.</summary>
    public static TimeSpan WaitOf(Query query) => TimeSpan.FromSeconds(query.Whole(Parameter, 0, MaxSeconds) ?? 0);

    /// <summary>Looks until it finds something, or the time is up.</summary>
    /// <param name="call">The call.</param>
    /// <param name="wait">How long it wants to wait.</param>
    /// <param name="look">Looks: the answer of now, and whether it is worth to be given before the time is up.</param>
    /// <param name="cancellation">Stops it.</param>
    public async Task<ApiResult> AnswerAsync(
        ApiCall call, TimeSpan wait, Func<Task<(ApiResult Answer, bool IsNews)>> look, CancellationToken cancellation)
    {
        var budget = call.RemainingTime() - Reserve;
        if (wait > budget) wait = budget;
        var until = clock.GetUtcNow() + wait;

        var (answer, isNews) = await look();
        if (isNews || wait <= TimeSpan.Zero) return answer;

        var place = share is null ? null : await share.TryEnterAsync(wait + Reserve, cancellation);
        if (share is not null && place is null) return Later(answer);

        try
        {
            var pause = FirstPause;
            for (TimeSpan left; !isNews && (left = until - clock.GetUtcNow()) > TimeSpan.Zero; pause = Min(pause * 1.5, LongestPause))
            {
                await Task.Delay(Min(pause, left), clock, cancellation);
                (answer, isNews) = await look();
            }

            return answer;
        }
        finally
        {
            if (place is not null) await share!.LeaveAsync(place, CancellationToken.None);
        }
    }

    private static ApiResult Later(ApiResult answer) => answer with
    {
        Headers = new Dictionary<string, string>(answer.Headers)
        {
            ["Retry-After"] = RetryAfter.TotalSeconds.ToString(CultureInfo.InvariantCulture),
        },
    };

    private static TimeSpan Min(TimeSpan a, TimeSpan b) => a < b ? a : b;
}
