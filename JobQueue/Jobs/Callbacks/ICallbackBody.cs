using JobQueue.Jobs.Model;

namespace JobQueue.Jobs.Callbacks;

/// <summary>
/// What a callback says, in the form that the API gives to jobs. It is written once, when the job ends: whoever is called sees the
/// job as it was then, and every retry sends the same bytes. Thread-safe.
/// </summary>
public interface ICallbackBody
{
    /// <returns>UTF-8 JSON.</returns>
    ReadOnlyMemory<byte> Of(Job ended);
}
