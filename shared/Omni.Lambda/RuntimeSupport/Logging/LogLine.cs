using Amazon.Lambda.Core;

namespace Amazon.Lambda.RuntimeSupport.Logging;

/// <summary>One event of the log, before it has a format. The level is text since a caller may name one of its own.</summary>
internal readonly record struct LogLine(
    DateTimeOffset Time, ILambdaContext Context, string Level, LogTemplate Template, Exception Exception);
