//! The order in which lists show names: that of a language's alphabet (Unicode CLDR, through ICU4X).

use std::cmp::Ordering;

use icu_collator::options::CollatorOptions;
use icu_collator::{Collator, CollatorBorrowed};
use icu_locale_core::Locale;

use crate::model::Language;

/// The alphabet of a language; where CLDR has none for it, the order in which Unicode has the letters of all.
pub(super) struct Alphabet(Option<CollatorBorrowed<'static>>);

impl Alphabet {
    pub(super) fn of(language: &Language) -> Self {
        let whole = language.as_str().parse::<Locale>();
        let locale = whole.or_else(|_| language.primary().parse()).unwrap_or(Locale::UNKNOWN);
        Self(Collator::try_new(locale.into(), CollatorOptions::default()).ok())
    }

    /// Which of two names comes first. Only of a name with itself is the answer that they are alike.
    pub(super) fn compare(&self, one: &str, other: &str) -> Ordering {
        let by_letters = self.0.as_ref().map_or(Ordering::Equal, |collator| collator.compare(one, other));
        by_letters.then_with(|| one.cmp(other))
    }
}

#[cfg(test)]
mod tests {
    use super::Alphabet;
    use crate::model::Language;

    /// The names in the order of a language, from the contrary of how they are given.
    #[track_caller]
    fn holds(language: &str, names: &str) {
        let alphabet = Alphabet::of(&Language::parse(language).unwrap());
        let mut sorted: Vec<&str> = names.split(' ').rev().collect();
        sorted.sort_by(|one, other| alphabet.compare(one, other));
        assert_eq!(sorted.join(" "), names, "{language}");
    }

    #[test]
    fn letters_stand_where_their_language_has_them() {
        holds("sq", "Arta Blerim Cen Çelik Dora Drita Dhurata Erza Ëngjëll Gent Gjon Luan Llazar Nora Njomza");
        holds("sq", "Rina Rrok Sara Shpresa Tana Thanas Xeni Xhevat Zana Zhaneta");
        holds("tr", "Can Cem Çağla Irmak Işık İpek Oya Özge Selin Şule Umut Ümit Zeki");
        holds("fa-a", "پیشه کتاب گروه هما Ann");
        holds("fa", "آرش احمد بخش پیشه تحریریه جلال چاپ ژاله کتاب گروه مینا نگار وحید هما یاد");
        holds("ar", "أحمد باسم جميل كريم نادية هدى وليد ياسر");
        holds("ckb", "ئازاد ئەحمەد باران پەروین ڕێبوار ژیان سارا فەرهاد ڤیان گۆران لانە مەریوان هیوا");
        holds("ur", "احمد بانو پروین ٹیپو جمیل چاند ڈار راشد ڑ زینب کمال گل نور ہما یاسر");
        holds("de", "Anna Ärger Azur Müller Mund Straße");
        holds("sv", "Anna Zorn Åsa Älva Örjan");
        holds("en-GB", "Ann Édition editors élan Zincographers");
        holds("qaa", "Ann Édition Zincographers");
    }

    #[test]
    fn marks_and_joiners_and_capitals_weigh_less_than_letters() {
        holds("fa", "خانه خانهٔ‌ما خانه‌ها خاور");
        holds("ar", "محمد مُحمّدي مخلص");
        holds("en", "ink Ink inks");
        let alphabet = Alphabet::of(&Language::parse("fa").unwrap());
        assert!(alphabet.compare("می‌روم", "میروم").is_ne() && alphabet.compare("a", "a").is_eq());
    }
}
