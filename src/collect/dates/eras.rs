//! Dates with years or months that the readers of numbers and words do not know: Japanese eras, the Buddhist years and
//! months of Thailand, Vietnamese months by number or word, Lithuanian years and days with their letters. Each is written in
//! a form that they do know.

/// The eras of Japan since its calendar is ours, and the years in which they began.
const ERAS: [(&str, i32); 5] = [("明治", 1868), ("大正", 1912), ("昭和", 1926), ("平成", 1989), ("令和", 2019)];

/// Thai months, whole and short, from January on.
const THAI: [[&str; 2]; 12] = [
    ["มกราคม", "ม.ค."],
    ["กุมภาพันธ์", "ก.พ."],
    ["มีนาคม", "มี.ค."],
    ["เมษายน", "เม.ย."],
    ["พฤษภาคม", "พ.ค."],
    ["มิถุนายน", "มิ.ย."],
    ["กรกฎาคม", "ก.ค."],
    ["สิงหาคม", "ส.ค."],
    ["กันยายน", "ก.ย."],
    ["ตุลาคม", "ต.ค."],
    ["พฤศจิกายน", "พ.ย."],
    ["ธันวาคม", "ธ.ค."],
];

/// The year of the Buddhist calendar of Thailand is greater by so much.
const BUDDHIST: i32 = 543;

/// Vietnamese numbers, from one on; of two that begin alike the longer is meant.
const VIETNAMESE: [&str; 12] =
    ["một", "hai", "ba", "tư", "năm", "sáu", "bảy", "tám", "chín", "mười", "mười một", "mười hai"];

/// The date in plain words or numbers; `None` when it is none of these.
pub(super) fn plain(text: &str) -> Option<String> {
    if text.is_ascii() && !text.contains(" m. ") {
        return None;
    }
    japanese(text).or_else(|| thai(text)).or_else(|| vietnamese(text)).or_else(|| lithuanian(text))
}

/// `令和8年7月15日` becomes `2026年7月15日`; the first year of an era is `元年`.
fn japanese(text: &str) -> Option<String> {
    let (name, first) = ERAS.into_iter().find(|(name, _)| text.contains(name))?;
    let (before, rest) = text.split_once(name)?;
    let (year, rest) = rest.split_once('年')?;
    let year = match year.trim() {
        "元" => 1,
        digits => digits.parse::<i32>().ok().filter(|year| (1..100).contains(year))?,
    };
    Some(format!("{before}{}年{rest}", first + year - 1))
}

/// `วันพุธที่ 15 กรกฎาคม พ.ศ. 2569 เวลา 10:00 น.` becomes `2026-07-15 10:00`.
fn thai(text: &str) -> Option<String> {
    let found = THAI.iter().zip(1..).find_map(|(names, month)| {
        let name = names.iter().find(|name| text.contains(**name))?;
        Some((text.split_once(name)?, month))
    });
    let ((before, behind), month) = found?;
    let day = digits_before(before)?;
    let behind = behind.trim_start();
    let is_common = behind.starts_with("ค.ศ.");
    let behind = behind.trim_start_matches("พ.ศ.").trim_start_matches("ค.ศ.").trim_start();
    let (year, rest) = digits(behind)?;
    let year = match (year.len(), year.parse::<i32>().ok()?) {
        (2, year) if !is_common => 2500 + year - BUDDHIST,
        (4, year) if year > 2400 => year - BUDDHIST,
        (4, year) => year,
        _ => return None,
    };
    let time = rest.trim_start_matches([',', ' ', '-']).trim_start_matches("เวลา");
    let time = time.trim().trim_end_matches("น.").trim_end();
    Some(format!("{year}-{month:02}-{day:0>2} {time}").trim_end().to_owned())
}

/// `ngày 15 tháng 7 năm 2026` and `15 Tháng Bảy, 2026` become `2026-07-15`.
fn vietnamese(text: &str) -> Option<String> {
    let lower = text.to_lowercase();
    let (before, behind) = lower.split_once("tháng")?;
    let day = digits_before(before)?;
    let behind = behind.trim_start();
    let (month, rest) = match digits(behind) {
        Some((month, rest)) => (month.parse().ok()?, rest),
        None => VIETNAMESE
            .iter()
            .zip(1_u32..)
            .filter_map(|(name, month)| Some((month, behind.strip_prefix(name)?)))
            .min_by_key(|(_, rest)| rest.len())?,
    };
    let rest = rest.trim_start_matches([',', ' ']).trim_start_matches("năm").trim_start();
    let (year, time) = digits(rest).filter(|(year, _)| year.len() == 4)?;
    let time = time.trim_start_matches([',', ' ', '-', '|']).trim_start_matches("lúc").trim();
    Some(format!("{year}-{month:02}-{day:0>2} {time}").trim_end().to_owned())
}

/// `2026 m. liepos 15 d. 10:00` becomes `2026 liepos 15 10:00`.
fn lithuanian(text: &str) -> Option<String> {
    let (year, rest) = text.split_once(" m. ")?;
    digits_before(year).filter(|year| year.len() == 4)?;
    let rest = rest.replacen(" d.", "", 1);
    Some(format!("{year} {}", rest.replace(',', " ").trim()))
}

/// The digits with which a text ends, but for spaces.
fn digits_before(text: &str) -> Option<&str> {
    let text = text.trim_end();
    let length = text.bytes().rev().take_while(u8::is_ascii_digit).count();
    (1..=4).contains(&length).then(|| &text[text.len() - length..])
}

/// The digits with which a text begins, and what is behind them.
fn digits(text: &str) -> Option<(&str, &str)> {
    let length = text.bytes().take_while(u8::is_ascii_digit).count();
    (1..=4).contains(&length).then(|| text.split_at(length))
}

#[cfg(test)]
mod tests {
    use super::super::parse;

    #[test]
    fn other_years_and_months_are_read() {
        for (text, expected) in [
            ("令和8年7月15日", "2026-07-15"),
            ("令和元年5月1日（水）", "2019-05-01"),
            ("平成３１年４月３０日 10時30分", "2019-04-30 10:30:00"),
            ("昭和64年1月7日", "1989-01-07"),
            ("15 กรกฎาคม 2569", "2026-07-15"),
            ("วันพุธที่ ๑๕ กรกฎาคม พ.ศ. ๒๕๖๙ เวลา ๑๐:๐๐ น.", "2026-07-15 10:00:00"),
            ("15 ก.ค. 69", "2026-07-15"),
            ("15 ก.ค. 2026, 10:00", "2026-07-15 10:00:00"),
            ("Thứ Tư, ngày 15 tháng 7 năm 2026", "2026-07-15"),
            ("15 Tháng Mười Một, 2026 10:00", "2026-11-15 10:00:00"),
            ("15 tháng Năm năm 2026", "2026-05-15"),
            ("2026 m. liepos 15 d.", "2026-07-15"),
            ("2026 m. rugpjūčio 5 d., 10:00", "2026-08-05 10:00:00"),
            ("2026 birželio 5", "2026-06-05"),
        ] {
            let written = parse(text).unwrap_or_else(|| panic!("{text}"));
            let time = written.time.map(|time| format!(" {time}")).unwrap_or_default();
            assert_eq!(format!("{}{time}", written.date), expected, "{text}");
        }
        for text in ["令和8年", "令和200年7月15日", "กรกฎาคม 2569", "32 กรกฎาคม 2569", "tháng 7 năm 2026", "a m. b"]
        {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
