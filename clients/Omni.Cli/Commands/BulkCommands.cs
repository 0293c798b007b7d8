using System.CommandLine;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Omni.Client;

namespace Omni.Cli.Commands;

/// <summary>A message to everybody in a file.</summary>
internal static partial class BulkCommands
{
    private const int MostRecipients = 10_000;

    // The API takes 4 MB; this leaves room for what all have in common.
    private const int MostBytes = 3_500_000;

    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(2);

    public static Command All()
    {
        Command command = new("bulk", "A message to everybody in a file.");
        command.Add(Send());
        return command;
    }

    private static OmniCommand Send()
    {
        OmniCommand command = new(
            "send",
            "Sends a message to each row of a file, and shows how far it is. After Ctrl+C it goes on by itself; the same command shows it "
            + "again and sends to nobody twice.",
            "omni bulk send people.csv --text \"Hi {{name}}\" --carrier twilio --from +12065550100",
            "omni bulk send people.csv --template sale --language en_US --var name={{name|there}} --carrier whatsapp --from +12065550100");
        var file = command.Argument<string>("file", "A CSV file with a header: to, perhaps reference, and what fills {{…}}.");
        var text = command.Option<string?>("--text", "The text, with {{name}} or {{name|fallback}}.", "text");
        var template = command.Option<string?>("--template", "An approved template.", "name");
        var language = command.Option<string?>("--language", "The template's language.", "code");
        var variables = command.Pairs("--var", "A variable of the template.");
        var carrier = command.Option<string?>("--carrier", "The carrier; your routes choose without it.", "id");
        var from = command.Option<string?>("--from", "Your address at the carrier; your routes choose without it.", "address");
        var name = command.Option<string?>("--name", "Your name for the batch.", "text");
        var label = command.Option<string?>("--label", "Your word for its messages.", "word");
        var at = command.Time("--at", "When to begin, at most 35 days ahead.");
        var ttl = command.Duration("--ttl", "How long each message may be tried, from its release (4h).");
        var skip = command.Option<bool>("--skip-bad", "Send to the others when rows are wrong.");
        var duplicates = command.Option<bool>("--allow-duplicates", "Send to an address as often as it is there.");
        var again = command.Option<string?>("--again", "Any word: send it anew although the same was sent.", "word");
        var detach = command.Option<bool>("--detach", "Do not wait for its end.");

        return command.Does(async (run, cancellation) =>
        {
            Content content = (run.Get(text), run.Get(template)) switch
            {
                ({ } body, null) => new TextContent { Body = body },
                (null, { } approved) => new TemplateContent
                {
                    Name = approved, Language = run.Get(language), Variables = Parsing.Map(run.Get(variables)),
                },
                _ => throw new UsageException("Give --text or --template."),
            };
            var rows = ReadRows(await File.ReadAllTextAsync(run.Get(file), cancellation));
            var bad = rows.SelectMany(row => FaultsOf(row, content).Select(fault => (row.Line, fault))).ToArray();
            if (Refuses(run, bad, run.Get(skip))) return ExitCode.Wrong;

            var wrong = bad.Select(one => one.Line).ToHashSet();
            BulkRequest shared = new()
            {
                Carrier = run.Get(carrier),
                From = run.Get(from) is { } ours ? Address.Parse(ours) : null,
                Content = content,
                Name = run.Get(name),
                Label = run.Get(label),
                ScheduledAt = run.Get(at),
                TtlSeconds = SendingOptions.Seconds(run.Get(ttl)),
                Atomic = !run.Get(skip),
                AllowDuplicates = run.Get(duplicates),
                Recipients = [],
            };
            Row[] good = [.. rows.Where(row => !wrong.Contains(row.Line))];
            if (!run.Get(duplicates)) good = [.. good.DistinctBy(row => row.To, StringComparer.Ordinal)];
            var code = wrong.Count == 0 ? ExitCode.Done : ExitCode.NotSo;
            foreach (var part in PartsOf(good))
            {
                code = Math.Max(code, await SendAsync(run, shared, part, run.Get(again), run.Get(detach), cancellation));
                if (code > ExitCode.NotSo) break;
            }

            return code;
        });
    }

    /// <summary>Sends the rows of one batch, and follows it.</summary>
    private static async Task<int> SendAsync(
        Run run, BulkRequest shared, IReadOnlyList<Row> rows, string? again, bool detach, CancellationToken cancellation)
    {
        var request = shared with { Recipients = [.. rows.Select(row => row.ToRecipient())] };
        BulkAccepted taken;
        try
        {
            taken = await run.Omni.Batches.SendAsync(request, KeyOf(request, again), cancellation);
        }
        catch (OmniException refusal) when (refusal.Code == ProblemCode.RecipientsRefused)
        {
            foreach (var error in refusal.Errors) run.Screen.Note($"line {LineOf(error, rows)}: {error.Detail}");
            run.Screen.Note("Nothing was sent. Mend the rows, or leave them out with --skip-bad.");
            return ExitCode.Wrong;
        }

        foreach (var refused in taken.Refused)
        {
            run.Screen.Note($"line {rows[refused.Index].Line}: {string.Join(' ', refused.Errors.Select(error => error.Detail))}");
        }

        run.Screen.Note($"{taken.BatchId}: {taken.Accepted} messages.");
        var code = taken.Refused.Count == 0 ? ExitCode.Done : ExitCode.NotSo;
        if (!detach) return Math.Max(code, await BatchCommands.FollowAsync(run, taken.BatchId, Poll, cancellation));

        run.Screen.Show(taken, () => run.Screen.Line(taken.BatchId));
        return code;
    }

    /// <summary>The same rows and words have the same key: the batch is made once, whoever asks again.</summary>
    private static string KeyOf(BulkRequest request, string? again)
    {
        var json = JsonSerializer.Serialize(request, OmniJson.Default.BulkRequest);
        return "cli-" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{again}\n{json}")));
    }

    private static Row[] ReadRows(string text)
    {
        var lines = Csv.Read(text).ToArray();
        if (lines is not [var header, _, ..]) throw new UsageException("The file has no rows under its header.");

        string[] names = [.. header.Fields];
        var to = Array.FindIndex(names, name => name.Equals("to", StringComparison.OrdinalIgnoreCase));
        if (to < 0) throw new UsageException("The header names no column: to.");

        return [.. lines.Skip(1).Select(line => Row.Of(line.Line, names, line.Fields, to))];
    }

    private static IEnumerable<string> FaultsOf(Row row, Content content)
    {
        if (row.Fault is { } fault) yield return fault;
        if (row.To.Length == 0) yield return "to is empty.";
        IEnumerable<string> texts = content switch
        {
            TextContent one => [one.Body],
            TemplateContent one => one.Variables?.Values ?? [],
            _ => [],
        };
        foreach (Match placeholder in texts.SelectMany(text => Placeholder().Matches(text)))
        {
            var name = placeholder.Groups["name"].Value.Trim();
            if (!placeholder.Groups["fallback"].Success && !row.Variables.ContainsKey(name))
                yield return $"{name} is empty, and {placeholder.Value} has no fallback.";
        }
    }

    private static bool Refuses(Run run, IReadOnlyList<(int Line, string Fault)> bad, bool skip)
    {
        const int MostShown = 20;
        foreach (var (line, fault) in bad.Take(MostShown)) run.Screen.Note($"line {line}: {fault}");
        if (bad.Count > MostShown) run.Screen.Note($"… and {bad.Count - MostShown} more.");
        if (bad.Count == 0 || skip) return false;

        run.Screen.Note("Nothing was sent. Mend the rows, or leave them out with --skip-bad.");
        return true;
    }

    /// <summary>Rows by the batch: as many as the API takes in one.</summary>
    private static IEnumerable<IReadOnlyList<Row>> PartsOf(IEnumerable<Row> rows)
    {
        var (part, bytes) = (new List<Row>(), 0);
        foreach (var row in rows)
        {
            var more = JsonSerializer.SerializeToUtf8Bytes(row.ToRecipient(), OmniJson.Default.BulkRecipient).Length + 1;
            if (part.Count == MostRecipients || (part.Count > 0 && bytes + more > MostBytes))
            {
                yield return part;
                (part, bytes) = ([], 0);
            }

            part.Add(row);
            bytes += more;
        }

        if (part.Count > 0) yield return part;
    }

    private static string LineOf(FieldError error, IReadOnlyList<Row> rows) =>
        int.TryParse(Recipient().Match(error.Field).Groups[1].Value, out var index) && index < rows.Count
            ? $"{rows[index].Line}"
            : $"? ({error.Field})";

    [GeneratedRegex(@"\{\{(?<name>[^{}|]*)(\|(?<fallback>[^{}]*))?\}\}")]
    private static partial Regex Placeholder();

    [GeneratedRegex(@"^recipients\[(\d+)\]")]
    private static partial Regex Recipient();

    /// <summary>A row of the file.</summary>
    private sealed record Row(int Line, string To, string? Reference, IReadOnlyDictionary<string, string> Variables, string? Fault)
    {
        private const string ReferenceColumn = "reference";

        public static Row Of(int line, string[] names, string[] fields, int to)
        {
            var fault = fields.Length == names.Length ? null : $"it has {fields.Length} fields, the header {names.Length}.";
            var filled = names.Zip(fields).Index().Where(field => field.Index != to && field.Item.Second.Length > 0).ToLookup(
                field => field.Item.First.Equals(ReferenceColumn, StringComparison.OrdinalIgnoreCase), field => field.Item);
            return new(
                line,
                to < fields.Length ? fields[to] : "",
                filled[true].Select(field => field.Second).FirstOrDefault(),
                filled[false].DistinctBy(field => field.First).ToDictionary(field => field.First, field => field.Second),
                fault);
        }

        public BulkRecipient ToRecipient() => new()
        {
            To = Address.Parse(To), ClientReference = Reference, Variables = Variables.Count > 0 ? Variables : null,
        };
    }
}
