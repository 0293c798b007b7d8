using System.Globalization;
using System.Text.Json;
using Omni.Shared;

namespace Omni.Aws;

/// <summary>What the Scheduler does for carriers' templates: has each carrier that lists them asked, once an hour.</summary>
/// <param name="templates">The templates as they are known.</param>
/// <param name="queues">The queues.</param>
/// <param name="senders">The carriers that list their templates, with the queues of their senders.</param>
/// <param name="clock">The time.</param>
public sealed class TemplateRounds(
    TemplateStore templates, SqsQueues queues, IReadOnlyList<(Carrier Carrier, string QueueUrl)> senders, TimeProvider clock)
{
    private static readonly string Command =
        JsonSerializer.Serialize<OutboundCommand>(new OutboundCommand.ListTemplates(), OmniJson.Wire.OutboundCommand);

    /// <summary>Asks for what is due.</summary>
    /// <param name="cancellation">Stops the call.</param>
    /// <returns>How many carriers are asked.</returns>
    public async Task<int> RunAsync(CancellationToken cancellation = default)
    {
        var asked = 0;
        foreach (var (carrier, queue) in senders)
        {
            if (!await templates.AskAsync(carrier.Id, cancellation).ConfigureAwait(false)) continue;

            var moment = clock.GetUtcNow().ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);
            await queues.SendAsync(queue, [new(Command, "templates", "templates:" + moment)], cancellation).ConfigureAwait(false);
            asked++;
        }

        return asked;
    }
}
