//! The name of a picture, whatever its size: sites and the services that send their pictures say in an address in which size,
//! form and quality it is wanted, each in its own way.

use percent_encoding::percent_decode_str;
use url::Url;

/// What queries say of the size, the form and the quality of a picture, and how that was signed.
const LOOKS: [&str; 24] = [
    "w", "h", "width", "height", "size", "resize", "fit", "crop", "q", "quality", "dpr", "auto", "format", "fm", "s",
    "ssl", "zoom", "strip", "scale", "sig", "itok", "imwidth", "max-w", "max-h",
];

/// Those of them that are numbers of other things elsewhere, where they are small: `plot?s=2`.
const SIZES: [&str; 2] = ["size", "s"];

/// No picture is asked for in a smaller size, in pixels.
const SMALLEST: u32 = 16;

/// Services may send what others send.
const MOST_SERVICES: usize = 3;

/// What names a picture on the web, the same for all of its sizes; no address that anything is fetched from.
#[must_use]
pub fn picture_name(address: &str) -> String {
    let mut address = address.trim().to_owned();
    for _ in 0..MOST_SERVICES {
        match sent(&address) {
            Some(original) => address = original,
            None => break,
        }
    }
    let url = Url::parse(&address).ok().filter(Url::has_host);
    let host = url.as_ref().and_then(Url::host_str).unwrap_or_default().trim_start_matches("www.");
    let (path, query) = match &url {
        Some(url) => (url.path(), url.query().unwrap_or_default()),
        None => address.split_once('?').unwrap_or((&address, "")),
    };
    let path = without_size(host, path);
    let is_look = |pair: &&str| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        LOOKS.contains(&name) && (!SIZES.contains(&name) || is_size(value))
    };
    let rest: Vec<&str> = query.split('&').filter(|pair| !pair.is_empty() && !is_look(pair)).collect();
    if rest.is_empty() { format!("{host}{path}") } else { format!("{host}{path}?{}", rest.join("&")) }
}

/// Where the whole of a picture is, of which this is a small square that Blogger cut out of it.
#[must_use]
pub fn whole_picture(address: &str) -> Option<String> {
    let url = Url::parse(address).ok().filter(|url| is_of_blogger(url.host_str().unwrap_or_default()))?;
    let is_cut = |part: &str| is_size_of_blogger(part) && part.contains("-c");
    let whole = match address.rsplit_once('=') {
        Some((start, size)) if is_cut(size) => format!("{start}=s1600"),
        _ => {
            let size = url.path_segments()?.rev().nth(1).filter(|part| is_cut(part))?;
            address.replacen(&format!("/{size}/"), "/s1600/", 1)
        }
    };
    Some(whole)
}

/// The address of the picture that a service sends, by the address at that service.
fn sent(address: &str) -> Option<String> {
    let url = Url::parse(address).ok()?;
    let (host, path) = (url.host_str()?, url.path());
    // Photon, of WordPress.com and Jetpack.
    if host.strip_prefix('i').and_then(|rest| rest.strip_suffix(".wp.com")).is_some_and(|rest| rest.len() == 1) {
        return Some(format!("https:/{path}"));
    }
    let decoded = percent_decode_str(path).decode_utf8().ok()?;
    let within = ["/https://", "/http://", "/https:/", "/http:/"];
    let at = within.into_iter().find_map(|start| Some((decoded.find(start)? + 1, start.ends_with("//"))));
    if let Some((at, is_whole)) = at {
        let found = &decoded[at..];
        return Some(if is_whole { found.to_owned() } else { found.replacen(":/", "://", 1) });
    }
    let is_service = path.ends_with("/_next/image") || host.ends_with("weserv.nl") || host == "wsrv.nl";
    let (_, original) = url.query_pairs().find(|(name, _)| is_service && name == "url")?;
    let bare = || format!("https://{original}");
    url.join(&original).ok().map(|found| if original.contains('/') || host.is_empty() { found.into() } else { bare() })
}

/// A path without what says a size in it.
fn without_size(host: &str, path: &str) -> String {
    if is_of_blogger(host) {
        let path = path.rsplit_once('=').filter(|(_, size)| is_size_of_blogger(size)).map_or(path, |(path, _)| path);
        return without_parts(path, 1, is_size_of_blogger);
    }
    if host == "static.wixstatic.com" {
        return path.split("/v1/").next().unwrap_or(path).to_owned();
    }
    if host == "miro.medium.com" || (host.starts_with("cdn-images-") && host.ends_with(".medium.com")) {
        return path.rsplit('/').next().unwrap_or(path).to_owned();
    }
    let path = of_drupal(path).or_else(|| of_ghost(path)).unwrap_or_else(|| path.to_owned());
    without_size_of_name(&path).unwrap_or(path)
}

/// Whether pictures of Blogger's and of Google's are kept there.
fn is_of_blogger(host: &str) -> bool {
    host.ends_with(".bp.blogspot.com") || host.ends_with(".googleusercontent.com")
}

/// `s72-c`, `w640-h480`, `s1600`.
fn is_size_of_blogger(part: &str) -> bool {
    let first = part.split('-').next().unwrap_or_default();
    first.strip_prefix(['s', 'w', 'h']).is_some_and(is_number) && part.len() < 40
}

/// A path without those of its parts before the last `kept` ones.
fn without_parts(path: &str, kept: usize, goes: impl Fn(&str) -> bool) -> String {
    let parts: Vec<&str> = path.split('/').collect();
    let last = parts.len().saturating_sub(kept);
    let stay = parts.iter().enumerate().filter(|(at, part)| *at >= last || !goes(part));
    stay.map(|(_, part)| *part).collect::<Vec<_>>().join("/")
}

/// `/files/a.jpg` for `/files/styles/large/public/a.jpg` and `/files/styles/large/public/a.jpg.webp`.
fn of_drupal(path: &str) -> Option<String> {
    let (start, rest) = path.split_once("/styles/")?;
    let (_, rest) = rest.split_once('/')?;
    let rest = rest.strip_prefix("public/")?;
    let bare = rest.strip_suffix(".webp").filter(|bare| bare.rsplit('/').next().is_some_and(|name| name.contains('.')));
    Some(format!("{start}/{}", bare.unwrap_or(rest)))
}

/// `/images/a.jpg` for `/images/size/w1000/a.jpg` and `/images/size/w600/format/webp/a.jpg`.
fn of_ghost(path: &str) -> Option<String> {
    let (start, rest) = path.split_once("/size/")?;
    let (size, rest) = rest.split_once('/')?;
    size.strip_prefix(['w', 'h']).filter(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))?;
    let rest = rest.strip_prefix("format/").and_then(|rest| rest.split_once('/')).map_or(rest, |(_, rest)| rest);
    Some(format!("{start}/{rest}"))
}

/// `a.jpg` for `a-300x200.jpg` and `a-scaled.jpg` of WordPress, and for `a_300x.jpg` and `a_300x200@2x.jpg` of Shopify.
fn without_size_of_name(path: &str) -> Option<String> {
    let (stem, ending) = path.rsplit_once('.').filter(|(_, ending)| !ending.contains('/'))?;
    let stem = stem.strip_suffix("@2x").or(stem.strip_suffix("@3x")).unwrap_or(stem);
    // A board of 19x19 is no size, nor is a lens of 40x: one side has three digits.
    let is_size = |size: &str, may_lack: bool| {
        let is_part = |part: &str| is_number(part) || (may_lack && part.is_empty());
        let is_large = |part: &str| part.len() > 2;
        size.split_once('x')
            .is_some_and(|(width, height)| is_part(width) && is_part(height) && (is_large(width) || is_large(height)))
    };
    let of_wordpress = stem.rsplit_once('-').filter(|(_, end)| *end == "scaled" || is_size(end, false));
    let of_shopify = || stem.rsplit_once('_').filter(|(_, end)| is_size(end, true));
    let (stem, _) = of_wordpress.or_else(of_shopify)?;
    (!stem.is_empty() && !stem.ends_with('/')).then(|| format!("{stem}.{ending}"))
}

/// Whether what a query says is no small number; a signature is letters among digits.
fn is_size(value: &str) -> bool {
    !value.parse::<u32>().is_ok_and(|number| number < SMALLEST)
}

fn is_number(text: &str) -> bool {
    (1..=5).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::{picture_name, whole_picture};

    #[test]
    fn sizes_of_a_picture_are_one_picture() {
        for (name, addresses) in [
            (
                "p.example/a.jpg",
                &[
                    "https://p.example/a.jpg",
                    "http://www.p.example/a-300x200.jpg",
                    "https://p.example/a.jpg?width=9&s=1f",
                    "https://p.example/a-scaled.jpg?w=640",
                    "https://p.example/a_300x.jpg",
                    "https://p.example/a_600x400@2x.jpg",
                    "https://i0.wp.com/p.example/a.jpg?resize=300%2C200&ssl=1",
                    "https://substackcdn.com/image/fetch/$s_!x!,w_1456,c_limit,f_auto/https%3A%2F%2Fp.example%2Fa.jpg",
                    "https://press.example/cdn-cgi/image/width=300/https://p.example/a.jpg",
                    "https://press.example/_next/image?url=https%3A%2F%2Fp.example%2Fa.jpg&w=640&q=75",
                    "https://p.example/styles/large/public/a.jpg?itok=x",
                    "https://p.example/styles/large/public/a.jpg.webp?itok=y",
                    "https://p.example/size/w1000/a.jpg",
                    "https://p.example/size/w600/format/webp/a.jpg",
                ][..],
            ),
            (
                "1.bp.blogspot.com/-x/y/a.jpg",
                &["https://1.bp.blogspot.com/-x/y/s72-c/a.jpg", "https://1.bp.blogspot.com/-x/y/w640-h480/a.jpg"],
            ),
            (
                "blogger.googleusercontent.com/img/b/x",
                &[
                    "https://blogger.googleusercontent.com/img/b/x=s72-c",
                    "https://blogger.googleusercontent.com/img/b/x=w640-h480",
                ],
            ),
            (
                "images.squarespace-cdn.com/a.jpg",
                &["https://images.squarespace-cdn.com/a.jpg?format=1500w", "https://images.squarespace-cdn.com/a.jpg"],
            ),
        ] {
            for address in addresses {
                assert_eq!(picture_name(address), name, "{address}");
            }
        }
    }

    #[test]
    fn other_pictures_stay_others() {
        for address in [
            "https://p.example/show?id=1",
            "https://p.example/a-b.jpg",
            "https://p.example/1x2-a.jpg",
            "https://p.example/a_x.jpg",
            "https://p.example/-300x200.jpg",
            "https://p.example/styles/a.css",
            "https://p.example/size/large/a.jpg",
            "https://p.example/s72-c/a.jpg",
            "https://p.example/root_4x.jpg",
            "https://p.example/root_40x.jpg",
            "https://p.example/board-8x8.png",
            "https://p.example/board-19x19.png",
            "https://p.example/plot?s=1",
            "https://p.example/plot?size=3",
        ] {
            assert_eq!(format!("https://{}", picture_name(address)), address);
        }
        assert_eq!(picture_name("/b/a-300x200.jpg?w=3"), "/b/a.jpg");
        assert_eq!([picture_name("assets/0a.png"), picture_name("")], ["assets/0a.png", ""]);
    }

    #[test]
    fn a_small_square_has_a_whole() {
        let whole = |address: &str| whole_picture(address);
        assert_eq!(
            whole("https://1.bp.blogspot.com/-x/y/s72-c/a.jpg").as_deref(),
            Some("https://1.bp.blogspot.com/-x/y/s1600/a.jpg")
        );
        assert_eq!(
            whole("https://blogger.googleusercontent.com/img/b/x=s72-c").as_deref(),
            Some("https://blogger.googleusercontent.com/img/b/x=s1600")
        );
        assert_eq!(
            [whole("https://p.example/s72-c/a.jpg"), whole("https://1.bp.blogspot.com/y/s640/a.jpg")],
            [None, None]
        );
    }
}
