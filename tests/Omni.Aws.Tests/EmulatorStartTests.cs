using System.Net.Sockets;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Amazon.Runtime;
using Omni.Emulators;

namespace Omni.Aws.Tests;

/// <summary>How the emulators start, keep data, and stop.</summary>
public sealed class EmulatorStartTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("omni-emulators-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Tables_in_a_data_directory_outlive_the_emulators()
    {
        Uri[] addresses;
        await using (var before = await LocalEmulators.StartAsync(new() { DataDirectory = _folder.FullName }))
        {
            addresses = [before.DynamoDb, before.Sqs];
            using var dynamo = ClientOf(before);
            await dynamo.CreateTableAsync(
                new CreateTableRequest("kept", [new("pk", KeyType.HASH)], [new("pk", ScalarAttributeType.S)], new(1, 1)));
            await dynamo.PutItemAsync("kept", new() { ["pk"] = new("a") });
        }

        foreach (var address in addresses)
        {
            using var probe = new TcpClient();
            await Assert.ThrowsAsync<SocketException>(() => probe.ConnectAsync(address.Host, address.Port));
        }

        await using var after = await LocalEmulators.StartAsync(new() { DataDirectory = _folder.FullName });
        using var again = ClientOf(after);
        Assert.Equal("a", (await again.GetItemAsync("kept", new() { ["pk"] = new("a") })).Item["pk"].S);
    }

    [Fact]
    public async Task An_emulator_that_ends_at_its_start_is_reported_with_its_last_words()
    {
        var start = EmulatorProcess.StartAsync("Broken", new("dotnet", ["no-such-command"]), progress: null, CancellationToken.None);

        var failure = await Assert.ThrowsAsync<EmulatorException>(() => start);

        Assert.StartsWith("Broken ended before it was ready:\n", failure.Message, StringComparison.Ordinal);
        Assert.Contains("no-such-command", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void All_missing_programs_are_named_in_one_line()
    {
        var failure = Assert.Throws<EmulatorException>(() => Tools.FindIn([_folder.FullName]));

        Assert.Contains("node (", failure.Message, StringComparison.Ordinal);
        Assert.Contains("npm (", failure.Message, StringComparison.Ordinal);
        Assert.Contains("a JDK (", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', failure.Message);
    }

    private static AmazonDynamoDBClient ClientOf(LocalEmulators emulators) => new(
        new BasicAWSCredentials("test", "secret"),
        new AmazonDynamoDBConfig { ServiceURL = emulators.DynamoDb.ToString(), AuthenticationRegion = LocalEmulators.Region });
}
