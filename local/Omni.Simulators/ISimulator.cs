using Microsoft.AspNetCore.Routing;

namespace Omni.Simulators;

/// <summary>
/// One carrier, played over its real wire format. A simulator is a folder: it knows its carrier's page and the parts of this
/// library that are common to all, never the functions, because it is the other side and the judge of what they did.
/// </summary>
internal interface ISimulator
{
    /// <summary>The carrier's name in paths: its API lives under <c>/{Carrier}</c>, its control API under <c>/sim/{Carrier}</c>.</summary>
    string Carrier { get; }

    /// <summary>Maps what the carrier itself offers, below <c>/{Carrier}</c>.</summary>
    void MapApi(IEndpointRouteBuilder routes);

    /// <summary>Maps what people and tests steer it with, below <c>/sim/{Carrier}</c>.</summary>
    void MapControl(IEndpointRouteBuilder routes);
}
