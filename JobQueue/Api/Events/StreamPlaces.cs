using JobQueue.Access.Tokens;
using JobQueue.Api.Problems;
using JobQueue.Jobs.Events;
using Microsoft.Extensions.Options;

namespace JobQueue.Api.Events;

/// <summary>Bounds the streams that are open at once, with one token and in all. Thread-safe.</summary>
internal sealed class StreamPlaces(IOptions<EventsOptions> options)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<TokenPrincipal, int> _open = [];
    private int _all;

    /// <summary>Takes a place, which is free again once it is disposed; or says why there is none.</summary>
    public (IDisposable? Place, Problem? Problem) Take(TokenPrincipal caller)
    {
        lock (_lock)
        {
            var open = _open.GetValueOrDefault(caller);
            if (open >= options.Value.MaxStreamsPerToken)
                return (null, Problem.TooManyStreams(options.Value.MaxStreamsPerToken));
            if (_all >= options.Value.MaxStreams)
                return (null, Problem.NoStreamLeft(options.Value.MaxStreams));
            _open[caller] = open + 1;
            _all++;
            return (new Place(this, caller), null);
        }
    }

    private void Leave(TokenPrincipal caller)
    {
        lock (_lock)
        {
            _all--;
            if (--_open[caller] == 0)
                _open.Remove(caller);
        }
    }

    private sealed class Place(StreamPlaces places, TokenPrincipal caller) : IDisposable
    {
        public void Dispose() => places.Leave(caller);
    }
}
