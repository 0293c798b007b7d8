using System.Diagnostics;
using System.Globalization;

namespace Omni.Publish;

/// <summary>What became of one function in a run.</summary>
/// <param name="Asset">The function and its target.</param>
/// <param name="Measured">What was measured. Null when there is nothing to measure.</param>
/// <param name="Broken">Why it cannot be deployed.</param>
/// <param name="Time">How long it took; null when it had not changed.</param>
internal sealed record Result(Asset Asset, Measured? Measured, IReadOnlyList<string> Broken, TimeSpan? Time);

/// <summary>Publishes what changed, judges everything, and says so line by line.</summary>
internal sealed class Publisher(string root, RunCommand run, TextWriter screen)
{
    // An ahead-of-time compiler uses two processors and 1 GB.
    private const int AtOnce = 2;

    /// <returns>Whether everything that was asked for can be deployed.</returns>
    public async Task<bool> RunAsync(PublishOptions options, CancellationToken cancellation)
    {
        var functions = FunctionProject.Find(root, options.Only);
        var tools = await DescribeToolsAsync(cancellation);
        List<(Asset Asset, string Inputs, AssetRecord? Record)> work = [];
        foreach (var target in options.Targets)
        {
            foreach (var function in functions)
            {
                var asset = new Asset(root, target, function);
                var inputs = InputHash.Of(root, function, target, tools);
                work.Add((asset, inputs, options.Force ? null : asset.CurrentRecord(inputs)));
            }
        }

        if (!await HasToolsAsync(work.Where(item => item.Record is null).Select(item => item.Asset.Target).Distinct(), cancellation))
            return false;

        List<Result> results = [];
        foreach (var (asset, _, record) in work.Where(item => item.Record is not null))
        {
            var measured = Asset.Measure(asset.Folder, asset.Target, record!.ZipBytes, "");
            var broken = Judge(measured, asset.Target);
            if (broken is not []) asset.Delete();
            results.Add(new(asset, measured, broken, Time: null));
        }

        foreach (var target in work.Where(item => item.Record is null).GroupBy(item => item.Asset.Target))
        {
            if (await PublishAsync(
                target.Key, [.. target.Select(item => (item.Asset, item.Inputs))], cancellation) is not { Count: > 0 } published)
                break;
            results.AddRange(published);
        }

        Report(results);
        if (results.Count < work.Count)
            screen.WriteLine($"{work.Count - results.Count} not published: it stops at the first that cannot be.");
        return results.Count == work.Count && results.All(result => result.Broken is []);
    }

    private async Task<string> DescribeToolsAsync(CancellationToken cancellation)
    {
        var dotnet = await run("dotnet", ["--version"], cancellation);
        var clang = await run("clang", ["--version"], cancellation);
        // The environment sets properties too.
        return $"{dotnet.Output}{clang.Output}{Environment.GetEnvironmentVariable("LambdaContracts")}";
    }

    private async Task<bool> HasToolsAsync(IEnumerable<FunctionTarget> targets, CancellationToken cancellation)
    {
        var complete = true;
        foreach (var target in targets)
        {
            foreach (var missing in await Toolchain.FindMissingAsync(target, run, cancellation))
            {
                screen.WriteLine($"{target.Folder} needs {missing.What}: {missing.Fix}");
                complete = false;
            }
        }

        return complete;
    }

    private async Task<IReadOnlyList<Result>> PublishAsync(
        FunctionTarget target, IReadOnlyList<(Asset Asset, string Inputs)> stale, CancellationToken cancellation)
    {
        // First of all: from here on nothing old can be deployed.
        foreach (var (asset, _) in stale) asset.Delete();

        // Once for all, since functions side by side would write the same files of shared projects.
        screen.WriteLine($"{target.Folder}: {stale.Count} to publish; restoring and building what they share");
        var functions = string.Join("%3B", stale.Select(item => item.Asset.Function.File));
        var project = Path.Combine(root, "build", "Functions.proj");
        var prepared = await run(
            "dotnet",
            [
                "msbuild", project, "-t:Restore", "-nologo", "-v:quiet", "-nodeReuse:false", $"-p:Functions={functions}",
                .. target.Properties
            ],
            cancellation);
        if (prepared.Succeeded)
            prepared = await run(
                "dotnet",
                ["msbuild", project, "-t:BuildShared", "-nologo", "-v:quiet", "-nodeReuse:false", "-p:Configuration=Release"],
                cancellation);
        if (!prepared.Succeeded)
        {
            screen.WriteLine(prepared.Output);
            return [];
        }

        List<Result> results = [];
        using var failed = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        await Parallel.ForEachAsync(
            stale, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellation }, async (item, _) =>
            {
                // What one cannot, the others cannot either. What breaks a gate is another matter: there one wants to know all.
                if (failed.IsCancellationRequested) return;

                var result = await PublishAsync(item.Asset, item.Inputs, cancellation);
                if (result.Measured is null) await failed.CancelAsync();
                lock (results)
                {
                    results.Add(result);
                    screen.WriteLine(string.Create(CultureInfo.InvariantCulture,
                        $"{target.Folder}: {results.Count}/{stale.Count} {item.Asset.Function.Name} "
                            + $"{(result.Broken is [] ? "published" : "REFUSED")} in {result.Time!.Value.TotalSeconds:0} s"));
                }
            });
        return results;
    }

    private async Task<Result> PublishAsync(Asset asset, string inputs, CancellationToken cancellation)
    {
        var time = Stopwatch.StartNew();
        var (function, target) = (asset.Function, asset.Target);

        // MSBuild skips steps by the times of files; whether there is something to do was decided by contents.
        var intermediate = Path.Combine(function.Folder, "obj", "Release", "net10.0", target.RuntimeIdentifier);
        if (Directory.Exists(intermediate)) Directory.Delete(intermediate, recursive: true);

        string[] arguments =
        [
            "publish", function.File, "--no-restore", "-nologo", "-v:minimal", "-tl:off", "-m:1", "-nodeReuse:false", "-clp:NoSummary",
            "-p:BuildProjectReferences=false", $"-p:PublishDir={asset.Staging}{Path.DirectorySeparatorChar}", .. target.Properties,
        ];
        var published = await run("dotnet", arguments, cancellation);
        if (!published.Succeeded)
        {
            var missing = Toolchain.Explain(published.Output, target).Select(tool => $"needs {tool.What}: {tool.Fix}");
            return new(asset, null, [.. missing, .. Errors(published.Output)], time.Elapsed);
        }

        var zipBytes = Asset.ZipBytes(asset.Staging);
        var measured = Asset.Measure(asset.Staging, target, zipBytes, published.Output);
        var broken = Judge(measured, target);
        if (broken is []) asset.Accept(inputs, zipBytes);
        return new(asset, measured, broken, time.Elapsed);
    }

    // The managed runtime brings its own executable: of the gates, those of the source remain, and they are warnings.
    private static IReadOnlyList<string> Judge(Measured measured, FunctionTarget target) =>
        target.IsNative ? Gates.Broken(measured, target) : [.. measured.Warnings.Select(warning => $"warns: {warning}")];

    private static IEnumerable<string> Errors(string output)
    {
        string[] errors = [.. output.Split('\n')
            .Select(line => line.Trim())
            .Where(line => line.Contains("error", StringComparison.OrdinalIgnoreCase)).Distinct(StringComparer.Ordinal)];
        return errors is [] ? [output.Trim()] : errors;
    }

    private void Report(IReadOnlyList<Result> results)
    {
        if (results is []) return;

        screen.WriteLine();
        screen.WriteLine($"{"function",-60} {"executable",10} {"zip",8} {"glibc",6} {"time",10}");
        foreach (var (asset, measured, _, time) in results.OrderBy(result => result.Asset.Folder, StringComparer.Ordinal))
        {
            var took = time is { } elapsed ? string.Create(CultureInfo.InvariantCulture, $"{elapsed.TotalSeconds:0} s") : "unchanged";
            var executable = measured is { ExecutableBytes: > 0 } ? Gates.Megabytes(measured.ExecutableBytes) : "-";
            var zip = measured is null ? "-" : Gates.Megabytes(measured.ZipBytes);
            screen.WriteLine(
                $"{Path.GetRelativePath(root, asset.Folder),-60} {executable,10} {zip,8} {measured?.Glibc ?? "-",6} {took,10}");
        }

        screen.WriteLine();
        foreach (var result in results)
        {
            foreach (var reason in result.Broken) screen.WriteLine($"{result.Asset.Target.Folder}/{result.Asset.Function.Name} {reason}");
        }
    }
}
