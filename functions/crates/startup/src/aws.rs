use aws_config::{BehaviorVersion, SdkConfig};
use aws_smithy_http_client::Builder;
use aws_smithy_http_client::tls::rustls_provider::CryptoMode;
use aws_smithy_http_client::tls::{Provider, TlsContext, TrustStore};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;

/// The configuration that all AWS clients of a process share: credentials and region from the environment, one
/// connection pool.
///
pub async fn sdk_config() -> SdkConfig {
    let http = Builder::new().tls_provider(Provider::Rustls(CryptoMode::Ring));
    let http = match TlsContext::builder().with_trust_store(amazon_roots()).build() {
        Ok(context) => http.tls_context(context),
        Err(_) => http,
    };
    aws_config::defaults(BehaviorVersion::latest())
        .http_client(http.build_https())
        .load()
        .await
}

/// The certificate authorities of AWS's own endpoints. Parsing the system's whole bundle would be three quarters of a cold
/// start. Source: <https://www.amazontrust.com/repository/>.
fn amazon_roots() -> TrustStore {
    roots().fold(TrustStore::empty(), TrustStore::with_pem_certificate)
}

fn roots() -> impl Iterator<Item = String> {
    let is_amazon = |der: &[u8]| {
        [&b"Amazon Root CA"[..], b"Starfield Services Root"]
            .iter()
            .any(|name| der.windows(name.len()).any(|w| w == *name))
    };
    webpki_root_certs::TLS_SERVER_ROOT_CERTS
        .iter()
        .filter(move |der| is_amazon(der))
        .map(|der| {
            format!(
                "-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n",
                BASE64_STANDARD.encode(der)
            )
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_authorities_of_aws_are_bundled() {
        assert_eq!(roots().count(), 5, "four Amazon roots and Starfield Services");
    }
}
