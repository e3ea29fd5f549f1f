using System.Globalization;
using System.Text.Json.Nodes;

namespace JobQueue.Tests.Support.Document;

/// <summary>A call as the API's document tells it.</summary>
internal sealed class DocumentedCall(string method, string path, JsonObject json)
{
    private readonly string[] _segments = path.Split('/');

    public string Name => $"{method} {path}";

    public int Parameters => _segments.Count(segment => segment.StartsWith('{'));

    public bool Fits(HttpMethod other, string otherPath)
    {
        var segments = otherPath.Split('/');
        return other.Method == method && segments.Length == _segments.Length
            && segments.Zip(_segments).All(pair => pair.Second.StartsWith('{') || pair.First == pair.Second);
    }

    public JsonObject? AnswerOf(int status) => json["responses"]![status.ToString(CultureInfo.InvariantCulture)]?.AsObject();
}
