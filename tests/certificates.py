"""Certificates made for a test: authorities, and servers that they vouch for."""

from __future__ import annotations

import ssl
import warnings
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

USAGE = dict.fromkeys(
    ("digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement",
     "encipher_only", "decipher_only"), False,
)  # fmt: skip


@dataclass
class Authority:
    """Signs certificates; its own stands in the file ``path``. One without a ``parent`` vouches for itself."""

    folder: Path
    name: str = "Test authority"
    parent: Authority | None = None

    def __post_init__(self) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.subject = _to_name(self.name)
        constraints = x509.BasicConstraints(ca=True, path_length=None)
        usage = x509.KeyUsage(**USAGE, key_cert_sign=True, crl_sign=True)
        identifier = x509.SubjectKeyIdentifier.from_public_key(self.key.public_key())
        signer = self.parent or self
        builder = signer._builder(self.subject, self.key, days=2).add_extension(constraints, critical=True)
        builder = builder.add_extension(usage, critical=True).add_extension(identifier, critical=False)
        self.pem = builder.sign(signer.key, hashes.SHA256()).public_bytes(Encoding.PEM)
        self.path = self.folder / f"{self.name}.pem"
        self.path.write_bytes(self.pem)

    def intermediate(self, name: str) -> Authority:
        """Return an authority that this one vouches for."""
        return Authority(self.folder, name, self)

    def server(self, host: str, *, days: int = 2, with_chain: bool = False) -> tuple[ssl.SSLContext, bytes]:
        """Return the context of a server with a certificate for that host, and the certificate (DER).

        ``days`` until it expires; negative: since it did. ``with_chain``: the server sends our own along.
        """
        key = ec.generate_private_key(ec.SECP256R1())
        builder = self._builder(_to_name(host), key, days=days).add_extension(_to_san(host), critical=False)
        builder = builder.add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key()), critical=False
        )
        certificate = builder.sign(self.key, hashes.SHA256())
        return _to_context(self.folder, certificate, key, self.pem if with_chain else b"")

    def self_signed(self, host: str) -> ssl.SSLContext:
        """Return the context of a server that nobody vouches for but itself."""
        key = ec.generate_private_key(ec.SECP256R1())
        builder = _begin(_to_name(host), _to_name(host), key, days=2).add_extension(_to_san(host), critical=False)
        return _to_context(self.folder, builder.sign(key, hashes.SHA256()), key, b"")[0]

    def _builder(
        self, subject: x509.Name, key: ec.EllipticCurvePrivateKey, *, days: int
    ) -> x509.CertificateBuilder:
        return _begin(subject, self.subject, key, days=days)


def legacy(context: ssl.SSLContext) -> ssl.SSLContext:
    """Make a server speak TLS 1.0 only, as one of 2012 does."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
        context.maximum_version = ssl.TLSVersion.TLSv1
    context.set_ciphers("ALL:@SECLEVEL=0")
    return context


def _begin(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey, *, days: int
) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(key.public_key())
    builder = builder.serial_number(x509.random_serial_number())
    return builder.not_valid_before(now - timedelta(days=3)).not_valid_after(now + timedelta(days=days))


def _to_name(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _to_san(host: str) -> x509.SubjectAlternativeName:
    try:
        return x509.SubjectAlternativeName([x509.IPAddress(ip_address(host))])
    except ValueError:
        return x509.SubjectAlternativeName([x509.DNSName(host)])


def _to_context(
    folder: Path, certificate: x509.Certificate, key: ec.EllipticCurvePrivateKey, chain: bytes
) -> tuple[ssl.SSLContext, bytes]:
    pem = folder / f"{certificate.serial_number}.pem"
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    pem.write_bytes(certificate.public_bytes(Encoding.PEM) + chain + private)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    return context, certificate.public_bytes(Encoding.DER)
