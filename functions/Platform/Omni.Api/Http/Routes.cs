using Omni.Shared;

namespace Omni.Api;

/// <summary>What a key may be allowed to do.</summary>
internal static class Scopes
{
    public const string MessagesWrite = "messages:write";
    public const string MessagesRead = "messages:read";
    public const string ConsentsRead = "consents:read";
    public const string ConsentsWrite = "consents:write";
    public const string PeopleRead = "people:read";
    public const string PeopleWrite = "people:write";
    public const string CarriersRead = "carriers:read";
    public const string EventsRead = "events:read";
    public const string EndpointsRead = "endpoints:read";
    public const string EndpointsWrite = "endpoints:write";
    public const string KeysRead = "keys:read";
    public const string KeysWrite = "keys:write";
    public const string SendersRead = "senders:read";
    public const string SendersWrite = "senders:write";

    /// <summary>
    /// Looking after the service, for all tenants: it opens nothing to keys of others than <see cref="Defaults.Tenant"/>.
    /// </summary>
    public const string Admin = "admin";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        MessagesWrite, MessagesRead, ConsentsRead, ConsentsWrite, PeopleRead, PeopleWrite, CarriersRead, EventsRead,
        EndpointsRead, EndpointsWrite, KeysRead, KeysWrite, SendersRead, SendersWrite, Admin,
    ];

    /// <summary>Those that open something to a tenant's keys.</summary>
    public static IReadOnlyList<string> Of(string tenant) => tenant == Defaults.Tenant ? All : [.. All.Where(scope => scope != Admin)];
}

/// <summary>Every endpoint, as the table that the router and the tests of the OpenAPI document read.</summary>
internal static class Routes
{
    public static IReadOnlyList<Route> Of(ApiParts parts)
    {
        var planner = new SendPlanner(parts);
        var send = new SendMessage(planner, parts.Messages, parts.Media, new(parts));
        var bulk = new SendBulk(planner, parts);
        var batches = new Batches(parts, new(parts.LongPolls, parts.Clock));
        var validate = new ValidateMessage(planner, parts);
        var read = new ReadMessage(parts.Messages);
        var status = new ReadStatus(parts.Messages, new(parts.LongPolls, parts.Clock));
        var list = new ListMessages(parts.Queries, parts.Clock);
        var mark = new MarkRead(parts.Messages);
        var cancel = new CancelMessage(parts.Messages);
        var delete = new DeleteContent(parts.Messages, parts.Deletion, parts.Events is not null);
        var resend = new ResendMessage(planner, parts.Messages, parts.Media);
        var sessions = new ReadSession(parts.Sessions, parts.Dialogs, parts.Clock);
        var inbox = new ListSessions(parts.Sessions, parts.Clock);
        var handOff = new HandOffSession(parts.Sessions, parts.Dialogs, parts.Clock);
        var history = new SessionHistory(parts.Sessions, parts.Queries, parts.Clock);
        var answer = new AnswerSession(parts.Sessions, send);
        var consents = new Consents(parts.Consents, parts.People, parts.Clock);
        var consentList = new ListConsents(parts.Consents, parts.Clock);
        var people = new DeletePerson(parts.PersonDeleter, parts.PersonDeletions, parts.Events is not null);
        var media = new ReadMedia(parts.Blobs, parts.Media);
        var own = new OwnMedia(parts.Blobs, parts.Clock);
        var usage = new ReadUsage(parts.Usage, parts.Clock);
        var carriers = new ReadCarriers(parts);
        var pause = new PauseCarrier(parts);
        var deadLetters = new DeadLetters(parts);
        var templates = new ReadTemplates(parts.Templates);
        var events = new ReadEvents(parts);
        var senders = new RegisteredSenders(parts.Senders);
        var routes = new RoutingRules(parts.Routes, parts.Senders);
        var keys = new ApiKeys(parts.Keys, parts.Clock);
        var health = new ReadHealth(parts);

        return
        [
            new("POST", "/api/v1/messages/send", Scopes.MessagesWrite, send.HandleAsync),
            new("POST", "/api/v1/messages/bulk", Scopes.MessagesWrite, bulk.HandleAsync),
            new("POST", "/api/v1/messages/validate", Scopes.MessagesWrite, validate.HandleAsync),
            new("GET", "/api/v1/messages", Scopes.MessagesRead, list.HandleAsync, ListMessages.Parameters),
            new("GET", "/api/v1/messages/{id}", Scopes.MessagesRead, read.MessageAsync),
            new("GET", "/api/v1/messages/{id}/status", Scopes.MessagesRead, status.HandleAsync, [LongPoll.Parameter]),
            new("GET", "/api/v1/messages/{id}/timeline", Scopes.MessagesRead, read.TimelineAsync),
            new("POST", "/api/v1/messages/{id}/cancel", Scopes.MessagesWrite, cancel.HandleAsync),
            new("POST", "/api/v1/messages/{id}/resend", Scopes.MessagesWrite, resend.HandleAsync),
            new("DELETE", "/api/v1/messages/{id}/content", Scopes.MessagesWrite, delete.HandleAsync),
            new("POST", "/api/v1/messages/{id}/read", Scopes.MessagesWrite, mark.HandleAsync),
            new("GET", "/api/v1/batches", Scopes.MessagesRead, batches.ListAsync, Batches.ListParameters),
            new("GET", "/api/v1/batches/{id}", Scopes.MessagesRead, batches.ReadAsync, [LongPoll.Parameter]),
            new("GET", "/api/v1/batches/{id}/messages", Scopes.MessagesRead, batches.MessagesAsync, Batches.MessageParameters),
            new("POST", "/api/v1/batches/{id}/pause", Scopes.MessagesWrite, batches.PauseAsync),
            new("POST", "/api/v1/batches/{id}/resume", Scopes.MessagesWrite, batches.ResumeAsync),
            new("POST", "/api/v1/batches/{id}/cancel", Scopes.MessagesWrite, batches.CancelAsync),
            new("GET", "/api/v1/sessions", Scopes.MessagesRead, inbox.HandleAsync, ListSessions.Parameters),
            new("GET", "/api/v1/sessions/{id}", Scopes.MessagesRead, sessions.HandleAsync),
            new("GET", "/api/v1/sessions/{id}/messages", Scopes.MessagesRead, history.HandleAsync, SessionHistory.Parameters),
            new("POST", "/api/v1/sessions/{id}/messages", Scopes.MessagesWrite, answer.HandleAsync),
            new("POST", "/api/v1/sessions/{id}/handOff", Scopes.MessagesWrite, handOff.TakeAsync),
            new("POST", "/api/v1/sessions/{id}/resume", Scopes.MessagesWrite, handOff.ResumeAsync),
            new("GET", "/api/v1/consents", Scopes.ConsentsRead, consentList.HandleAsync, ListConsents.Parameters),
            new("GET", "/api/v1/consents/{address}", Scopes.ConsentsRead, consents.ReadAsync),
            new("PUT", "/api/v1/consents/{address}", Scopes.ConsentsWrite, consents.OptOutAsync),
            new("DELETE", "/api/v1/consents/{address}", Scopes.ConsentsWrite, consents.OptInAsync, Consents.OptInParameters),
            new("DELETE", "/api/v1/people/{address}", Scopes.PeopleWrite, people.DeleteAsync),
            new("GET", "/api/v1/people/{address}/deletion", Scopes.PeopleRead, people.ReadAsync),
            new("POST", "/api/v1/media", Scopes.MessagesWrite, own.TakeAsync),
            new("POST", "/api/v1/media/uploads", Scopes.MessagesWrite, own.UploadAsync),
            new("POST", "/api/v1/media/{id}/complete", Scopes.MessagesWrite, own.CompleteAsync),
            new("GET", "/api/v1/media/{mediaId}", Scopes.MessagesRead, media.HandleAsync),
            new("GET", FileLink.Path + "{id}", Scope: null, media.OpenLinkAsync),
            new("GET", "/api/v1/media/{mediaId}/facts", Scopes.MessagesRead, own.FactsAsync),
            new("GET", "/api/v1/carriers", Scopes.CarriersRead, ReadCarriers.AllAsync),
            new("GET", "/api/v1/carriers/{id}/status", Scopes.CarriersRead, carriers.StatusAsync),
            new("POST", "/api/v1/carriers/{id}/pause", Scopes.Admin, pause.PauseAsync),
            new("POST", "/api/v1/carriers/{id}/resume", Scopes.Admin, pause.ResumeAsync),
            new("GET", "/api/v1/admin/dead-letters", Scopes.Admin, deadLetters.ReadAsync, [DeadLetters.QueueParameter]),
            new("POST", "/api/v1/admin/dead-letters/redrive", Scopes.Admin, deadLetters.RedriveAsync),
            new("GET", "/api/v1/templates", Scopes.CarriersRead, templates.HandleAsync, ReadTemplates.Parameters),
            new("GET", "/api/v1/usage", Scopes.MessagesRead, usage.HandleAsync, ReadUsage.Parameters),
            new("GET", "/api/v1/events", Scopes.EventsRead, events.HandleAsync, ReadEvents.Parameters),
            .. Of(parts.Endpoints, new(parts.Answers)),
            new("GET", "/api/v1/senders", Scopes.SendersRead, senders.ListAsync, RegisteredSenders.Parameters),
            new("GET", "/api/v1/senders/{carrier}/{address}", Scopes.SendersRead, senders.ReadAsync),
            new("PUT", "/api/v1/senders/{carrier}/{address}", Scopes.SendersWrite, senders.PutAsync),
            new("DELETE", "/api/v1/senders/{carrier}/{address}", Scopes.SendersWrite, senders.DeleteAsync),
            new("GET", "/api/v1/routes", Scopes.SendersRead, routes.ReadAsync),
            new("PUT", "/api/v1/routes", Scopes.SendersWrite, routes.PutAsync),
            new("GET", "/api/v1/keys", Scopes.KeysRead, keys.ListAsync),
            new("POST", "/api/v1/keys", Scopes.KeysWrite, keys.CreateAsync),
            new("DELETE", "/api/v1/keys/{id}", Scopes.KeysWrite, keys.DeleteAsync),
            new("GET", "/api/v1/health", Scope: null, health.HandleAsync, [ReadHealth.DeepParameter]),
            new("GET", ReadProblem.PathOf("{code}"), Scope: null, ReadProblem.HandleAsync),
            new("GET", "/api/v1/openapi.json", Scope: null, OpenApiDocument.HandleAsync),
        ];
    }

    private static IEnumerable<Route> Of(EndpointParts? parts, Repeatable repeatable)
    {
        var endpoints = new WebhookEndpoints(parts!);
        var positions = new EndpointPositions(parts!);
        Route[] routes =
        [
            new("POST", "/api/v1/webhook-endpoints", Scopes.EndpointsWrite, repeatable.Around(endpoints.CreateAsync)),
            new("GET", "/api/v1/webhook-endpoints", Scopes.EndpointsRead, endpoints.ListAsync),
            new("GET", "/api/v1/webhook-endpoints/{id}", Scopes.EndpointsRead, endpoints.ReadAsync),
            new("PATCH", "/api/v1/webhook-endpoints/{id}", Scopes.EndpointsWrite, endpoints.ChangeAsync),
            new("DELETE", "/api/v1/webhook-endpoints/{id}", Scopes.EndpointsWrite, endpoints.DeleteAsync),
            new("POST", "/api/v1/webhook-endpoints/{id}/test", Scopes.EndpointsWrite, repeatable.Around(endpoints.TestAsync)),
            new("POST", "/api/v1/webhook-endpoints/{id}/rotate-secret", Scopes.EndpointsWrite, repeatable.Around(endpoints.RotateAsync)),
            new("POST", "/api/v1/webhook-endpoints/{id}/replay", Scopes.EndpointsWrite, repeatable.Around(positions.ReplayAsync)),
            new(
                "GET",
                "/api/v1/webhook-endpoints/{id}/attempts",
                Scopes.EndpointsRead,
                endpoints.AttemptsAsync,
                [WebhookEndpoints.LimitParameter, WebhookEndpoints.CursorParameter]),
        ];
        return parts is null ? routes.Select(route => route with { Handle = OffAsync }) : routes;
    }

    private static Task<ApiResult> OffAsync(ApiCall call, CancellationToken cancellation) =>
        Task.FromResult<ApiResult>(Problems.EventsOff.Because("The stage was deployed with events off."));
}
