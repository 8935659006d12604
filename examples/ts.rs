use std::sync::Arc;
struct Dir(std::path::PathBuf);
impl masthead::typeset::Resources for Dir {
    fn get(&self, url: &str) -> Option<Arc<[u8]>> { std::fs::read(self.0.join(url)).ok().map(Into::into) }
}
fn main() {
    let args: Vec<String> = std::env::args().collect();
    let html = std::fs::read_to_string(&args[1]).unwrap();
    let style = args.get(3).map(|p| std::fs::read_to_string(p).unwrap()).unwrap_or_default();
    let fonts = masthead::typeset::fonts::Fonts::builtin();
    let dir = Dir(std::path::Path::new(&args[1]).parent().unwrap().to_owned());
    let options = masthead::typeset::Options { style: &style, style_name: "style.css", html_name: &args[1], base_language: "en", info_date: None };
    let t = std::time::Instant::now();
    let done = masthead::typeset::layout(&html, &options, &dir, &fonts);
    let t1 = t.elapsed();
    for w in done.warnings.iter().take(30) { eprintln!("{w}"); }
    eprintln!("{} warnings", done.warnings.len());
    let pdf = masthead::typeset::write::pdf(&done.value, &fonts).unwrap();
    eprintln!("{} pages, layout {:?}, all {:?}, {} bytes", done.value.pages.len(), t1, t.elapsed(), pdf.len());
    std::fs::write(&args[2], pdf).unwrap();
}
