using Omni.Aws;

namespace Omni.Api;

/// <summary>
/// Answers in a conversation: a send whose carrier and addresses are the conversation's. Everything else is as there, the idempotency key
/// too.
/// </summary>
internal sealed class AnswerSession(SessionStore sessions, SendMessage send)
{
    public async Task<ApiResult> HandleAsync(ApiCall call, CancellationToken cancellation) =>
        await sessions.FindOfAsync(call, cancellation) is { } session
            ? await send.HandleAsync(call, session, cancellation)
            : ReadSession.NotFound;
}
