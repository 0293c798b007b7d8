using System.Net.Http.Json;
using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using Omni.Client;
using Omni.Local;

namespace Omni.WebConsole.Tests;

/// <summary>One local host with all carriers, and one browser, for all tests: they keep apart by people and carriers.</summary>
public sealed class ConsoleHost : IAsyncLifetime
{
    /// <summary>How long anything may take on a busy machine.</summary>
    public const float PatienceMs = 60_000;

    /// <summary>Set to 1, the run writes what it saw to <c>docs/images</c>.</summary>
    private const string Pictures = "OMNI_PICTURES";

    private static readonly string[] Grave = ["serious", "critical"];

    private LocalHost? _host;
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public LocalHost Local => _host!;

    public Uri Url => _host!.ConsoleUrl;

    public OmniClient Omni { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        if (BrowserFactAttribute.Chromium is not { } chromium) return;
        _host = await LocalHost.StartAsync(new() { Port = 0 }, new Progress<string>());
        Omni = new(_host.Url, "local-dev-key");
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(
            new() { ExecutablePath = chromium, Args = ["--no-sandbox"], Timeout = PatienceMs });
        Assertions.SetDefaultExpectTimeout(PatienceMs);
    }

    public async Task DisposeAsync()
    {
        if (_browser is not null) await _browser.DisposeAsync();
        _playwright?.Dispose();
        Omni?.Dispose();
        if (_host is not null) await _host.DisposeAsync();
    }

    /// <summary>Opens a page of the console, and waits until it is there.</summary>
    public async Task<IPage> OpenAsync(string path, bool isDark = false, bool isPhone = false)
    {
        var context = await _browser!.NewContextAsync(new()
        {
            ViewportSize = isPhone ? new() { Width = 390, Height = 844 } : new() { Width = 1280, Height = 860 },
            ColorScheme = isDark ? ColorScheme.Dark : ColorScheme.Light,
            ReducedMotion = ReducedMotion.Reduce,
        });
        context.SetDefaultTimeout(PatienceMs);
        var page = await context.NewPageAsync();
        await page.GotoAsync(new Uri(Url, path).AbsoluteUri);
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToBeVisibleAsync();
        return page;
    }

    /// <summary>A person writes.</summary>
    public async Task TellAsync(string carrier, string person, string sender, string text)
    {
        using var http = new HttpClient();
        var phone = new Uri(_host!.Url, $"/sim/{carrier}/phone/messages");
        using var response = await http.PostAsJsonAsync(phone, new { person, sender, text });
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
    }

    /// <summary>Nothing on the page is in the way of people who cannot see it well, or use no mouse.</summary>
    public static async Task CheckAsync(IPage page)
    {
        var found = await page.RunAxe();
        var grave = found.Violations.Where(violation => Grave.Contains(violation.Impact)).ToArray();
        Assert.True(grave.Length == 0, string.Join('\n', grave.Select(Explain)));

        // Nothing is wider than the screen: what is, scrolls in itself.
        var fits = await page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= window.innerWidth");
        Assert.True(fits, "The page scrolls sideways.");
    }

    /// <summary>Writes what is seen to where the documents show it, when the run was asked to.</summary>
    public static async Task ShowAsync(IPage page, string name)
    {
        if (Environment.GetEnvironmentVariable(Pictures) != "1") return;
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Omni.sln"))) folder = Path.GetDirectoryName(folder)!;
        await page.EvaluateAsync("window.scrollTo(0, 0)");
        var path = Path.Combine(folder, "docs", "images", $"console-{name}.png");
        await page.ScreenshotAsync(new() { Path = path, Animations = ScreenshotAnimations.Disabled });
    }

    private static string Explain(AxeResultItem violation) =>
        $"{violation.Id}: {violation.Help}: {string.Join("; ", violation.Nodes.Select(node => node.Html))}";
}

/// <summary>All tests of the console share a host.</summary>
[CollectionDefinition(Name)]
public sealed class ConsoleTests : ICollectionFixture<ConsoleHost>
{
    public const string Name = "console";
}

/// <summary>A test that needs Chromium: <c>CHROMIUM_PATH</c>, or where systems put it.</summary>
public sealed class BrowserFactAttribute : FactAttribute
{
    public BrowserFactAttribute() => Skip = Chromium is null ? "There is no Chromium: set CHROMIUM_PATH" : null;

    /// <summary>Where it is; null when it is nowhere.</summary>
    internal static string? Chromium { get; } = ((string?[])
    [
        Environment.GetEnvironmentVariable("CHROMIUM_PATH"), "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome",
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome", "/Applications/Chromium.app/Contents/MacOS/Chromium",
    ]).FirstOrDefault(File.Exists);
}

/// <summary>The same, once for each of some data.</summary>
public sealed class BrowserTheoryAttribute : TheoryAttribute
{
    public BrowserTheoryAttribute() => Skip = new BrowserFactAttribute().Skip;
}
