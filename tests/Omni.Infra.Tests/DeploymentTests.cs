using System.Text.Json.Nodes;
using Amazon.CDK;

namespace Omni.Infra.Tests;

[Collection(TemplatesDefinition.Name)]
public sealed class DeploymentTests(Templates templates)
{
    [Fact]
    public void A_stack_without_its_functions_refuses_to_be_deployed_and_says_what_to_do()
    {
        var assertion = Refusal(templates.Everything)!;

        Assert.Equal("no", templates.Everything.Json["Parameters"]!["FunctionsPublished"]!["Default"]!.GetValue<string>());
        Assert.Equal("""{"Fn::Equals":[{"Ref":"FunctionsPublished"},"yes"]}""", assertion["Assert"]!.ToJsonString());
        var reason = assertion["AssertDescription"]!.GetValue<string>();
        Assert.All(templates.Everything.Functions, function => Assert.Contains(function.Text("Handler"), reason, StringComparison.Ordinal));
        Assert.EndsWith("dotnet run --project build/Omni.Publish -- arm64", reason, StringComparison.Ordinal);
        Assert.Contains("Not in dist/linux-arm64", Manifest(templates.Everything), StringComparison.Ordinal);
    }

    [Fact]
    public void Functions_published_for_another_processor_count_as_missing()
    {
        Assert.EndsWith(
            "build/Omni.Publish -- x64", Refusal(templates.Mismatched)!["AssertDescription"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_stage_of_one_machine_cannot_be_deployed()
    {
        Assert.Contains("local/Omni.Local", Refusal(templates.Local)!["AssertDescription"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_published_stack_is_deployed_without_questions()
    {
        Assert.Null(Refusal(templates.Production));
        Assert.False(templates.Production.Json["Parameters"]!.AsObject().ContainsKey("FunctionsPublished"));
        Assert.DoesNotContain("aws:cdk:warning", Manifest(templates.Production), StringComparison.Ordinal);
    }

    [Fact]
    public void The_managed_runtime_gets_the_assemblies_their_names_as_handlers_and_memory_to_compile()
    {
        Assert.Null(Refusal(templates.Managed));
        Assert.All(templates.Managed.Functions, function =>
        {
            Assert.Equal("dotnet10", function.Text("Runtime"));
            Assert.Equal("arm64", Assert.Single(function["Architectures"]!.AsArray())!.GetValue<string>());
            Assert.Contains(function.Text("Handler"), Repository.FunctionProjects);
            Assert.True(function["MemorySize"]!.GetValue<int>() >= 512);
        });
    }

    [Fact]
    public void A_runtime_that_functions_are_not_made_for_is_refused()
    {
        Assert.Throws<ArgumentException>(() => new OmniOptions { Stage = "dev", Runtime = "dotnet8" });
    }

    [Fact]
    public void The_placeholder_never_works_by_accident()
    {
        var script = File.ReadAllLines(Path.Combine(Repository.Root, "infra", "Omni.Infra", "Placeholder", "bootstrap"));

        Assert.Equal("#!/bin/sh", script[0]);
        Assert.Equal("exit 1", script[^1]);
    }

    [Fact]
    public void Production_is_protected_as_a_stack()
    {
        Assert.Contains("\"terminationProtection\": true", Manifest(templates.Production), StringComparison.Ordinal);
    }

    [Fact]
    public void Requests_are_logged_without_what_stands_behind_the_question_mark()
    {
        var stage = Assert.Single(templates.Everything.All("AWS::ApiGatewayV2::Stage"));
        var format = stage["AccessLogSettings"]!["Format"]!.GetValue<string>();

        Assert.Equal("$default", stage.Text("StageName"));
        Assert.NotNull(JsonNode.Parse(format)!["requestId"]);
        Assert.DoesNotContain("querystring", format, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("authorizer", format, StringComparison.OrdinalIgnoreCase);
        Assert.True(stage["DefaultRouteSettings"]!["ThrottlingRateLimit"]!.GetValue<int>() > 0);
    }

    [Theory]
    [InlineData("Prod")]
    [InlineData("a-stage-with-a-long-name")]
    [InlineData("")]
    public void A_stage_that_names_cannot_carry_is_refused(string stage)
    {
        Assert.Throws<ArgumentException>(() => new OmniOptions { Stage = stage });
    }

    [Fact]
    public void What_the_context_says_of_carriers_is_read_by_carrier()
    {
        var options = FromContext(("rates", "twilio:80, bandwidth:2.5"), ("senders", "twilio:3"));

        Assert.Equal(new Dictionary<string, double> { ["twilio"] = 80, ["bandwidth"] = 2.5 }, options.Rates);
        Assert.Equal(new Dictionary<string, double> { ["twilio"] = 3 }, options.Senders);
        Assert.Empty(FromContext().Senders);
    }

    [Theory]
    [InlineData("80")]
    [InlineData("twilio")]
    [InlineData("twilio:")]
    [InlineData("twilio:0")]
    [InlineData("twilio:-1")]
    [InlineData("twilio:many")]
    [InlineData("carrierpigeon:80")]
    [InlineData("twilio:80;bandwidth:5")]
    public void What_it_says_of_carriers_otherwise_is_refused(string given)
    {
        Assert.Contains("rates", Assert.Throws<ArgumentException>(() => FromContext(("rates", given))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_cli_finds_the_app()
    {
        var cdk = JsonNode.Parse(File.ReadAllText(Path.Combine(Repository.Root, "cdk.json")))!;

        Assert.Equal("dotnet run --project infra/Omni.Infra", cdk["app"]!.GetValue<string>());
        Assert.Equal("dev", cdk["context"]!["stage"]!.GetValue<string>());
    }

    private static OmniOptions FromContext(params (string Name, object Value)[] context) =>
        OmniOptions.FromContext(new App(new AppProps { Context = context.ToDictionary(c => c.Name, c => c.Value) }).Node);

    private static JsonNode? Refusal(StackTemplate template) => template.Json["Rules"]!["FunctionsArePublished"]?["Assertions"]![0];

    private static string Manifest(StackTemplate template) => File.ReadAllText(Path.Combine(template.Folder, "manifest.json"));
}
