using System.Text;

namespace JobQueue.Tests.Handlers.Http;

/// <summary>A call as it came in.</summary>
/// <param name="Headers">By name in lower case.</param>
internal sealed record ReceivedCall(string Method, string Target, IReadOnlyDictionary<string, string> Headers, byte[] Body)
{
    public string Text => Encoding.UTF8.GetString(Body);

    public string? this[string header] => Headers.GetValueOrDefault(header);
}
