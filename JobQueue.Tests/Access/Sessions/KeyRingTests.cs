using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Xml.Linq;
using JobQueue.Access.Sessions;
using JobQueue.Configuration;
using JobQueue.Tests.Support;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection;

namespace JobQueue.Tests.Access.Sessions;

public sealed class KeyRingTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Keys => _folder.File("keys");

    public void Dispose() => _folder.Dispose();

    private static IDataProtector Protector(QueueApp app) => app.Services.GetRequiredService<IDataProtectionProvider>().CreateProtector("test");

    private async Task<string> CertificateAsync(string password)
    {
        using var key = RSA.Create(2048);
        using var certificate = new CertificateRequest("CN=keys", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            .CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(100));
        var file = _folder.File("keys.pfx");
        await File.WriteAllBytesAsync(file, certificate.Export(X509ContentType.Pkcs12, password), TestContext.Current.CancellationToken);
        return file;
    }

    [Fact]
    public void A_key_that_was_stored_is_there_and_nothing_else_is()
    {
        new KeyRing(Keys).StoreElement(new XElement("key", "1"), "key-1");

        Assert.Equal("1", Assert.Single(new KeyRing(Keys).GetAllElements()).Value);
        Assert.Equal([Path.Combine(Keys, "key-1.xml")], Directory.GetFileSystemEntries(Keys));
    }

    [Fact]
    public void What_a_crash_left_of_a_key_is_no_key()
    {
        Directory.CreateDirectory(Keys);
        File.WriteAllText(Path.Combine(Keys, "key-1.xml.new"), "<ke");

        var ring = new KeyRing(Keys);

        Assert.Empty(ring.GetAllElements());
        ring.StoreElement(new XElement("key", "1"), "key-1");
        Assert.Single(ring.GetAllElements());
    }

    [Fact]
    public async Task A_server_without_a_temporary_folder_has_its_keys_at_the_start()
    {
        await using var server = ServerProcess.Start(_folder.Path, [], ("TMPDIR", _folder.File("nowhere")), ("HOME", _folder.File("nowhere")));
        await server.AddressAsync();

        Assert.NotEmpty(Directory.GetFiles(Keys, "*.xml"));
        Assert.Equal(0, (await server.TerminateAsync()).ExitCode);
    }

    [Fact]
    public async Task Keys_are_encrypted_where_there_is_a_certificate_and_go_on_with_it()
    {
        var options = new QueueAppOptions
        {
            Folder = _folder.Path,
            Settings = new Dictionary<string, string> { ["Keys:Certificate"] = await CertificateAsync("secret"), ["Keys:CertificatePassword"] = "secret" },
        };
        string text;
        await using (var app = await QueueApp.StartAsync(options))
            text = Protector(app).Protect("hello");

        Assert.All(Directory.GetFiles(Keys, "*.xml"), file =>
        {
            var key = File.ReadAllText(file);
            Assert.DoesNotContain("masterKey", key, StringComparison.Ordinal);
            Assert.Contains("EncryptedData", key, StringComparison.Ordinal);
        });
        await using var next = await QueueApp.StartAsync(options);
        Assert.Equal("hello", Protector(next).Unprotect(text));
    }

    [Fact]
    public async Task Certificate_that_cannot_be_opened_ends_the_start_with_one_line()
    {
        var file = await CertificateAsync("secret");

        var refused = Assert.Throws<InvalidConfigurationException>(() => QueueApp.Build([$"--Keys:Certificate={file}", "--Keys:CertificatePassword=wrong"]));

        Assert.StartsWith($"Keys:Certificate = '{file}'", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("keys", "in the way")]
    [InlineData("keys/key-1.xml", "<ke")]
    public async Task Keys_that_cannot_be_used_end_the_start_with_one_line(string file, string content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_folder.File(file))!);
        await File.WriteAllTextAsync(_folder.File(file), content, TestContext.Current.CancellationToken);

        await AssertRefusedAsync(ServerProcess.Start(_folder.Path, []));
    }

    [Theory]
    [InlineData("keys")]
    [InlineData("keys/key-1.xml")]
    public async Task Keys_of_another_user_end_the_start_with_one_line(string kept)
    {
        if (!Confinement.IsPossible)
            return;
        new KeyRing(Keys).StoreElement(new XElement("key", "1"), "key-1");
        await Confinement.GiveAsync(_folder.Path);
        await Confinement.KeepAsync(_folder.File(kept));

        await AssertRefusedAsync(Confinement.Start(_folder.Path));
    }

    [Fact]
    public async Task A_server_that_may_write_its_folder_alone_signs_people_in_and_keeps_a_log()
    {
        if (!Confinement.IsPossible)
            return;
        await Confinement.GiveAsync(_folder.Path);
        await using var server = Confinement.Start(_folder.Path, ("Bootstrap__AdminUser", "root"), ("Bootstrap__AdminPassword", "correct horse battery"));
        using var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = await server.AddressAsync() };

        using var answer = await (await Door.OpenAsync(client)).SignInAsync("root", "correct horse battery");

        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        var (exitCode, output, error) = await server.TerminateAsync();
        Assert.Equal((0, ""), (exitCode, error));
        Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
        Assert.NotEmpty(await File.ReadAllTextAsync(Assert.Single(Directory.GetFiles(_folder.File("logs"))), TestContext.Current.CancellationToken));
    }

    private async Task AssertRefusedAsync(ServerProcess start)
    {
        await using var server = start;
        var (exitCode, output, error) = await server.EndAsync();

        Assert.Equal(1, exitCode);
        Assert.DoesNotContain("   at ", output + error, StringComparison.Ordinal);
        var line = Assert.Single(error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.StartsWith($"The sign-in keys in {Keys} cannot be used: ", line, StringComparison.Ordinal);
    }
}
