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
            LongPolls = 30,
            ListShards = 32,
            Rates = new Dictionary<string, double> { ["bandwidth"] = 50 },
            Senders = new Dictionary<string, double> { ["whatsapp"] = 3, ["twilio"] = 20 },
            PublishDirectory = Publish(machine: 62),
        });

        WithKey = Read(new OmniOptions
        {
            Stage = "key",
            Carriers = CarrierCatalogue.All,
            AlarmEmail = "ops@example.com",
            CreatesKey = true,
            BucketVersioning = true,
            PublishDirectory = null,
        });

        WithGivenKey = Read(new OmniOptions
        {
            Stage = "given",
            Carriers = [CarrierCatalogue.Get("twilio")],
            KmsKeyArn = "arn:aws:kms:eu-west-1:123456789012:key/0b7c",
            PublishDirectory = null,
        });

        // Published for arm64 and to be deployed on x64.
        Mismatched = Read(new OmniOptions
        {
            Stage = "test", Carriers = [], Architecture = "x64", TrustsSystem = true, PublishDirectory = Publish(machine: 183)
        });

        Managed = Read(new OmniOptions { Stage = "managed", Carriers = [], Runtime = "dotnet10", PublishDirectory = PublishAssemblies() });

        Quiet = Read(new OmniOptions
        {
            Stage = "quiet", Carriers = [CarrierCatalogue.Get("twilio")], KeepsEvents = false, PublishDirectory = null
        });

        LocalPath = OmniApp.Synthesize(Path.Combine(_directory, "local"), "local", [CarrierCatalogue.Get("twilio")]);
        Local = StackTemplate.Read(LocalPath);
    }

    internal StackTemplate Everything { get; }

    internal StackTemplate Production { get; }

    /// <summary>With all that an auditor may ask for.</summary>
    internal StackTemplate WithKey { get; }

    internal StackTemplate WithGivenKey { get; }

    internal StackTemplate Mismatched { get; }

    internal StackTemplate Managed { get; }

    /// <summary>Where clients are told of nothing.</summary>
    internal StackTemplate Quiet { get; }

    internal StackTemplate Local { get; }

    internal string LocalPath { get; }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private StackTemplate Read(OmniOptions options) =>
        StackTemplate.Read(OmniApp.Synthesize(Path.Combine(_directory, options.Stage), options));

    // As Omni.Publish leaves it, as far as the app looks at it: an ELF header for that machine.
    private string Publish(byte machine)
    {
        var header = new byte[64];
        header[18] = machine;
        foreach (var project in Repository.FunctionProjects)
            File.WriteAllBytes(Path.Combine(Folder($"dist-{machine}", "linux-x64", project), "bootstrap"), header);

        return Path.Combine(_directory, $"dist-{machine}");
    }

    private string PublishAssemblies()
    {
        foreach (var project in Repository.FunctionProjects)
        {
            var folder = Folder("dist-managed", "dotnet10-linux-arm64", project);
            File.WriteAllText(Path.Combine(folder, $"{project}.dll"), project);
            File.WriteAllText(Path.Combine(folder, $"{project}.runtimeconfig.json"), "{}");
        }

        return Path.Combine(_directory, "dist-managed");
    }

    private string Folder(params string[] names)
    {
        var folder = Directory.CreateDirectory(Path.Combine([_directory, .. names])).FullName;
        File.WriteAllText(Path.Combine(folder, TrustStore.AmazonRootsFile), "");
        return folder;
    }
}

/// <summary>Every test class joins it, so that they share the templates.</summary>
[CollectionDefinition(Name)]
public sealed class TemplatesDefinition : ICollectionFixture<Templates>
{
    public const string Name = "Templates";
}
