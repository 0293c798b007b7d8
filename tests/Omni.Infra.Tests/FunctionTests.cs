using System.Reflection;
using Omni.Shared;

namespace Omni.Infra.Tests;

[Collection(TemplatesDefinition.Name)]
public sealed class FunctionTests(Templates templates)
{
    private readonly StackTemplate _template = templates.Everything;

    [Fact]
    public void Every_function_runs_on_the_custom_runtime_traced_and_logging_json_into_its_own_group()
    {
        Assert.All(_template.Functions, function =>
        {
            Assert.Equal("provided.al2023", function.Text("Runtime"));
            Assert.Equal("Active", function["TracingConfig"]!["Mode"]!.GetValue<string>());
            Assert.Equal("JSON", function["LoggingConfig"]!["LogFormat"]!.GetValue<string>());
            Assert.Equal(
                $"/aws/lambda/{function.Text("FunctionName")}",
                _template.Follow(function["LoggingConfig"]!["LogGroup"]).Text("LogGroupName"));
        });
    }

    [Fact]
    public void The_processor_is_arm64_unless_told_otherwise()
    {
        Assert.All(_template.Functions, function => Assert.Equal("arm64", function["Architectures"]![0]!.GetValue<string>()));
        Assert.All(templates.Production.Functions, function => Assert.Equal("x86_64", function["Architectures"]![0]!.GetValue<string>()));
    }

    [Theory]
    [InlineData("Omni.Api", "api")]
    [InlineData("Omni.InboundProcessor", "inbound-processor")]
    [InlineData("Omni.Twilio.Outbound", "twilio-outbound")]
    [InlineData("Omni.WhatsApp.Inbound", "whatsapp-inbound")]
    public void A_function_is_named_after_its_project(string project, string name)
    {
        Assert.Equal($"omni-dev-{name}", _template.Function(project).Text("FunctionName"));
    }

    [Fact]
    public void Time_outs_leave_room_for_the_carrier_and_for_the_gateway()
    {
        // HTTP 8 s < lease < function 20 s (design: from accept to outcome); the gateway gives up after 30 s.
        Assert.All(Handlers(".Outbound"), function => Assert.Equal(20, function.Number("Timeout")));
        Assert.All(Handlers(".Inbound"), function => Assert.Equal(10, function.Number("Timeout")));
        Assert.InRange(_template.Function("Omni.Api").Number("Timeout"), 21, 29);
    }

    [Fact]
    public void Settings_have_the_names_that_functions_know()
    {
        HashSet<string> known =
        [
            .. TrustStore.AmazonRoots.Keys,
            .. typeof(SettingNames).GetFields(BindingFlags.Public | BindingFlags.Static)
                .Select(field => (string)field.GetRawConstantValue()!),
            .. CarrierCatalogue.All.SelectMany(
                c => new[] { SettingNames.OutboundQueue(c), SettingNames.BulkQueue(c), SettingNames.OutboundDeadLetters(c) }),
            .. ProcessorCatalogue.All.SelectMany(p => new[] { SettingNames.TurnQueue(p), SettingNames.TurnDeadLetters(p) }),
        ];
        Assert.All(_template.Functions, function => Assert.All(Settings(function), name => Assert.Contains(name, known)));
    }

    [Fact]
    public void Queue_settings_name_the_queues_that_they_say()
    {
        var expected = CarrierCatalogue.All.SelectMany(c => new[]
        {
            (SettingNames.OutboundQueue(c), $"omni-dev-{c.Id}-outbound.fifo"),
            (SettingNames.BulkQueue(c), $"omni-dev-{c.Id}-outbound-bulk.fifo"),
            (SettingNames.OutboundDeadLetters(c), $"omni-dev-{c.Id}-outbound-dlq.fifo"),
        }).ToArray();
        var settings = _template.Function("Omni.Api")["Environment"]!["Variables"]!;

        Assert.All(expected, pair => Assert.Equal(pair.Item2, _template.Follow(settings[pair.Item1]).Text("QueueName")));
    }

    [Fact]
    public void No_secret_is_in_the_environment()
    {
        Assert.All(_template.Functions, function => Assert.All(Settings(function), name =>
            Assert.DoesNotMatch("TOKEN|SECRET|PASSWORD|_KEY|SID", name)));
    }

    [Fact]
    public void Concurrency_is_set_apart_when_asked_for()
    {
        Assert.All(_template.Functions, function => Assert.Null(function["ReservedConcurrentExecutions"]));
        Assert.Equal(40, templates.Production.Function("Omni.Api").Number("ReservedConcurrentExecutions"));
        Assert.Equal(20, templates.Production.Function("Omni.Twilio.Inbound").Number("ReservedConcurrentExecutions"));
        Assert.Null(templates.Production.Function("Omni.Twilio.Outbound")["ReservedConcurrentExecutions"]);
    }

    [Fact]
    public void Carriers_are_told_the_public_address()
    {
        string Address(StackTemplate template) =>
            template.Plain(template.Function("Omni.Twilio.Inbound")["Environment"]!["Variables"]![SettingNames.PublicBaseUrl]);

        Assert.Equal("https://omni.example.com", Address(templates.Production));
        Assert.Equal("[Api]", Address(_template));
    }

    [Fact]
    public void On_one_machine_names_are_productions_and_parameters_are_not_read()
    {
        Assert.Equal("omni-twilio-outbound", templates.Local.Function("Omni.Twilio.Outbound").Text("FunctionName"));
        Assert.Equal("Omni-local.template.json", Path.GetFileName(templates.LocalPath));
        Assert.All(templates.Local.Functions, function => Assert.DoesNotContain(SettingNames.ParameterPath, Settings(function)));
    }

    private static IEnumerable<string> Settings(Resource function) =>
        function["Environment"]!["Variables"]!.AsObject().Select(pair => pair.Key);

    private Resource[] Handlers(string end)
    {
        Resource[] found = [.. _template.Functions.Where(function => function.Text("Handler").EndsWith(end, StringComparison.Ordinal))];
        Assert.Equal(CarrierCatalogue.All.Count, found.Length);
        return found;
    }
}
