using System.Text;
using Omni.Local.Account;
using Omni.Shared;

namespace Omni.EndToEnd.Tests;

/// <summary>
/// What the template allows is what the functions do, no less and no more: judged by what they did in all other tests. When only some of
/// the tests run, nothing is said of what none of them does.
/// </summary>
[Collection(AtTheEnd.Name)]
public sealed class RightsTests
{
    /// <summary>Actions that nothing can need on one machine, and why.</summary>
    private static readonly (string Right, string Why)[] NotHere =
    [
        ("ssm:GetParametersByPath", "on one machine settings come from the environment alone"),
        ("kms:Decrypt", "the parameters' key, for the same reason"),
        ("Omni.Api: sqs:ChangeMessageVisibility", "what dies while dead letters are redriven is given back, and that is a matter of luck"),
        ("Omni.MediaConverter: sqs:ChangeMessageVisibility", "a host of files that has no time is asked again after its own wait"),
        ("Omni.Api: sqs:DeleteMessage omni-concierge-turns-dlq.fifo", "no turn dies here: OnceTests plays that"),
        ("Omni.Api: sqs:ReceiveMessage omni-concierge-turns-dlq.fifo", "as above"),
        ("Omni.Api: sqs:SendMessage omni-concierge-turns.fifo", "as above"),
        ("Omni.Api: sqs:DeleteMessage omni-router-dlq.fifo", "no step of a plan dies here: the Router's tests play that"),
        ("Omni.Api: sqs:ReceiveMessage omni-router-dlq.fifo", "as above"),
        ("Omni.Router: sqs:ChangeMessageVisibility", "a step that fails is asked for again after its own wait"),
        ("Omni.Concierge: dynamodb:BatchGetItem", "what a processor of one's own may ask for, and the concierge does not"),
        ("Omni.Concierge: dynamodb:Query", "as above"),
        ("Omni.Concierge: s3:GetObject", "as above: links to the files of people"),
        ("Omni.Concierge: dynamodb:UpdateItem table/omni-sessions", "a hand-over by a turn: OnceTests plays that"),
        ("Omni.Concierge: sqs:ChangeMessageVisibility", "the wait of a turn that failed"),
        ("Omni.Concierge: sqs:SendMessage", "a turn that is given up"),
        ("Omni.Scheduler: sqs:SendMessage omni-concierge-turns.fifo", "wakes come minutes later: WakeTests plays them"),
        ("Omni.MediaConverter: s3:DeleteObject", "a file that is deleted while another is made of it is a matter of luck"),
    ];

    [Fact]
    public void Nothing_that_a_function_did_was_refused()
    {
        Assert.Empty(AccountRecord.All.SelectMany(record => record.Host.Rights.Refused).Distinct());
    }

    [Fact]
    public async Task Whatever_right_is_taken_away_something_is_refused()
    {
        var used = new HashSet<string>();
        foreach (var record in AccountRecord.All)
        {
            foreach (var call in record.Calls)
            {
                var role = record.Host.Rights.Roles[call.AccessKey];
                foreach (var right in role.Rights)
                {
                    var answer = await AskWithoutAsync(record, role, right, call);
                    if (answer is null) continue;

                    used.Add(Name(role, right));
                    Assert.Contains(right.Action, answer, StringComparison.OrdinalIgnoreCase);
                }
            }

            foreach (var role in record.Host.Rights.Roles.Values)
            {
                var needs = record.Host.Stack.PlatformNeeds[role.Function].ToArray();
                used.UnionWith(role.Rights.Where(right => needs.Any(need => Without(role, right).Decide(need) is not Decision.Allowed))
                    .Select(right => Name(role, right)));
            }
        }

        if (!WholeSuite.Runs) return;

        var given = AccountRecord.All.SelectMany(record => record.Host.Rights.Roles.Values)
            .SelectMany(role => role.Rights.Where(right => right.Allows).Select(right => Name(role, right)))
            .Distinct().ToArray();
        string[] unneeded =
        [
            .. given.Where(right => !used.Contains(right) && NotHere.All(not => !IsNamed(right, not.Right)))
                .Order(StringComparer.Ordinal),
        ];
        Assert.True(unneeded.Length == 0, "The template allows what nothing here needs:\n" + string.Join('\n', unneeded));
        Assert.All(NotHere, not => Assert.Contains(given, right => IsNamed(right, not.Right)));
    }

    private static bool IsNamed(string name, string part) => $"{name} ".Contains(part + " ", StringComparison.Ordinal);

    // What each carrier has alike is made by one construct: what one of them needs is needed.
    private static string Name(Role role, Right right) => CarrierCatalogue.All.Aggregate(
        $"{role.Project}: {right.Action} {right.Resource.Split(':', 6)[^1]}",
        (name, carrier) => name.Replace(carrier.Name, "{Carrier}", StringComparison.Ordinal)
            .Replace(carrier.Id, "{carrier}", StringComparison.Ordinal));

    private static Role Without(Role role, Right right) => role with { Rights = [.. role.Rights.Where(other => other != right)] };

    /// <summary>What a function that lacks a right hears; null when it is let through all the same.</summary>
    private static async Task<string?> AskWithoutAsync(AccountRecord record, Role role, Right right, AwsCall call)
    {
        var guard = new Guard(
            new Dictionary<string, Role> { [call.AccessKey] = Without(role, right) }, record.Host.Stack.AccessReader, TextWriter.Null);
        var passed = new AwsAnswer(200, [], []);
        var answer = await guard.Around((_, _) => Task.FromResult(passed))(
            call with { Method = Bodied(call.Method) }, CancellationToken.None);
        return ReferenceEquals(answer, passed) ? null : Encoding.UTF8.GetString(answer.Body);
    }

    // An answer to HEAD has no words; the right is the same.
    private static string Bodied(string method) => method == "HEAD" ? "GET" : method;
}
