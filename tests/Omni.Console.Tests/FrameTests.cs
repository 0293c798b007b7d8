using System.Net;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Omni.WebConsole.Tests;

[Collection(ConsoleTests.Name)]
public sealed class FrameTests(ConsoleHost console)
{
    public static TheoryData<string, string> Strangers() => new()
    {
        { "Host", "omni.example.com" },
        { "Host", "127.0.0.1.example.com" },
        { "Origin", "https://evil.example.com" },
        { "Origin", "null" },
        { "Sec-Fetch-Site", "cross-site" },
    };

    [BrowserTheory, MemberData(nameof(Strangers))]
    public async Task Strangers_are_not_let_in(string header, string value)
    {
        using var http = new HttpClient();
        foreach (var path in (string[])["", "_blazor/negotiate", "assets/console.css"])
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(console.Url, path));
            if (header == "Host") request.Headers.Host = value;
            else request.Headers.Add(header, value);
            using var response = await http.SendAsync(request);
            Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        }
    }

    [BrowserFact]
    public async Task It_asks_nobody_but_this_machine_and_tells_the_browser_so()
    {
        using var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false });
        using var bare = await http.GetAsync(new Uri(console.Local.Url, "/console"));
        Assert.Equal((HttpStatusCode.Redirect, "/console/"), (bare.StatusCode, bare.Headers.Location?.ToString()));

        using var page = await http.GetAsync(console.Url);
        var policy = Assert.Single(page.Headers.GetValues("Content-Security-Policy"));
        Assert.Contains("default-src 'self'", policy, StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("local-dev-key", await page.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [BrowserTheory, InlineData(false, false), InlineData(true, false), InlineData(false, true), InlineData(true, true)]
    public async Task The_frame_is_dark_or_light_as_the_browser_wants_and_fits_a_phone(bool isDark, bool isPhone)
    {
        var page = await console.OpenAsync("", isDark, isPhone);
        var dark = page.GetByRole(AriaRole.Button, new() { Name = "Dark" });
        await Expect(dark).ToHaveAttributeAsync("aria-pressed", isDark ? "true" : "false");
        await ConsoleHost.CheckAsync(page);

        await dark.ClickAsync();
        await Expect(dark).ToHaveAttributeAsync("aria-pressed", isDark ? "false" : "true");
        await page.ReloadAsync();
        await Expect(dark).ToHaveAttributeAsync("aria-pressed", isDark ? "false" : "true");

        if (isPhone) await page.GetByRole(AriaRole.Button, new() { Name = "Menu" }).ClickAsync();
        await page.GetByRole(AriaRole.Navigation).GetByRole(AriaRole.Link, new() { Name = "Phones" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("Phones");
    }

    [BrowserFact]
    public async Task Numbers_are_whole_only_when_asked_for()
    {
        var page = await console.OpenAsync("phones");
        await Expect(page.Locator(".phone").First).ToBeVisibleAsync();
        await Expect(page.GetByText("+31205550100")).ToHaveCountAsync(0);

        await page.GetByRole(AriaRole.Button, new() { Name = "Whole numbers" }).ClickAsync();
        await Expect(page.GetByText("+31205550100").First).ToBeVisibleAsync();
    }

    [Fact]
    public void A_console_alone_says_what_it_lacks()
    {
        static string? Nothing(string name) => null;
        static string Wrong(params string[] arguments) =>
            Assert.Throws<ArgumentException>(() => ConsoleOptions.Parse(arguments, Nothing)).Message;
        Assert.Contains("--url", Wrong("--key", "k"), StringComparison.Ordinal);
        Assert.Contains("--key", Wrong("--url", "https://a.example"), StringComparison.Ordinal);
        Assert.Contains("--wat", Wrong("--wat"), StringComparison.Ordinal);

        var options = ConsoleOptions.Parse(
            ["--url", "https://a.example", "--port", "0"], name => name == "OMNI_API_KEY" ? "from the environment" : null);
        Assert.Equal((new Uri("https://a.example"), "from the environment", 0), (options.Url, options.ApiKey, options.Port));
        Assert.DoesNotContain("from the environment", options.ToString(), StringComparison.Ordinal);
    }
}
