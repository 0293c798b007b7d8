using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Omni.Infra.Tests;

/// <summary>The roots that functions trust which call AWS alone.</summary>
[Collection(TemplatesDefinition.Name)]
public sealed class TrustStoreTests(Templates templates)
{
    private static X509Certificate2Collection Roots
    {
        get
        {
            var roots = new X509Certificate2Collection();
            roots.ImportFromPemFile(Path.Combine(Repository.Root, "functions", TrustStore.AmazonRootsFile));
            return roots;
        }
    }

    // SHA-256 of the subject public key information: https://www.amazontrust.com/repository/
    [Fact]
    public void They_are_the_five_that_Amazon_names()
    {
        Assert.Equal(
            [
                ("Amazon Root CA 1", "fbe3018031f9586bcbf41727e417b7d1c45c2f47f93be372a17b96b50757d5a2"),
                ("Amazon Root CA 2", "7f4296fc5b6a4e3b35d3c369623e364ab1af381d8fa7121533c9d6c633ea2461"),
                ("Amazon Root CA 3", "36abc32656acfc645c61b71613c4bf21c787f5cabbee48348d58597803d7abc9"),
                ("Amazon Root CA 4", "f7ecded5c66047d28ed6466b543c40e0743abe81d109254dcf845d4c2c7853c5"),
                ("Starfield Services Root Certificate Authority - G2", "2b071c59a0a0ae76b0eadb2bad23bad4580b69c3601b630c2eaf0613afa83f92"),
            ],
            Roots.Select(root => (root.GetNameInfo(X509NameType.SimpleName, forIssuer: false), Convert.ToHexStringLower(
                SHA256.HashData(root.PublicKey.ExportSubjectPublicKeyInfo())))));
    }

    [Fact]
    public void They_last_two_more_years()
    {
        Assert.All(Roots, root => Assert.True(root.NotAfter > DateTime.UtcNow.AddYears(2), $"{root.Subject} ends on {root.NotAfter:d}."));
    }

    [Fact]
    public void They_verify_what_Amazon_certifies_with_and_nothing_else()
    {
        using var intermediate = X509Certificate2.CreateFromPem(File.ReadAllText(Path.Combine("Fixtures", "amazon-rsa-2048-m01.pem")));
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var stranger = new CertificateRequest(intermediate.SubjectName, key, HashAlgorithmName.SHA256)
            .CreateSelfSigned(new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero), new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero));

        Assert.True(Verifies(intermediate));
        Assert.False(Verifies(stranger));
    }

    [Fact]
    public void They_are_all_that_functions_trust_which_call_AWS_alone()
    {
        Assert.All(templates.Everything.Functions, function =>
        {
            // Senders call carriers; the API and the Notifier call clients' endpoints, the MediaConverter the hosts of files.
            var callsOthers = function.Text("FunctionName").EndsWith("-outbound", StringComparison.Ordinal)
                || function.Text("Handler") is "Omni.Api" or "Omni.Notifier" or "Omni.MediaConverter";
            var variables = function["Environment"]!["Variables"]!.AsObject();
            Assert.Equal(callsOthers ? "/dev/null" : "/var/task/amazon-roots.pem", variables["SSL_CERT_FILE"]!.GetValue<string>());
            Assert.Equal(callsOthers ? null : "/var/task/no-other-roots", (string?)variables["SSL_CERT_DIR"]);
        });
    }

    [Fact]
    public void Where_AWS_has_other_roots_the_systems_are_trusted()
    {
        Assert.All(
            templates.Mismatched.Functions,
            function => Assert.Equal("/dev/null", function["Environment"]!["Variables"]!["SSL_CERT_FILE"]!.GetValue<string>()));
    }

    private static bool Verifies(X509Certificate2 certificate)
    {
        using var chain = new X509Chain
        {
            ChainPolicy =
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                RevocationMode = X509RevocationMode.NoCheck,
                VerificationTime = new DateTime(2026, 6, 1, 0, 0, 0, DateTimeKind.Utc),
            },
        };
        chain.ChainPolicy.CustomTrustStore.AddRange(Roots);
        return chain.Build(certificate);
    }
}
