//! How columns are called that tell who has left, and what stands in them.

// Headings and parts of them stand here as they are compared.

/// Columns that say `false` of who gets no mail: Ghost's, and what people call theirs.
pub(super) const TAKES_MAIL: [&str; 22] = [
    "subscribedtoemails",
    // AcyMailing's: whether it writes to somebody, and whether they let it.
    "enabled",
    "accept",
    "isenabled",
    "subscribed",
    "issubscribed",
    "active",
    "isactive",
    "aktiv",
    "abonniert",
    "angemeldet",
    "actif",
    "abonne",
    "inscrit",
    "activo",
    "suscrito",
    "attivo",
    "iscritto",
    "abonuar",
    "فعال",
    "مشترک",
    "نشط",
];
/// Columns that hold a time, a reason or `true` of who gets none, in many programs: docs/mail.md names some.
pub(super) const HAS_LEFT: [&str; 30] = [
    "stoptime",
    "removedon",
    "removedat",
    "removaldate",
    "unsubscribedon",
    "optoutdate",
    "emailoptoutdate",
    "donotcontact",
    "donotemail",
    "donotmail",
    "dnc",
    "unsubtime",
    "unsubreason",
    "unsubscribed",
    "unsubscribedat",
    "unsubscribedate",
    "unsubscribetime",
    "isunsubscribed",
    "optout",
    "optedout",
    "optedoutat",
    "deletedat",
    "emaildisabled",
    "blocklisted",
    "blacklisted",
    "isblacklisted",
    "emailblacklisted",
    // phpList's.
    "isthissubscriberblacklisted",
    "isthisaccountdisabled",
    "isthisuserblacklisted",
];
/// Columns that say `yes`, a day or why of who gets none, `CiviCRM`'s and others; anything else is told.
pub(super) const MAY_HAVE_LEFT: [&str; 11] = [
    "onhold",
    "nobulkemails",
    "nobulkemailsuseroptout",
    "useroptout",
    "isoptout",
    "isdeceased",
    "deceased",
    "verstorben",
    "decede",
    "fallecido",
    "deceduto",
];
/// What is said there of who gets mail, beside `no`.
pub(super) const HAS_NOT_LEFT: [&str; 20] = [
    "none",
    "null",
    "na",
    "nan",
    "never",
    "notonhold",
    "notdeceased",
    "living",
    "alive",
    "lebt",
    "lebend",
    "lebendig",
    "vivant",
    "vivante",
    "envie",
    "vivo",
    "viva",
    "vive",
    "igjalle",
    "egjalle",
];
/// Columns that say `no` of who has not confirmed, or has not agreed. What holds the time or the network address of that in
/// many programs says nothing of whom it is empty for: they may have been put on the list by hand.
pub(super) const HAS_CONFIRMED: [&str; 38] = [
    "confirmed",
    "isconfirmed",
    "emailconfirmed",
    "confirmedemail",
    "subscriptionconfirmed",
    "isthissubscriberconfirmed",
    "isthisuserconfirmed",
    "optin",
    "optedin",
    "isoptedin",
    "emailoptin",
    "doubleoptin",
    "bestatigt",
    "emailbestatigt",
    "anmeldungbestatigt",
    "confirme",
    "confirmee",
    "inscriptionconfirmee",
    "confirmado",
    "confirmada",
    "suscripcionconfirmada",
    "confermato",
    "confermata",
    "iscrizioneconfermata",
    "konfirmuar",
    "ikonfirmuar",
    "ekonfirmuar",
    "abonimiikonfirmuar",
    "تاییدشده",
    "تایید",
    "تاییدشدهاست",
    "اشتراکتاییدشده",
    "موکد",
    "موکده",
    "تمالتاکید",
    "تمتاکیدالاشتراک",
    "الاشتراکموکد",
    "التاکید",
];
/// Columns that say how somebody stands on the list, beside a `status` of the person.
pub(super) const STANDS: [&str; 4] = ["subscriptionstatus", "subscriberstatus", "liststatus", "emailmarketingstatus"];
/// Columns that say so too, or something else by the same heading (`State` is also where people live). Words that say who has
/// left count.
pub(super) const MAY_STAND: [&str; 5] = ["memberstatus", "stopstatus", "contactstatus", "removalreason", "stopreason"];
/// Columns that say of mail alone whether somebody gets it: those of Google Groups, Groups.io, Constant Contact and others.
/// Other words than those that are known are told.
pub(super) const OF_MAIL: [&str; 10] = [
    "emailstatus",
    "globalstatus",
    "groupstatus",
    "emailpreference",
    "emailpreferences",
    "emaildelivery",
    "emaildeliverymode",
    "maildelivery",
    "deliverymode",
    "deliverypreference",
];
/// What such columns say of who gets none, beside words of how somebody stands.
pub(super) const GETS_NONE: [&str; 15] = [
    "noemail",
    "noemails",
    "nomail",
    "none",
    "never",
    "webonly",
    "banned",
    "invited",
    "suspended",
    "disabled",
    "blocked",
    "onhold",
    "nichts",
    "keineemails",
    "nessunaemail",
];
/// What they say of who gets some.
pub(super) const GETS_SOME: [&str; 32] = [
    "email",
    "allemail",
    "allemails",
    "eachemail",
    "everyemail",
    "everynewmessage",
    "individual",
    "individualemails",
    "single",
    "digest",
    "dailydigest",
    "fulldigest",
    "plaindigest",
    // Mailman's.
    "regular",
    "mimedigest",
    "mimedigests",
    "plaintextdigests",
    "summarydigest",
    "summarydigests",
    "fullfeatured",
    "abridged",
    "abridgedemail",
    "dailysummary",
    "summary",
    "specialnotices",
    "specialnoticesonly",
    "normal",
    "ok",
    "valid",
    "owner",
    "manager",
    "moderator",
];
/// Mailchimp's, of addresses that it gave up.
pub(super) const CLEANED: [&str; 1] = ["cleantime"];
/// What is said of who does not get something, by people and by spreadsheets.
pub(super) const NO: [&str; 16] =
    ["false", "no", "n", "0", "off", "nein", "non", "jo", "f", "falsch", "faux", "falso", "لا", "خیر", "نه", "نخیر"];
/// What is said of who gets it.
pub(super) const YES: [&str; 18] = [
    "true",
    "yes",
    "y",
    "1",
    "on",
    "x",
    "t",
    "ja",
    "oui",
    "si",
    "po",
    "wahr",
    "vrai",
    "vero",
    "verdadero",
    "نعم",
    "بله",
    "اری",
];
/// What headings have in them that may tell who has left.
pub(super) const SPEAKS_OF_LEAVING: [&str; 22] = [
    "unsub",
    "optout",
    "optedout",
    "blacklist",
    "blocklist",
    "suppress",
    "bounce",
    "cleaned",
    "complain",
    "disabled",
    "deactiv",
    "deleted",
    "abgemeldet",
    "abmeld",
    "desinscri",
    "desabonn",
    "debaja",
    "disiscri",
    "cregjistr",
    "cabon",
    "لغو",
    "لغاء",
];
/// What they have in them that may tell who gets mail, unless it is when that began: words for a newsletter, and for consent.
pub(super) const SPEAKS_OF_STAYING: [&str; 25] = [
    "subscri",
    "optin",
    "consent",
    "newsletter",
    "marketing",
    "rundbrief",
    "infobrief",
    "einwilligung",
    "infolettre",
    "lettredinformation",
    "boletin",
    "consentimiento",
    "bollettino",
    "consenso",
    "buletin",
    "pelqim",
    "خبرنامه",
    "رضایت",
    "النشره",
    "نشرهبریدیه",
    "نشرهاخباریه",
    "الرسالهالاخباریه",
    "رسالهاخباریه",
    "القایمهالبریدیه",
    "موافقه",
];
/// How headings of such times end.
pub(super) const TIMES: [&str; 5] = ["at", "date", "time", "since", "ip"];
/// The last word of others.
pub(super) const ON: &str = "on";

#[cfg(test)]
mod tests {
    use super::{
        CLEANED, GETS_NONE, GETS_SOME, HAS_CONFIRMED, HAS_LEFT, HAS_NOT_LEFT, MAY_HAVE_LEFT, MAY_STAND, NO, OF_MAIL,
        SPEAKS_OF_LEAVING, SPEAKS_OF_STAYING, STANDS, TAKES_MAIL, YES,
    };
    use crate::deliver::words::key;

    #[test]
    fn words_stand_as_they_are_compared() {
        let headings: [&[&str]; 10] = [
            &TAKES_MAIL,
            &HAS_LEFT,
            &MAY_HAVE_LEFT,
            &HAS_CONFIRMED,
            &STANDS,
            &MAY_STAND,
            &OF_MAIL,
            &CLEANED,
            &SPEAKS_OF_LEAVING,
            &SPEAKS_OF_STAYING,
        ];
        let all = [headings.concat(), [NO.as_slice(), &YES, &HAS_NOT_LEFT, &GETS_NONE, &GETS_SOME].concat()];
        for word in all.concat() {
            assert_eq!(key(word), word);
        }
    }
}
