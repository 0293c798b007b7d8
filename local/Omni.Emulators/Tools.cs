namespace Omni.Emulators;

/// <summary>
/// The programs of this machine that install and run the emulators, as full paths: the compiler is what tells a JDK from a JRE.
/// </summary>
internal sealed record Tools(string Node, string Npm, string Java, string JavaCompiler)
{
    // Windows starts npm through a command file.
    private static readonly string[] Endings = OperatingSystem.IsWindows() ? [".exe", ".cmd"] : [""];

    public static Tools Find()
    {
        var path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        return Environment.GetEnvironmentVariable("JAVA_HOME") is { Length: > 0 } home
            ? FindIn([Path.Combine(home, "bin"), .. path])
            : FindIn(path);
    }

    internal static Tools FindIn(IReadOnlyList<string> folders)
    {
        var (node, npm, compiler) = (Locate("node", folders), Locate("npm", folders), Locate("javac", folders));

        List<string> missing = [];
        if (node is null) missing.Add("node (Node.js 20.19 or later, https://nodejs.org)");
        if (npm is null) missing.Add("npm (comes with Node.js; Debian: apt install npm)");
        if (compiler is null) missing.Add("a JDK (17 or later, https://adoptium.net; Debian: apt install openjdk-17-jdk-headless)");
        if (missing.Count > 0)
            throw new EmulatorException($"The emulators need programs that are not on the PATH: {string.Join(", ", missing)}.");

        // /usr/bin/java may belong to another Java than /usr/bin/javac.
        var jdk = Path.GetDirectoryName(File.ResolveLinkTarget(compiler!, returnFinalTarget: true)?.FullName ?? compiler!)!;
        return new(node!, npm!, Locate("java", [jdk, .. folders]) ?? "java", compiler!);
    }

    private static string? Locate(string name, IEnumerable<string> folders) =>
        folders.SelectMany(folder => Endings.Select(ending => Path.Combine(folder, name + ending))).FirstOrDefault(File.Exists);
}
