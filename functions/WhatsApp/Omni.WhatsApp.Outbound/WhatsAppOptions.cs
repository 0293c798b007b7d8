using System.Net.Http.Headers;
using Omni.Aws;
using Omni.Shared;

namespace Omni.WhatsApp.Outbound;

/// <summary>
/// Where and as whom Meta's API is called. Values are read when they are used, so that a refreshed secret counts at once.
/// </summary>
internal sealed class WhatsAppOptions
{
    private const string TokenName = "WHATSAPP_API_TOKEN",
        NumberIdName = "WHATSAPP_PHONE_NUMBER_ID",
        NumberIdsName = "WHATSAPP_PHONE_NUMBER_IDS",
        AccountIdName = "WHATSAPP_BUSINESS_ACCOUNT_ID";

    // A version lives about two years: https://developers.facebook.com/docs/graph-api/changelog/versions
    private const string Version = "v25.0";

    private readonly Settings _settings;
    private readonly string _apiUrl;

    /// <summary>Options over settings.</summary>
    /// <param name="settings">The function's settings.</param>
    /// <exception cref="SettingsException">Some are missing.</exception>
    /// <exception cref="InvalidOperationException">The list of numbers or the base URL cannot be read.</exception>
    public WhatsAppOptions(Settings settings)
    {
        settings.Require(TokenName, NumberIdName);
        _settings = settings;
        var name = SettingNames.BaseUrl(WhatsAppSender.Carrier);
        BaseUrl = Uri.TryCreate(settings.Find(name) ?? "https://graph.facebook.com", UriKind.Absolute, out var url)
            && url.Scheme is ("https" or "http")
            ? url : throw new InvalidOperationException($"{name} must be a web address.");
        _apiUrl = $"{BaseUrl.AbsoluteUri.TrimEnd('/')}/{settings.Find("WHATSAPP_API_VERSION") ?? Version}";
        _ = Numbers;
    }

    /// <summary>Where the API is.</summary>
    public Uri BaseUrl { get; }

    /// <summary>The token of a system user.</summary>
    public AuthenticationHeaderValue Authorization => new("Bearer", _settings.Find(TokenName));

    /// <summary>The only number's id; null when there are several and it cannot be told which one a file came to.</summary>
    public string? OnlyNumberId => Numbers is null ? _settings.Find(NumberIdName) : null;

    /// <summary>The id of one of our numbers: out of the list, or the default one where there is no list.</summary>
    /// <param name="number">The number.</param>
    /// <returns>The id; null when there is a list and it does not have the number.</returns>
    public string? NumberId(Address number) => Numbers is { } ids ? ids.GetValueOrDefault(number.Value) : _settings.Find(NumberIdName);

    /// <summary>The id of one of our numbers, or the default one.</summary>
    /// <param name="number">The number.</param>
    public string NumberIdOrDefault(Address number) => NumberId(number) ?? _settings.Find(NumberIdName)!;

    /// <summary>Where messages from a number are sent, and messages to it are marked as read.</summary>
    /// <param name="numberId">The number's id.</param>
    public string MessagesUrl(string numberId) => $"{_apiUrl}/{numberId}/messages";

    /// <summary>Where the business account's templates are listed; null where the account is not named.</summary>
    public string? TemplatesUrl =>
        _settings.Find(AccountIdName) is { } id ? $"{_apiUrl}/{Uri.EscapeDataString(id)}/message_templates" : null;

    /// <summary>Where a number's files are put.</summary>
    /// <param name="numberId">The number's id.</param>
    public string UploadUrl(string numberId) => $"{_apiUrl}/{numberId}/media";

    /// <summary>Where a file's address is asked for.</summary>
    /// <param name="mediaId">The file's id at Meta.</param>
    public string MediaUrl(string mediaId)
    {
        var url = $"{_apiUrl}/{Uri.EscapeDataString(mediaId)}";
        return OnlyNumberId is { } id ? $"{url}?phone_number_id={Uri.EscapeDataString(id)}" : url;
    }

    // +31205550100=99001122,+12065550100=99001123
    private Dictionary<string, string>? Numbers
    {
        get
        {
            if (_settings.Find(NumberIdsName) is not { } list) return null;

            var ids = new Dictionary<string, string>(StringComparer.Ordinal);
            foreach (var pair in list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            {
                if (pair.Split('=', StringSplitOptions.TrimEntries) is not [['+', ..] number, { Length: > 0 } id]
                    || !ids.TryAdd(number, id))
                {
                    throw new InvalidOperationException(
                        $"{NumberIdsName} must be a list such as +31205550100=99001122,+12065550100=99001123.");
                }
            }

            return ids;
        }
    }
}
