using Omni.Aws;

namespace Omni.LiveChat.Inbound;

/// <summary>What the webhook needs to know. Values are read when they are used, so that a refreshed secret counts at once.</summary>
internal sealed class LiveChatOptions
{
    private const string Secret = "LIVECHAT_WEBHOOK_SECRET", PathToken = "LIVECHAT_WEBHOOK_TOKEN", Previous = "_PREVIOUS";

    private readonly Settings _settings;

    /// <summary>Options over settings.</summary>
    /// <param name="settings">The function's settings.</param>
    /// <exception cref="SettingsException">Some are missing.</exception>
    public LiveChatOptions(Settings settings)
    {
        var values = settings.Require("LIVECHAT_LICENSE_ID", "LIVECHAT_ORGANIZATION_ID", "LIVECHAT_AGENT_ID", Secret);
        (LicenseId, OrganizationId, AgentId) = (values[0], values[1], values[2]);
        _settings = settings;
    }

    /// <summary>The license: our address.</summary>
    public string LicenseId { get; }

    /// <summary>The organization that owns it, as webhooks name it.</summary>
    public string OrganizationId { get; }

    /// <summary>The agent or bot that writes our messages.</summary>
    public string AgentId { get; }

    /// <summary>
    /// The secrets that a call may carry: each registration has its own, separated by commas, and during a rotation those before.
    /// </summary>
    public string[] Secrets => [.. List(Secret), .. List(Secret + Previous)];

    /// <summary>What may stand behind the route in the path; none when nothing need stand there.</summary>
    public string[] PathTokens => [.. List(PathToken), .. List(PathToken + Previous)];

    private string[] List(string name) =>
        _settings.Find(name)?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];
}
