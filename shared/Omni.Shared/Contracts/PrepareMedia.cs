namespace Omni.Shared;

/// <summary>Asks that a message's files be made into what its carrier takes: a record of the media queue.</summary>
/// <param name="MessageId">The message.</param>
public sealed record PrepareMedia(string MessageId);
