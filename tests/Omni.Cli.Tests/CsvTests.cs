namespace Omni.Cli.Tests;

public sealed class CsvTests
{
    public static TheoryData<string, string> Files() => new()
    {
        { "to,name\n+1,Ada\n", "1:to|name 2:+1|Ada" },
        { "to,name\r\n+1,Ada", "1:to|name 2:+1|Ada" }, // no end of line at the end
        { "to;name\n+1;Ada, Countess\n", "1:to|name 2:+1|Ada, Countess" },
        { "to\tname\n+1\tAda\n", "1:to|name 2:+1|Ada" },
        { "to,name\n\n+1,Ada\n", "1:to|name 3:+1|Ada" },
        { "to,name\n+1,\"Ada, \"\"the\"\"\nCountess\"\n+2,Bo\n", "1:to|name 2:+1|Ada, \"the\"\nCountess 4:+2|Bo" },
        { "to,name\n+1, Ada \n+2,\n", "1:to|name 2:+1|Ada 3:+2|" },
        { "to\n+1\n", "1:to 2:+1" },
        { "", "" },
    };

    [Theory, MemberData(nameof(Files))]
    public void Rows_are_read_with_their_lines(string text, string expected) =>
        Assert.Equal(expected, string.Join(' ', Csv.Read(text).Select(row => $"{row.Line}:{string.Join('|', row.Fields)}")));

    [Fact]
    public void A_quote_that_is_not_closed_is_told_with_its_line() =>
        Assert.Contains("Line 2", Assert.Throws<UsageException>(() => Csv.Read("to,name\n+1,\"Ada\n").ToArray()).Message);
}
