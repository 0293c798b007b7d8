namespace Omni.Publish;

/// <summary>What one run publishes.</summary>
internal sealed record PublishOptions
{
    public const string Help =
        """
        Publishes the functions to dist/, from where CDK deploys them. What did not change since is left as it is.

          dotnet run --project build/Omni.Publish -- [x64] [arm64] [options]

        Without an architecture it is arm64, as in cdk.json.

          --only PROJECT     this function only; can be repeated
          --runtime NAME     native (default): executables for provided.al2023
                             dotnet10: assemblies for AWS's managed runtime; deploy them with -c runtime=dotnet10
          --sysroot DIR      link against the C library in this folder instead of this machine's; for one architecture, needs lld
          --force            publish also what did not change
        """;

    public required IReadOnlyList<FunctionTarget> Targets { get; init; }

    /// <summary>Names of projects. Empty means all.</summary>
    public IReadOnlyList<string> Only { get; init; } = [];

    public bool Force { get; init; }

    public static PublishOptions Parse(IReadOnlyList<string> arguments)
    {
        List<string> architectures = [];
        List<string> only = [];
        var (runtime, force, sysRoot) = (FunctionTarget.Native, false, default(string));
        for (var i = 0; i < arguments.Count; i++)
        {
            switch (arguments[i])
            {
                case "x64" or "arm64":
                    architectures.Add(arguments[i]);
                    break;
                case "--only":
                    only.Add(Value(ref i));
                    break;
                case "--runtime":
                    runtime = Value(ref i);
                    if (runtime is not (FunctionTarget.Native or FunctionTarget.Managed))
                        throw new ArgumentException($"The runtime '{runtime}' is neither native nor dotnet10.");
                    break;
                case "--sysroot":
                    sysRoot = Path.GetFullPath(Value(ref i));
                    break;
                case "--force":
                    force = true;
                    break;
                case var other:
                    throw new ArgumentException($"'{other}' is not understood.");
            }
        }

        string[] distinct = architectures is [] ? ["arm64"] : [.. architectures.Distinct(StringComparer.Ordinal)];
        if (sysRoot is not null && distinct.Length > 1)
            throw new ArgumentException("A --sysroot is for one architecture: run once for each.");
        return new()
        {
            Targets = [.. distinct.Select(architecture => new FunctionTarget(architecture, runtime) { SysRoot = sysRoot })],
            Only = only,
            Force = force
        };

        string Value(ref int i) => ++i < arguments.Count ? arguments[i] : throw new ArgumentException($"{arguments[i - 1]} needs a value.");
    }
}
