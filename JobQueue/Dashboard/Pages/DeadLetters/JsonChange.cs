namespace JobQueue.Dashboard.Pages.DeadLetters;

/// <summary>One place where two JSON texts differ.</summary>
/// <param name="Path">As in <c>customer.lines[2].qty</c>; <c>$</c> for the whole.</param>
/// <param name="Before">As it was spelt; <see langword="null"/> where it was not there.</param>
/// <param name="After">As it is spelt; <see langword="null"/> where it is gone.</param>
public sealed record JsonChange(string Path, string? Before, string? After);
