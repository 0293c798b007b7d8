using System.Buffers;
using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization;
using Omni.Aws;
using Omni.Shared;

namespace Omni.Api;

/// <summary>Where an endpoint that is enabled goes on.</summary>
[JsonConverter(typeof(CamelCaseEnumConverter<EndpointStart>))]
internal enum EndpointStart
{
    /// <summary>Where it was.</summary>
    Position,

    /// <summary>With what happens from now on.</summary>
    Latest,
}

/// <summary>What a client says of an endpoint, as a whole or as a change.</summary>
/// <param name="Change">The fields.</param>
/// <param name="State">The state that it is to have; null to leave it.</param>
/// <param name="From">Where it goes on when it is enabled.</param>
internal sealed record EndpointRequest(EndpointChange Change, EndpointState? State, EndpointStart From)
{
    private const int MaxDescription = 256;
    private const int MaxHeaderValue = 1024;

    /// <summary>Headers that are ours, or the connection's. https://www.rfc-editor.org/rfc/rfc9110#section-7.6.1</summary>
    private static readonly string[] OurHeaders =
    [
        "host", "user-agent", "connection", "keep-alive", "expect", "te", "trailer", "transfer-encoding", "upgrade",
        "traceparent", "tracestate",
    ];

    private static readonly string[] OurPrefixes = ["webhook-", "content-", "proxy-"];

    // https://www.rfc-editor.org/rfc/rfc9110#section-5.6.2
    private static readonly SearchValues<char> TokenCharacters =
        SearchValues.Create("!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");

    /// <summary>Reads a new endpoint.</summary>
    public static EndpointRequest? ReadNew(JsonElement body, bool isLocal, List<FieldError> errors) =>
        Read(body, isLocal, isNew: true, errors);

    /// <summary>Reads a change of an endpoint.</summary>
    public static EndpointRequest? ReadChange(JsonElement body, bool isLocal, List<FieldError> errors) =>
        Read(body, isLocal, isNew: false, errors);

    private static EndpointRequest? Read(JsonElement body, bool isLocal, bool isNew, List<FieldError> errors)
    {
        if (body.ValueKind != JsonValueKind.Object)
        {
            errors.Add(new("$", "wrong_type", "It must be an object."));
            return null;
        }

        var fields = new JsonFields(body, "", errors);
        var change = new EndpointChange(
            Url(fields, isNew, isLocal),
            Words(fields, "types", EventTypes.All),
            Words(fields, "carriers", [.. CarrierCatalogue.All.Select(carrier => carrier.Id)]),
            fields.Flag("legs"),
            fields.Text("description", min: isNew ? 1 : 0, max: MaxDescription),
            Headers(fields));
        var state = isNew ? null : WantedState(fields);
        var from = isNew ? null : fields.Word<EndpointStart>("from");
        if (from is not null && state != EndpointState.Enabled) fields.Refuse("from", "not_here", "It belongs to \"state\": \"enabled\".");
        fields.RefuseOthers();
        return errors.Count == 0 ? new(change, state, from ?? EndpointStart.Position) : null;
    }

    private static Uri? Url(JsonFields fields, bool isNew, bool isLocal)
    {
        if (fields.Url("url", isNew) is not { } url) return null;

        var address = IPAddress.TryParse(url.DnsSafeHost, out var literal) ? literal : url.IsLoopback ? IPAddress.Loopback : null;
        var isHere = address is not null && IPAddress.IsLoopback(address);
        if (url.Scheme != Uri.UriSchemeHttps && !(isLocal && isHere && url.Scheme == Uri.UriSchemeHttp))
            fields.Refuse("url", "https_required", "It begins with https://.");
        else if (url.UserInfo.Length > 0)
            fields.Refuse("url", "credentials", "It holds no name and no password; send a header of your own instead.");
        else if (url.Fragment.Length > 0)
            fields.Refuse("url", "invalid_url", "It has no fragment.");
        else if (address is not null && !EndpointClient.MayConnect(address, isLocal))
            fields.Refuse("url", "private_address", "Its address is not one of the public internet.");
        return url;
    }

    private static EndpointState? WantedState(JsonFields fields)
    {
        if (fields.Word<EndpointState>("state") is not { } state) return null;
        if (state != EndpointState.Failing) return state;

        fields.Refuse("state", "invalid_value", "It is enabled or disabled.");
        return null;
    }

    private static string[]? Words(JsonFields fields, string name, IReadOnlyList<string> known)
    {
        if (fields.Texts(name, canBeEmpty: true) is not { } texts) return null;

        foreach (var (index, text) in texts.Index().Where(text => !known.Contains(text.Item)))
            fields.Refuse($"{name}[{index}]", "invalid_value", $"It is one of {string.Join(", ", known)}.");
        return [.. texts.Distinct()];
    }

    private static IReadOnlyDictionary<string, string>? Headers(JsonFields fields)
    {
        if (fields.Map("headers") is not { } headers) return null;

        if (headers.Count > WebhookEndpoint.MaxHeaders)
            fields.Refuse("headers", "too_many", $"There are at most {WebhookEndpoint.MaxHeaders}.");
        foreach (var (name, value) in headers)
        {
            if (name.Length == 0 || name.AsSpan().IndexOfAnyExcept(TokenCharacters) >= 0)
                fields.Refuse($"headers.{name}", "invalid_value", "It is no name of a header.");
            else if (OurHeaders.Contains(name.ToLowerInvariant())
                || OurPrefixes.Any(prefix => name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)))
                fields.Refuse($"headers.{name}", "not_yours", "This header is Omni's, or the connection's.");
            else if (value.Length > MaxHeaderValue || value.Any(c => c is < ' ' or > '~'))
                fields.Refuse($"headers.{name}", "invalid_value", $"It has at most {MaxHeaderValue} printable ASCII characters.");
        }

        if (headers.Keys.Distinct(StringComparer.OrdinalIgnoreCase).Count() < headers.Count)
            fields.Refuse("headers", "repeated", "The case of a header's name does not matter: one is given twice.");
        return headers;
    }
}
