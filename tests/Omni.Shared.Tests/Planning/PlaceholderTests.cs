namespace Omni.Shared.Tests;

/// <summary>What is a recipient's own, filled into content.</summary>
public sealed class PlaceholderTests
{
    private static readonly Dictionary<string, string> Values =
        new() { ["name"] = "Ada", ["order.no-1"] = "42", ["empty"] = "", ["odd"] = "{{name}}" };

    [Theory]
    [InlineData("Hello", "Hello")]
    [InlineData("Hello {{name}}", "Hello Ada")]
    [InlineData("{{ name }}{{name|you}}", "AdaAda")]
    [InlineData("Order {{order.no-1}}", "Order 42")]
    [InlineData("{{missing|you all}}!", "you all!")]
    [InlineData("{{missing|}}!", "!")]
    [InlineData("[{{empty}}]", "[]")]
    [InlineData("{{odd}}", "{{name}}")] // a value is not read again
    [InlineData("{name} }} {", "{name} }} {")]
    public void A_text_is_filled(string text, string expected)
    {
        Assert.Equal((expected, ""), Fill(text));
    }

    [Theory]
    [InlineData("{{missing}}", "content.body missing {{missing}}")]
    [InlineData("{{a}} {{b}} {{name}}", "content.body a {{a}}, content.body b {{b}}")]
    [InlineData("{{first name}}", "content.body - {{first name}}")]
    [InlineData("Hello {{name", "content.body - {{name")]
    [InlineData("{{}}", "content.body - {{}}")]
    [InlineData("{{name|{x}}}", "content.body - {{name|{x}}}")]
    public void What_would_leave_a_hole_is_named(string text, string problems)
    {
        Assert.Equal(problems, Fill(text).Problems);
    }

    [Fact]
    public void Captions_and_the_variables_of_templates_are_filled_and_nothing_else()
    {
        var problems = new List<PlaceholderProblem>();
        Content Of(Content content) => Placeholders.Fill(content, Values, problems);

        Assert.Equal("For Ada", ((ImageContent)Of(new ImageContent { MediaId = "1", Caption = "For {{name}}" })).Caption);
        var template = (TemplateContent)Of(new TemplateContent
        {
            Name = "{{name}}", Variables = new Dictionary<string, string> { ["1"] = "{{name}}", ["2"] = "{{none|-}}" },
        });
        Assert.Equal(("{{name}}", "Ada", "-"), (template.Name, template.Variables["1"], template.Variables["2"]));
        var choices = new InteractiveContent { Body = "{{name}}", Buttons = [new("1", "Yes", null)] };
        Assert.Same(choices, Of(choices));
        Assert.Empty(problems);
    }

    private static (string Text, string Problems) Fill(string text)
    {
        var problems = new List<PlaceholderProblem>();
        var filled = (TextContent)Placeholders.Fill(new TextContent { Body = text }, Values, problems);
        return (filled.Body, string.Join(", ", problems.Select(p => $"{p.Field} {p.Name ?? "-"} {p.Text}")));
    }
}
