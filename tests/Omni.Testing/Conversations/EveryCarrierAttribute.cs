using System.Reflection;
using Omni.Shared;
using Xunit.Sdk;

namespace Omni.Testing;

/// <summary>Plays a test once for each carrier; it is given the carrier's id.</summary>
public sealed class EveryCarrierAttribute : DataAttribute
{
    public override IEnumerable<object[]> GetData(MethodInfo testMethod) =>
        CarrierCatalogue.All.Where(carrier => carrier.Available).Select(carrier => new object[] { carrier.Id });
}
