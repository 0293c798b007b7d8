using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace Omni.Simulators.Twilio;

/// <summary>The list of messages, newest first, with Twilio's filters and paging. It is what a lost answer is looked up in.</summary>
internal static class TwilioMessageList
{
    private const int DefaultPageSize = 50, MaxPageSize = 1000;

    public static IResult Answer(HttpRequest request, TwilioAccount account)
    {
        var query = request.Query;
        if (!TryFilter(query, out var matches)) return TwilioError.Of(20001).ToResult();

        var size = Math.Clamp(Number(query["PageSize"]) ?? DefaultPageSize, 1, MaxPageSize);
        var page = Math.Max(Number(query["Page"]) ?? 0, 0);

        var found = account.Messages.All().Reverse().Where(message => !message.Deleted && matches(message));

        // A token holds the place even while new messages come in on top; a bare page number does not.
        var rest = (query["PageToken"].ToString() is ['P', 'A', .. var last]
            ? found.SkipWhile(message => message.Sid != last).Skip(1)
            : found.Skip(page * size)).Take(size + 1).ToArray();
        TwilioMessage[] shown = [.. rest.Take(size)];

        return TwilioJson.Result(new TwilioMessagePage(
            [.. shown.Select(message => TwilioMessageResource.Of(message, account.Options.AccountSid))],
            page,
            size,
            Start: page * size,
            End: page * size + Math.Max(shown.Length - 1, 0),
            Uri: PageUri(page, token: null),
            FirstPageUri: PageUri(0, token: null),
            NextPageUri: rest.Length > size ? PageUri(page + 1, "PA" + shown[^1].Sid) : null,
            PreviousPageUri: page > 0 ? PageUri(page - 1, token: null) : null));

        string PageUri(int number, string? token)
        {
            var filters = query.Where(parameter => parameter.Key is not ("Page" or "PageSize" or "PageToken"));
            var all = filters.Append(new("PageSize", $"{size}")).Append(new("Page", $"{number}"));
            if (token is not null) all = all.Append(new("PageToken", token));
            return $"/{TwilioMessageResource.Version}/Accounts/{account.Options.AccountSid}/Messages.json{QueryString.Create(all)}";
        }
    }

    // By DateSent only what has been sent is found: a message that is still queued has no such date.
    private static bool TryFilter(IQueryCollection query, out Func<TwilioMessage, bool> matches)
    {
        var (to, from) = (query["To"].ToString(), query["From"].ToString());
        matches = message =>
            (to.Length == 0 || message.To == to)
            && (from.Length == 0 || (message.Sender == from && !message.SenderIsOpen));

        foreach (var name in (string[])["DateSent", "DateSent>", "DateSent<"])
        {
            if (query[name].ToString() is not { Length: > 0 } text) continue;
            if (!TwilioTime.TryReadFilter(text, out var start, out var end)) return false;

            var others = matches;
            matches = name switch
            {
                "DateSent>" => message => others(message) && message.SentAt >= start,
                "DateSent<" => message => others(message) && message.SentAt < end,
                _ => message => others(message) && message.SentAt >= start && message.SentAt < end,
            };
        }

        return true;
    }

    private static int? Number(string? text) => int.TryParse(text, CultureInfo.InvariantCulture, out var number) ? number : null;
}
