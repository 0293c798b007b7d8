using System.Text.Json.Serialization;
using Omni.Aws;
using Omni.Shared;

namespace Omni.Api;

/// <summary>A carrier's health in one word.</summary>
[JsonConverter(typeof(CamelCaseEnumConverter<CarrierState>))]
internal enum CarrierState
{
    /// <summary>Nothing speaks against sending.</summary>
    Ok,

    /// <summary>It takes messages, but not all went well.</summary>
    Degraded,

    /// <summary>It has only refused of late.</summary>
    Down,

    /// <summary>Somebody let nothing be sent through it.</summary>
    Paused,

    /// <summary>This version cannot send through it.</summary>
    Unavailable,
}

/// <summary>The rule for a carrier's state.</summary>
internal static class CarrierStates
{
    /// <summary>
    /// Down: a fault of late, and nothing accepted since then or of late. Degraded: a fault of late, or one that no acceptance has
    /// followed, or dead letters. Ok otherwise.
    /// </summary>
    public static CarrierState Of(CarrierHealth health, int deadLetters, DateTimeOffset now)
    {
        var faultOfLate = health.LastFaultAt > now - HealthStore.Lately;
        var acceptedOfLate = health.LastAcceptedAt > now - HealthStore.Lately;
        if (faultOfLate && !acceptedOfLate) return CarrierState.Down;

        var faultIsLatest = health.LastFaultAt is { } fault && !(health.LastAcceptedAt > fault);
        return faultOfLate || faultIsLatest || deadLetters > 0 ? CarrierState.Degraded : CarrierState.Ok;
    }
}
