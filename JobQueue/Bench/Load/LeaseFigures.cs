namespace JobQueue.Bench.Load;

/// <param name="WholeLives">Jobs a second from submission to end.</param>
/// <param name="Leased">Jobs a second leased and finished.</param>
/// <param name="Waits">For each lease of a hundred.</param>
internal readonly record struct LeaseFigures(double WholeLives, double Leased, Latencies Waits);
