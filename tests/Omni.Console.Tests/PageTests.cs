using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Omni.Client;
using static Microsoft.Playwright.Assertions;

namespace Omni.WebConsole.Tests;

[Collection(ConsoleTests.Name)]
public sealed class PageTests(ConsoleHost console)
{
    private const string Ours = "+12065550100";

    [BrowserFact]
    public async Task Messages_are_listed_live_filtered_and_shown_with_their_timeline()
    {
        var page = await console.OpenAsync("messages?label=shown");
        await Expect(page.GetByText("No message is like that")).ToBeVisibleAsync();

        // It comes by itself.
        var text = string.Concat(Enumerable.Repeat("The story of a parcel. ", 90));
        var message = await console.Omni.Messages.SendAsync(Send("+14155551001", text) with { Label = "shown" });
        var row = page.GetByRole(AriaRole.Row, new() { NameRegex = new("The story of a parcel") });
        await Expect(row.GetByText("delivered")).ToBeVisibleAsync();
        await ConsoleHost.CheckAsync(page);
        await Expect(page.GetByText("+14155551001")).ToHaveCountAsync(0);

        await row.GetByRole(AriaRole.Link).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("Message");
        await Expect(page.GetByRole(AriaRole.Img, new() { NameRegex = new("timeline") })).ToBeVisibleAsync();
        await Expect(page.Locator("svg.line circle")).ToHaveCountAsync(7); // accepted; sending, sent, delivered of two parts
        await page.GetByText("The carrier's own words").ClickAsync();
        var own = (await console.Omni.Messages.GetAsync(message.Id)).Parts![0].CarrierMessageId!;
        await Expect(page.GetByText(own).First).ToBeVisibleAsync();
        await ConsoleHost.CheckAsync(page);
        await ConsoleHost.ShowAsync(page, "message");
    }

    [BrowserFact]
    public async Task A_filter_that_the_API_refuses_says_why()
    {
        var page = await console.OpenAsync("messages");
        await page.GetByRole(AriaRole.Textbox, new() { Name = "To" }).FillAsync("nonsense:1");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("invalid_parameter");
        await page.GetByRole(AriaRole.Textbox, new() { Name = "To" }).FillAsync("");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByRole(AriaRole.Alert)).ToHaveCountAsync(0);
        await ConsoleHost.ShowAsync(page, "messages");
    }

    [BrowserFact]
    public async Task A_conversation_is_answered()
    {
        await console.TellAsync("twilio", "+14155551002", Ours, "Where is it?");
        var page = await console.OpenAsync("conversations");
        await page.GetByRole(AriaRole.Textbox, new() { Name = "Person" }).FillAsync("+14155551002");
        await page.Keyboard.PressAsync("Enter");
        await page.GetByRole(AriaRole.Link, new() { NameRegex = new("1002") }).ClickAsync();

        var thread = page.GetByRole(AriaRole.Log);
        await Expect(thread.GetByText("Where is it?")).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Textbox, new() { Name = "Answer" }).FillAsync("At the door");
        await page.GetByRole(AriaRole.Button, new() { Name = "Send", Exact = true }).ClickAsync();
        await Expect(thread.Locator(".ours", new() { HasText = "At the door" }).GetByText("delivered")).ToBeVisibleAsync();
        await console.TellAsync("twilio", "+14155551002", Ours, "Thank you!");
        await Expect(thread.GetByText("Thank you!")).ToBeVisibleAsync();
        await ConsoleHost.CheckAsync(page);
        await ConsoleHost.ShowAsync(page, "conversations");
    }

    [BrowserFact]
    public async Task A_carrier_is_paused_and_goes_on()
    {
        var page = await console.OpenAsync("pipeline");
        var carrier = page.GetByRole(AriaRole.Region, new() { Name = "MessageBird" });
        await carrier.GetByRole(AriaRole.Textbox).FillAsync("They told us to");
        await carrier.GetByRole(AriaRole.Button, new() { Name = "Pause" }).ClickAsync();
        await Expect(carrier.GetByText("They told us to")).ToBeVisibleAsync();
        await Expect(carrier.GetByText("paused", new() { Exact = true })).ToBeVisibleAsync();
        await Expect(page.GetByText("There are none: no fault")).ToBeVisibleAsync();
        await ConsoleHost.CheckAsync(page);
        await ConsoleHost.ShowAsync(page, "pipeline");

        await carrier.GetByRole(AriaRole.Button, new() { Name = "Resume" }).ClickAsync();
        await Expect(carrier.GetByRole(AriaRole.Button, new() { Name = "Pause" })).ToBeVisibleAsync();
    }

    [BrowserFact]
    public async Task A_batch_is_paused_goes_on_and_is_canceled()
    {
        var taken = await console.Omni.Batches.SendAsync(new()
        {
            Name = "Spring sale",
            Carrier = "twilio",
            From = Ours,
            ScheduledAt = TimeProvider.System.GetUtcNow().AddHours(1),
            Text = "Hello {{name|there}}",
            Recipients = [.. Enumerable.Range(0, 20).Select(i => new BulkRecipient { To = $"+1415557{i:0000}" })],
        });
        var page = await console.OpenAsync("batches");
        await page.GetByRole(AriaRole.Link, new() { Name = "Spring sale" }).ClickAsync();
        var batch = page.GetByRole(AriaRole.Region, new() { Name = "Batch", Exact = true });
        await batch.GetByRole(AriaRole.Button, new() { Name = "Pause" }).ClickAsync();
        await Expect(batch.GetByText("paused", new() { Exact = true })).ToBeVisibleAsync();
        await ConsoleHost.CheckAsync(page);
        await ConsoleHost.ShowAsync(page, "batches");
        await batch.GetByRole(AriaRole.Button, new() { Name = "Resume" }).ClickAsync();
        await Expect(batch.GetByText(new Regex("^(running|scheduled)$")).First).ToBeVisibleAsync();

        await batch.GetByRole(AriaRole.Button, new() { Name = "Cancel …" }).ClickAsync();
        await batch.GetByRole(AriaRole.Button, new() { Name = "Cancel the batch" }).ClickAsync();
        await Expect(batch.GetByText("canceled", new() { Exact = true }).First).ToBeVisibleAsync();
        Assert.Equal(BatchState.Canceled, (await console.Omni.Batches.GetAsync(taken.BatchId)).State);
    }

    [BrowserFact]
    public async Task An_endpoint_that_fails_shows_its_attempts()
    {
        var page = await console.OpenAsync("endpoints");
        await page.GetByRole(AriaRole.Button, new() { Name = "Add" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("url");

        await page.GetByRole(AriaRole.Textbox, new() { Name = "New endpoint" }).FillAsync("http://127.0.0.1:9/hooks");
        await page.GetByRole(AriaRole.Button, new() { Name = "Add" }).ClickAsync();
        await Expect(page.GetByText("whsec_")).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "http://127.0.0.1:9/hooks" }).ClickAsync();
        var endpoint = page.GetByRole(AriaRole.Region, new() { Name = "Endpoint", Exact = true });
        await endpoint.GetByRole(AriaRole.Button, new() { Name = "Test" }).ClickAsync();
        await Expect(endpoint.GetByText("It did not take the test event")).ToBeVisibleAsync();

        await console.Omni.Messages.SendAsync(Send("+14155551003", "Tell them"));
        await Expect(endpoint.GetByRole(AriaRole.Row, new() { NameRegex = new("message\\.") }).First).ToBeVisibleAsync();
        await endpoint.GetByRole(AriaRole.Button, new() { Name = "Replay" }).ClickAsync();
        await Expect(endpoint.GetByText("It is told once more").Or(page.GetByRole(AriaRole.Alert)).First).ToBeVisibleAsync();
        await ConsoleHost.CheckAsync(page);
        await ConsoleHost.ShowAsync(page, "endpoints");
        await endpoint.GetByRole(AriaRole.Button, new() { Name = "Disable" }).ClickAsync();
        await Expect(endpoint.GetByText("disabled", new() { Exact = true })).ToBeVisibleAsync();
    }

    [BrowserFact]
    public async Task A_sender_is_registered_and_ended()
    {
        var page = await console.OpenAsync("senders");
        await page.GetByRole(AriaRole.Combobox, new() { Name = "Carrier" }).SelectOptionAsync("bandwidth");
        await page.GetByRole(AriaRole.Textbox, new() { Name = "Address" }).FillAsync("+12065550101");
        await page.GetByRole(AriaRole.Textbox, new() { Name = "Messages a second" }).FillAsync("5");
        await page.GetByRole(AriaRole.Button, new() { Name = "Register" }).ClickAsync();

        // It is a limit of the account there, as the API says.
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("ratePerSecond");
        await page.GetByRole(AriaRole.Combobox, new() { Name = "Carrier" }).SelectOptionAsync("twilio");
        await page.GetByRole(AriaRole.Button, new() { Name = "Register" }).ClickAsync();
        var row = page.GetByRole(AriaRole.Row, new() { NameRegex = new("0101.*5.s") });
        await Expect(row).ToBeVisibleAsync();
        await ConsoleHost.CheckAsync(page);
        await ConsoleHost.ShowAsync(page, "senders");
        await row.GetByRole(AriaRole.Button).ClickAsync();
        await Expect(row).ToHaveCountAsync(0);
    }

    [BrowserFact]
    public async Task A_consent_is_recorded_and_seen_live()
    {
        var page = await console.OpenAsync("consents");
        await page.GetByRole(AriaRole.Textbox, new() { Name = "Person" }).FillAsync("+14155551004");
        await page.GetByRole(AriaRole.Textbox, new() { Name = "How you know" }).FillAsync("By telephone");
        await page.GetByRole(AriaRole.Button, new() { Name = "Opt out" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Row, new() { NameRegex = new("1004 opted out.*By telephone") })).ToBeVisibleAsync();

        await console.TellAsync("twilio", "+14155551005", Ours, "STOP");
        await Expect(page.GetByRole(AriaRole.Row, new() { NameRegex = new("1005 opted out") })).ToBeVisibleAsync();
        await ConsoleHost.CheckAsync(page);
        await ConsoleHost.ShowAsync(page, "consents");
    }

    [BrowserFact]
    public async Task A_key_is_made_shown_once_and_deleted()
    {
        var page = await console.OpenAsync("keys");
        await page.GetByRole(AriaRole.Textbox, new() { Name = "Name of a new key" }).FillAsync("Billing");
        await page.GetByRole(AriaRole.Checkbox, new() { Name = "messages:write" }).UncheckAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Make a key" }).ClickAsync();
        var secret = await page.Locator(".secret").TextContentAsync();
        Assert.False(string.IsNullOrEmpty(secret));
        var row = page.GetByRole(AriaRole.Row, new() { NameRegex = new("Billing") });
        await Expect(row).ToContainTextAsync("messages:read");
        await Expect(row).Not.ToContainTextAsync("messages:write");
        await ConsoleHost.CheckAsync(page);

        await page.ReloadAsync();
        await Expect(row).ToBeVisibleAsync();
        await Expect(page.GetByText(secret)).ToHaveCountAsync(0);
        await ConsoleHost.ShowAsync(page, "keys");
        await row.GetByRole(AriaRole.Button).ClickAsync();
        await row.GetByRole(AriaRole.Button, new() { Name = "for good" }).ClickAsync();
        await Expect(row.GetByText("active")).ToHaveCountAsync(0);
    }

    [BrowserTheory]
    [InlineData("phones"), InlineData("conversations"), InlineData("messages"), InlineData("batches"), InlineData("pipeline")]
    [InlineData("endpoints"), InlineData("senders"), InlineData("consents"), InlineData("keys")]
    public async Task Every_page_fits_a_phone_in_the_dark(string path)
    {
        var page = await console.OpenAsync(path, isDark: true, isPhone: true);
        await Expect(page.GetByText(new Regex(" …$")).And(page.GetByRole(AriaRole.Status))).ToHaveCountAsync(0);
        await ConsoleHost.CheckAsync(page);
    }

    private static SendRequest Send(string to, string text) => new() { Carrier = "twilio", To = to, From = Ours, Text = text };
}
