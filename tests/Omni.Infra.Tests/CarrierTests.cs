using Omni.Shared;

namespace Omni.Infra.Tests;

[Collection(TemplatesDefinition.Name)]
public sealed class CarrierTests(Templates templates)
{
    [Fact]
    public void A_carrier_is_available_exactly_when_it_has_a_folder()
    {
        Assert.Equal(
            Repository.CarrierFolders, CarrierCatalogue.All.Where(c => c.Available).Select(c => c.Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_folder_of_a_carrier_has_both_functions()
    {
        Assert.All(Repository.CarrierFolders, name =>
        {
            Assert.Contains($"Omni.{name}.Inbound", Repository.FunctionProjects);
            Assert.Contains($"Omni.{name}.Outbound", Repository.FunctionProjects);
        });
    }

    [Fact]
    public void A_processor_is_in_the_catalogue_exactly_when_it_has_a_folder()
    {
        Assert.Equal(Repository.ProcessorProjects, ProcessorCatalogue.All.Select(p => p.Name).Order(StringComparer.Ordinal));
        Assert.Equal(ProcessorCatalogue.All.Count, ProcessorCatalogue.All.Select(p => p.Id).Distinct().Count());
    }

    [Fact]
    public void Every_function_project_is_deployed_and_nothing_else_is()
    {
        Assert.Equal(
            Repository.FunctionProjects, templates.Production.Functions.Select(f => f.Text("Handler")).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_carrier_has_its_webhook_routes()
    {
        var routes = Routes(templates.Everything);

        Assert.All(CarrierCatalogue.All, carrier => Assert.All(carrier.WebhookMethods, method =>
        {
            Assert.Equal($"Omni.{carrier.Name}.Inbound", routes[$"{method} /webhooks/{carrier.Id}"]);
            Assert.Equal($"Omni.{carrier.Name}.Inbound", routes[$"{method} /webhooks/{carrier.Id}/{{token}}"]);
        }));
        Assert.Equal("Omni.Api", routes["ANY /api/v1/{proxy+}"]);
        Assert.Equal("Omni.Api", routes["GET /f/{id}"]);
        Assert.Equal(CarrierCatalogue.All.Sum(carrier => 2 * carrier.WebhookMethods.Count) + 2, routes.Count);
    }

    [Fact]
    public void Every_carrier_has_its_outputs()
    {
        var outputs = templates.Everything.Json["Outputs"]!.AsObject();

        Assert.All(CarrierCatalogue.All, carrier => Assert.All(
            ["WebhookUrl", "OutboundQueueUrl", "OutboundBulkQueueUrl", "OutboundDeadLetterQueueUrl"],
            output => Assert.True(outputs.ContainsKey($"{carrier.Name}{output}"))));
        Assert.All(
            ["ApiUrl", "MessagesTableName", "SessionsTableName", "ControlTableName", "BlobBucketName", "InboundQueueUrl"],
            output => Assert.True(outputs.ContainsKey(output)));
    }

    [Fact]
    public void Six_carriers_stay_far_below_the_limit_of_a_stack()
    {
        // CloudFormation takes 500 resources: docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html
        // A processor takes about ten: a hundred are left for those of one's own.
        Assert.InRange(templates.Everything.Resources.Count, 1, 400);
    }

    [Fact]
    public void The_infrastructure_names_no_carrier()
    {
        var sources = Directory.EnumerateFiles(Path.Combine(Repository.Root, "infra", "Omni.Infra"), "*.cs").ToArray();

        Assert.NotEmpty(sources);
        // Comments may give an example; code may not.
        Assert.All(
            sources,
            path => Assert.All(File.ReadLines(path).Where(line => !line.TrimStart().StartsWith("//", StringComparison.Ordinal)), line =>
                Assert.All(
                    CarrierCatalogue.All, carrier => Assert.DoesNotContain(carrier.Name, line, StringComparison.OrdinalIgnoreCase))));
    }

    private static Dictionary<string, string> Routes(StackTemplate template) => template.All("AWS::ApiGatewayV2::Route").ToDictionary(
        route => route.Text("RouteKey"),
        route => template.Follow(template.Follow(route["Target"]!["Fn::Join"]![1]![1])["IntegrationUri"]).Text("Handler"));
}
