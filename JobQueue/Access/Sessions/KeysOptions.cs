using System.ComponentModel.DataAnnotations;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace JobQueue.Access.Sessions;

/// <summary>Section <c>Keys</c>: what protects the keys of cookies and stored secrets where they lie.</summary>
public sealed class KeysOptions : IValidatableObject
{
    public const string Section = "Keys";

    /// <summary>A PKCS#12 file (<c>.pfx</c>) with an RSA key; relative to the working directory. None: the keys lie as they are.</summary>
    public string? Certificate { get; set; }

    public string? CertificatePassword { get; set; }

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (string.IsNullOrEmpty(Certificate))
            yield break;
        var error = "it has no RSA key of its own";
        try
        {
            using var certificate = Load();
            using var key = certificate?.GetRSAPrivateKey();
            if (key is not null)
                yield break;
        }
        catch (Exception exception) when (exception is CryptographicException or IOException or UnauthorizedAccessException)
        {
            error = exception.Message.TrimEnd('.');
        }

        yield return new ValidationResult($"a PKCS#12 file with a certificate and its RSA key, to be opened with Keys:CertificatePassword: {error}", [nameof(Certificate)]);
    }

    /// <returns><see langword="null"/> when none is configured.</returns>
    internal X509Certificate2? Load() =>
        string.IsNullOrEmpty(Certificate) ? null : X509CertificateLoader.LoadPkcs12FromFile(Certificate, CertificatePassword);
}
