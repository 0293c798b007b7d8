using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Omni.WebConsole.Tests;

[Collection(ConsoleTests.Name)]
public sealed class PhoneTests(ConsoleHost console)
{
    public static TheoryData<string> Carriers() => ["WhatsApp", "Bandwidth", "Twilio", "LiveChat", "MessageBird", "Inteliquent"];

    [BrowserTheory, MemberData(nameof(Carriers))]
    public async Task The_first_page_invites_to_a_conversation_on_each_carrier(string carrier)
    {
        var page = await console.OpenAsync("");
        await page.GetByRole(AriaRole.Button, new() { Name = carrier, Exact = true }).ClickAsync();
        var phone = page.GetByRole(AriaRole.Region, new() { Name = $"Phone of Ann on {carrier}" });
        await phone.GetByRole(AriaRole.Textbox).FillAsync($"Hello over {carrier}");
        await phone.GetByRole(AriaRole.Button, new() { Name = "Send as Ann" }).ClickAsync();

        var thread = page.GetByRole(AriaRole.Log, new() { Name = "Messages of the conversation" });
        await Expect(thread.GetByText($"Hello over {carrier}")).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Textbox, new() { Name = "Answer" }).FillAsync($"And hello from us over {carrier}");
        await page.GetByRole(AriaRole.Button, new() { Name = "Send", Exact = true }).ClickAsync();

        await Expect(phone.GetByText($"And hello from us over {carrier}")).ToBeVisibleAsync();
        await Expect(thread.GetByText(new Regex("^(delivered|sent)$")).First).ToBeVisibleAsync();
        await ConsoleHost.CheckAsync(page);
        if (carrier == "WhatsApp") await ConsoleHost.ShowAsync(page, "start");
    }

    [BrowserFact]
    public async Task A_button_and_a_row_of_a_list_are_tapped()
    {
        var page = await console.OpenAsync("");
        var phone = page.GetByRole(AriaRole.Region, new() { Name = "Phone of Ann on WhatsApp" });
        await phone.GetByRole(AriaRole.Textbox).FillAsync("Which days?");
        await phone.GetByRole(AriaRole.Button, new() { Name = "Send as Ann" }).ClickAsync();

        await AnswerAsync(page, "buttons", "When?", "Morning\nEvening");
        await phone.GetByRole(AriaRole.Button, new() { Name = "Evening" }).Last.ClickAsync();
        var thread = page.GetByRole(AriaRole.Log, new() { Name = "Messages of the conversation" });
        await Expect(thread.Locator(".theirs", new() { HasText = "Evening" }).First).ToBeVisibleAsync();

        await AnswerAsync(page, "list", "Which day?", "Thursday\nFriday");
        await phone.GetByRole(AriaRole.Button, new() { Name = "Friday" }).Last.ClickAsync();
        await Expect(thread.Locator(".theirs", new() { HasText = "Friday" }).First).ToBeVisibleAsync();
    }

    [BrowserFact]
    public async Task Phones_lie_side_by_side_and_carriers_misbehave()
    {
        var page = await console.OpenAsync("phones");
        var bob = page.GetByRole(AriaRole.Region, new() { Name = "Phone of Bob on Inteliquent" });
        await page.GetByRole(AriaRole.Combobox, new() { Name = "Person", Exact = true }).SelectOptionAsync("Bob");
        await page.GetByRole(AriaRole.Combobox, new() { Name = "Carrier", Exact = true }).SelectOptionAsync("inteliquent");
        await page.GetByRole(AriaRole.Button, new() { Name = "Add a phone" }).ClickAsync();
        await Expect(bob).ToBeVisibleAsync();

        // A picture from the person.
        await bob.GetByRole(AriaRole.Button, new() { Name = "Send a picture" }).ClickAsync();
        await Expect(bob.GetByRole(AriaRole.Img, new() { Name = "A picture that they sent" }).First).ToBeVisibleAsync();

        // Throttled: the message waits and says so; then it arrives.
        await page.GetByRole(AriaRole.Combobox, new() { Name = "Answers of Inteliquent", Exact = true }).SelectOptionAsync("throttled");
        await page.GetByRole(AriaRole.Combobox, new() { Name = "Phone", Exact = true }).SelectOptionAsync(
            new SelectOptionValue { Label = "Bob on Inteliquent" });
        await page.GetByRole(AriaRole.Textbox, new() { Name = "Message" }).FillAsync("Sold out tomorrow");
        await page.GetByRole(AriaRole.Button, new() { Name = "Send", Exact = true }).ClickAsync();
        var row = page.GetByRole(AriaRole.Row, new() { NameRegex = new Regex("Sold out tomorrow") });
        await Expect(row.Locator("small")).ToBeVisibleAsync();
        await Expect(bob.GetByText("Sold out tomorrow")).Not.ToBeVisibleAsync();
        await ConsoleHost.CheckAsync(page);
        await ConsoleHost.ShowAsync(page, "phones");

        await page.GetByRole(AriaRole.Combobox, new() { Name = "Answers of Inteliquent", Exact = true }).SelectOptionAsync("usual");
        await Expect(bob.GetByText("Sold out tomorrow")).ToBeVisibleAsync();
        await Expect(row.GetByText("delivered")).ToBeVisibleAsync();

        // A phone that is off.
        await bob.GetByRole(AriaRole.Button, new() { Name = "Switch off" }).ClickAsync();
        await Expect(bob.GetByText("The phone is off")).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Textbox, new() { Name = "Message" }).FillAsync("Are you there?");
        await page.GetByRole(AriaRole.Button, new() { Name = "Send", Exact = true }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Row, new() { NameRegex = new Regex("Are you there.*undelivered") })).ToBeVisibleAsync();

        // Opted out: nothing is sent any more.
        await bob.GetByRole(AriaRole.Button, new() { Name = "Switch on" }).ClickAsync();
        await bob.GetByRole(AriaRole.Button, new() { Name = "Opt out" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Row, new() { NameRegex = new Regex("STOP.*received") })).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Textbox, new() { Name = "Message" }).FillAsync("One more thing");
        await page.GetByRole(AriaRole.Button, new() { Name = "Send", Exact = true }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Row, new() { NameRegex = new Regex("One more thing.*rejected") })).ToBeVisibleAsync();
    }

    [BrowserFact]
    public async Task A_person_reads_what_they_got()
    {
        var page = await console.OpenAsync("");
        await page.GetByRole(AriaRole.Button, new() { Name = "LiveChat", Exact = true }).ClickAsync();
        var phone = page.GetByRole(AriaRole.Region, new() { Name = "Phone of Ann on LiveChat" });
        await phone.GetByRole(AriaRole.Textbox).FillAsync("Is it in stock?");
        await phone.GetByRole(AriaRole.Button, new() { Name = "Send as Ann" }).ClickAsync();
        await page.GetByRole(AriaRole.Textbox, new() { Name = "Answer" }).FillAsync("It is, and waits");
        await page.GetByRole(AriaRole.Button, new() { Name = "Send", Exact = true }).ClickAsync();
        await Expect(phone.GetByText("It is, and waits")).ToBeVisibleAsync();

        var thread = page.GetByRole(AriaRole.Log, new() { Name = "Messages of the conversation" });
        var answer = thread.Locator(".ours", new() { HasText = "It is, and waits" });
        await Expect(answer.GetByText("sent", new() { Exact = true })).ToBeVisibleAsync();
        await phone.GetByRole(AriaRole.Button, new() { Name = "Read" }).ClickAsync();
        await Expect(answer.GetByText("read", new() { Exact = true })).ToBeVisibleAsync();
    }

    private static async Task AnswerAsync(IPage page, string kind, string text, string choices)
    {
        await page.GetByRole(AriaRole.Combobox, new() { Name = "Kind", Exact = true }).SelectOptionAsync(kind);
        await page.GetByRole(AriaRole.Textbox, new() { Name = "Text", Exact = true }).FillAsync(text);
        await page.GetByRole(AriaRole.Textbox, new() { Name = "Choices, one a line", Exact = true }).FillAsync(choices);
        await page.GetByRole(AriaRole.Button, new() { Name = "Send", Exact = true }).ClickAsync();
    }
}
