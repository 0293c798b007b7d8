using System.CommandLine;
using System.CommandLine.Parsing;
using Omni.Client;

namespace Omni.Cli;

/// <summary>A command with examples, and what it does.</summary>
internal sealed class OmniCommand(string name, string description, params string[] examples) : Command(name, description)
{
    public IReadOnlyList<string> Examples => examples;

    public Argument<T> Argument<T>(string name, string description, bool isOptional = false)
    {
        Argument<T> argument = new(name) { Description = description };
        if (isOptional) argument.Arity = ArgumentArity.ZeroOrOne;
        Arguments.Add(argument);
        return argument;
    }

    public Option<T> Option<T>(string name, string description, string? value = null, bool isRequired = false)
    {
        Option<T> option = new(name) { Description = description, HelpName = value, Required = isRequired };
        Options.Add(option);
        return option;
    }

    /// <summary>A value of a closed set, which completion knows and others are refused.</summary>
    public Option<string?> Option(string name, string description, params string[] words)
    {
        var option = Option<string?>(name, description, string.Join('|', words));
        option.AcceptOnlyFromAmong(words);
        return option;
    }

    /// <summary>A point in time: RFC 3339 with its zone.</summary>
    public Option<DateTimeOffset?> Time(string name, string description)
    {
        var option = Option<DateTimeOffset?>(name, description, "time");
        option.CustomParser = result => Parsing.Time(result.Tokens[0].Value, result);
        return option;
    }

    /// <summary>A web address.</summary>
    public Option<Uri?> Url(string name, string description, bool isRequired = false)
    {
        var option = Option<Uri?>(name, description, "url", isRequired);
        option.CustomParser = result => Parsing.Url(result.Tokens[0].Value, result);
        return option;
    }

    /// <summary>A length of time, such as 30s, 5m or 2h.</summary>
    public Option<TimeSpan?> Duration(string name, string description)
    {
        var option = Option<TimeSpan?>(name, description, "30s|5m|2h");
        option.CustomParser = result => Parsing.Duration(result.Tokens[0].Value, result);
        return option;
    }

    /// <summary>name=value, as often as wanted.</summary>
    public Option<string[]> Pairs(string name, string description) => Option<string[]>(name, description, "name=value");

    public Option<int> Limit() =>
        new Option<int>("--limit") { Description = "How many at most; 0 for all.", DefaultValueFactory = _ => 20 }.AddedTo(this);

    /// <summary>What the command does, and what becomes of refusals.</summary>
    public OmniCommand Does(Func<Run, CancellationToken, Task<int>> action)
    {
        SetAction((parse, cancellation) => Run.ExecuteAsync(parse, action, cancellation));
        return this;
    }
}

/// <summary>What options are read with.</summary>
internal static class Parsing
{
    public static Option<T> AddedTo<T>(this Option<T> option, Command command)
    {
        command.Options.Add(option);
        return option;
    }

    public static DateTimeOffset? Time(string text, ArgumentResult result)
    {
        var hasZone = text.EndsWith('Z') || text.LastIndexOfAny(['+', '-']) > text.IndexOf('T', StringComparison.Ordinal);
        if (text.Contains('T') && hasZone && DateTimeOffset.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out var time))
        {
            return time;
        }

        result.AddError($"{text} is no time such as 2026-01-31T08:00:00Z.");
        return null;
    }

    public static Uri? Url(string text, ArgumentResult result)
    {
        if (Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "https" or "http") return url;

        result.AddError($"{text} is no web address.");
        return null;
    }

    public static TimeSpan? Duration(string text, ArgumentResult result)
    {
        if (Duration(text) is { } length) return length;

        result.AddError($"{text} is no length of time such as 30s, 5m, 2h or 1d.");
        return null;
    }

    public static TimeSpan? Duration(string text)
    {
        if (text.Length > 1 && int.TryParse(text[..^1], out var number) && number > 0)
        {
            switch (text[^1])
            {
                case 's': return TimeSpan.FromSeconds(number);
                case 'm': return TimeSpan.FromMinutes(number);
                case 'h': return TimeSpan.FromHours(number);
                case 'd': return TimeSpan.FromDays(number);
            }
        }

        return null;
    }

    /// <summary>name=value pairs as a map; null for none.</summary>
    public static IReadOnlyDictionary<string, string>? Map(string[]? pairs) => pairs is not { Length: > 0 } ? null : pairs.ToDictionary(
        pair => pair.Split('=', 2)[0],
        pair => pair.Split('=', 2) is [_, var value] ? value : throw new UsageException($"{pair} is not of the form name=value."));

    /// <summary>Lists with commas between them; null for none.</summary>
    public static IReadOnlyList<string>? Words(string? text) =>
        text?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    public static Address? Address(string? text) => text is null ? null : Client.Address.Parse(text);
}
