using System.Reflection;
using Xunit.Abstractions;
using Xunit.Sdk;

[assembly: TestFramework("Omni.EndToEnd.Tests." + nameof(Omni.EndToEnd.Tests.WholeSuite), "Omni.EndToEnd.Tests")]

namespace Omni.EndToEnd.Tests;

/// <summary>Knows whether this run has all tests of the project: only then can be said what none of them does.</summary>
public sealed class WholeSuite(IMessageSink messages) : XunitTestFramework(messages)
{
    /// <summary>Whether all tests run.</summary>
    public static bool Runs { get; private set; }

    protected override ITestFrameworkExecutor CreateExecutor(AssemblyName assemblyName) =>
        new Executor(assemblyName, SourceInformationProvider, DiagnosticMessageSink);

    private sealed class Executor(AssemblyName assembly, ISourceInformationProvider sources, IMessageSink messages)
        : XunitTestFrameworkExecutor(assembly, sources, messages)
    {
        protected override void RunTestCases(
            IEnumerable<IXunitTestCase> testCases, IMessageSink executionMessageSink, ITestFrameworkExecutionOptions executionOptions)
        {
            IXunitTestCase[] cases = [.. testCases];
            // A test of a base class is one of each class that has it.
            var all = typeof(WholeSuite).Assembly.GetTypes().Where(type => !type.IsAbstract).SelectMany(
                type => type.GetMethods().Where(method => method.IsDefined(typeof(FactAttribute))),
                (type, method) => $"{type.FullName}.{method.Name}");
            Runs = !all.Except(cases.Select(c => $"{c.TestMethod.TestClass.Class.Name}.{c.TestMethod.Method.Name}")).Any();
            base.RunTestCases(cases, executionMessageSink, executionOptions);
        }
    }
}

/// <summary>What is judged when all other tests have run: xunit runs what may not run beside others after those that may.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public static class AtTheEnd
{
    /// <summary>The tests of it.</summary>
    public const string Name = "at the end";
}
