using JobQueue.Access;
using JobQueue.Access.Users;
using JobQueue.Api.Json;
using JobQueue.Api.OpenApi;
using JobQueue.Api.Problems;
using JobQueue.Api.Requests;
using JobQueue.Jobs.Model;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace JobQueue.Api.Administration;

internal static class UsersEndpoints
{
    private const string Tag = "Administration";

    private enum NewField
    {
        Name,
        Password,
        Role,
        Tenant,
    }

    private enum Field
    {
        Role,
        Tenant,
        Password,
        Disabled,
    }

    public static void MapUsers(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/users", ListAsync)
            .RequireAuthorization(Scopes.Admin)
            .Describe(Tag, "listUsers", "List users", "By name.")
            .TakesPaging()
            .Answers<ListResponse<UserResponse>>(StatusCodes.Status200OK, "One page.");
        routes.MapPost("/users", CreateAsync)
            .RequireAuthorization(Scopes.Admin)
            .Describe(Tag, "createUser", "Make a user")
            .Takes<NewUserRequest>()
            .Answers<UserResponse>(StatusCodes.Status201Created, "The user.")
            .AnswersLocation()
            .Fails(ProblemKind.NameTaken);
        routes.MapPut("/users/{name}", ChangeAsync)
            .RequireAuthorization(Scopes.Admin)
            .Describe(Tag, "changeUser", "Change a user", "Absent fields stay. The user's sessions end.")
            .Takes<UserRequest>()
            .Answers<UserResponse>(StatusCodes.Status200OK, "The user as it is now.")
            .Fails(ProblemKind.NotFound, ProblemKind.LastAdministrator);
    }

    private static async Task<Results<Ok<ListResponse<UserResponse>>, Problem>> ListAsync(
        HttpContext context, IAccounts accounts, CancellationToken cancellationToken)
    {
        var query = new QueryReader(context.Request);
        var paging = query.Paging();
        if (query.ToProblem() is { } problem)
            return problem;
        return (await accounts.ListAsync(cancellationToken)).PageOf(paging).ToResponse(UserResponse.From);
    }

    private static async Task<Results<Created<UserResponse>, Problem>> CreateAsync(
        HttpContext context, RequestBody bodies, IAccounts accounts, IOptions<DemoOptions> demo, CancellationToken cancellationToken)
    {
        if (QueryReader.RefuseAny(context.Request) is { } refusal)
            return refusal;
        var body = await bodies.ReadAsync(context, ReadNew);
        if (body.Problem is not null)
            return body.Problem;
        var request = body.Value!;
        var caller = context.Caller();
        var wanted = new NewUser(
            request.Name, request.Password, request.Role ?? Roles.Member, request.Tenant ?? caller.Token.Tenant, demo.Value.Enabled);
        return await accounts.CreateAsync(wanted, caller.ActorFrom(context), cancellationToken) is { } user
            ? TypedResults.Created($"{context.Request.PathBase}/users/{user.Name}", UserResponse.From(user))
            : new Problem(ProblemKind.NameTaken, $"There is a user '{request.Name}' already.");
    }

    private static async Task<Results<Ok<UserResponse>, Problem>> ChangeAsync(
        string name, HttpContext context, RequestBody bodies, IAccounts accounts, CancellationToken cancellationToken)
    {
        if (QueryReader.RefuseAny(context.Request) is { } refusal)
            return refusal;
        var body = await bodies.ReadAsync(context, ReadChanges);
        if (body.Problem is not null)
            return body.Problem;
        var result = await accounts.ChangeAsync(name, body.Value!, context.Caller().ActorFrom(context), cancellationToken);
        if (result == UserChangeResult.LastAdministrator)
            return new Problem(ProblemKind.LastAdministrator, "Make another administrator first.");
        return result == UserChangeResult.Changed && await accounts.FindAsync(name, cancellationToken) is { } user
            ? TypedResults.Ok(UserResponse.From(user))
            : Problem.NotFound($"There is no user '{Problem.Shorten(name)}'.");
    }

    private static NewUserRequest ReadNew(ref FieldReader body)
    {
        var seen = new FieldSet();
        string? name = null, password = null, role = null, tenant = null;
        while (body.Next(ref seen, out NewField field))
        {
            switch (field)
            {
                case NewField.Name:
                    name = body.Text(UserRules.NameError);
                    break;
                case NewField.Password:
                    password = body.Text(UserRules.PasswordError);
                    break;
                case NewField.Role:
                    role = body.Text(UserRules.RoleError);
                    break;
                case NewField.Tenant:
                    tenant = body.Text(Names.Error);
                    break;
            }
        }

        if (name is null && !body.Errors.Has("name"))
            body.Fail("name", "is required.");
        if (password is null && !body.Errors.Has("password"))
            body.Fail("password", "is required.");
        return new NewUserRequest { Name = name ?? "", Password = password ?? "", Role = role, Tenant = tenant };
    }

    private static UserChanges ReadChanges(ref FieldReader body)
    {
        var seen = new FieldSet();
        var changes = new UserChanges();
        while (body.Next(ref seen, out Field field))
        {
            changes = field switch
            {
                Field.Role => changes with { Role = body.Text(UserRules.RoleError) },
                Field.Tenant => changes with { Tenant = body.Text(Names.Error) },
                Field.Password => changes with { Password = body.Text(UserRules.PasswordError) },
                _ => changes with { Disabled = body.Boolean() },
            };
        }

        return changes;
    }
}
