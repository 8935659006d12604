//! Dates and numerals as a language and a calendar write them (Unicode CLDR, through ICU4X).

use chrono::{DateTime, Datelike, NaiveDate, TimeDelta, Utc};
use chrono_tz::Tz;
use icu_calendar::{AnyCalendar, AnyCalendarKind, Date, Iso};
use icu_datetime::DateTimeFormatter;
use icu_datetime::fieldsets::{MD, Y, YM, YMD};
use icu_decimal::DecimalFormatter;
use icu_decimal::input::Decimal;
use icu_decimal::options::DecimalFormatterOptions;
use icu_locale_core::Locale;

use crate::model::{Calendar, Language, Window};

/// Writes dates in one language, calendar and time zone. Making one loads its patterns: keep it for many dates.
pub struct Dates {
    zone: Tz,
    day: Option<DateTimeFormatter<YMD>>,
    month: Option<DateTimeFormatter<YM>>,
    day_of_year: Option<DateTimeFormatter<MD>>,
    year: Option<DateTimeFormatter<Y>>,
    calendar: AnyCalendar,
    /// Whether a month is the day's text without the day: CLDR's pattern for a solar Hijri month puts the year first,
    /// which nobody writing Persian does, and so it does for a Gregorian month in Central Kurdish.
    month_from_day: bool,
    /// Whether the point behind a day stands behind both of two.
    point_behind_both: bool,
    numerals: Numerals,
}

/// The calendar in which a language's readers expect dates where no series says otherwise: the solar Hijri one in
/// Persian, the Gregorian one everywhere else.
#[must_use]
pub fn usual_calendar(language: &Language) -> Calendar {
    if language.primary() == "fa" { Calendar::Persian } else { Calendar::Gregorian }
}

impl Dates {
    /// For dates in `language`, by `calendar`, as the clocks of `zone` show them.
    #[must_use]
    pub fn new(language: &Language, calendar: Calendar, zone: Tz) -> Self {
        let locale = locale(language, calendar);
        Self {
            zone,
            day: DateTimeFormatter::try_new((&locale).into(), YMD::long()).ok(),
            month: DateTimeFormatter::try_new((&locale).into(), YM::long()).ok(),
            day_of_year: DateTimeFormatter::try_new((&locale).into(), MD::long()).ok(),
            year: DateTimeFormatter::try_new((&locale).into(), Y::long()).ok(),
            calendar: AnyCalendar::new(match calendar {
                Calendar::Gregorian => AnyCalendarKind::Gregorian,
                Calendar::Persian => AnyCalendarKind::Persian,
                Calendar::Islamic => AnyCalendarKind::HijriTabularTypeIIFriday,
            }),
            month_from_day: match language.primary() {
                "fa" => calendar != Calendar::Gregorian,
                primary => primary == "ckb" && calendar == Calendar::Gregorian,
            },
            point_behind_both: !POINT_BEHIND_THE_LAST.contains(&language.primary()),
            numerals: Numerals::new(language),
        }
    }

    /// For dates in `language` by its usual calendar.
    #[must_use]
    pub fn usual(language: &Language, zone: Tz) -> Self {
        Self::new(language, usual_calendar(language), zone)
    }

    /// The day: "14 November 2026".
    #[must_use]
    pub fn day(&self, instant: DateTime<Utc>) -> String {
        self.write_day(self.local(instant))
    }

    /// The day as a machine reads it (ISO 8601), in the time zone: "2026-11-14".
    #[must_use]
    pub fn iso(&self, instant: DateTime<Utc>) -> String {
        self.local(instant).format("%Y-%m-%d").to_string()
    }

    /// The window in as few words as say it: "2026", "July 2026", "14–20 November 2026",
    /// "28 November – 4 December 2026", or two whole dates.
    #[must_use]
    pub fn window(&self, window: Window) -> String {
        let first = self.local(window.since);
        let last = self.local(window.until - TimeDelta::seconds(1)).max(first);
        let (Some(first_date), Some(last_date), Some(after)) =
            (self.date(first), self.date(last), next_day(last).and_then(|d| self.date(d)))
        else {
            return self.write_day(first);
        };
        let of = |date: &Date<icu_calendar::Ref<'_, AnyCalendar>>| (date.year().extended_year(), date.month().ordinal);
        let whole_months = first_date.day_of_month().0 == 1 && after.day_of_month().0 == 1;
        if first == last {
            self.write_day(first)
        } else if whole_months && of(&first_date) == of(&last_date) {
            self.write_month(first)
        } else if whole_months && of(&first_date).1 == 1 && of(&after).1 == 1 && of(&first_date).0 == of(&last_date).0 {
            self.write_year(first)
        } else {
            let (from, to) = (first_date.day_of_month().0, last_date.day_of_month().0);
            let year = of(&last_date).0;
            (of(&first_date) == of(&last_date))
                .then(|| self.with_both_days(&self.write_day(last), from, to))
                .flatten()
                .or_else(|| (of(&first_date).0 == year).then(|| self.within_year(first, last, year)).flatten())
                .unwrap_or_else(|| format!("{} \u{2013} {}", self.write_day(first), self.write_day(last)))
        }
    }

    /// A number in the language's own digits.
    #[must_use]
    pub fn numerals(&self, text: &str) -> String {
        self.numerals.write(text)
    }

    /// "20 November 2026" -> "14–20 November 2026", where one number alone can be the day.
    fn with_both_days(&self, whole: &str, from: u8, to: u8) -> Option<String> {
        let to = self.numerals.write(&to.to_string());
        let mut places = Vec::new();
        let mut start = None;
        for (at, c) in whole.char_indices().chain([(whole.len(), ' ')]) {
            match (start, c.is_numeric()) {
                (None, true) => start = Some(at),
                (Some(began), false) => {
                    places.extend((whole.get(began..at) == Some(to.as_str())).then_some((began, at)));
                    start = None;
                }
                _ => {}
            }
        }
        let [(began, ended)] = *places.as_slice() else { return None };
        let from = self.numerals.write(&from.to_string());
        let behind = whole.get(ended..)?;
        let point = if self.point_behind_both && behind.starts_with('.') { "." } else { "" };
        Some(format!("{}{from}{point}\u{2013}{to}{behind}", whole.get(..began)?))
    }

    /// Two days of one year, which is said where it stands in a whole date: "28 November – 4 December 2026". `None` where a
    /// day without its year is not written as it stands in its whole date, as CLDR has it for some calendars and in languages
    /// of which it knows little.
    fn within_year(&self, first: NaiveDate, last: NaiveDate, year: i32) -> Option<String> {
        let formatter = self.day_of_year.as_ref()?;
        let without_year = |day| Some(formatter.format(&iso(day)?).to_string());
        let year = self.numerals.write(&year.to_string());
        let (from, to) = (self.write_day(first), self.write_day(last));
        let (short_from, short_to) = (without_year(first)?, without_year(last)?);
        let (before, after) = (to.strip_suffix(&short_to), to.strip_prefix(&short_to));
        let is_year = |rest: &str| rest.contains(&year) && !rest.starts_with(char::is_alphanumeric);
        if from.starts_with(&short_from) && after.is_some_and(is_year) {
            Some(format!("{short_from} \u{2013} {to}"))
        } else if from.ends_with(&short_from) && before.is_some_and(|rest| rest.contains(&year)) {
            Some(format!("{from} \u{2013} {short_to}"))
        } else {
            None
        }
    }

    fn local(&self, instant: DateTime<Utc>) -> NaiveDate {
        instant.with_timezone(&self.zone).date_naive()
    }

    fn date(&self, day: NaiveDate) -> Option<Date<icu_calendar::Ref<'_, AnyCalendar>>> {
        iso(day).map(|date| date.to_calendar(icu_calendar::Ref(&self.calendar)))
    }

    fn write_day(&self, day: NaiveDate) -> String {
        match (&self.day, iso(day)) {
            (Some(formatter), Some(date)) => formatter.format(&date).to_string(),
            _ => day.to_string(),
        }
    }

    fn write_month(&self, day: NaiveDate) -> String {
        if self.month_from_day
            && let Some((_, month)) = self.write_day(day).split_once(' ')
        {
            return month.to_owned();
        }
        match (&self.month, iso(day)) {
            (Some(formatter), Some(date)) => formatter.format(&date).to_string(),
            _ => day.format("%Y-%m").to_string(),
        }
    }

    fn write_year(&self, day: NaiveDate) -> String {
        match (&self.year, iso(day)) {
            (Some(formatter), Some(date)) => formatter.format(&date).to_string(),
            _ => day.format("%Y").to_string(),
        }
    }
}

/// A number or label in the language's own digits: every ASCII digit of `text` is replaced.
#[must_use]
pub fn numerals(text: &str, language: &Language) -> String {
    Numerals::new(language).write(text)
}

/// The CSS counter style (Counter Styles 3, 6) whose digits [`numerals`] writes in `language`; `decimal` where CSS has none.
#[must_use]
pub fn counter_style(language: &Language) -> &'static str {
    match Numerals::new(language).0[0] {
        '\u{660}' => "arabic-indic",
        '\u{6f0}' => "persian",
        '\u{966}' => "devanagari",
        '\u{9e6}' => "bengali",
        '\u{f20}' => "tibetan",
        '\u{1040}' => "myanmar",
        _ => "decimal",
    }
}

/// Languages that write a point behind the day, and of two days behind the last alone.
const POINT_BEHIND_THE_LAST: [&str; 2] = ["hu", "sr"];

struct Numerals([char; 10]);

impl Numerals {
    fn new(language: &Language) -> Self {
        let mut digits = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'];
        if let Ok(formatter) = DecimalFormatter::try_new(
            (&locale(language, Calendar::Gregorian)).into(),
            DecimalFormatterOptions::default(),
        ) {
            for (n, digit) in (0_u32..).zip(&mut digits) {
                *digit = formatter.format(&Decimal::from(n)).to_string().chars().next().unwrap_or(*digit);
            }
        }
        Self(digits)
    }

    fn write(&self, text: &str) -> String {
        let own = |c: char| c.to_digit(10).and_then(|n| self.0.get(n as usize)).copied().unwrap_or(c);
        text.chars().map(own).collect()
    }
}

/// English without a region is written day first, as most of the world's English is; Arabic without a region with
/// Arabic digits, which CLDR gives to the regions only; Urdu with the digits of its script, as its press prints it and as its
/// own letters are counted in lists, where CLDR has those for India alone.
fn locale(language: &Language, calendar: Calendar) -> Locale {
    let tag = match language.as_str() {
        "en" => "en-GB",
        "ar" => "ar-EG",
        tag => tag,
    };
    let calendar = match calendar {
        Calendar::Gregorian => "gregory",
        Calendar::Persian => "persian",
        Calendar::Islamic => "islamic-civil",
    };
    let digits = if language.primary() == "ur" { "-nu-arabext" } else { "" };
    format!("{tag}-u-ca-{calendar}{digits}").parse().or_else(|_| tag.parse()).unwrap_or(Locale::UNKNOWN)
}

fn iso(day: NaiveDate) -> Option<Date<Iso>> {
    Date::try_new_iso(day.year(), u8::try_from(day.month()).ok()?, u8::try_from(day.day()).ok()?).ok()
}

fn next_day(day: NaiveDate) -> Option<NaiveDate> {
    day.succ_opt()
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, Utc};

    use super::{Dates, counter_style, numerals, usual_calendar};
    use crate::model::{Calendar, Language, Window};

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn dates(language: &str) -> Dates {
        Dates::usual(&Language::parse(language).unwrap(), chrono_tz::UTC)
    }

    #[test]
    fn a_day_is_written_by_language_and_calendar() {
        let day = at("2026-07-14T12:00:00Z");
        assert_eq!(dates("en").day(day), "14 July 2026");
        assert_eq!(dates("en-US").day(day), "July 14, 2026");
        assert_eq!(dates("fa").day(day), "۲۳ تیر ۱۴۰۵");
        assert_eq!(dates("ar").day(day), "١٤ يوليو ٢٠٢٦");
        assert_eq!(dates("sq").day(day), "14 korrik 2026");
        assert_eq!(dates("qaa").iso(day), "2026-07-14");
    }

    #[test]
    fn a_window_is_said_in_few_words() {
        let window = |since, until| Window { since: at(since), until: at(until) };
        let july = window("2026-07-01T00:00:00Z", "2026-08-01T00:00:00Z");
        assert_eq!(dates("en").window(july), "July 2026");
        assert_eq!(dates("ar").window(july), "يوليو ٢٠٢٦");
        assert_eq!(dates("sq").window(july), "korrik 2026");
        let tir = window("2026-06-22T00:00:00Z", "2026-07-23T00:00:00Z");
        assert_eq!(dates("fa").window(tir), "تیر ۱۴۰۵");
        let week = window("2026-11-14T00:00:00Z", "2026-11-21T00:00:00Z");
        assert_eq!(dates("en").window(week), "14\u{2013}20 November 2026");
        assert_eq!(dates("en-US").window(week), "November 14\u{2013}20, 2026");
        let across = window("2026-11-28T00:00:00Z", "2026-12-05T00:00:00Z");
        assert_eq!(dates("en").window(across), "28 November \u{2013} 4 December 2026");
        assert_eq!(dates("en").window(window("2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z")), "2026");
        assert_eq!(dates("fa").window(window("2026-03-21T00:00:00Z", "2027-03-21T00:00:00Z")), "۱۴۰۵");
    }

    #[test]
    fn two_days_of_one_year_say_it_once() {
        let window = |since, until| Window { since: at(since), until: at(until) };
        let across = window("2026-09-26T00:00:00Z", "2026-10-03T00:00:00Z");
        for (language, text) in [
            ("en", "26 September \u{2013} 2 October 2026"),
            ("en-US", "September 26 \u{2013} October 2, 2026"),
            ("ar", "٢٦ سبتمبر \u{2013} ٢ أكتوبر ٢٠٢٦"),
            ("sq", "26 shtator \u{2013} 2 tetor 2026"),
            ("de", "26. September \u{2013} 2. Oktober 2026"),
            ("tr", "26 Eylül \u{2013} 2 Ekim 2026"),
            ("ckb", "٢٦ی ئەیلوولی ٢٠٢٦ \u{2013} ٢ی تشرینی یەکەمی ٢٠٢٦"),
            ("ur", "۲۶ ستمبر \u{2013} ۲ اکتوبر، ۲۰۲۶"),
            ("hu", "2026. szeptember 26. \u{2013} október 2."),
            ("ja", "2026年9月26日 \u{2013} 10月2日"),
        ] {
            assert_eq!(dates(language).window(across), text, "{language}");
        }
        let months = window("2026-09-23T00:00:00Z", "2026-11-22T00:00:00Z");
        assert_eq!(dates("fa").window(months), "۱ مهر \u{2013} ۳۰ آبان ۱۴۰۵");
        let over_a_month = window("2026-10-19T00:00:00Z", "2026-10-26T00:00:00Z");
        assert_eq!(dates("fa").window(over_a_month), "۲۷ مهر \u{2013} ۳ آبان ۱۴۰۵");
        let by = |language: &str, calendar| Dates::new(&Language::parse(language).unwrap(), calendar, chrono_tz::UTC);
        let in_october = window("2026-10-08T00:00:00Z", "2026-10-16T00:00:00Z");
        for (language, calendar, text) in [
            ("ar", Calendar::Islamic, "٢٥ ربيع الآخر \u{2013} ٣ جمادى الأولى ١٤٤٨ هـ"),
            // Where a day is written otherwise without its year, both dates are whole.
            ("sq", Calendar::Islamic, "25.4.1448 H. \u{2013} 3.5.1448 H."),
            ("et", Calendar::Gregorian, "8\u{2013}15 oktoober 2026"),
            ("ckb", Calendar::Persian, "AP ١٤٠٥ Mehr ١٦\u{2013}٢٣"),
        ] {
            assert_eq!(by(language, calendar).window(in_october), text, "{language}");
        }
        assert_eq!(by("et", Calendar::Gregorian).window(across), "26 september 2026 \u{2013} 2 oktoober 2026");
        assert_eq!(by("ckb", Calendar::Persian).window(over_a_month), "AP ١٤٠٥ Mehr ٢٧ \u{2013} Aban ٣");
        let mehr = window("2026-09-23T00:00:00Z", "2026-10-23T00:00:00Z");
        assert_eq!(by("ckb", Calendar::Persian).window(mehr), "AP ١٤٠٥ Mehr");
        let years = window("2026-12-26T00:00:00Z", "2027-01-02T00:00:00Z");
        assert_eq!(dates("de").window(years), "26. Dezember 2026 \u{2013} 1. Januar 2027");
        assert_eq!(
            dates("fa").window(window("2026-03-18T00:00:00Z", "2026-03-25T00:00:00Z")),
            "۲۷ اسفند ۱۴۰۴ \u{2013} ۴ فروردین ۱۴۰۵"
        );
    }

    #[test]
    fn days_and_months_stand_as_their_language_has_them() {
        let window = |since, until| Window { since: at(since), until: at(until) };
        let week = window("2026-09-19T00:00:00Z", "2026-09-26T00:00:00Z");
        for (language, text) in [
            ("de", "19.\u{2013}25. September 2026"),
            ("fi", "19.\u{2013}25. syyskuuta 2026"),
            ("hu", "2026. szeptember 19\u{2013}25."),
            ("sr-Latn", "19\u{2013}25. septembar 2026."),
            ("tr", "19\u{2013}25 Eylül 2026"),
            ("ckb", "١٩\u{2013}٢٥ی ئەیلوولی ٢٠٢٦"),
        ] {
            assert_eq!(dates(language).window(week), text, "{language}");
        }
        let october = window("2026-10-01T00:00:00Z", "2026-11-01T00:00:00Z");
        assert_eq!(dates("ckb").window(october), "تشرینی یەکەمی ٢٠٢٦");
        assert_eq!(dates("de").window(october), "Oktober 2026");
    }

    #[test]
    fn labels_take_the_digits_of_the_language() {
        let write = |language| numerals("2026/7", &Language::parse(language).unwrap());
        assert_eq!(write("fa"), "۲۰۲۶/۷");
        assert_eq!(write("ar"), "٢٠٢٦/٧");
        assert_eq!(write("sq"), "2026/7");
        assert_eq!(write("ur"), "۲۰۲۶/۷");
        assert_eq!(write("ckb"), "٢٠٢٦/٧");
        assert_eq!(dates("ur").day(at("2026-07-14T12:00:00Z")), "۱۴ جولائی، ۲۰۲۶");
        for (tag, style) in [
            ("fa-AF", "persian"),
            ("ur-PK", "persian"),
            ("ps", "persian"),
            ("ckb", "arabic-indic"),
            ("ar", "arabic-indic"),
            ("ar-MA", "decimal"),
            ("ne", "devanagari"),
            ("hi", "decimal"),
            ("sq", "decimal"),
        ] {
            assert_eq!(counter_style(&Language::parse(tag).unwrap()), style, "{tag}");
        }
        assert_eq!(usual_calendar(&Language::parse("fa-IR").unwrap()), Calendar::Persian);
    }
}
