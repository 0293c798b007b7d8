using System.Net;
using Omni.Aws;
using Omni.Shared;

namespace Omni.Notifier.Tests;

/// <summary>What endpoints are told when they are down, slow, or gone: on a clock where days pass.</summary>
public sealed class OutageTests
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    [Fact]
    public void An_endpoint_that_was_down_for_71_hours_is_told_of_all_10_000_events_in_order()
    {
        const int Conversations = 500;
        var town = new Town { Poll = TimeSpan.FromSeconds(1) };
        town.Play(
            async () =>
            {
                var (endpoint, receiver) = await town.AddEndpointAsync();
                var isDown = true;
                var tried = new OrderedDictionary<string, int>(); // in the order of first attempts
                receiver.Answer = id =>
                {
                    tried[id] = tried.GetValueOrDefault(id) + 1;
                    return isDown ? HttpStatusCode.BadGateway : HttpStatusCode.OK;
                };
                var began = town.Clock.GetUtcNow();
                var told = new List<ClientEvent>();
                var secrets = (Old: endpoint.Secret, New: "");
                for (var i = 0; i < 10_000; i++)
                {
                    await town.WaitAsync(TimeSpan.FromHours(71) / 10_000);
                    var round = i / Conversations;
                    var e = town.Event(i % Conversations, round / 2, round % 2 == 0 ? MessageStatus.Sent : MessageStatus.Delivered);
                    told.Add(e);
                    await town.TellAsync(e);
                    if (i == 9_000)
                    {
                        secrets.New = StandardWebhooks.NewSecret();
                        Assert.NotNull(await town.Endpoints.RotateAsync(
                            await town.ReadAsync(endpoint), new(secrets.New, WebhookEndpoint.Rotation, By: null)));
                    }
                }

                var attemptsWhileDown = receiver.Arrivals.Count;
                var parkedWhileDown = tried.Count;
                Assert.Equal(EndpointState.Failing, (await town.ReadAsync(endpoint)).State);
                Assert.InRange(town.Clock.GetUtcNow() - began, TimeSpan.FromHours(71), TimeSpan.FromHours(71.1));
                Assert.InRange(attemptsWhileDown, 5, 40); // a probe now and then: not an attempt for each event
                isDown = false;

                // The receiver takes up the new secret while it catches up.
                await town.UntilAsync(() => receiver.Taken.Count > 3_000);
                receiver.Secret = secrets.New;
                await town.UntilAsync(() => receiver.Taken.Count >= 10_000);
                await town.WaitAsync(TimeSpan.FromMinutes(5));

                Assert.Equal(10_000, receiver.Taken.Count); // no event twice
                Assert.All(receiver.Arrivals, arrival => Assert.True(arrival.IsSigned));
                var feed = await town.FeedAsync();
                Assert.Equal(feed.Select(e => e.Id).Order(), receiver.Taken.Select(arrival => arrival.Id).Order());
                Assert.Equal(told.Select(e => e.Id).Order(), feed.Select(e => e.Id).Order());
                AssertOrder(feed, tried);
                Assert.InRange(parkedWhileDown, 5, 40);
                var after = await town.ReadAsync(endpoint);
                Assert.Equal(EndpointState.Enabled, after.State);
                Assert.Empty(await town.Parks.ListAsync(endpoint.Tenant, endpoint.Id));
            },
            4 * Day);
    }

    /// <summary>Each conversation's first attempts come in the order of the log.</summary>
    private static void AssertOrder(IEnumerable<ClientEvent> feed, OrderedDictionary<string, int> tried)
    {
        Assert.All(feed.GroupBy(e => e.ConversationId), conversation =>
        {
            var places = conversation.Select(e => tried.IndexOf(e.Id)).ToArray();
            Assert.Equal(places.Order(), places);
        });
    }
}
