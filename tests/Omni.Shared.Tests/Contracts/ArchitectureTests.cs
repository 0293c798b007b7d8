namespace Omni.Shared.Tests.Contracts;

/// <summary>The core knows no carrier: a seventh is a folder, not a search through the code.</summary>
public sealed class ArchitectureTests
{
    [Fact]
    public void No_code_that_carriers_share_branches_on_a_carriers_name()
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(root.FullName, "Omni.sln"))) root = root.Parent!;

        var offenders =
            from folder in (string[])["shared", "functions/Platform", "infra"]
            from file in Directory.EnumerateFiles(Path.Combine(root.FullName, folder), "*.cs", SearchOption.AllDirectories)
            where !file.Contains("/obj/", StringComparison.Ordinal)
                && !file.Contains("/bin/", StringComparison.Ordinal)
                && Path.GetFileName(file) != "Carrier.cs"
            from line in File.ReadLines(file)
            let code = line.Split("//")[0]
            from carrier in CarrierCatalogue.All
            where code.Contains($"\"{carrier.Id}", StringComparison.OrdinalIgnoreCase)
            select $"{Path.GetRelativePath(root.FullName, file)}: {line.Trim()}";

        Assert.Empty(offenders);
    }

    [Fact]
    public void The_contracts_reference_no_AWS_library()
    {
        Assert.DoesNotContain(
            typeof(Message).Assembly.GetReferencedAssemblies(),
            reference => reference.Name!.StartsWith("AWSSDK", StringComparison.Ordinal));
    }
}
