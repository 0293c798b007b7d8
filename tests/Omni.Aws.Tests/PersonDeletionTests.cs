using Amazon.DynamoDBv2.Model;
using Amazon.Runtime;
using Amazon.S3;
using Omni.Shared;
using Omni.Testing;

namespace Omni.Aws.Tests;

/// <summary>The deletion of people, over the real tables.</summary>
public sealed class PersonDeletionTests(EmulatorFixture emulators) : TableTests(emulators, Start)
{
    private const string Digits = "14155550123";
    private const string Words = "My cat is ill";

    private static readonly DateTimeOffset Start = new(2026, 3, 14, 12, 0, 0, TimeSpan.Zero);
    private static readonly Address Us = Address.Phone("+12065550100");
    private static readonly Address Them = Address.Phone("+" + Digits);
    private static readonly Address User = new(AddressType.WhatsappUserId, "US.their-user-id");
    private static readonly Address Other = Address.Phone("+14155550199");

    private readonly string _bucket = EmulatorFixture.NewBucketName();
    private AmazonS3Client _s3 = null!;

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        _s3 = Emulators.NewS3();
        await _s3.PutBucketAsync(_bucket);
    }

    public override Task DisposeAsync()
    {
        _s3.Dispose();
        return base.DisposeAsync();
    }

    [Fact]
    public async Task Nothing_that_names_a_person_is_left_but_their_opt_out()
    {
        var blobs = await StoreAllAsync(Them, "default");
        await Tables.Aws.People.RecordConsentAsync("default", Them, ours: null, optedOut: true, Start, "letter", default);

        var deletion = await DeleteAsync(Them);

        Assert.Equal((8, 2), (deletion.Messages, deletion.Sessions));
        Assert.Equal(
            [$"control consent#default#{Them.Key}", $"control consent#default#{User.Key}"],
            await TracesAsync(Digits, User.Value, Words, "Ina"));
        Assert.Empty(await FilesAsync());
        Assert.NotEmpty(blobs);
        foreach (var person in (Address[])[Them, User])
            Assert.True(await Tables.Aws.Consents.IsOptedOutAsync("default", person, Us));
    }

    [Theory]
    [InlineData(MessageStatus.Accepted, MessageStatus.Canceled)]
    [InlineData(MessageStatus.Scheduled, MessageStatus.Canceled)]
    [InlineData(MessageStatus.Unknown, MessageStatus.Unknown)]
    [InlineData(MessageStatus.Delivered, MessageStatus.Delivered)]
    public async Task What_has_not_left_is_canceled_and_what_became_of_the_rest_stays(MessageStatus status, MessageStatus expected)
    {
        var message = Outbound(Them);
        await StoreAsync(message, status);

        await DeleteAsync(Them);

        var left = (await Tables.Aws.Messages.FindAsync(message.Id))!;
        Assert.Equal((expected, Address.Unknown, Us), (left.Status, left.Message.To, left.Message.From));
        Assert.Null(left.State.DueAt);
        Assert.IsType<Opening.NotNeeded>(status < MessageStatus.Unknown
            ? await Tables.Aws.Messages.OpenAttemptAsync(message, 0, known: null, TimeSpan.FromSeconds(12))
            : new Opening.NotNeeded(left));
    }

    [Fact]
    public async Task Another_tenants_messages_and_other_people_are_not_touched()
    {
        await StoreAllAsync(Them, "acme");
        await StoreAllAsync(Other, "default");
        var before = await OthersAsync();

        var deletion = await DeleteAsync(Them);

        Assert.Equal((0, 0), (deletion.Messages, deletion.Sessions));
        Assert.Equal(before, await OthersAsync());

        async Task<string[]> OthersAsync()
        {
            var mark = $"{OmniTables.Sessions} per_{Ids.Hash("default", Them.Key)}";
            return [.. (await AllAsync()).Where(item => !item.StartsWith("control deletion#", StringComparison.Ordinal)
                && !item.StartsWith(mark, StringComparison.Ordinal))];
        }
    }

    /// <summary>A death one call later in each run: the next one goes on, and nothing is left in the end.</summary>
    [Fact]
    public async Task A_run_that_dies_anywhere_is_gone_on_with()
    {
        await StoreAllAsync(Them, "default");
        using var dynamo = new TappedDynamoDb(Emulators, Tables.AccessKey);
        var over = Over(dynamo);
        await over.BeginAsync("default", Them);
        var (calls, dies) = (0, 0);
        dynamo.After = (_, _) =>
        {
            if (Interlocked.Increment(ref calls) >= dies) throw new InvalidOperationException("Died.");
        };
        var deaths = 0;
        for (PersonDeletion? deletion = null; deletion?.FinishedAt is null; Clock.Advance(TimeSpan.FromMinutes(1)))
        {
            (calls, dies) = (0, deaths + 1);
            try
            {
                await over.RunAsync(() => true);
            }
            catch (InvalidOperationException)
            {
                deaths++;
            }

            Assert.True(deaths < 500, "It never comes to the end.");
            deletion = await Tables.Aws.PersonDeletions.FindAsync("default", Them);
        }

        Assert.True(deaths > 10, $"It died {deaths} times only.");
        Assert.Empty(await TracesAsync(Digits, User.Value, Words, "Ina"));
        Assert.Empty(await FilesAsync());
    }

    /// <summary>Each run has time for a few steps only.</summary>
    [Fact]
    public async Task A_run_that_has_no_time_left_is_gone_on_with()
    {
        await StoreAllAsync(Them, "default");
        var deleter = Over(Tables.Dynamo);
        await deleter.BeginAsync("default", Them);
        var runs = 0;
        while ((await Tables.Aws.PersonDeletions.FindAsync("default", Them))!.FinishedAt is null)
        {
            Clock.Advance(TimeSpan.FromMinutes(1));
            var steps = 0;
            await deleter.RunAsync(() => Interlocked.Increment(ref steps) <= 8);
            Assert.True(++runs < 100, "It never comes to the end.");
        }

        Assert.True(runs > 2, $"{runs} runs were enough: nothing was gone on with.");
        Assert.Empty(await TracesAsync(Digits, User.Value, Words, "Ina"));
    }

    [Fact]
    public async Task Of_two_runs_at_the_same_time_one_gets_it()
    {
        await StoreAllAsync(Them, "default");
        var deleter = Over(Tables.Dynamo);
        await deleter.BeginAsync("default", Them);
        Assert.Equal(0, await deleter.RunAsync(() => true)); // nothing is searched before who writes has settled
        Assert.Equal((false, Start), await Tables.Aws.Consents.LookAsync("default", Them, Us)); // but nothing is sent any more

        Clock.Advance(PersonDeleter.Settling);
        var runs = await Task.WhenAll(deleter.RunAsync(() => true), deleter.RunAsync(() => true));

        Assert.Equal(1, runs.Sum());
        Assert.Equal((false, null), await Tables.Aws.Consents.LookAsync("default", Them, Us));
    }

    [Fact]
    public async Task What_a_person_writes_after_they_were_deleted_is_new()
    {
        await StoreAllAsync(Them, "default");
        var deleter = Over(Tables.Dynamo);
        await deleter.BeginAsync("default", Them);
        Clock.Advance(TimeSpan.FromSeconds(1));
        var later = Inbound(Them, "default") with { CreatedAt = Clock.GetUtcNow() };
        await Tables.Aws.Messages.CreateAsync(MessageStore.NewRecord(later));
        await Tables.Aws.Sessions.NoteInboundAsync(later, "Ina, again");

        Clock.Advance(PersonDeleter.Settling);
        await deleter.RunAsync(() => true);

        var kept = (await Tables.Aws.Messages.FindAsync(later.Id))!;
        Assert.Equal((Them, null), (kept.Message.From, kept.State.PersonDeletedAt));
        var session = Assert.Single(await Tables.Aws.Sessions.OfPersonAsync("default", Them));
        Assert.Equal("Ina, again", session.ProfileName);
    }

    [Fact]
    public async Task Asked_again_when_it_is_done_it_begins_anew()
    {
        var first = await DeleteAsync(Them);
        await StoreAllAsync(Them, "default");

        var second = await DeleteAsync(Them);

        Assert.True(second.RequestedAt > first.RequestedAt);
        Assert.Equal((0, 8), (first.Messages, second.Messages));
        Assert.DoesNotContain(await TracesAsync(Digits), trace => trace.StartsWith("messages", StringComparison.Ordinal));
    }

    /// <summary>A receipt with the carrier's id, what was read, and a record that was put into the queue by hand.</summary>
    [Fact]
    public async Task What_comes_late_brings_nothing_back()
    {
        var message = Outbound(Them);
        await StoreAsync(message, MessageStatus.Sent);
        await DeleteAsync(Them);

        await Tables.Aws.Messages.ApplyAsync(new()
        {
            MessageId = message.Id, Attempt = 1, Status = MessageStatus.Delivered, CarrierMessageId = $"wamid.{Digits}", At = Start,
        });
        Assert.False(await Tables.Aws.Sessions.NoteSeenAsync(message.Conversation, Start));
        var byHand = Outbound(Them);
        var opening = await Tables.Aws.Messages.OpenAttemptAsync(byHand, 0, known: null, TimeSpan.FromSeconds(12));

        Assert.Equal(MessageStatus.Delivered, (await Tables.Aws.Messages.FindAsync(message.Id))!.Status);
        Assert.Equal(MessageStatus.Canceled, Assert.IsType<Opening.NotNeeded>(opening).Record.Status);
        Assert.Empty(await TracesAsync(Digits, Words));
        Assert.True(await Tables.Aws.Sessions.NoteSeenAsync(message.Conversation, Clock.GetUtcNow()));
        Assert.IsType<Opening.Opened>(await Tables.Aws.Messages.OpenAttemptAsync(
            Outbound(Them) with { CreatedAt = Clock.GetUtcNow() }, 0, known: null, TimeSpan.FromSeconds(12)));
    }

    [Fact]
    public async Task Anothers_message_to_a_group_stays_theirs_without_the_one_who_is_gone()
    {
        var message = Inbound(Other, "default") with { Participants = [Them, User, Us] };
        await Tables.Aws.Messages.CreateAsync(MessageStore.NewRecord(message));
        await Tables.Aws.Messages.KeepRawAsync(message.Id, $"to={Digits}", blob: null);

        await DeleteAsync(Them);

        var left = (await Tables.Aws.Messages.FindAsync(message.Id))!.Message;
        Assert.Equal((Other, Words), (left.From, Assert.IsType<ImageContent>(left.Content).Caption));
        Assert.Equal([User, Us], left.Participants);
        Assert.Empty(await TracesAsync(Digits));
    }

    /// <summary>One of everything that a person leaves behind.</summary>
    /// <returns>The names of the files.</returns>
    private async Task<string[]> StoreAllAsync(Address person, string tenant)
    {
        foreach (var status in (MessageStatus[])
            [MessageStatus.Accepted, MessageStatus.Scheduled, MessageStatus.Sending, MessageStatus.Unknown, MessageStatus.Sent,
                MessageStatus.Read])
        {
            await StoreAsync(Outbound(person) with { Tenant = tenant }, status);
        }

        var written = Inbound(person, tenant);
        var raw = $"raw/whatsapp/20260314/{written.Id}";
        string[] files = [raw, BlobStore.MediaKey(tenant, Ids.Media(written.Id, 0))];
        var (aws, blobs) = (Tables.Aws, new BlobStore(_s3, _bucket));
        foreach (var file in files) await blobs.PutAsync(file, new byte[] { 1 }, "image/png");
        await aws.Messages.CreateAsync(MessageStore.NewRecord(written));
        await aws.Messages.KeepRawAsync(written.Id, raw: null, raw);
        await aws.Messages.SetFileAsync(written.Id, 0, new() { Status = FileStatus.Stored, MediaId = Ids.Media(written.Id, 0) });
        await aws.Sessions.NoteInboundAsync(written, "Ina");
        await aws.LastSenders.NoteAsync(written, person);
        if (person == Them) await aws.People.JoinAsync(written.Conversation, [User]);

        var second = Inbound(person == Them ? User : person, tenant);
        await aws.Messages.CreateAsync(MessageStore.NewRecord(second));
        await aws.Messages.KeepRawAsync(second.Id, $"from={person.Value}&body={Words}", blob: null);
        await new ItemUpdate(OmniTables.Messages, $"evt_{written.Id}", "o")
            .Set("ev", new AttributeValue($$$"""{"tenant":"{{{tenant}}}","data":{"to":"{{{person.Value}}}"}}"""))
            .WriteAsync(Tables.Dynamo, default);
        return files;
    }

    private async Task StoreAsync(Message message, MessageStatus status)
    {
        if (status == MessageStatus.Scheduled) message = message with { ScheduledAt = Start.AddDays(1) };
        var record = MessageStore.NewRecord(message);
        if (status >= MessageStatus.Sending)
        {
            record = record with
            {
                State = record.State with
                {
                    Rank = RankKey.Of(status), Parts = [new() { Rank = RankKey.Of(status), Attempts = 1 }],
                    DueAt = status == MessageStatus.Unknown ? Start.AddMinutes(1) : null,
                },
            };
        }

        await Tables.Aws.Messages.CreateAsync(record);
        if (status >= MessageStatus.Sent)
        {
            await Tables.Aws.Messages.ApplyAsync(new()
            {
                MessageId = message.Id, Attempt = 1, Status = MessageStatus.Sent, At = Start,
                CarrierMessageId = $"wamid.{message.To.Value}",
            });
            foreach (var report in Enumerable.Range(0, 60)) // more than an item has room for
            {
                await Tables.Aws.Messages.ApplyAsync(new()
                {
                    MessageId = message.Id, Attempt = 1, Status = MessageStatus.Failed, CarrierCode = $"{report}",
                    CarrierMessageId = $"wamid.{message.To.Value}", At = Start,
                });
                if (status != MessageStatus.Read) break;
            }
        }
    }

    private static Message Outbound(Address person) => new()
    {
        Id = Ids.NewMessage(), Carrier = "whatsapp", To = person, From = Us, Content = new TextContent { Body = Words },
        Parts = [new PlannedPart()], CreatedAt = Start, ClientReference = $"customer {person.Value}", Label = $"for {person.Value}",
        Metadata = new Dictionary<string, string> { ["number"] = person.Value }, ReplyTo = $"wamid.{person.Value}",
    };

    private static Message Inbound(Address person, string tenant) => new()
    {
        Id = Ids.NewMessage(), Direction = Direction.Inbound, Carrier = "whatsapp", Tenant = tenant, To = Us, From = person,
        Content = new ImageContent { MediaUrl = new("https://carrier.example/1"), Caption = Words }, CreatedAt = Start,
        CarrierMessageId = $"wamid.{person.Value}", Thread = $"thread of {person.Value}",
        Referral = new() { SourceUrl = $"https://shop.example/?who={person.Value}" },
    };

    private async Task<PersonDeletion> DeleteAsync(Address person)
    {
        var deleter = Over(Tables.Dynamo);
        Clock.Advance(TimeSpan.FromSeconds(1));
        await deleter.BeginAsync("default", person);
        Clock.Advance(PersonDeleter.Settling);
        Assert.Equal(1, await deleter.RunAsync(() => true));
        return (await Tables.Aws.PersonDeletions.FindAsync("default", person))!;
    }

    private PersonDeleter Over(Amazon.DynamoDBv2.IAmazonDynamoDB dynamo)
    {
        var aws = Tables.Over(dynamo);
        return new(
            dynamo, new(OmniTables.Messages, OmniTables.Sessions), aws.PersonDeletions, aws.Messages,
            new(aws.Messages, new BlobStore(_s3, _bucket), aws.Media), aws.Sessions, aws.Consents, aws.LastSenders, Clock);
    }

    private async Task<IEnumerable<string>> FilesAsync() =>
        (await _s3.ListObjectsV2Async(new() { BucketName = _bucket })).S3Objects?.Select(file => file.Key) ?? [];

    /// <summary>The items that have one of these words anywhere.</summary>
    private async Task<string[]> TracesAsync(params string[] words) =>
    [
        .. (await AllAsync()).Where(item => words.Any(word => item.Contains(word, StringComparison.Ordinal)))
            .Select(item => string.Join(' ', item.Split(' ').Take(2))).Distinct().Order(StringComparer.Ordinal),
    ];

    private async Task<string[]> AllAsync()
    {
        var all = new List<string>();
        foreach (var table in (string[])[OmniTables.Messages, OmniTables.Sessions, OmniTables.Control])
        {
            var page = await Tables.Dynamo.ScanAsync(new ScanRequest { TableName = table, ConsistentRead = true });
            Assert.False(page.LastEvaluatedKey is { Count: > 0 });
            all.AddRange(page.Items.Select(item => $"{table} {item["pk"].S} {Text(new() { M = item })}"));
        }

        return [.. all.Order(StringComparer.Ordinal)];
    }

    private static string Text(AttributeValue value) => value switch
    {
        { M.Count: > 0 } => string.Join(
            ' ', value.M.OrderBy(one => one.Key, StringComparer.Ordinal).Select(one => $"{one.Key}={Text(one.Value)}")),
        { L.Count: > 0 } => string.Join(' ', value.L.Select(Text)),
        { SS.Count: > 0 } => string.Join(' ', value.SS.Order(StringComparer.Ordinal)),
        _ => value.S ?? value.N ?? "",
    };
}
