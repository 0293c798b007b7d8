using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor.Services;
using Omni.Client;
using Omni.WebConsole.Live;
using Omni.WebConsole.Phones;

namespace Omni.WebConsole;

/// <summary>Puts the console into a web application.</summary>
public static class ConsoleApp
{
    /// <summary>Where it is served.</summary>
    public const string Path = "/console";

    // Endpoints of an application are common to all of it, unless a branch forgets them: those of the console are its own.
    private const string CommonRoutes = "__GlobalEndpointRouteBuilder";

    private static readonly string ETag = $"\"{typeof(ConsoleApp).Module.ModuleVersionId:N}\"";

    /// <summary>Adds what the console needs.</summary>
    /// <param name="services">The application's services.</param>
    /// <param name="options">What the console speaks to, asked for when somebody first looks at it.</param>
    public static IServiceCollection AddOmniConsole(this IServiceCollection services, Func<IServiceProvider, ConsoleOptions> options)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.AddRazorComponents().AddInteractiveServerComponents();
        services.AddDataProtection().UseEphemeralDataProtectionProvider();
        services.AddMudServices();
        services.AddSingleton(options);
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton(provider =>
        {
            var (url, key) = provider.GetRequiredService<ConsoleOptions>();
            return new OmniClient(url, key);
        });
        services.AddSingleton<Feed>();
        services.AddSingleton<Simulators>();
        services.AddScoped<Screen>();
        return services;
    }

    /// <summary>Serves the console under <see cref="Path"/>, before everything else.</summary>
    /// <param name="app">The application.</param>
    public static IApplicationBuilder UseOmniConsole(this IApplicationBuilder app)
    {
        ArgumentNullException.ThrowIfNull(app);
        return app.Map(Path, console =>
        {
            console.Properties.Remove(CommonRoutes);
            console.Use(next => context => Door.EnterAsync(context, next));
            console.UseRouting();
            console.UseAntiforgery();
            console.UseEndpoints(routes =>
            {
                routes.MapGet("/assets/{name}", (string name, HttpContext context) => Asset(name, context));
                routes.MapGet("/_framework/blazor.web.js", (HttpContext context) => Asset("blazor.web.js", context));
                routes.MapGet("/media/{id}", (Delegate)MediaAsync);
                routes.MapRazorComponents<Components.App>()
                    .AddInteractiveServerRenderMode(mode => mode.ContentSecurityFrameAncestorsPolicy = null);
            });
        });
    }

    private static IResult Asset(string name, HttpContext context)
    {
        if (typeof(ConsoleApp).Assembly.GetManifestResourceStream("assets/" + name) is not { } asset) return Results.NotFound();
        context.Response.Headers.CacheControl = "no-cache";
        var type = System.IO.Path.GetExtension(name) switch
        {
            ".css" => "text/css",
            ".js" => "text/javascript",
            ".svg" => "image/svg+xml",
            _ => "application/octet-stream",
        };
        return Results.Stream(asset, type, entityTag: new(ETag));
    }

    // A file of a message. What is no picture is saved, never shown.
    private static async Task<IResult> MediaAsync(string id, OmniClient omni, HttpContext context)
    {
        try
        {
            var file = await omni.Media.OpenAsync(id, context.RequestAborted);
            context.Response.RegisterForDispose(file);
            return file.MimeType is "image/jpeg" or "image/png" or "image/gif" or "image/webp"
                ? Results.Stream(file.Content, file.MimeType)
                : Results.Stream(file.Content, "application/octet-stream", id);
        }
        catch (OmniException refused)
        {
            return Results.Text(refused.Message, statusCode: (int?)refused.Status ?? StatusCodes.Status502BadGateway);
        }
    }
}
