//! sitemap.xml (sitemaps.org, version 0.9).

use url::Url;

use crate::model::Publication;

/// The most addresses that one sitemap may hold.
const MOST: usize = 50_000;

/// Its file.
pub(super) const NAME: &str = "sitemap.xml";

/// The sitemap over pages at `paths` below public/.
pub(super) fn sitemap<'p>(publication: &Publication, paths: impl Iterator<Item = &'p str>) -> String {
    let mut xml = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n",
    );
    for path in paths.take(MOST) {
        let address = publication.url(path);
        // Addresses in a sitemap are URIs: letters outside ASCII are percent-encoded.
        let address = Url::parse(&address).map_or(address, String::from);
        xml.push_str("<url><loc>");
        xml.push_str(&address.replace('&', "&amp;").replace('<', "&lt;"));
        xml.push_str("</loc></url>\n");
    }
    xml.push_str("</urlset>\n");
    xml
}
