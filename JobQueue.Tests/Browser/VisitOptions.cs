using Microsoft.Playwright;

namespace JobQueue.Tests.Browser;

/// <summary>How a visitor's browser is set up.</summary>
internal sealed record VisitOptions(int Width = 1440, ColorScheme Theme = ColorScheme.Light, bool Scripts = true);
