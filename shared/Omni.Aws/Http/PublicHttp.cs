using System.Net;
using System.Net.Sockets;

namespace Omni.Aws;

/// <summary>
/// A client for addresses that others name: it connects to public addresses only, so that nobody fetches what only we can reach (a metadata
/// service, a neighbour). Looked at where the connection is made, so that neither a redirect nor a second answer of the name server gets
/// round it.
/// https://cheatsheetseries.owasp.org/cheatsheets/Server_Side_Request_Forgery_Prevention_Cheat_Sheet.html
/// </summary>
public static class PublicHttp
{
    private const int MaxRedirects = 3;

    // https://www.iana.org/assignments/iana-ipv4-special-registry/, https://www.iana.org/assignments/iana-ipv6-special-registry/
    private static readonly IPNetwork[] Private =
    [
        .. new[]
        {
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24",
            "192.88.99.0/24", "192.168.0.0/16",
            "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
            "::/96", "::1/128", "64:ff9b::/96", "64:ff9b:1::/48", "100::/64", "2001::/23", "2001:db8::/32", "2002::/16", "fc00::/7",
            "fe80::/10", "ff00::/8",
        }.Select(IPNetwork.Parse),
    ];

    /// <summary>Whether an address is one of the public internet.</summary>
    /// <param name="address">The address.</param>
    public static bool IsPublic(IPAddress address)
    {
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return !Private.Any(network => network.BaseAddress.AddressFamily == plain.AddressFamily && network.Contains(plain));
    }

    /// <summary>A client that follows a few redirects.</summary>
    /// <param name="trustedHost">A host that may lie anywhere: where the carrier is called. Null: none.</param>
    /// <param name="timeout">The most that a call may take.</param>
    public static HttpClient NewClient(string? trustedHost, TimeSpan timeout)
    {
        var handler = NewHandler((host, address) => IsPublic(address) || host.Equals(trustedHost, StringComparison.OrdinalIgnoreCase));
        handler.MaxAutomaticRedirections = MaxRedirects; // credentials do not follow one to another host
        handler.AutomaticDecompression = DecompressionMethods.All;
        return new(handler) { Timeout = timeout };
    }

    /// <summary>What such a client is made of.</summary>
    /// <param name="mayConnect">Whether a host may be reached at one of its addresses.</param>
    /// <param name="resolve">Finds the addresses of a host; by default the system.</param>
    public static SocketsHttpHandler NewHandler(
        Func<string, IPAddress, bool> mayConnect, Func<string, CancellationToken, Task<IPAddress[]>>? resolve = null) => new()
        {
            ConnectCallback = async (context, cancellation) =>
            {
                var (host, port) = (context.DnsEndPoint.Host, context.DnsEndPoint.Port);
                var addresses = await (resolve ?? Dns.GetHostAddressesAsync)(host, cancellation).ConfigureAwait(false);
                return await ConnectAsync([.. addresses.Where(a => mayConnect(host, a))], port, cancellation).ConfigureAwait(false);
            },
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            UseCookies = false,
            UseProxy = false,
        };

    private static async Task<Stream> ConnectAsync(IPAddress[] addresses, int port, CancellationToken cancellation)
    {
        // As if nobody were there: whoever named the address must not learn from us what stands in our network.
        if (addresses.Length == 0) throw new SocketException((int)SocketError.HostUnreachable);

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(addresses, port, cancellation).ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
