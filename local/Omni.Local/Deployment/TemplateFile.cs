using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Omni.Infra;
using Omni.Local.Functions;
using Omni.Shared;

namespace Omni.Local.Deployment;

/// <summary>
/// The synthesised CloudFormation template: what runs here is what CDK defined. Kept until the code that makes it changes, once for all
/// programs of this checkout that have a host in them.
/// </summary>
internal static class TemplateFile
{
    public const string Stage = "local";

    // One at a time in a process: the CDK's runtime is one for all of it, and unpacks itself where a second one would.
    private static readonly Lock Synthesis = new();

    /// <summary>Reads the template, synthesising it when there is none of this build yet.</summary>
    public static JsonObject Load(IReadOnlyList<Carrier> carriers, IProgress<string> progress)
    {
        var folder = Path.Combine(FunctionExecutable.Root, "local", "Omni.Local", "obj", "template", Fingerprint(carriers));
        var file = Path.Combine(folder, "template.json");
        lock (Synthesis)
        {
            if (!File.Exists(file)) Synthesize(carriers, progress, folder, file);
        }

        return JsonNode.Parse(File.ReadAllText(file))!.AsObject();
    }

    private static void Synthesize(IReadOnlyList<Carrier> carriers, IProgress<string> progress, string folder, string file)
    {
        progress.Report("Synthesising the CDK app");
        var work = Directory.CreateTempSubdirectory("omni-synth-");
        try
        {
            var made = OmniApp.Synthesize(work.FullName, Stage, carriers);
            Directory.CreateDirectory(folder);

            // Two first runs at once both write the same; the rename makes each whole.
            var draft = Path.Combine(folder, Guid.NewGuid().ToString("N"));
            File.Copy(made, draft);
            File.Move(draft, file, overwrite: true);
        }
        finally
        {
            work.Delete(recursive: true);
        }
    }

    private static string Fingerprint(IReadOnlyList<Carrier> carriers)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var assembly in (Type[])[typeof(OmniApp), typeof(Carrier)]) hash.AppendData(assembly.Module.ModuleVersionId.ToByteArray());
        foreach (var carrier in carriers) hash.AppendData(Encoding.UTF8.GetBytes(carrier.Id + ","));
        return Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, 8));
    }
}
