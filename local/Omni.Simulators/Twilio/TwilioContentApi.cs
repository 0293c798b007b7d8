using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Omni.Simulators.Twilio;

/// <summary>The list of the Content API, which has a host of its own (<c>content.twilio.com</c>).</summary>
internal sealed class TwilioContentApi(TwilioAccount account)
{
    private const int DefaultPageSize = 50, MaxPageSize = 1000;

    public void Map(IEndpointRouteBuilder routes) => routes.MapGet("/v1/Content", (HttpRequest request) =>
        TwilioCredentials.RefuseUnknown(request, account.Options) is { } refusal ? refusal.ToResult() : List(request));

    private IResult List(HttpRequest request)
    {
        var size = Math.Clamp(Number(request.Query["PageSize"]) ?? DefaultPageSize, 1, MaxPageSize);
        var page = Math.Max(Number(request.Query["Page"]) ?? 0, 0);
        var all = account.Options.ContentTemplates.OrderBy(template => template.Key, StringComparer.Ordinal).ToArray();
        var shown = all.Skip(page * size).Take(size).ToArray();
        return TwilioJson.Result(new
        {
            Contents = shown.Select(template => Content(template.Key, template.Value)),
            Meta = new
            {
                Page = page,
                PageSize = size,
                FirstPageUrl = Url(0),
                PreviousPageUrl = page > 0 ? Url(page - 1) : null,
                Url = Url(page),
                NextPageUrl = (page + 1) * size < all.Length ? Url(page + 1) : null,
                Key = "contents",
            },
        });

        string Url(int number) => $"https://content.twilio.com/v1/Content?PageSize={size}&Page={number}";
    }

    private Dictionary<string, object?> Content(string sid, string body)
    {
        var now = account.Clock.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        return new()
        {
            ["sid"] = sid,
            ["account_sid"] = account.Options.AccountSid,
            ["friendly_name"] = "template " + sid[^4..],
            ["language"] = "en",
            ["variables"] = Places(body).ToDictionary(place => place, place => "sample " + place),
            ["types"] = new Dictionary<string, object> { ["twilio/text"] = new Dictionary<string, string> { ["body"] = body } },
            ["date_created"] = now,
            ["date_updated"] = now,
            ["url"] = "https://content.twilio.com/v1/Content/" + sid,
            ["links"] = new Dictionary<string, string>
            {
                ["approval_fetch"] = $"https://content.twilio.com/v1/Content/{sid}/ApprovalRequests",
            },
        };
    }

    private static IEnumerable<string> Places(string body) =>
        body.Split("{{").Skip(1).Select(piece => piece[..piece.IndexOf('}', StringComparison.Ordinal)]).Distinct();

    private static int? Number(string? text) => int.TryParse(text, CultureInfo.InvariantCulture, out var number) ? number : null;
}
