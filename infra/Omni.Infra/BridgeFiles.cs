namespace Omni.Infra;

/// <summary>
/// CDK runs in Node, and its bridge (jsii) unpacks 66 MB into the temporary folder of every process that uses it, and leaves them there.
/// Here they go into a folder of their own, which goes with the process.
/// </summary>
internal static class BridgeFiles
{
    // What .NET's temporary folder is on Linux and macOS, and Node's. Elsewhere the bridge does as it likes.
    private const string TemporaryFolder = "TMPDIR";

    private static readonly Lazy<string> Folder = new(() =>
    {
        var folder = Directory.CreateTempSubdirectory("omni-cdk-");
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Remove(folder);
        return folder.FullName;
    });

    /// <summary>Does what starts the bridge, which unpacks itself with the first object that is made.</summary>
    /// <param name="start">Makes that object.</param>
    public static T Contain<T>(Func<T> start)
    {
        var before = Environment.GetEnvironmentVariable(TemporaryFolder);
        try
        {
            Environment.SetEnvironmentVariable(TemporaryFolder, Folder.Value);
            return start();
        }
        finally
        {
            Environment.SetEnvironmentVariable(TemporaryFolder, before);
        }
    }

    private static void Remove(DirectoryInfo folder)
    {
        try
        {
            folder.Delete(recursive: true);
        }
        catch (IOException)
        {
            // Node tidies up at its own end, which may be now.
        }
    }
}
