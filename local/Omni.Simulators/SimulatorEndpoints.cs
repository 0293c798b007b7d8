using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Omni.Simulators.Bandwidth;
using Omni.Simulators.Inteliquent;
using Omni.Simulators.LiveChat;
using Omni.Simulators.MessageBird;
using Omni.Simulators.Twilio;
using Omni.Simulators.WhatsApp;
using Omni.Simulators.Webhooks;

namespace Omni.Simulators;

/// <summary>Puts the simulated carriers into a web application.</summary>
public static class SimulatorEndpoints
{
    /// <summary>
    /// Maps every simulator: the carrier's API under <c>/{carrier}</c> (this is what <c>&lt;CARRIER&gt;_BASE_URL</c> points to), its
    /// control API under <c>/sim/{carrier}</c>, and the list of all control endpoints at <c>GET /sim</c>.
    /// </summary>
    public static IEndpointRouteBuilder MapSimulators(this IEndpointRouteBuilder app, SimulatorOptions options)
    {
        ArgumentNullException.ThrowIfNull(app);
        ArgumentNullException.ThrowIfNull(options);

        var services = app.ServiceProvider;
        var lifetime = services.GetRequiredService<IHostApplicationLifetime>();
        var logger = services.GetRequiredService<ILoggerFactory>().CreateLogger("Omni.Simulators");

        var http = WebhookClient.NewHttpClient();
        lifetime.ApplicationStopped.Register(http.Dispose);
        var webhooks = new WebhookClient(http, options.Reach);

        BackgroundWork NewWork() => new(logger, lifetime.ApplicationStopping);
        ISimulator[] simulators =
        [
            new WhatsAppSimulator(options, webhooks, NewWork()),
            new BandwidthSimulator(options, webhooks, NewWork()),
            new TwilioSimulator(options, webhooks, NewWork()),
            new LiveChatSimulator(options, webhooks, NewWork()),
            new MessageBirdSimulator(options, webhooks, NewWork()),
            new InteliquentSimulator(options, webhooks, NewWork()),
        ];

        foreach (var simulator in simulators)
        {
            simulator.MapApi(app.MapGroup($"/{simulator.Carrier}"));
            simulator.MapControl(app.MapGroup($"/sim/{simulator.Carrier}"));
        }

        app.MapGet("/sim", (EndpointDataSource endpoints) => SimulatorJson.Result(ControlEndpoints(endpoints)));
        return app;
    }

    private static IEnumerable<object> ControlEndpoints(EndpointDataSource endpoints) =>
        from endpoint in endpoints.Endpoints.OfType<RouteEndpoint>()
        where endpoint.RoutePattern.RawText?.StartsWith("/sim/", StringComparison.Ordinal) is true
        from method in endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? []
        select new
        {
            method,
            path = endpoint.RoutePattern.RawText,
            summary = endpoint.Metadata.GetMetadata<Microsoft.AspNetCore.Http.Metadata.IEndpointSummaryMetadata>()?.Summary,
        };
}
