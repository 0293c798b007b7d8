using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Omni.Local.Deployment;
using Omni.Local.Functions;
using Omni.Shared;

namespace Omni.EndToEnd.Tests;

/// <summary>
/// A function's process trusts the roots in the file that the stack names, and no others: <c>infra/Omni.Infra/TrustStore.cs</c>.
/// </summary>
public sealed class TrustStoreTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("omni-trust-").FullName;
    private readonly X509Certificate2 _root;
    private readonly WebApplication _aws;
    private int _requests;

    public TrustStoreTests()
    {
        var now = TimeProvider.System.GetUtcNow();
        using var rootKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var root = new CertificateRequest("CN=Root of a test", rootKey, HashAlgorithmName.SHA256);
        root.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        _root = root.CreateSelfSigned(now.AddDays(-1), now.AddDays(2));

        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        using var signed = request.Create(_root, now.AddDays(-1), now.AddDays(1), RandomNumberGenerator.GetBytes(8));
        var certificate = signed.CopyWithPrivateKey(key);

        var builder = WebApplication.CreateSlimBuilder(Omni.Local.LocalHost.WatchesNoFiles);
        builder.WebHost.UseKestrelHttpsConfiguration()
            .ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(certificate)));
        builder.Logging.ClearProviders();
        _aws = builder.Build();
        _aws.Run(context =>
        {
            Interlocked.Increment(ref _requests);
            context.Response.ContentType = "application/x-amz-json-1.0";
            return context.Response.WriteAsync("""{"Items":[],"Count":0,"ScannedCount":0}""");
        });
    }

    public Task InitializeAsync() => _aws.StartAsync();

    public async Task DisposeAsync()
    {
        await _aws.DisposeAsync();
        _root.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task A_server_under_a_root_of_the_file_is_called()
    {
        var file = Path.Combine(_folder, "roots.pem");
        await File.WriteAllTextAsync(file, _root.ExportCertificatePem());

        await InvokeAsync(file);

        Assert.NotEqual(0, _requests);
    }

    [Fact]
    public async Task With_Amazons_roots_a_server_under_another_is_not_called()
    {
        await InvokeAsync(Path.Combine(FunctionExecutable.Root, "functions", "amazon-roots.pem"));

        Assert.Equal(0, _requests);
    }

    /// <summary>Has the Scheduler look for what is due.</summary>
    private async Task InvokeAsync(string roots)
    {
        const string Project = "Omni.Scheduler";
        var settings = new Dictionary<string, string>
        {
            ["OMNI_STAGE"] = "local",
            ["DYNAMODB_TABLE_MESSAGES"] = "omni-messages",
            ["DYNAMODB_TABLE_CONTROL"] = "omni-control",
            [SettingNames.SessionsTable] = "omni-sessions",
            [SettingNames.BlobBucket] = "omni-blobs",
            [SettingNames.Carriers] = "bandwidth",
            [SettingNames.TurnQueue(ProcessorCatalogue.All[0])] = "turns",
            [SettingNames.Events] = "off",
            ["AWS_REGION"] = "us-east-1",
            ["AWS_ACCESS_KEY_ID"] = "local",
            ["AWS_SECRET_ACCESS_KEY"] = "local",
            ["AWS_ENDPOINT_URL_DYNAMODB"] = $"https://localhost:{new Uri(_aws.Urls.First()).Port}",
            ["SSL_CERT_FILE"] = roots,
            ["SSL_CERT_DIR"] = Path.Combine(_folder, "no-other-roots"),
        };
        var lines = new StringWriter();
        await using var log = TextWriter.Synchronized(lines);
        await using var process = await FunctionProcess.StartAsync(
            new("omni-scheduler", Project, settings, Host.Patience, 256), FunctionExecutable.Built(Project), log, CancellationToken.None);

        await process.InvokeAsync("""{"source":"aws.events","detail-type":"Scheduled Event"}"""u8.ToArray(), CancellationToken.None);

        Assert.True(process.Ready.IsCompletedSuccessfully, $"The function did not start: {lines}");
    }
}
