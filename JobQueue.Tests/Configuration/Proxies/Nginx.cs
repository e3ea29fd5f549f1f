using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using JobQueue.Tests.Support;

namespace JobQueue.Tests.Configuration.Proxies;

/// <summary>A real nginx on a free port of 127.0.0.1, with all its files in a folder of its own. Disposing it ends it.</summary>
internal sealed class Nginx : IAsyncDisposable
{
    private readonly TemporaryFolder _folder;
    private readonly Process _process;
    private readonly Task<string> _errors;

    private Nginx(TemporaryFolder folder, Process process, Uri address, string thumbprint)
    {
        (_folder, _process, Address, Thumbprint) = (folder, process, address, thumbprint);
        _errors = process.StandardError.ReadToEndAsync(CancellationToken.None);
    }

    public Uri Address { get; }

    /// <summary>Of the certificate that was made for this one.</summary>
    public string Thumbprint { get; }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <param name="http">
    /// What stands in the block <c>http</c>, as it is in the documents: with their port 443 or 80, their address of the server and
    /// their certificate, in whose place those of the test are put.
    /// </param>
    public static async Task<Nginx> StartAsync(QueueApp app, string http)
    {
        var program = Requires.Program("nginx is missing: apt-get install nginx.", "/usr/sbin/nginx", "/usr/local/sbin/nginx", "/usr/bin/nginx");
        var folder = new TemporaryFolder();
        var port = FreePort.Any();
        var isTls = http.Contains("listen 443 ssl;", StringComparison.Ordinal);
        var thumbprint = WriteCertificate(folder);
        var configuration = http
            .Replace("listen 443 ssl;", $"listen 127.0.0.1:{port} ssl;", StringComparison.Ordinal)
            .Replace("listen 80;", $"listen 127.0.0.1:{port};", StringComparison.Ordinal)
            .Replace("127.0.0.1:5080", app.Address.Authority, StringComparison.Ordinal)
            .Replace("/etc/ssl/", folder.Path + "/", StringComparison.Ordinal);
        await File.WriteAllTextAsync(
            folder.File("nginx.conf"),
            $$"""
            {{(Environment.IsPrivilegedProcess ? "user root;" : "")}}
            daemon off;
            worker_processes 1;
            pid {{folder.File("pid")}};
            events {}
            http {
                access_log off;
                client_body_temp_path {{folder.File("body")}};
                proxy_temp_path {{folder.File("proxy")}};
                fastcgi_temp_path {{folder.File("fastcgi")}};
                uwsgi_temp_path {{folder.File("uwsgi")}};
                scgi_temp_path {{folder.File("scgi")}};
                {{configuration}}
            }
            """,
            Cancellation);
        var start = new ProcessStartInfo(program, ["-e", "stderr", "-p", folder.Path, "-c", folder.File("nginx.conf")]) { RedirectStandardError = true };
        var nginx = new Nginx(folder, Process.Start(start)!, new Uri($"{(isTls ? "https" : "http")}://localhost:{port}/"), thumbprint);
        await Eventually.True(() => nginx.ListensAsync(port), "nginx listens");
        return nginx;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync(CancellationToken.None);
        _process.Dispose();
        _folder.Dispose();
    }

    private static string WriteCertificate(TemporaryFolder folder)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        File.WriteAllText(folder.File("queue.crt"), certificate.ExportCertificatePem());
        File.WriteAllText(folder.File("queue.key"), key.ExportPkcs8PrivateKeyPem());
        return certificate.Thumbprint;
    }

    private async Task<bool> ListensAsync(int port)
    {
        if (_process.HasExited)
            Assert.Fail($"nginx ended: {await _errors}");
        try
        {
            using var connection = new TcpClient();
            await connection.ConnectAsync(IPAddress.Loopback, port, Cancellation);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
