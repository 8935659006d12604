//! WordPress exports: those of real sites and of WordPress's own tests, very large ones, and moving in with one.

mod corpus;
mod known;
mod memory;
mod moving;

/// A post as an export has it.
fn item(number: usize, name: &str, text: &str) -> String {
    let day = number % 28 + 1;
    format!(
        "<item><title>Post {name}</title><link>https://blog.example/2026/07/{name}/</link>\
         <guid isPermaLink=\"false\">https://blog.example/?p={number}</guid>\
         <dc:creator><![CDATA[editors]]></dc:creator><content:encoded><![CDATA[{text}]]></content:encoded>\
         <wp:post_id>{number}</wp:post_id><wp:post_date>2026-07-{day:02} 10:00:00</wp:post_date>\
         <wp:post_date_gmt>2026-07-{day:02} 08:00:00</wp:post_date_gmt><wp:post_name>{name}</wp:post_name>\
         <wp:status>publish</wp:status><wp:post_type>post</wp:post_type>\
         <category domain=\"category\" nicename=\"news\"><![CDATA[News]]></category></item>\n"
    )
}

/// What stands before the items.
const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
    <rss version=\"2.0\" xmlns:content=\"http://purl.org/rss/1.0/modules/content/\" \
    xmlns:dc=\"http://purl.org/dc/elements/1.1/\" xmlns:wp=\"http://wordpress.org/export/1.2/\">\n<channel>\n\
    <title>Blog</title><link>https://blog.example</link><language>en</language><wp:wxr_version>1.2</wp:wxr_version>\n\
    <wp:base_blog_url>https://blog.example</wp:base_blog_url>\n\
    <wp:author><wp:author_login>editors</wp:author_login>\
    <wp:author_display_name><![CDATA[The editors]]></wp:author_display_name></wp:author>\n";

/// What stands after them.
const END: &str = "</channel></rss>\n";
