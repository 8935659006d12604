//! What words say of how somebody stands on a list, in the languages in which headings are known.

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::deliver::address::printable;
use crate::deliver::words::{UNSUBSCRIBE, key};

/// A text that is longer is none of these words.
const LONGEST: usize = 100;

/// What a word means for somebody's row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    /// They get mail.
    Taken,
    /// They left.
    Left,
    /// They get none, though they did not leave.
    Waiting,
    /// The address takes no mail, by this word.
    Barred(&'static str),
    /// A word that is none of these, in small letters.
    Strange(String),
}

/// The word for those who get mail that listmonk uses otherwise.
pub(super) const ENABLED: &str = "enabled";
/// Words of those who get mail, as they are named to people.
pub(super) const NAMED: [&str; 4] = ["active", "subscribed", "confirmed", ENABLED];
const TAKEN: [&str; 50] = [
    "opted in",
    "member",
    "aktiv",
    "angemeldet",
    "abonniert",
    "bestätigt",
    "Mitglied",
    "actif",
    "abonné",
    "abonnée",
    "inscrit",
    "inscrite",
    "confirmé",
    "confirmée",
    "activo",
    "activa",
    "alta",
    "de alta",
    "suscrito",
    "suscrita",
    "inscrito",
    "inscrita",
    "confirmado",
    "confirmada",
    "attivo",
    "attiva",
    "iscritto",
    "iscritta",
    "confermato",
    "confermata",
    "aktive",
    "abonuar",
    "i abonuar",
    "e abonuar",
    "i regjistruar",
    "e regjistruar",
    "konfirmuar",
    "i konfirmuar",
    "e konfirmuar",
    "anëtar",
    "anëtare",
    "فعال",
    "مشترک",
    "عضو",
    "تأیید شده",
    "نشط",
    "مفعل",
    "مشتركة",
    "مؤكد",
    "نشطة",
];
/// Words of those who left, besides [`UNSUBSCRIBE`]. A program says so whatever the column is called.
const LEFT: [&str; 68] = [
    "unsubscribed",
    "unsub",
    "opted out",
    "opt-out",
    "deleted",
    "removed",
    "do not contact",
    "on hold opt out",
    "abgemeldet",
    "abbestellt",
    "ausgetreten",
    "gekündigt",
    "gelöscht",
    "entfernt",
    "désabonné",
    "désabonnée",
    "désinscrit",
    "désinscrite",
    "résilié",
    "supprimé",
    "supprimée",
    "baja",
    "de baja",
    "dado de baja",
    "dada de baja",
    "cancelado",
    "cancelada",
    "suscripción cancelada",
    "eliminado",
    "eliminada",
    "no suscrito",
    "no suscrita",
    "disiscritto",
    "disiscritta",
    "cancellato",
    "cancellata",
    "non iscritto",
    "non iscritta",
    "rimosso",
    "rimossa",
    "çregjistruar",
    "i çregjistruar",
    "e çregjistruar",
    "çabonuar",
    "i çabonuar",
    "e çabonuar",
    "i larguar",
    "e larguar",
    "i fshirë",
    "e fshirë",
    "لغو",
    "لغو شده",
    "لغو اشتراک شده",
    "لغو عضویت شده",
    "اشتراک لغو شده",
    "عضویت لغو شده",
    "انصراف",
    "حذف شده",
    "ألغى الاشتراك",
    "ألغت الاشتراك",
    "تم إلغاء الاشتراك",
    "أُلغي الاشتراك",
    "الاشتراك ملغى",
    "ملغى",
    "غير مشترك",
    "غير مشتركة",
    "منسحب",
    "محذوف",
];
const WAITING: [&str; 42] = [
    "pending",
    "unconfirmed",
    "not confirmed",
    "awaiting confirmation",
    "inactive",
    "ausstehend",
    "unbestätigt",
    "nicht bestätigt",
    "inaktiv",
    "en attente",
    "non confirmé",
    "non confirmée",
    "inactif",
    "pendiente",
    "sin confirmar",
    "no confirmado",
    "no confirmada",
    "inactivo",
    "inactiva",
    "in attesa",
    "in sospeso",
    "non confermato",
    "non confermata",
    "inattivo",
    "inattiva",
    "në pritje",
    "i pakonfirmuar",
    "e pakonfirmuar",
    "joaktiv",
    "joaktive",
    "در انتظار",
    "در انتظار تأیید",
    "تأیید نشده",
    "غیرفعال",
    "معلق",
    "قيد الانتظار",
    "في الانتظار",
    "بانتظار التأكيد",
    "غير مؤكد",
    "غير نشط",
    "غير نشطة",
    "غير مفعل",
];
/// What is said of addresses that must not be written to, whoever does: our own exports, listmonk, Mailchimp, Mailman and
/// others.
const BARRED: [&str; 15] = [
    "suppressed",
    BOUNCED,
    "bounce",
    "hard bounced",
    "hard bounce",
    "hard-bounced",
    "cleaned",
    "by_bounces",
    "disabled by bounces",
    COMPLAINED,
    "complaint",
    "spam",
    "abuse",
    "blocklisted",
    "blacklisted",
];
const BOUNCED: &str = "bounced";
const COMPLAINED: &str = "complained";
/// The same word as others write it.
const CAME_BACK: [&str; 18] = [
    "bouncing",
    "on hold bounce",
    "unzustellbar",
    "rebond",
    "rejeté",
    "rebotado",
    "rebotada",
    "rebote",
    "rimbalzato",
    "rimbalzata",
    "respinto",
    "i kthyer",
    "e kthyer",
    "برگشتی",
    "برگشت خورده",
    "مرتد",
    "مرتجع",
    "غير قابل للتسليم",
];

impl Standing {
    /// What a word says; `None` where there is none.
    pub(super) fn of(word: &str) -> Option<Self> {
        let word = word.trim();
        if word.is_empty() {
            return None;
        }
        Some(Self::known(word).unwrap_or_else(|| Self::Strange(printable(&word.to_lowercase()))))
    }

    /// What one of the words says that are known.
    pub(super) fn known(word: &str) -> Option<Self> {
        static BY_KEY: LazyLock<HashMap<String, Standing>> = LazyLock::new(by_key);
        (word.len() <= LONGEST).then(|| BY_KEY.get(&key(word)).cloned()).flatten()
    }

    /// What a letter says in the exports of the WordPress plugin Newsletter: confirmed, not confirmed, unsubscribed, bounced,
    /// complained.
    pub(super) fn of_letter(letter: &str) -> Option<Self> {
        Some(match letter.trim() {
            "C" => Self::Taken,
            "S" => Self::Waiting,
            "U" => Self::Left,
            "B" => Self::Barred(BOUNCED),
            "P" => Self::Barred(COMPLAINED),
            _ => return None,
        })
    }

    /// Whether it is that of somebody who gets no mail, and says so wherever it stands.
    pub(super) fn gets_none(&self) -> bool {
        matches!(self, Self::Left | Self::Waiting | Self::Barred(_))
    }
}

fn by_key() -> HashMap<String, Standing> {
    let said = |words: &'static [&str], standing: Standing| words.iter().map(move |word| (key(word), standing.clone()));
    let barred = BARRED.into_iter().rev().map(|word| (key(word), Standing::Barred(word)));
    said(&NAMED, Standing::Taken)
        .chain(said(&TAKEN, Standing::Taken))
        .chain(said(&UNSUBSCRIBE, Standing::Left))
        .chain(said(&LEFT, Standing::Left))
        .chain(said(&WAITING, Standing::Waiting))
        .chain(said(&CAME_BACK, Standing::Barred(BOUNCED)))
        .chain(barred)
        .collect()
}
