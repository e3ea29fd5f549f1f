using System.CommandLine;
using JobQueue.Access;
using JobQueue.Access.Users;
using JobQueue.Jobs.Store;
using Microsoft.Extensions.Options;

namespace JobQueue.Commands;

/// <summary><c>users create</c>: makes a person's account, and its tenant when that is missing. Answers the name.</summary>
internal sealed class UsersCreate(IAccounts accounts, IOptions<DemoOptions> demo) : IDatabaseVerb<UsersCreate.Arguments>
{
    public static string Name => "users create";

    public static Command Describe(DatabaseVerbs verbs)
    {
        var name = new Option<string>("--name") { Required = true, Description = "The name to log in with." };
        var tenant = new Option<string>("--tenant") { Required = true, Description = "The tenant the account belongs to; made when it is missing." };
        var role = new Option<string>("--role") { Required = true, Description = $"One of {string.Join(", ", Roles.All)}." };
        // A password on the command line would stand in the list of processes and in the shell's history.
        var password = new Option<bool>("--password-stdin") { Description = "Reads the password from standard input, one line." };
        var command = new Command("create", "Makes a person's account.") { name, tenant, role, password };
        command.Validators.Add(result =>
        {
            if (!result.GetValue(password))
                result.AddError("Option '--password-stdin' is required.");
        });
        command.SetAction(async (parsed, cancellationToken) => await verbs.RunAsync<UsersCreate, Arguments>(
            new Arguments(
                parsed.GetRequiredValue(name),
                parsed.GetRequiredValue(tenant),
                parsed.GetRequiredValue(role),
                await Console.In.ReadLineAsync(cancellationToken) ?? ""),
            cancellationToken));
        return command;
    }

    public async Task<string> RunAsync(Arguments arguments, CancellationToken cancellationToken)
    {
        CommandRules.CheckTenant(arguments.Tenant);
        try
        {
            var made = await accounts.CreateAsync(
                new NewUser(arguments.Name, arguments.Password, arguments.Role, arguments.Tenant, demo.Value.Enabled),
                new Actor(CommandRules.Actor, null, null),
                cancellationToken);
            return made?.Name ?? throw new CommandFailedException($"There is a user {arguments.Name} already.");
        }
        catch (ArgumentException exception)
        {
            throw new WrongUsageException(exception.Message);
        }
    }

    internal sealed record Arguments(string Name, string Tenant, string Role, string Password);
}
