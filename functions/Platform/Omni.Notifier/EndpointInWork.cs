using Omni.Aws;

namespace Omni.Notifier;

/// <summary>An endpoint while a worker tells it of events: what is known of it, shared by the calls that are made side by side.</summary>
internal sealed class EndpointInWork(WebhookEndpoint endpoint)
{
    private readonly Lock _lock = new();
    private WebhookEndpoint _endpoint = endpoint;
    private bool _isStopped;

    public WebhookEndpoint Endpoint
    {
        get
        {
            lock (_lock) return _endpoint;
        }
    }

    /// <summary>Whether it is to be told no more for now.</summary>
    public bool IsStopped
    {
        get
        {
            lock (_lock) return _isStopped;
        }
    }

    public void Stop()
    {
        lock (_lock) _isStopped = true;
    }

    public void Refresh(WebhookEndpoint read)
    {
        lock (_lock) _endpoint = read;
    }

    /// <summary>Whether there are failures to forget: one of those that ask at the same time hears yes.</summary>
    public bool TakeFailures()
    {
        lock (_lock)
        {
            if (_endpoint is { Failures.Count: 0, FailsSince: null }) return false;

            _endpoint = _endpoint with { Failures = new HashSet<string>(), FailsSince = null };
            return true;
        }
    }
}
