namespace Omni.Infra;

/// <summary>
/// Where a function finds the roots that it trusts. .NET reads the file and the directory that these variables name, all of both, at the
/// first HTTPS request of a process; on Amazon Linux 2023 the default file lies in the default directory, and 144 roots are parsed twice.
/// docs/performance.md has the figures.
/// </summary>
internal static class TrustStore
{
    /// <summary>Lies beside every function's executable: <c>functions/amazon-roots.pem</c>.</summary>
    public const string AmazonRootsFile = "amazon-roots.pem";

    /// <summary>For a function that calls AWS alone: Amazon's roots, and a directory that is not there.</summary>
    public static IReadOnlyDictionary<string, string> AmazonRoots { get; } = new Dictionary<string, string>
    {
        ["SSL_CERT_FILE"] = $"/var/task/{AmazonRootsFile}",
        ["SSL_CERT_DIR"] = "/var/task/no-other-roots",
    };

    /// <summary>For a function that calls any host: the system's directory, once. The managed .NET runtimes set the same.</summary>
    public static IReadOnlyDictionary<string, string> System { get; } = new Dictionary<string, string> { ["SSL_CERT_FILE"] = "/dev/null" };
}
