using Xunit.Abstractions;

[assembly: TestCollectionOrderer("Omni.EndToEnd.Tests.LongestFirst", "Omni.EndToEnd.Tests")]

namespace Omni.EndToEnd.Tests;

/// <summary>
/// What waits longest begins first: tests run side by side, and one that begins late would keep all others waiting for it alone.
/// </summary>
public sealed class LongestFirst : ITestCollectionOrderer
{
    private static readonly string[] Long =
        [IsolatedHost.Name, nameof(DocumentationTests), nameof(LocalHostTests), nameof(OperatorTests), nameof(BatchTests)];

    public IEnumerable<ITestCollection> OrderTestCollections(IEnumerable<ITestCollection> testCollections) =>
        testCollections.OrderByDescending(collection => Long.Any(name => collection.DisplayName.EndsWith(name, StringComparison.Ordinal)));
}
