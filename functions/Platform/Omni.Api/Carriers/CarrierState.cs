using System.Text.Json.Serialization;
using Omni.Shared;

namespace Omni.Api;

/// <summary>A carrier's health in one word.</summary>
[JsonConverter(typeof(CamelCaseEnumConverter<CarrierState>))]
internal enum CarrierState
{
    /// <summary>Nothing speaks against sending.</summary>
    Ok,

    /// <summary>Its senders met mostly faults: routes avoid it (<see cref="Aws.CarrierHealth"/>).</summary>
    Degraded,

    /// <summary>Somebody let nothing be sent through it.</summary>
    Paused,

    /// <summary>This version cannot send through it.</summary>
    Unavailable,
}
