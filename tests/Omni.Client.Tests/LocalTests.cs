using Omni.Local;

namespace Omni.Client.Tests;

/// <summary>The whole service on this machine, with one carrier.</summary>
public sealed class LocalService : IAsyncLifetime
{
    private LocalHost? _host;

    public OmniClient Omni { get; private set; } = null!;

    /// <summary>Plays people: the control API of the simulators.</summary>
    public HttpClient People { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        _host = await LocalHost.StartAsync(new() { Port = 0, Carriers = [CarrierId.Whatsapp, CarrierId.Twilio] }, new Progress<string>());
        Omni = new(_host.Url, "local-dev-key");
        People = new() { BaseAddress = _host.Url };
    }

    public async Task DisposeAsync()
    {
        Omni?.Dispose();
        People?.Dispose();
        if (_host is not null) await _host.DisposeAsync();
    }
}

/// <summary>The client before the real API.</summary>
public sealed class LocalTests(LocalService local) : IClassFixture<LocalService>
{
    private const string Ours = "+12065550100";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly OmniClient _omni = local.Omni;

    [Fact]
    public async Task The_six_lines_of_the_README_work()
    {
        var message = await _omni.Messages.SendAsync(
            new() { Carrier = CarrierId.Twilio, From = Ours, To = "+14155550101", Text = "Hello" });
        Assert.Equal((MessageStatus.Accepted, new TextContent { Body = "Hello" }), (message.Status, message.Content));

        message = await _omni.Messages.WaitForAsync(message.Id, MessageStatus.Delivered, Patience);

        Assert.Equal(MessageStatus.Delivered, message.Status);
        Assert.Contains((await _omni.Messages.GetTimelineAsync(message.Id)).Events, entry => entry.Type == MessageStatus.Delivered);
        using var patience = new CancellationTokenSource(Patience);
        await foreach (var read in _omni.Events.ReadAsync(EventsApi.Earliest, new() { Limit = 1 }, patience.Token))
        {
            if (read.Type == EventType.MessageDelivered && read.AsMessage()!.Id == message.Id) break;
        }
    }

    [Fact]
    public async Task A_key_is_kept_and_another_request_under_it_is_refused()
    {
        SendRequest request = new() { Carrier = CarrierId.Twilio, From = Ours, To = "+14155550102", Text = "Once" };
        var first = await _omni.Messages.SendAsync(request, "order-42");

        Assert.Equal(first.Id, (await _omni.Messages.SendAsync(request, "order-42")).Id);
        var refused = await Assert.ThrowsAsync<OmniException>(() => _omni.Messages.SendAsync(request with { Text = "Twice" }, "order-42"));
        Assert.Equal((ProblemCode.IdempotencyKeyReused, false), (refused.Code, refused.IsRetryable));
    }

    [Fact]
    public async Task A_refusal_names_the_fields()
    {
        SendRequest wrong = new() { Carrier = CarrierId.Twilio, From = Ours, To = "nobody", Text = "Hello" };

        var refused = await Assert.ThrowsAsync<OmniException>(() => _omni.Messages.SendAsync(wrong));

        Assert.Equal("to", Assert.Single(refused.Errors).Field);
        var validation = await _omni.Messages.ValidateAsync(wrong);
        Assert.Equal((false, refused.Code), (validation.Valid, validation.Problem!.Code));
        Assert.Equal(refused.Code, (await _omni.GetProblemAsync(refused.Code)).Code);
    }

    [Fact]
    public async Task A_message_that_waits_is_taken_back_and_sent_again()
    {
        var message = await _omni.Messages.SendAsync(new()
        {
            Carrier = CarrierId.Twilio, From = Ours, To = "+14155550103", Text = "Later", Label = "taken-back",
            ScheduledAt = TimeProvider.System.GetUtcNow().AddHours(1),
        });

        Assert.Equal(1, (await _omni.Messages.CancelAsync(message.Id)).Canceled);
        var again = await _omni.Messages.ResendAsync(message.Id);

        Assert.Equal(message.Id, again.ResendOf);
        await _omni.Messages.WaitForAsync(again.Id, MessageStatus.Delivered, Patience);
        var delivered = _omni.Messages.List(new() { To = "+14155550103", Status = MessageStatus.Delivered, Limit = 1 });
        Assert.Equal([again.Id], (await AllAsync(delivered)).Select(listed => listed.Id));
    }

    [Fact]
    public async Task A_person_writes_and_is_answered()
    {
        Address person = "+14155550104";
        using var order = new StringContent($$"""{"from":"{{person}}","to":"+31205550100","body":"Where is it?"}""");
        order.Headers.ContentType = new("application/json");
        (await local.People.PostAsync("/sim/whatsapp/inbound", order)).EnsureSuccessStatusCode();
        var written = await EventAsync(EventType.MessageReceived, message => message.From == person);
        Assert.Equal(new TextContent { Body = "Where is it?" }, written.Content);

        var session = await _omni.Sessions.GetAsync(written.ConversationId!);
        var answer = await _omni.Sessions.AnswerAsync(session.Id, new() { Text = "On its way." });

        Assert.True(session.WindowOpen);
        Assert.Equal(session.Id, Assert.Single(await AllAsync(_omni.Sessions.List(person: person))).Id);
        Assert.Equal(MessageStatus.Delivered, (await _omni.Messages.WaitForAsync(answer.Id, MessageStatus.Delivered, Patience)).Status);
        Assert.Equal(2, (await AllAsync(_omni.Sessions.ListMessages(session.Id, limit: 1))).Count);
        await _omni.Messages.MarkReadAsync(written.Id);
    }

    [Theory]
    [InlineData("+14155550105")]
    [InlineData("whatsappUserId:DE.abc")]
    public async Task Consents_are_put_read_and_taken_back(string text)
    {
        var person = Address.Parse(text);

        Assert.True((await _omni.Consents.OptOutAsync(person, new() { Evidence = "a letter" })).Applied);
        Assert.True(Assert.Single((await _omni.Consents.GetAsync(person)).Data).OptedOut);
        Assert.Contains(await AllAsync(_omni.Consents.List(optedOut: true)), consent => consent.Address.ToString() == text);
        Assert.True((await _omni.Consents.OptInAsync(person, evidence: "a form")).Applied);
        Assert.False(Assert.Single((await _omni.Consents.GetAsync(person)).Data).OptedOut);
    }

    [Fact]
    public async Task Senders_keys_and_endpoints_are_made_read_changed_and_ended()
    {
        Address sender = "+12065550199";
        await _omni.Senders.PutAsync(CarrierId.Twilio, sender, new() { RatePerSecond = 10, State = SenderState.Paused });
        Assert.Equal(SenderState.Paused, (await _omni.Senders.GetAsync(CarrierId.Twilio, sender)).State);
        Assert.Contains(await AllAsync(_omni.Senders.List(CarrierId.Twilio)), listed => listed.Address == sender);
        await _omni.Senders.DeleteAsync(CarrierId.Twilio, sender);

        var key = await _omni.Keys.CreateAsync(new() { Name = "A test", Scopes = [Scope.CarriersRead] });
        Assert.NotNull(key.Key);
        Assert.Contains(await _omni.Keys.ListAsync(), listed => listed.Id == key.Id && listed.Key is null);
        await _omni.Keys.DeleteAsync(key.Id);

        var endpoint = await _omni.WebhookEndpoints.CreateAsync(new() { Url = new("http://127.0.0.1:9/hook") });
        Assert.StartsWith("whsec_", endpoint.Secret);
        Assert.NotEqual(endpoint.Secret, (await _omni.WebhookEndpoints.RotateSecretAsync(endpoint.Id)).Secret);
        Assert.False((await _omni.WebhookEndpoints.TestAsync(endpoint.Id)).Succeeded);
        Assert.Equal("d", (await _omni.WebhookEndpoints.ChangeAsync(endpoint.Id, new() { Description = "d" })).Description);
        await _omni.WebhookEndpoints.ReplayAsync(endpoint.Id, new() { From = TimeProvider.System.GetUtcNow() });
        await AllAsync(_omni.WebhookEndpoints.ListAttempts(endpoint.Id));
        Assert.Single(await _omni.WebhookEndpoints.ListAsync());
        await _omni.WebhookEndpoints.DeleteAsync(endpoint.Id);
    }

    [Fact]
    public async Task Carriers_are_listed_paused_and_resumed()
    {
        Assert.Contains(await _omni.Carriers.ListAsync(), carrier => carrier is { Id: CarrierId.Livechat, Available: true });
        await AllAsync(_omni.Carriers.ListTemplates(CarrierId.Whatsapp));
        try
        {
            var until = TimeProvider.System.GetUtcNow().AddMinutes(1);
            await _omni.Carriers.PauseAsync(CarrierId.Whatsapp, new() { Reason = "A test", Until = until });
            Assert.Equal("A test", (await _omni.Carriers.GetStatusAsync(CarrierId.Whatsapp)).Paused!.Reason);
        }
        finally
        {
            Assert.Null((await _omni.Carriers.ResumeAsync(CarrierId.Whatsapp)).Paused);
        }
    }

    [Fact]
    public async Task The_service_tells_how_it_is()
    {
        Assert.Equal("ok", (await _omni.GetHealthAsync(deep: true)).Status);
        Assert.All(await _omni.DeadLetters.ListAsync(), queue => Assert.Equal(0, queue.Count));
        Assert.Equal(UsageKind.Day, (await _omni.GetUsageAsync()).By);
        Assert.Equal("3.1", (await _omni.GetOpenApiAsync()).GetProperty("openapi").GetString()![..3]);
    }

    private async Task<Message> EventAsync(string type, Func<Message, bool> isIt)
    {
        using var patience = new CancellationTokenSource(Patience);
        await foreach (var read in _omni.Events.ReadAsync(EventsApi.Earliest, new() { Types = [type] }, patience.Token))
        {
            if (read.AsMessage() is { } message && isIt(message)) return message;
        }

        throw new InvalidOperationException("The feed has no end.");
    }

    private static async Task<IReadOnlyList<T>> AllAsync<T>(IAsyncEnumerable<T> list)
    {
        List<T> all = [];
        await foreach (var one in list) all.Add(one);
        return all;
    }
}
