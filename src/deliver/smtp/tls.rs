//! Whose certificates are believed.

use std::sync::Arc;

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use rustls::{ClientConfig, RootCertStore};

use crate::error::{Error, ErrorKind, Result};

/// TLS that checks certificates against the authorities that browsers believe, or, with `authorities`, the text of a
/// PEM file, against those alone. Fails when that text holds no certificate.
pub fn tls(authorities: Option<&[u8]>) -> Result<Arc<ClientConfig>> {
    let mut roots = RootCertStore::empty();
    match authorities {
        None => roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned()),
        Some(pem) => {
            let wrong = |why: String| {
                Error::new(ErrorKind::Config, format!("`ca_file` holds no certificate: {why}"))
                    .hint("it is a PEM file with one or more certificates of authorities")
            };
            for certificate in CertificateDer::pem_slice_iter(pem) {
                let certificate = certificate.map_err(|cause| wrong(cause.to_string().to_lowercase()))?;
                roots.add(certificate).map_err(|cause| wrong(cause.to_string().to_lowercase()))?;
            }
            if roots.is_empty() {
                return Err(wrong("it is empty".to_owned()));
            }
        }
    }
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|cause| Error::new(ErrorKind::Config, format!("TLS cannot be set up: {cause}")))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(Arc::new(config))
}

#[cfg(test)]
mod tests {
    use super::tls;

    #[test]
    fn authorities_are_read_or_refused() {
        assert!(tls(None).is_ok());
        let error = tls(Some(b"no certificate")).unwrap_err();
        assert!(error.message().contains("holds no certificate"), "{error}");
        let broken = b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
        assert!(tls(Some(broken)).is_err());
    }
}
