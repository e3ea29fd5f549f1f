using System.CommandLine;
using JobQueue.Access;
using JobQueue.Access.Tokens;
using Microsoft.Extensions.Options;

namespace JobQueue.Commands;

/// <summary><c>tokens create</c>: makes an API token, and its tenant when that is missing. Answers the token alone.</summary>
internal sealed class TokensCreate(ITokens tokens, IOptions<DemoOptions> demo) : IDatabaseVerb<TokensCreate.Arguments>
{
    public static string Name => "tokens create";

    public static Command Describe(DatabaseVerbs verbs)
    {
        var tenant = new Option<string>("--tenant") { Required = true, Description = "The tenant it belongs to; made when it is missing." };
        var scopes = new Option<string>("--scopes") { Required = true, Description = $"Separated by commas: {string.Join(", ", Scopes.All)}." };
        var name = new Option<string>("--name") { DefaultValueFactory = _ => "command-line", Description = "What it is for." };
        var days = new Option<int?>("--expires-days") { Description = "Days until it expires; without it, never." };
        var command = new Command("create", "Makes an API token and prints it: it cannot be shown again.") { tenant, scopes, name, days };
        command.SetAction((parsed, cancellationToken) => verbs.RunAsync<TokensCreate, Arguments>(
            new Arguments(
                parsed.GetRequiredValue(tenant),
                parsed.GetRequiredValue(scopes).Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries),
                parsed.GetRequiredValue(name),
                parsed.GetValue(days)),
            cancellationToken));
        return command;
    }

    public async Task<string> RunAsync(Arguments arguments, CancellationToken cancellationToken)
    {
        CommandRules.CheckTenant(arguments.Tenant);
        Check("--scopes", TokenRules.ScopesError(arguments.Scopes));
        Check("--name", TokenRules.NameError(arguments.Name));
        Check("--expires-days", arguments.ExpiresDays is { } days ? TokenRules.ExpiresDaysError(days) : null);
        var made = await tokens.CreateAsync(
            new NewTokenRequest(
                arguments.Tenant,
                arguments.Name,
                arguments.Scopes.Distinct().ToList(),
                arguments.ExpiresDays,
                CommandRules.Actor,
                demo.Value.Enabled,
                Secret: null,
                RemoteAddress: null),
            cancellationToken);
        return made.Secret;
    }

    private static void Check(string option, string? error)
    {
        if (error is not null)
            throw new WrongUsageException($"{option} {error}");
    }

    internal sealed record Arguments(string Tenant, IReadOnlyList<string> Scopes, string Name, int? ExpiresDays);
}
