//! Any bytes as a message of the mailbox for bounces.

#![no_main]

use libfuzzer_sys::fuzz_target;
use masthead::deliver::bounce::{read, request, trace};
use masthead::model::BounceClass;

fuzz_target!(|bytes: &[u8]| {
    let reading = read(bytes);
    for recipient in &reading.recipients {
        assert!(recipient.class != BounceClass::AutoReply);
        assert!(!recipient.diagnosis.contains('\n') && recipient.diagnosis.chars().count() <= 400);
    }
    assert_eq!(read(bytes), reading, "the same bytes say the same");
    let _ = trace(&reading, &[b"key".to_vec()], &mut |id| Ok(Some(id.to_string())));
    let _ = request(bytes);
});
