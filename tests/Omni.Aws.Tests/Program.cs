using Microsoft.Extensions.Logging;
using Omni.Aws;
using Omni.Aws.Tests;

// The process of JsonLoggerTests: it replaces the console as Lambda's official loop does with JSON logs, and then logs.
Console.SetOut(new WrappingConsole(Console.Out));
Console.WriteLine("plain");
Metrics.Count("SendAccepted", "twilio", 3);
JsonLogger.Console.Log(
    LogLevel.Warning,
    new EventId(1, "Named"),
    "state",
    new InvalidOperationException("outer", new ArgumentException("why")),
    (_, _) => "said");
