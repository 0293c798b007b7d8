using Omni.MediaConverter.Tests.Support;
using Omni.Shared;

namespace Omni.MediaConverter.Tests;

/// <summary>What becomes of messages whose files are made fit.</summary>
[Collection(nameof(OnePictureAtATime))]
public sealed class WorkTests : IAsyncDisposable
{
    private readonly Workshop _shop = new();

    public ValueTask DisposeAsync() => _shop.DisposeAsync();

    [Fact]
    public async Task A_picture_that_must_be_converted_is_and_the_message_is_asked_for()
    {
        var message = await _shop.TakeAsync(Image(_shop.Host.Serve("a.jpg", Answer.Ok(Samples.CameraJpeg(800, 600, 6)))));

        Assert.Empty(await _shop.RunAsync([message]));

        var (made, state) = await _shop.FindAsync(message);
        var file = Assert.Single(made.Prepared!);
        var (bytes, type) = _shop.File(file.MediaId!);
        Assert.Equal(("image/jpeg", "image/jpeg", "image/jpeg", (long)bytes.Length), (type, file.MimeType, file.ConvertedFrom, file.Bytes));
        Assert.True(FileSniffer.Look(bytes) is { Width: 600, Height: 800, HasMetadata: false });
        Assert.Equal(1, state.Dispatch);
        Assert.Equal(MessageStatus.Accepted, state.Rank.Status);
    }

    [Fact]
    public async Task What_fits_is_kept_as_it_is_so_that_what_goes_is_what_was_looked_at()
    {
        var picture = Samples.Jpeg(400, 300);
        var message = await _shop.TakeAsync(Image(_shop.Host.Serve("a.jpg", Answer.Ok(picture, "text/plain"))));

        await _shop.RunAsync([message]);

        var file = Assert.Single((await _shop.FindAsync(message)).Message.Prepared!);
        Assert.Null(file.ConvertedFrom);
        Assert.Equal(picture, _shop.File(file.MediaId!).Bytes);
        Assert.Equal("image/jpeg", _shop.File(file.MediaId!).Type); // whatever its host called it
    }

    [Fact]
    public async Task A_campaign_fetches_and_converts_its_picture_once()
    {
        var address = _shop.Host.Serve("a.jpg", Answer.Ok(Samples.CameraJpeg(800, 600, 6)));
        List<Message> messages = [];
        for (var i = 0; i < 1_000; i++) messages.Add(await _shop.TakeAsync(Image(address)));

        foreach (var batch in messages.Chunk(10)) Assert.Empty(await _shop.RunAsync(batch));

        Assert.Equal(1, _shop.Host.Asked("a.jpg"));
        Assert.Equal(1, _shop.Kept);
        foreach (var message in messages) Assert.NotNull((await _shop.FindAsync(message)).Message.Prepared);
    }

    [Fact]
    public async Task What_lay_at_an_address_is_asked_for_again_when_that_was_a_while_ago()
    {
        var address = _shop.Host.Serve("a.jpg", Answer.Ok(Samples.Jpeg(40, 30)));
        await _shop.RunAsync([await _shop.TakeAsync(Image(address))]);
        _shop.Host.Serve("a.jpg", Answer.Ok(Samples.Jpeg(60, 50)));
        await _shop.RunAsync([await _shop.TakeAsync(Image(address))]);
        Assert.Equal(1, _shop.Host.Asked("a.jpg"));

        _shop.Clock.Advance(TimeSpan.FromMinutes(11));
        var later = await _shop.TakeAsync(Image(address));
        await _shop.RunAsync([later]);

        Assert.Equal(2, _shop.Host.Asked("a.jpg"));
        var file = Assert.Single((await _shop.FindAsync(later)).Message.Prepared!);
        Assert.Equal(60, FileSniffer.Look(_shop.File(file.MediaId!).Bytes).Width);
    }

    [Fact]
    public async Task Each_carrier_gets_its_own_of_one_file_of_Omnis()
    {
        var id = _shop.Keep(Samples.CameraJpeg(4000, 3000, 6));
        var content = new ImageContent { MediaId = id };
        var small = await _shop.TakeAsync(content, "bandwidth", from: "+18005550100");
        var large = await _shop.TakeAsync(content, "bandwidth");

        await _shop.RunAsync([small, large]);

        Assert.InRange((await _shop.FindAsync(small)).Message.Prepared![0].Bytes!.Value, 1, 525_000);
        Assert.InRange((await _shop.FindAsync(large)).Message.Prepared![0].Bytes!.Value, 1, 1_000_000);
    }

    [Fact]
    public async Task Several_files_share_what_a_message_may_have()
    {
        var id = _shop.Keep(Samples.Jpeg(4000, 3000, quality: 95));
        var message = await _shop.TakeAsync(
            new ImageContent { MediaId = id, More = [new() { MediaId = id }, new() { MediaId = id }] }, "bandwidth");

        await _shop.RunAsync([message]);

        Assert.InRange((await _shop.FindAsync(message)).Message.Prepared!.Sum(file => file.Bytes!.Value), 1, 1_000_000);
    }

    [Fact]
    public async Task A_carriers_own_file_is_left_alone_beside_one_of_ours()
    {
        var message = await _shop.TakeAsync(new TemplateContent
        {
            Name = "t", Language = "en", Header = new() { Image = new() { MediaId = "1234567890" } },
        });

        await _shop.RunAsync([message]);

        Assert.Null(Assert.Single((await _shop.FindAsync(message)).Message.Prepared!).MediaId);
    }

    public static TheoryData<string, Answer, string> Refused => new()
    {
        { "nothing there", Answer.Status(404), "media_unreachable" },
        { "not allowed", Answer.Status(403), "media_unreachable" },
        { "no bytes", Answer.Ok([]), "media_empty" },
        { "a page in place of a picture", Answer.Ok(Samples.Html(), "image/jpeg"), "media_type" },
        { "a bomb", Answer.Ok(Samples.BombPng(50_000, 50_000)), "media_bomb" },
        { "half a picture", Answer.Ok(Half(Samples.Jpeg(600, 400))), "media_broken" },
        { "more than is fetched", new("HTTP/1.1 200 OK\r\nContent-Length: 104857601\r\n\r\n", [], StallsAfter: 0), "media_size" },
        { "on to no address", Answer.Redirect("file:///etc/passwd"), "media_unreachable" },
    };

    [Theory, MemberData(nameof(Refused))]
    public async Task What_cannot_go_ends_the_message_before_its_carrier_is_called(string what, Answer answer, string code)
    {
        var message = await _shop.TakeAsync(Image(_shop.Host.Serve("a.jpg", answer)));

        Assert.Empty(await _shop.RunAsync([message]));

        var (_, state) = await _shop.FindAsync(message);
        Assert.True((MessageStatus.Rejected, code) == (state.Rank.Status, state.Rank.CarrierCode), $"{what}: {state.Rank}");
        Assert.StartsWith("media_", state.Rank.Reason!.Value.Code(), StringComparison.Ordinal);
        Assert.NotEmpty(state.MediaProblem!);
        Assert.Equal(0, state.Dispatch);
    }

    public static TheoryData<string, Answer> Away => new()
    {
        { "a fault", Answer.Status(503) },
        { "too many", Answer.Status(429) },
        { "a length that lies", new("HTTP/1.1 200 OK\r\nContent-Length: 5000\r\nConnection: close\r\n\r\n", new byte[100]) },
    };

    [Theory, MemberData(nameof(Away))]
    public async Task A_host_that_is_away_is_asked_again_and_then_given_up(string what, Answer answer)
    {
        var message = await _shop.TakeAsync(Image(_shop.Host.Serve("a.jpg", answer)));

        for (var receives = 1; receives < 5; receives++)
            Assert.True(message.Id == Assert.Single(await _shop.RunAsync([message], receives)), what);
        Assert.Empty(await _shop.RunAsync([message], receives: 5));

        Assert.Equal([2, 4, 8, 16], _shop.Waits);
        var (_, state) = await _shop.FindAsync(message);
        Assert.Equal((MessageStatus.Rejected, "media_unreachable"), (state.Rank.Status, state.Rank.CarrierCode));
    }

    [Fact]
    public async Task A_host_that_comes_back_is_not_held_against_the_message()
    {
        var message = await _shop.TakeAsync(Image(_shop.Host.Serve("a.jpg", Answer.Status(503))));
        await _shop.RunAsync([message]);
        _shop.Host.Serve("a.jpg", Answer.Ok(Samples.Jpeg(40, 30)));

        Assert.Empty(await _shop.RunAsync([message], receives: 2));

        Assert.NotNull((await _shop.FindAsync(message)).Message.Prepared);
    }

    [Fact]
    public async Task Whoever_is_behind_a_file_that_waits_waits_with_it_and_nobody_else_does()
    {
        var away = _shop.Host.Serve("away.jpg", Answer.Status(503));
        var there = _shop.Host.Serve("there.jpg", Answer.Ok(Samples.Jpeg(40, 30)));
        Message[] messages =
        [
            await _shop.TakeAsync(Image(away)), await _shop.TakeAsync(Image(there)), await _shop.TakeAsync(Image(away)),
        ];

        var open = await _shop.RunAsync(messages);

        Assert.Equal([messages[0].Id, messages[2].Id], open);
        Assert.Equal([2, 0], _shop.Waits);
        Assert.Equal(1, _shop.Host.Asked("away.jpg"));
        Assert.NotNull((await _shop.FindAsync(messages[1])).Message.Prepared);
    }

    [Fact]
    public async Task A_host_that_trickles_runs_out_of_the_clients_time_which_is_named()
    {
        var message = await _shop.TakeAsync(
            Image(_shop.Host.Serve("a.jpg", Answer.Ok(Samples.Jpeg(400, 300)) with { StallsAfter = 10 })),
            options: new() { TimeoutSeconds = 1 });

        Assert.Empty(await _shop.RunAsync([message]));

        var (_, state) = await _shop.FindAsync(message);
        Assert.Equal((MessageStatus.Rejected, "media_timeout"), (state.Rank.Status, state.Rank.CarrierCode));
        Assert.Contains("media.timeoutSeconds", state.MediaProblem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://169.254.169.254/latest/meta-data/")]
    [InlineData("http://[::1]/a.jpg")]
    public async Task Nobody_leads_us_to_what_only_we_can_reach(string leadsTo)
    {
        var message = await _shop.TakeAsync(Image(_shop.Host.Serve("a.jpg", Answer.Redirect(leadsTo))));

        await _shop.RunAsync([message], receives: 5);

        Assert.Equal("media_unreachable", (await _shop.FindAsync(message)).State.Rank.CarrierCode);
    }

    [Fact]
    public async Task In_a_cloud_this_machine_is_no_host()
    {
        await using var cloud = new Workshop(isLocal: false);
        var message = await cloud.TakeAsync(Image(cloud.Host.Serve("a.jpg", Answer.Ok(Samples.Jpeg(40, 30)))));

        await cloud.RunAsync([message], receives: 5);

        Assert.Equal("media_unreachable", (await cloud.FindAsync(message)).State.Rank.CarrierCode);
        Assert.Equal(0, cloud.Host.Asked("a.jpg"));
    }

    [Fact]
    public async Task What_was_canceled_or_made_already_is_left_alone()
    {
        var address = _shop.Host.Serve("a.jpg", Answer.Ok(Samples.Jpeg(40, 30)));
        var canceled = await _shop.TakeAsync(Image(address));
        await _shop.Messages.CancelAsync(await _shop.FindAsync(canceled));
        var made = await _shop.TakeAsync(Image(address));
        await _shop.RunAsync([made]);

        Assert.Empty(await _shop.RunAsync([canceled, made]));

        Assert.Null((await _shop.FindAsync(canceled)).Message.Prepared);
        Assert.Equal(1, (await _shop.FindAsync(made)).State.Dispatch);
    }

    [Fact]
    public async Task What_came_too_late_expires()
    {
        var message = await _shop.TakeAsync(Image(_shop.Host.Serve("a.jpg", Answer.Ok(Samples.Jpeg(40, 30)))));
        _shop.Clock.Advance(TimeSpan.FromHours(5));

        await _shop.RunAsync([message]);

        Assert.Equal(MessageStatus.Expired, (await _shop.FindAsync(message)).Status);
    }

    [Fact]
    public async Task A_file_that_ends_its_function_is_not_tried_again()
    {
        var picture = Samples.CameraJpeg(80, 60, 6);
        var message = await _shop.TakeAsync(Image(_shop.Host.Serve("a.jpg", Answer.Ok(picture))));
        await _shop.DieWithAsync(message, picture);

        Assert.Empty(await _shop.RunAsync([message], receives: 2));

        Assert.Equal("media_fault", (await _shop.FindAsync(message)).State.Rank.CarrierCode);
    }

    [Fact]
    public async Task Without_time_a_file_is_not_begun()
    {
        var message = await _shop.TakeAsync(Image(_shop.Host.Serve("a.jpg", Answer.Ok(Samples.Jpeg(40, 30)))));
        _shop.TimeLeft = TimeSpan.FromSeconds(5);

        Assert.Equal(message.Id, Assert.Single(await _shop.RunAsync([message])));

        Assert.Equal([0], _shop.Waits);
        Assert.Equal(0, _shop.Host.Asked("a.jpg"));
    }

    [Fact]
    public async Task What_was_made_of_a_persons_file_goes_with_it()
    {
        var (picture, deleteAsync) = await _shop.ReceiveAsync(Samples.CameraJpeg(4000, 3000, 6));
        var image = new ImageContent { MediaId = picture };
        await _shop.RunAsync([await _shop.TakeAsync(image), await _shop.TakeAsync(image, "bandwidth", from: "+18005550100")]);
        Assert.Equal(3, _shop.Kept);
        _shop.Clock.Advance(TimeSpan.FromDays(60)); // it would not be taken again any more, and is there still

        await deleteAsync();

        Assert.Equal(0, _shop.Kept);
        var late = await _shop.TakeAsync(image);
        await _shop.RunAsync([late]);
        Assert.Equal("media_missing", (await _shop.FindAsync(late)).State.Rank.CarrierCode);
    }

    [Fact]
    public async Task What_is_made_of_a_persons_file_while_it_is_deleted_is_not_kept()
    {
        var (picture, deleteAsync) = await _shop.ReceiveAsync(Samples.CameraJpeg(800, 600, 6));
        var message = await _shop.TakeAsync(new ImageContent { MediaId = picture });
        _shop.BeforePut = deleteAsync;

        await _shop.RunAsync([message]);

        Assert.Equal(0, _shop.Kept);
        Assert.Equal("media_missing", (await _shop.FindAsync(message)).State.Rank.CarrierCode);
    }

    private static ImageContent Image(Uri address) => new() { MediaUrl = address };

    private static byte[] Half(byte[] bytes) => bytes[..(bytes.Length / 2)];
}
