using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Omni.Publish;

/// <summary>What was written down about an asset when it was published.</summary>
/// <param name="Inputs">What it was made of.</param>
/// <param name="Files">What was made.</param>
/// <param name="ZipBytes">The size of its package.</param>
internal sealed record AssetRecord(string Inputs, string Files, long ZipBytes);

/// <summary>
/// A published function: a folder that CDK zips and deploys. Its record lies beside it, and not in it, where it would be deployed too. It
/// is made elsewhere and moved here when it satisfies the gates: what lies here can be deployed.
/// </summary>
internal sealed class Asset(string root, FunctionTarget target, FunctionProject function)
{
    public FunctionProject Function { get; } = function;

    public FunctionTarget Target { get; } = target;

    public string Folder { get; } = Path.Combine(root, "dist", target.Folder, function.Name);

    /// <summary>Where it is made. What broke a gate stays there, to be looked at.</summary>
    public string Staging { get; } = Path.Combine(root, "dist", "staging", target.Folder, function.Name);

    private string RecordFile => Folder + ".json";

    /// <summary>The record, if the asset is there, was made of these inputs, and nobody changed it since.</summary>
    public AssetRecord? CurrentRecord(string inputs)
    {
        if (!File.Exists(RecordFile) || !Directory.Exists(Folder)) return null;

        try
        {
            return JsonSerializer.Deserialize<AssetRecord>(File.ReadAllText(RecordFile)) is { } record
                && record.Inputs == inputs
                && record.Files == HashFiles(Folder)
                ? record
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Removes it, so that nothing old is deployed if the publish that follows does not succeed.</summary>
    public void Delete()
    {
        if (File.Exists(RecordFile)) File.Delete(RecordFile);
        foreach (var folder in new[] { Folder, Staging }.Where(Directory.Exists)) Directory.Delete(folder, recursive: true);
    }

    /// <summary>Moves what was made to where it is deployed from.</summary>
    public void Accept(string inputs, long zipBytes)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Folder)!);
        Directory.Move(Staging, Folder);
        File.WriteAllText(RecordFile, JsonSerializer.Serialize(new AssetRecord(inputs, HashFiles(Folder), zipBytes)));
    }

    /// <summary>What the gates judge.</summary>
    public static Measured Measure(string folder, FunctionTarget target, long zipBytes, string output)
    {
        var warnings = Gates.Warnings(output);
        if (!target.IsNative) return new(0, zipBytes, 0, [], warnings);

        var executable = File.ReadAllBytes(Path.Combine(folder, "bootstrap"));
        var elf = ElfFile.Read(executable);
        byte[][] libraries = [.. Directory.EnumerateFiles(folder, "*.so.*").Select(File.ReadAllBytes)];
        string[] needs = [.. elf.Needs, .. libraries.SelectMany(library => ElfFile.Read(library).Needs)];
        return new(executable.Length, zipBytes, elf.Machine, needs, warnings)
        {
            LibraryBytes = libraries.Sum(library => library.LongLength),
        };
    }

    /// <summary>
    /// The size of its package. CDK zips with zlib at its usual level, to which .NET's best is nearest: within a hundredth;
    /// its usual is 4 % larger.
    /// </summary>
    public static long ZipBytes(string folder)
    {
        using var file = new FileStream(
            Path.GetTempFileName(),
            new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.ReadWrite, Options = FileOptions.DeleteOnClose });
        ZipFile.CreateFromDirectory(folder, file, CompressionLevel.SmallestSize, includeBaseDirectory: false);
        return file.Length;
    }

    private static string HashFiles(string folder)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            hash.AppendData(SHA256.HashData(Encoding.UTF8.GetBytes(Path.GetRelativePath(folder, file))));
            hash.AppendData(SHA256.HashData(File.ReadAllBytes(file)));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
