using System.Runtime.InteropServices;

namespace Omni.Publish;

/// <summary>What functions are made for: a processor, and one of two runtimes of Lambda.</summary>
internal sealed record FunctionTarget(string Architecture, string Runtime)
{
    /// <summary>Native AOT executables for <c>provided.al2023</c>.</summary>
    public const string Native = "native";

    /// <summary>Assemblies for the managed runtime of that name.</summary>
    public const string Managed = "dotnet10";

    /// <summary>Where the C library to link against is, when it is not this machine's.</summary>
    public string? SysRoot { get; init; }

    public bool IsNative => Runtime == Native;

    public string RuntimeIdentifier => $"linux-{Architecture}";

    /// <summary>Its folder under <c>dist/</c>. CDK (<c>FunctionCode</c>) and the local host look there too.</summary>
    public string Folder => IsNative ? RuntimeIdentifier : $"{Managed}-{RuntimeIdentifier}";

    /// <summary>This machine has another processor.</summary>
    public bool IsCross =>
        RuntimeInformation.OSArchitecture != (Architecture == "x64"
            ? System.Runtime.InteropServices.Architecture.X64
            : System.Runtime.InteropServices.Architecture.Arm64);

    /// <summary>Its name in GNU's and LLVM's tools.</summary>
    public string Triple => Architecture == "x64" ? "x86_64-linux-gnu" : "aarch64-linux-gnu";

    /// <summary>What MSBuild has to know: for the restore as well as for the publish.</summary>
    public IReadOnlyList<string> Properties =>
    [
        "-p:Configuration=Release",
        $"-p:RuntimeIdentifier={RuntimeIdentifier}",
        .. IsNative ? [] : new[] { $"-p:FunctionRuntime={Managed}" },
        .. SysRoot is null ? [] : new[] { $"-p:SysRoot={SysRoot}", "-p:LinkerFlavor=lld" },
    ];
}
