using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;

namespace Omni.Simulators.Tests.Twilio;

public sealed class TwilioRefusalTests(SimulatedTwilio twilio) : IClassFixture<SimulatedTwilio>
{
    private static readonly Dictionary<string, JsonElement> Cases = JsonSerializer
        .Deserialize<JsonElement[]>(File.ReadAllText("Fixtures/refused-sends.json"))!
        .ToDictionary(item => item.GetProperty("name").GetString()!);

    public static TheoryData<string> Names() => [.. Cases.Keys];

    [Theory, MemberData(nameof(Names))]
    public async Task A_send_is_refused_as_Twilio_refuses_it(string name)
    {
        var item = Cases[name];
        using var content = new FormUrlEncodedContent(item.GetProperty("form").EnumerateObject().SelectMany(Fields));
        using var response = await twilio.Api.PostAsync($"{twilio.Account}/Messages.json", content);

        var error = await SimulatedTwilio.JsonOf(response);
        Assert.Equal(item.GetProperty("code").GetInt32(), error.GetProperty("code").GetInt32());
        var status = item.TryGetProperty("status", out var named) ? named.GetInt32() : 400;
        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal(status, error.GetProperty("status").GetInt32());
        Assert.NotEmpty(error.GetProperty("message").GetString()!);
        Assert.StartsWith("https://www.twilio.com/", error.GetProperty("more_info").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_refused_is_remembered_and_not_accepted()
    {
        using var response = await twilio.SendAsync(("To", "+15005550001"), ("Body", "to be refused"));

        var refused = await twilio.Control.GetFromJsonAsync<JsonElement[]>("refused");
        Assert.Contains(refused!, entry =>
            entry.GetProperty("code").GetInt32() == 21211
            && entry.GetProperty("parameters").GetProperty("Body")[0].GetString() == "to be refused");
        Assert.Empty(await twilio.AcceptedAsync("?to=%2B15005550001"));
    }

    [Theory]
    [InlineData("", "", 401, 20003)]
    [InlineData("{account}", "wrong", 401, 20003)]
    [InlineData("AC99999999999999999999999999999999", "{token}", 401, 20003)]
    [InlineData("{key}", "{token}", 401, 20003)]
    [InlineData("{account}", "{token}", 201, null)]
    [InlineData("{account}", "{secondary}", 201, null)]
    [InlineData("{key}", "{secret}", 201, null)]
    public async Task Credentials_are_checked(string user, string password, int status, int? code)
    {
        using var client = SimulatedTwilio.Client(Fill(user), Fill(password));
        using var content = Text();
        using var response = await client.PostAsync($"{twilio.Account}/Messages.json", content);

        Assert.Equal(status, (int)response.StatusCode);
        if (code is not null) Assert.Equal(code, await SimulatedTwilio.CodeOf(response));
        Assert.Equal(status == 401, response.Headers.WwwAuthenticate.Count == 1);
    }

    [Theory]
    [InlineData("Bearer abc")]
    [InlineData("Basic not-base64")]
    [InlineData("Basic")]
    public async Task Other_authorisation_is_refused(string header)
    {
        using var client = new HttpClient();
        client.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", header);
        using var content = Text();
        using var response = await client.PostAsync($"{twilio.Account}/Messages.json", content);
        Assert.Equal(20003, await SimulatedTwilio.CodeOf(response));
    }

    [Fact]
    public async Task Another_account_in_the_path_is_not_found()
    {
        using var content = Text();
        using var response = await twilio.Api.PostAsync(
            $"{twilio.Host}/twilio/2010-04-01/Accounts/AC99999999999999999999999999999999/Messages.json", content);
        Assert.Equal(404, (int)response.StatusCode);
        Assert.Equal(20404, await SimulatedTwilio.CodeOf(response));
    }

    [Fact]
    public async Task A_JSON_body_is_not_read()
    {
        using var response = await twilio.Api.PostAsJsonAsync(
            $"{twilio.Account}/Messages.json", new { To = "+14155550123", From = "+12065550100", Body = "x" });
        var error = await SimulatedTwilio.JsonOf(response);
        Assert.Equal(21604, error.GetProperty("code").GetInt32());
        Assert.Contains("x-www-form-urlencoded", error.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    private string Fill(string text) => text switch
    {
        "{account}" => twilio.Options.AccountSid,
        "{token}" => twilio.Options.AuthToken,
        "{secondary}" => twilio.Options.SecondaryAuthToken,
        "{key}" => twilio.Options.ApiKeySid!,
        "{secret}" => twilio.Options.ApiKeySecret!,
        _ => text,
    };

    private static FormUrlEncodedContent Text() => new([new("To", "+14155550123"), new("From", "+12065550100"), new("Body", "x")]);

    private static IEnumerable<KeyValuePair<string, string>> Fields(JsonProperty field) => field.Value.ValueKind is JsonValueKind.Array
        ? field.Value.EnumerateArray().Select(value => KeyValuePair.Create(field.Name, value.GetString()!))
        : [KeyValuePair.Create(field.Name, Expand(field.Value.GetString()!))];

    // {now+SECONDS} is a time ahead, {x*COUNT} a long text.
    private static string Expand(string text) => text switch
    {
        ['{', 'n', 'o', 'w', '+', .. var seconds, '}'] =>
            DateTimeOffset.UtcNow.AddSeconds(
                int.Parse(seconds, CultureInfo.InvariantCulture)).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
        ['{', 'x', '*', .. var count, '}'] => new string('x', int.Parse(count, CultureInfo.InvariantCulture)),
        _ => text,
    };
}
