//! Codes of languages, with those that mean what a shorter or newer one does.

use memchr::memmem;

/// The two-letter codes of ISO 639-1, each with those of three letters that mean the same (ISO 639-2, of both kinds), with the
/// codes of single languages that CLDR takes for these, and with what two letters once were.
const CODES: &str = "\
    aa:aar ab:abk ae:ave af:afr ak:aka am:amh an:arg ar:ara,arb as:asm av:ava ay:aym az:aze,azj ba:bak be:bel bg:bul \
    bh:bih bi:bis bm:bam bn:ben bo:bod,tib br:bre bs:bos ca:cat ce:che ch:cha co:cos cr:cre cs:ces,cze cu:chu cv:chv \
    cy:cym,wel da:dan de:deu,ger dv:div dz:dzo ee:ewe el:ell,gre en:eng eo:epo es:spa et:est,ekk eu:eus,baq \
    fa:fas,per,pes ff:ful fi:fin fj:fij fo:fao fr:fra,fre fy:fry ga:gle gd:gla gl:glg gn:grn,gug gu:guj gv:glv \
    ha:hau he:heb,iw hi:hin ho:hmo hr:hrv ht:hat hu:hun hy:hye,arm hz:her ia:ina id:ind,in ie:ile ig:ibo ii:iii \
    ik:ipk io:ido is:isl,ice it:ita iu:iku ja:jpn jv:jav,jw ka:kat,geo kg:kon ki:kik kj:kua kk:kaz kl:kal km:khm \
    kn:kan ko:kor kr:kau ks:kas ku:kur kv:kom kw:cor ky:kir la:lat lb:ltz lg:lug li:lim ln:lin lo:lao lt:lit lu:lub \
    lv:lav,lvs mg:mlg,plt mh:mah mi:mri,mao mk:mkd,mac ml:mal mn:mon,khk mr:mar ms:msa,may,zsm mt:mlt my:mya,bur \
    na:nau nb:nob nd:nde ne:nep,npi ng:ndo nl:nld,dut nn:nno no:nor nr:nbl nv:nav ny:nya oc:oci oj:oji om:orm \
    or:ori,ory os:oss pa:pan pi:pli pl:pol ps:pus pt:por qu:que,quz rm:roh rn:run ro:ron,rum,mo ru:rus rw:kin sa:san \
    sc:srd sd:snd se:sme sg:sag si:sin sk:slk,slo sl:slv sm:smo sn:sna so:som sq:sqi,alb,als sr:srp ss:ssw st:sot \
    su:sun sv:swe sw:swa ta:tam te:tel tg:tgk th:tha ti:tir tk:tuk tl:tgl tn:tsn to:ton tr:tur ts:tso tt:tat tw:twi \
    ty:tah ug:uig uk:ukr ur:urd uz:uzb,uzn ve:ven vi:vie vo:vol wa:wln wo:wol xh:xho yi:yid,ji yo:yor za:zha \
    zh:zho,chi,cmn zu:zul";

/// Codes of countries (ISO 3166-1, and what is used for Kosovo) that are no languages', and that people write for the language
/// that nearly everything there is written in: `al` for `sq`.
const COUNTRIES: &str = "\
    ar:eg,jo,ly,qa,sy,ye be:by bn:bd cs:cz da:dk de:at el:gr en:au,gb,nz,us es:cl,ec,gt,hn,mx,ni,pe,uy fa:ir fr:mc he:il \
    ja:jp ka:ge kk:kz km:kh ko:kp my:mm ne:np ro:md sq:al,xk sr:rs tg:tj tk:tm uk:ua ur:pk vi:vn zh:cn,hk";

fn pairs(table: &'static str) -> impl Iterator<Item = (&'static str, &'static str)> {
    table.split_ascii_whitespace().filter_map(|row| row.split_once(':'))
}

/// Whether a text is one of the two-letter codes of ISO 639-1, in lower case.
#[must_use]
pub fn is_two_letter_code(text: &str) -> bool {
    places(text).any(|at| CODES.as_bytes().get(at + text.len()) == Some(&b':'))
}

/// Where a code stands in the table. Every post is asked about its language.
fn places(code: &str) -> impl Iterator<Item = usize> {
    let is_code = (2..=3).contains(&code.len()) && code.bytes().all(|byte| byte.is_ascii_lowercase());
    let found = memmem::find_iter(CODES.as_bytes(), code).filter(move |at| {
        let around = |at: Option<usize>| at.and_then(|at| CODES.as_bytes().get(at));
        let is_part = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_lowercase);
        !is_part(around(at.checked_sub(1))) && !is_part(around(Some(at + code.len())))
    });
    found.filter(move |_| is_code)
}

/// The code of two letters that another one, in lower case, means: `sq` for `sqi` and for `alb` (RFC 5646, 2.2.1).
#[must_use]
pub fn shortest_code(code: &str) -> Option<&'static str> {
    let is_other = |at: &usize| at.checked_sub(1).is_some_and(|before| matches!(CODES.as_bytes()[before], b':' | b','));
    let at = places(code).find(is_other)?;
    CODES[..at].rsplit(' ').next()?.split(':').next()
}

/// The language that the code of a country, in lower case, is written for where it is none itself.
pub(super) fn language_of_country(code: &str) -> Option<&'static str> {
    pairs(COUNTRIES).find(|(_, countries)| countries.split(',').any(|country| country == code)).map(|(code, _)| code)
}

#[cfg(test)]
mod tests {
    use super::{CODES, COUNTRIES, is_two_letter_code, language_of_country, pairs, shortest_code};

    #[test]
    fn no_country_hides_a_language() {
        for (language, countries) in pairs(COUNTRIES) {
            assert!(is_two_letter_code(language), "{language}");
            for country in countries.split(',') {
                assert!(!is_two_letter_code(country) && shortest_code(country).is_none(), "{country}");
                assert_eq!(language_of_country(country), Some(language));
            }
        }
        assert_eq!(language_of_country("sq"), None);
    }

    #[test]
    fn codes_of_three_letters_mean_those_of_two() {
        for (code, wanted) in [
            ("sqi", Some("sq")),
            ("alb", Some("sq")),
            ("eng", Some("en")),
            ("per", Some("fa")),
            ("fas", Some("fa")),
            ("pes", Some("fa")),
            ("iw", Some("he")),
            ("ckb", None),
            ("en", None),
            ("al", None),
        ] {
            assert_eq!(shortest_code(code), wanted, "{code}");
        }
        for (shortest, others) in pairs(CODES) {
            assert!(is_two_letter_code(shortest), "{shortest}");
            for other in others.split(',') {
                assert_eq!(shortest_code(other), Some(shortest), "{other}");
                assert!(!is_two_letter_code(other), "{other}");
            }
        }
        for none in ["", "a", ":", "a:", "q:", "ab a", "EN", "eng,", "abkh", "\u{e9}n"] {
            assert!(shortest_code(none).is_none() && !is_two_letter_code(none), "{none}");
        }
        assert!(is_two_letter_code("sq") && !is_two_letter_code("al") && !is_two_letter_code("sqi"));
    }
}
