using Omni.Shared;

namespace Omni.Infra.Tests;

/// <summary>The synthesised templates, made once for all tests: CDK takes seconds, and its Node process serves one thread.</summary>
public sealed class Templates : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("omni-infra-").FullName;

    public Templates()
    {
        // All carriers as if they were available: what holds for them holds when the next one comes.
        Everything = Read(new OmniOptions { Stage = "dev", Carriers = CarrierCatalogue.All, PublishDirectory = null });

        Production = Read(new OmniOptions
        {
            Stage = "prod",
            Architecture = "x64",
            PublicBaseUrl = "https://omni.example.com",
            AlarmEmail = "ops@example.com",
            ApiConcurrency = 40,
            WebhookConcurrency = 20,
            PublishDirectory = Publish(machine: 62),
        });

        // Published for arm64 and to be deployed on x64.
        Mismatched = Read(new OmniOptions { Stage = "test", Carriers = [], Architecture = "x64", PublishDirectory = Publish(machine: 183) });

        LocalPath = OmniApp.Synthesize(Path.Combine(_directory, "local"), "local", [CarrierCatalogue.Get("twilio")]);
        Local = StackTemplate.Read(LocalPath);
    }

    internal StackTemplate Everything { get; }

    internal StackTemplate Production { get; }

    internal StackTemplate Mismatched { get; }

    internal StackTemplate Local { get; }

    internal string LocalPath { get; }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private StackTemplate Read(OmniOptions options) => StackTemplate.Read(OmniApp.Synthesize(Path.Combine(_directory, options.Stage), options));

    // As dotnet publish leaves it, as far as the app looks at it: an ELF header for that machine.
    private string Publish(byte machine)
    {
        var header = new byte[64];
        header[18] = machine;
        var root = Path.Combine(_directory, $"dist-{machine}");
        foreach (var project in Repository.FunctionProjects)
        {
            File.WriteAllBytes(Path.Combine(Directory.CreateDirectory(Path.Combine(root, project)).FullName, "bootstrap"), header);
        }

        return root;
    }
}

/// <summary>Every test class joins it, so that they share the templates.</summary>
[CollectionDefinition(Name)]
public sealed class TemplatesDefinition : ICollectionFixture<Templates>
{
    public const string Name = "Templates";
}
