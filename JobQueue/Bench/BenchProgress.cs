using System.Globalization;

namespace JobQueue.Bench;

/// <summary>Shows on standard error how far the run is: a bar on a terminal, else a line for each part.</summary>
internal sealed class BenchProgress(TextWriter output, bool isTerminal)
{
    private const int BarWidth = 30;

    private int _steps = 1;
    private int _done;
    private int _lastLength;

    /// <summary>Begins a part of so many steps.</summary>
    public void Begin(string name, int steps)
    {
        (_steps, _done) = (steps, 0);
        if (!isTerminal)
            output.WriteLine(name);
    }

    public void Step(string name)
    {
        var part = (double)_done++ / _steps;
        if (!isTerminal)
            return;
        var filled = (int)(part * BarWidth);
        var line = string.Create(CultureInfo.InvariantCulture,
            $"[{new string('#', filled)}{new string('.', BarWidth - filled)}] {part * 100,3:0} %  {name}");
        output.Write($"\r{line.PadRight(_lastLength)}");
        _lastLength = line.Length;
    }

    public void End()
    {
        if (isTerminal)
            output.Write($"\r{new string(' ', _lastLength)}\r");
    }
}
