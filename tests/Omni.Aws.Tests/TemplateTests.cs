using Amazon.SQS;
using Amazon.SQS.Model;
using Moq;
using Omni.Shared;
using Omni.Testing;

namespace Omni.Aws.Tests;

/// <summary>What is kept of carriers' templates, over the real table.</summary>
public sealed class TemplateTests(EmulatorFixture emulators) : TableTests(emulators, Start)
{
    private static readonly DateTimeOffset Start = new(2026, 3, 14, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task What_a_carrier_lists_replaces_what_it_listed_before()
    {
        var store = Tables.Aws.Templates;
        await store.SetAsync("whatsapp", [Template("a", "en", "1"), Template("a", "nl", "1"), Template("b", "en")]);
        Assert.Equal(Start, await store.ListedAtAsync("whatsapp"));

        Clock.Advance(TimeSpan.FromHours(1));
        await store.SetAsync("whatsapp", [Template("a", "en", "1", "2"), Template("c", "en")]);

        Assert.Equal(["a en 1,2", "c en "], await ListAsync());
        Assert.Equal(Start.AddHours(1), await store.ListedAtAsync("whatsapp"));
        Assert.Null(await store.ListedAtAsync("twilio"));

        await store.SetAsync("whatsapp", [Template("b", "en")]);
        Assert.Equal(["b en "], await ListAsync());
        Assert.DoesNotContain("ex", await Tables.ItemAsync(OmniTables.Control, "templates#whatsapp", "t#b#en"));
    }

    [Fact]
    public async Task An_account_may_have_thousands_and_only_what_changed_is_written()
    {
        var all = Enumerable.Range(0, 1_200).Select(i => Template($"template_{i:0000}", "en", "1")).ToList();
        var tapped = new TappedDynamoDb(Emulators, Tables.AccessKey);
        var store = new TemplateStore(tapped, OmniTables.Control, Clock);
        await store.SetAsync("whatsapp", all);
        var writes = 0;
        tapped.Before = call => writes += call is Amazon.DynamoDBv2.Model.UpdateItemRequest ? 1 : 0;

        await store.SetAsync("whatsapp", [.. all[..^1], Template("template_1199", "en", "1", "2")]);

        Assert.Equal(2, writes); // the template, and when they were listed
        Assert.Equal(1_200, (await ListAsync(limit: 500)).Count);
    }

    [Fact]
    public async Task A_template_is_found_in_its_language_and_only_by_its_whole_name()
    {
        await Tables.Aws.Templates.SetAsync(
            "whatsapp", [Template("sale", "en", "1"), Template("sale", "nl", "1", "2"), Template("sale_2", "fr", "1")]);

        foreach (var (name, language, expected) in ((string, string, string?)[])
        [
            ("sale", "nl", "sale nl"), ("sale", "en", "sale en"), ("sale", "fr", null), ("sal", "en", null), ("none", "en", null),
        ])
        {
            var found = await Tables.Aws.Templates.FindAsync("whatsapp", new TemplateContent { Name = name, Language = language });
            Assert.Equal(expected, found is null ? null : $"{found.Name} {found.Language}");
        }
    }

    [Fact]
    public async Task A_carrier_is_asked_once_an_hour_whoever_looks()
    {
        var asked = new List<SendMessageBatchRequestEntry>();
        var sqs = new Mock<IAmazonSQS>(MockBehavior.Strict);
        sqs.Setup(c => c.SendMessageBatchAsync(It.IsAny<SendMessageBatchRequest>(), It.IsAny<CancellationToken>()))
            .Callback((SendMessageBatchRequest request, CancellationToken _) =>
            {
                lock (asked) asked.AddRange(request.Entries);
            })
            .ReturnsAsync(new SendMessageBatchResponse());
        (Carrier, string)[] senders = [(CarrierCatalogue.Get("twilio"), "q"), (CarrierCatalogue.Get("whatsapp"), "r")];
        TemplateRounds Rounds() => new(Tables.Aws.Templates, new(sqs.Object), senders, Clock);

        Assert.Equal(2, (await Task.WhenAll(Rounds().RunAsync(), Rounds().RunAsync())).Sum());
        Clock.Advance(TimeSpan.FromMinutes(59));
        Assert.Equal(0, await Rounds().RunAsync());
        Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(2, await Rounds().RunAsync());

        Assert.Equal(4, asked.Count);
        Assert.All(asked, entry => Assert.Equal("""{"type":"listTemplates"}""", entry.MessageBody));
    }

    private async Task<List<string>> ListAsync(int limit = 2)
    {
        var found = new List<string>();
        string? from = null;
        do
        {
            var page = await Tables.Aws.Templates.ListAsync("whatsapp", from, limit);
            found.AddRange(page.Templates.Select(t => $"{t.Name} {t.Language} {string.Join(',', t.Variables)}"));
            from = page.Next;
        }
        while (from is not null);
        return found;
    }

    private static CarrierTemplate Template(string name, string language, params string[] variables) =>
        new() { Name = name, Language = language, Variables = variables };
}
