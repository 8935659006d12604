//! The words with which authors say themselves what a note is.

use crate::model::is_unseen;
use crate::templates::Strings;

/// The keys of such notes, and the words that say it, in small letters and as [`folded`] has them; those of the languages that
/// have words here are looked for, too.
const WORDS: [(&[&str], &[&str]); 4] = [
    (
        &["warning", "caution"],
        &[
            "warning",
            "caution",
            "attention",
            "danger",
            "beware",
            "careful",
            "alert",
            "achtung",
            "warnung",
            "vorsicht",
            "gefahr",
            "avertissement",
            "mise en garde",
            "prudence",
            "avviso",
            "attenzione",
            "avvertenza",
            "advertencia",
            "aviso",
            "atencion",
            "precaucion",
            "peligro",
            "cuidado",
            "atencao",
            "perigo",
            "kujdes",
            "rrezik",
            "waarschuwing",
            "let op",
            "opgelet",
            "varning",
            "advarsel",
            "uwaga",
            "ostrzezenie",
            "pozor",
            "figyelem",
            "dikkat",
            "uyari",
            "внимание",
            "осторожно",
            "предупреждение",
            "увага",
            "пажња",
            "προσοχη",
            "προειδοποιηση",
            "هشدار",
            "اخطار",
            "توجه",
            "احتیاط",
            "خطر",
            "زنهار",
            "تحذیر",
            "تنبیه",
            "احذر",
            "انتباه",
            "انذار",
            "אזהרה",
            "זהירות",
            "警告",
            "注意",
            "警示",
            "小心",
            "危險",
            "危险",
            "경고",
            "주의",
        ],
    ),
    (
        &["important"],
        &[
            "important",
            "attention",
            "wichtig",
            "achtung",
            "importante",
            "rendesishme",
            "kujdes",
            "belangrijk",
            "viktig",
            "vigtig",
            "wazne",
            "dulezite",
            "fontos",
            "onemli",
            "важно",
            "важливо",
            "σημαντικο",
            "مهم",
            "هام",
            "ضروری",
            "توجه",
            "חשוב",
            "重要",
            "중요",
        ],
    ),
    (
        &["tip"],
        &[
            "tip",
            "hint",
            "trick",
            "advice",
            "tipp",
            "hinweis",
            "astuce",
            "conseil",
            "suggerimento",
            "consiglio",
            "consejo",
            "dica",
            "keshill",
            "sugjerim",
            "truc",
            "wskazowka",
            "ipucu",
            "совет",
            "подсказка",
            "порада",
            "συμβουλη",
            "راهنمایی",
            "نکته",
            "ترفند",
            "توصیه",
            "پیشنهاد",
            "نصیحة",
            "تلمیح",
            "فائدة",
            "טיפ",
            "提示",
            "技巧",
            "ヒント",
            "팁",
        ],
    ),
    (
        &["note"],
        &[
            "note",
            "nota",
            "remark",
            "hinweis",
            "anmerkung",
            "notiz",
            "remarque",
            "osservazione",
            "shenim",
            "opmerking",
            "obs",
            "poznamka",
            "примечание",
            "заметка",
            "примітка",
            "σημειωση",
            "نکته",
            "توجه",
            "یادداشت",
            "توضیح",
            "ملاحظة",
            "ملحوظة",
            "تنویه",
            "הערה",
            "注意",
            "备注",
            "備註",
            "備考",
            "メモ",
            "참고",
        ],
    ),
];

/// A word is the same with so many letters more: "notes", "wichtige".
const ENDING: usize = 2;
/// What stands between a word that says what a note is and the note.
const SIGNS: [char; 7] = [':', '!', '-', '\u{2013}', '\u{2014}', '\u{ff1a}', '\u{61b}'];

/// Whether the beginning of a note holds a word of its kind, or is one of any kind with a sign behind it.
pub(super) fn says_itself(key: &str, beginning: &str, strings: &Strings) -> bool {
    let text = folded(beginning);
    WORDS.iter().any(|(keys, words)| {
        let is_own = keys.contains(&key);
        let says = |word: &str| if is_own { holds(&text, word) } else { begins(&text, word) };
        let mut shown = keys.iter().flat_map(|key| strings.everywhere(key)).map(folded).filter(|word| !word.is_empty());
        words.iter().any(|word| says(word)) || shown.any(|word| says(&word))
    })
}

/// Whether a word stands in a text. In writings whose words take something before them, or no blanks, it may be a part.
fn holds(text: &str, word: &str) -> bool {
    let is_whole = |at: usize| {
        let before = text[..at].chars().next_back();
        let after = text[at + word.len()..].chars().take_while(|c| c.is_alphabetic()).count();
        !before.is_some_and(char::is_alphabetic) && after <= ENDING
    };
    text.match_indices(word).any(|(at, _)| !word.is_ascii() || is_whole(at))
}

/// Whether a text is the word alone, or begins with it and a sign.
fn begins(text: &str, word: &str) -> bool {
    let rest = text.strip_prefix(word).map(str::trim_start);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(SIGNS))
}

/// In small letters, without marks above letters as far as they are often left out, with the yeh and kaf of Persian.
fn folded(text: &str) -> String {
    let seen = text.chars().filter(|c| !is_unseen(*c)).flat_map(char::to_lowercase);
    let bare = seen.filter_map(|c| match c {
        '\u{64b}'..='\u{652}' | '\u{670}' | '\u{640}' | '\u{300}'..='\u{36f}' => None,
        'á' | 'à' | 'â' | 'ã' | 'å' => Some('a'),
        'é' | 'è' | 'ê' | 'ë' | 'ę' | 'ě' => Some('e'),
        'í' | 'ì' | 'î' | 'ï' | 'ı' => Some('i'),
        'ó' | 'ò' | 'ô' | 'õ' | 'ö' => Some('o'),
        'ú' | 'ù' | 'û' | 'ü' | 'ů' => Some('u'),
        'ç' | 'č' => Some('c'),
        'ń' | 'ñ' => Some('n'),
        'ž' | 'ż' | 'ź' => Some('z'),
        'ά' => Some('α'),
        'έ' => Some('ε'),
        'ή' => Some('η'),
        'ί' => Some('ι'),
        'ό' => Some('ο'),
        'أ' | 'إ' | 'آ' => Some('ا'),
        'ي' | 'ى' => Some('ی'),
        'ك' => Some('ک'),
        '\n' | '\t' | '\u{a0}' => Some(' '),
        c => Some(c),
    });
    bare.collect()
}

#[cfg(test)]
mod tests {
    use super::{WORDS, folded};

    #[test]
    fn the_words_are_as_texts_are_compared() {
        for word in WORDS.iter().flat_map(|(_, words)| *words) {
            assert_eq!(folded(word), *word);
        }
    }
}
