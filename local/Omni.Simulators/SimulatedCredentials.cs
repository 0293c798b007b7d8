using System.Security.Cryptography;
using Omni.Simulators.Bandwidth;
using Omni.Simulators.Inteliquent;
using Omni.Simulators.LiveChat;
using Omni.Simulators.MessageBird;
using Omni.Simulators.Twilio;
using Omni.Simulators.WhatsApp;

namespace Omni.Simulators;

/// <summary>Credentials for both sides: what the simulators check is what the functions are given.</summary>
public static class SimulatedCredentials
{
    /// <summary>Options whose credentials come from settings where these name them, and are made up otherwise.</summary>
    /// <param name="options">Everything else.</param>
    /// <param name="settings">Settings under the names that the functions use.</param>
    public static SimulatorOptions WithCredentials(this SimulatorOptions options, IReadOnlyDictionary<string, string> settings) =>
        options with
        {
            WhatsApp = options.WhatsApp.WithCredentials(settings),
            Bandwidth = options.Bandwidth.WithCredentials(settings),
            Twilio = options.Twilio.WithCredentials(settings),
            LiveChat = options.LiveChat.WithCredentials(settings),
            MessageBird = options.MessageBird.WithCredentials(settings),
            Inteliquent = options.Inteliquent.WithCredentials(settings),
        };

    /// <summary>The settings that a carrier's functions need to talk to its simulator.</summary>
    /// <param name="options">The simulators' options.</param>
    /// <param name="baseUrl">Where the simulators are served.</param>
    /// <param name="given">
    /// Settings that were given. A carrier whose base URL is among them is a real one:
    /// of what may be left out, such as a rate, nothing is made up for it.
    /// </param>
    public static IReadOnlyDictionary<string, string> ForFunctions(
        this SimulatorOptions options, Uri baseUrl, IReadOnlyDictionary<string, string> given) =>
        new Dictionary<string, string>(
        [
            .. options.WhatsApp.ForFunctions(baseUrl),
            .. options.Bandwidth.ForFunctions(baseUrl, given),
            .. options.Twilio.ForFunctions(baseUrl),
            .. options.LiveChat.ForFunctions(baseUrl),
            .. options.MessageBird.ForFunctions(baseUrl, given),
            .. options.Inteliquent.ForFunctions(baseUrl, given),
        ]);

    /// <summary>A secret that nobody else has.</summary>
    internal static string NewSecret() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
}
