namespace Omni.Api;

/// <summary>Answers a call.</summary>
internal delegate Task<ApiResult> Handler(ApiCall call, CancellationToken cancellation);

/// <summary>One endpoint.</summary>
/// <param name="Method">Its HTTP method.</param>
/// <param name="Template">Its path; segments such as <c>{id}</c> are parameters.</param>
/// <param name="Scope">What the key must be allowed to do; null when no key is needed.</param>
/// <param name="Handle">What answers it.</param>
/// <param name="Parameters">The names of its query parameters; any other is refused.</param>
internal sealed record Route(string Method, string Template, string? Scope, Handler Handle, params IReadOnlyList<string> Parameters)
{
    private readonly string[] _segments = Template.Split('/');

    /// <summary>Whether it has a parameter: a path without one is the better match.</summary>
    public bool HasParameter { get; } = Template.Contains('{', StringComparison.Ordinal);

    /// <summary>The values of the path's parameters, in order; null when the path is another.</summary>
    public IReadOnlyList<string>? Match(string[] path)
    {
        if (path.Length != _segments.Length) return null;

        var values = new List<string>();
        for (var i = 0; i < path.Length; i++)
        {
            if (_segments[i] is ['{', ..] && path[i].Length > 0) values.Add(Uri.UnescapeDataString(path[i]));
            else if (_segments[i] != path[i]) return null;
        }

        return values;
    }
}

/// <summary>Where a request belongs.</summary>
/// <param name="Route">The endpoint; null when there is none of this path and method.</param>
/// <param name="Values">The values of its path parameters.</param>
/// <param name="Allowed">The methods of this path; empty when there is no such path.</param>
internal sealed record RouteMatch(Route? Route, IReadOnlyList<string> Values, IReadOnlyList<string> Allowed);

/// <summary>Finds the endpoint of a request.</summary>
internal sealed class Router(IReadOnlyList<Route> routes)
{
    public RouteMatch Find(string method, string path)
    {
        var segments = path.Split('/');
        var matches = routes
            .Select(route => (Route: route, Values: route.Match(segments)))
            .Where(match => match.Values is not null)
            .GroupBy(match => match.Route.HasParameter)
            .MinBy(group => group.Key)?.ToArray() ?? [];
        var (found, values) = matches.FirstOrDefault(match => match.Route.Method == method);
        return new(found, values ?? [], [.. matches.Select(match => match.Route.Method)]);
    }
}
