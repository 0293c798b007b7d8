using Amazon.Lambda.Core;

namespace Omni.Lambda.Tests;

public sealed class CoreTests
{
    [OursFact("the default of Log(level, message, args) calls itself without end")]
    public void A_logger_needs_only_its_two_plain_members()
    {
        var lines = new Lines();
        ILambdaLogger logger = lines;

        logger.LogInformation("one");
        logger.LogWarning("two {x}", 2);
        logger.Log("Custom", "three");
        logger.LogError(new MyException("cause"), "four");

        Assert.Equal(["one", "two {x}", "three", "four"], lines.Written[..4]);
        Assert.Contains("MyException: cause", lines.Written[4], StringComparison.Ordinal);
    }

    [Fact]
    public void Hooks_of_snapshots_are_accepted_and_not_run()
    {
        Amazon.Lambda.Core.SnapshotRestore.RegisterBeforeSnapshot(() => throw new MyException("ran"));
        Amazon.Lambda.Core.SnapshotRestore.RegisterAfterRestore(() => throw new MyException("ran"));
    }

    private sealed class Lines : ILambdaLogger
    {
        public List<string> Written { get; } = [];

        public void Log(string message) => Written.Add(message);

        public void LogLine(string message) => Written.Add(message);
    }
}
