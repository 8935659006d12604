//! The pictures that page builders show: attachments by their numbers, or addresses, with what is said of them.

use super::super::Shown;
use super::super::arguments::Arguments;
use super::super::figure;
use crate::collect::liquid::figure::is_picture;
use crate::model::escaped;

/// Where attachments are named.
const NAMES: [&str; 10] =
    ["images", "image_ids", "gallery_ids", "ids", "include", "image_id", "attachment", "image", "attachment_id", "img"];

/// Where the address of a picture stands.
const ADDRESSES: [&str; 8] =
    ["image", "portrait_url", "src", "image_url", "picture", "custom_src", "header_image_url", "img"];

/// Whether an element of this bare name is layout, whose picture lies behind what it holds.
pub(super) fn is_behind(bare: &str) -> bool {
    let starts = ["one_", "two_", "three_", "four_", "cell_", "layout_", "builder_"];
    starts.iter().any(|start| bare.starts_with(start))
        || ["section", "row", "column", "container", "inner"].iter().any(|end| bare.ends_with(end))
}

/// The numbers of the attachments that an element of this bare name shows.
pub(in super::super) fn ids(bare: &str, arguments: &Arguments) -> Vec<u64> {
    let is_list = |list: &&str| list.split(['|', ',']).next().is_some_and(|id| is_number(id.trim()));
    let named = NAMES.iter().find_map(|name| arguments.get(&[name]).filter(is_list));
    // Of a picture it may be called so.
    let is_image = ["image", "slide", "logo"].iter().any(|part| bare.contains(part));
    let own = || arguments.get(&["id"]).filter(|_| is_image).or_else(|| arguments.get(&["src"])).filter(is_list);
    let list = named.or_else(own).filter(|_| !is_behind(bare)).unwrap_or_default();
    // `77|full` says the size, too.
    let list = list.split('|').next().unwrap_or_default();
    list.split(',').filter_map(|id| id.trim().parse().ok()).take(figure::MOST).collect()
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// The pictures of an element; `said` is a caption that stands between its marks, as HTML.
pub(super) fn figures(bare: &str, arguments: &Arguments, said: &str, shown: &Shown<'_>) -> Option<String> {
    if is_behind(bare) {
        return None;
    }
    let found: Vec<_> = ids(bare, arguments).into_iter().filter_map(|id| shown.attachments.get(id)).collect();
    let own = caption(arguments, said);
    let alt = arguments.get(&["alt", "image_alt"]);
    if let [only] = found[..] {
        let asks = arguments.get(&["add_caption", "caption"]).is_some_and(|word| word == "yes");
        let caption = if own.is_empty() && asks { &only.caption } else { &own };
        return Some(figure(&only.url, alt.unwrap_or(&only.alt), caption, link(arguments)));
    }
    if !found.is_empty() {
        return Some(found.into_iter().map(|one| figure(&one.url, &one.alt, &one.caption, None)).collect());
    }
    let pair = [arguments.get(&["before_image"]), arguments.get(&["after_image"])];
    if let [Some(before), Some(after)] = pair {
        return Some([before, after].map(|address| figure(address, "", "", None)).concat());
    }
    let address = ADDRESSES.iter().find_map(|name| arguments.get(&[name]).filter(|address| is_picture(address)))?;
    Some(figure(address, alt.unwrap_or_default(), &own, link(arguments)))
}

/// What is said below a picture, as HTML.
fn caption(arguments: &Arguments, said: &str) -> String {
    let title = arguments.get(&["caption_title"]).map(|title| format!("<strong>{}</strong>", escaped(title)));
    let text = arguments.get(&["caption_text", "caption"]).filter(|text| !matches!(*text, "yes" | "no")).map(escaped);
    let said = Some(said.trim().to_owned()).filter(|said| !said.is_empty());
    [title, text.or(said)].into_iter().flatten().collect::<Vec<_>>().join(" ")
}

/// Where a picture leads, unless that is a picture itself.
fn link(arguments: &Arguments) -> Option<&str> {
    let address = arguments.get(&["link", "url", "img_link", "image_link"])?;
    let leads = address.starts_with("http://") || address.starts_with("https://") || address.starts_with('/');
    Some(address).filter(|address| leads && !is_picture(address))
}

/// A picture with its caption, which is HTML.
pub(super) fn figure(address: &str, alt: &str, caption: &str, link: Option<&str>) -> String {
    let image = format!("<img src=\"{}\" alt=\"{}\">", escaped(address), escaped(alt));
    let image = match link {
        Some(link) => format!("<a href=\"{}\">{image}</a>", escaped(link)),
        None => image,
    };
    let caption = caption.replace('\n', " ");
    let caption = if caption.trim().is_empty() { caption } else { format!("<figcaption>{caption}</figcaption>") };
    format!("<figure>{image}{caption}</figure>\n")
}
