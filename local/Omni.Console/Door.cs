using System.Net;
using Microsoft.AspNetCore.Http;

namespace Omni.WebConsole;

/// <summary>
/// Lets in only this machine's own browser, on a page of the console: it has no sign-in, and holds a key. A foreign Host would be a
/// name that was made to lead here (DNS rebinding), a foreign Origin another site's page.
/// </summary>
internal static class Door
{
    private const string Policy = "default-src 'self'; style-src 'self' 'unsafe-inline'; "
        + "img-src 'self' data: http://127.0.0.1:* http://localhost:*; base-uri 'self'; form-action 'self'; frame-ancestors 'none'";

    public static Task EnterAsync(HttpContext context, RequestDelegate next)
    {
        if (Refusal(context) is { } refusal)
        {
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            return context.Response.WriteAsync(refusal, context.RequestAborted);
        }

        if (!context.Request.Path.HasValue)
        {
            context.Response.Redirect(context.Request.PathBase + "/");
            return Task.CompletedTask;
        }

        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = Policy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        return next(context);
    }

    private static string? Refusal(HttpContext context)
    {
        var request = context.Request;
        if (context.Connection.RemoteIpAddress is { } caller && !IPAddress.IsLoopback(caller)) return "The console is for this machine.";
        if (request.Host.Host is not ("127.0.0.1" or "localhost" or "[::1]"))
            return "The console is called 127.0.0.1 or localhost, and nothing else.";
        if (request.Headers.Origin is [{ } origin, ..] && origin != $"{request.Scheme}://{request.Host}")
            return "The console takes no calls of other pages.";

        // A link may lead here; nothing else of another site.
        return request.Headers["Sec-Fetch-Site"] == "cross-site" && request.Headers["Sec-Fetch-Mode"] != "navigate"
            ? "The console takes no calls of other sites."
            : null;
    }
}
