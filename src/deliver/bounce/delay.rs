//! Whether a server goes on trying, as its words tell.

use super::reason::says;

/// Whether a notice warns that its message is late, and no more: by its words, or by its subject where those do not say
/// so. Both in lower case with single spaces.
pub(super) fn is_warning(words: &str, subject: &str) -> bool {
    let titled = SUBJECTS.iter().any(|title| subject.starts_with(title));
    (titled || is_trying(words)) && !has_given_up(words)
}

/// Whether words say that the message will be tried again.
pub(super) fn is_trying(words: &str) -> bool {
    TRYING.iter().any(|phrase| says(words, phrase))
}

/// Whether words say that what went wrong will pass, and not what the server does about it.
pub(super) fn is_passing(words: &str) -> bool {
    PASSING.iter().any(|phrase| says(words, phrase))
}

/// Whether words say that the message will not be tried again. What will be given up one day is not.
pub(super) fn has_given_up(words: &str) -> bool {
    GIVEN_UP.iter().any(|phrase| says(words, phrase))
}

/// How subjects of warnings begin. Behind that may stand the subject of the message, which is not looked at.
const SUBJECTS: &[&str] = &[
    "warning: message",
    "warning: could not send message",
    "warning: delayed",
    "delayed mail",
    "delayed delivery",
    "delivery delayed",
    "mail delayed",
    "message delayed",
    "delivery status notification (delay)",
    "mail delivery status notification (delay)",
    "delivery status notification: delayed",
    "delivery notification: delivery has been delayed",
    "zustellung verzögert",
    "verzögerte zustellung",
    "remise retardée",
    "remise différée",
    "entrega retrasada",
    "consegna ritardata",
    "entrega atrasada",
    "配信遅延",
    "配信の遅延",
    "تأخیر در تحویل",
    "تأخر التسليم",
    "vonesë në dorëzim",
    "uyarı: iletiniz",
    "teslimat gecikti",
];

const TRYING: &[&str] = &[
    "not yet been delivered",
    "not been delivered yet",
    "n't been delivered yet",
    "not yet delivered",
    "yet to be delivered",
    "not be delivered so far",
    "still undelivered",
    "delay reason",
    "has been delayed",
    "is delayed",
    "delivery attempts will continue",
    "delivery will continue",
    "will be attempted",
    "will be retried",
    "will retry for",
    "will retry delivery",
    "will continue to be attempted",
    "will continue to try",
    "will continue trying",
    "continues to try",
    "still trying",
    "still being retried",
    "keep trying",
    "keep on trying",
    "not need to resend",
    "n't need to resend",
    "warning only",
    "warning message only",
    // German, French, Spanish, Italian, Portuguese.
    "noch nicht zugestellt",
    "weiter versucht",
    "weiterhin versucht",
    "weitere zustellversuche",
    "zustellung*verzögert",
    "pas encore été",
    "pas encore pu être",
    "nouvelles tentatives de",
    "remise*retardée",
    "aún no se ha entregado",
    "aún no se ha podido entregar",
    "todavía no se ha*entrega",
    "seguirá intentando",
    "non è stato ancora consegnato",
    "non è ancora stato",
    "ulteriori tentativi",
    "continuerà a tentare",
    "ainda não foi entregue",
    "continuará tentando",
    "continuará a tentar",
    // Japanese, Persian, Arabic, Albanian, Turkish.
    "まだ配信されていません",
    "まだ配送されていません",
    "配信が遅延",
    "配信が遅れ",
    "再送を試み",
    "配信を再試行",
    "هنوز تحویل داده نشده",
    "دوباره تلاش می",
    "تلاش برای تحویل ادامه",
    "لم يتم تسليمها بعد",
    "لم يتم تسليم*بعد",
    "ستستمر محاولات",
    "ende nuk është dorëzuar",
    "nuk është dorëzuar ende",
    "përpjekjet*do të vazhdojnë",
    "do të provohet",
    "do të riprovohet",
    "vetëm paralajmërim",
    "henüz teslim edil",
    "denenecek",
    "denemeye devam",
    "yalnızca bir uyarıdır",
    "sadece bir uyarıdır",
];

const PASSING: &[&str] = &["temporary problem", "temporary failure", "temporarily deferred"];

const GIVEN_UP: &[&str] = &[
    "i've given up",
    "have given up",
    "has given up",
    "gave up",
    "not going to try again",
    "stopped trying",
    "no longer trying",
    "no further delivery",
    "no further attempts",
    "will not be retried",
    "will not be attempted",
    "will not try",
    "failed permanently",
    "permanently failed",
    "this is a permanent",
    "has been a permanent",
    "permanent fatal error",
    "is being returned",
    "message has expired",
    "message expired",
    "endgültig",
    "définitivement",
    "definitivamente",
    "nicht weiter versucht",
    "keine weiteren zustellversuche",
    "non verranno effettuati ulteriori",
    "tekrar denenmeyecek",
    "yeniden denenmeyecek",
    "nuk do të provohet",
    "nuk do të riprovohet",
    "دوباره تلاش نمی",
    "دوباره تلاش نخواهد",
    "لن تتم محاولة",
];

#[cfg(test)]
mod tests {
    use super::{has_given_up, is_trying, is_warning};

    #[test]
    fn servers_say_that_they_go_on_trying() {
        for words in [
            "a message that you sent has not yet been delivered to one or more of its recipients after more than 24 hours",
            "no action is required on your part. delivery attempts will continue for some time",
            "i wasn't able to deliver your message to the following addresses yet. i will keep on trying to deliver it",
            "your message has not been delivered yet. delivery will be attempted for 4 more days.",
            "could not be delivered so far. the server will continue to try for 3 more days.",
            "it will be retried until it is 5 day(s) old.",
            "your message has yet to be delivered to its recipient: user unknown in dns lookup",
            "the server will retry delivery for 5 days",
            "warning: message still undelivered after 4 hours will keep trying until message is 5 days old",
            "ihre nachricht konnte noch nicht zugestellt werden. es wird weiter versucht.",
            "die zustellung an folgende empfänger hat sich verzögert",
            "پیام شما هنوز تحویل داده نشده است",
            "bu yalnızca bir uyarıdır. 5 gün boyunca denenecek.",
            "mesazhi nuk është dorëzuar ende. do të provohet edhe 3 ditë.",
        ] {
            assert!(is_trying(words) && is_warning(words, ""), "{words}");
        }
        assert!(is_warning("", "warning: message 1abcde-0001ab-cd delayed 24 hours"));
    }

    #[test]
    fn servers_say_that_they_have_given_up() {
        for words in [
            "this is a permanent error; i've given up. sorry it didn't work out.",
            "the delivery has been delayed for five days, and the message is being returned.",
            "this has been a permanent failure. no further delivery attempts will be made.",
            "mesazhi nuk do të provohet më",
        ] {
            assert!(has_given_up(words) && !is_warning(words, "delivery delayed"), "{words}");
        }
        let warning = "eventually the mail delivery software will give up, and the message will be returned to you.";
        assert!(!has_given_up(warning));
        assert!(!is_warning("550 user unknown", "undeliverable: delivery delayed"), "the subject of the message");
    }
}
