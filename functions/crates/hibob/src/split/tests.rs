use super::*;

fn split<'a>(pieces: impl IntoIterator<Item = &'a [u8]>) -> Result<Vec<String>, Fault> {
    let mut splitter = Splitter::new();
    let mut records = Vec::new();
    for piece in pieces {
        splitter.push(piece);
        while let Some(record) = splitter.next()? {
            records.push(String::from_utf8(record.to_vec()).unwrap());
        }
    }
    splitter.finish().map(|()| records)
}

fn fault(document: &str) -> Fault {
    split([document.as_bytes()]).unwrap_err()
}

const DOCUMENT: &str = concat!(
    r#" { "to\u0074al" : -1.5e3 , "note":"a \"quoted\" ] } \\", "more": [{"x":[1,2]}, null], "flag":true,"#,
    r#" "employees" : [ {"id":"1","name":"Zoë \\\" }]{["} , {"id":"2","work":{"list":["a",{"b":[]}],"n":null}},"#,
    "{}\n] , \"after\" : {\"employees\":[7]} }\r\n\t ",
);

#[test]
fn records_are_the_same_wherever_the_answer_is_cut_into_pieces() {
    let document = DOCUMENT.as_bytes();
    let whole = split([document]).unwrap();
    assert_eq!(whole.len(), 3);
    assert_eq!(whole[0], r#"{"id":"1","name":"Zoë \\\" }]{["}"#);
    assert_eq!(whole[2], "{}");

    for first in 0..=document.len() {
        for second in first..=document.len() {
            let pieces = [&document[..first], &document[first..second], &document[second..]];
            assert_eq!(split(pieces).as_ref(), Ok(&whole), "cut at {first} and {second}");
        }
    }
    for size in 1..document.len() {
        assert_eq!(
            split(document.chunks(size)).as_ref(),
            Ok(&whole),
            "pieces of {size}"
        );
    }
}

#[test]
fn no_beginning_of_an_answer_passes_for_the_whole() {
    let end = DOCUMENT.trim_end().len();
    for length in 0..end {
        assert_eq!(
            split([&DOCUMENT.as_bytes()[..length]]),
            Err(Fault::Incomplete),
            "cut at {length}"
        );
    }
}

#[test]
fn a_list_of_nobody_is_a_list() {
    assert_eq!(split([&br#"{"employees":[]}"#[..]]), Ok(vec![]));
}

#[test]
fn the_list_must_be_there_once_and_be_a_list() {
    for document in [
        r"{}",
        r#"{"people":[]}"#,
        r#"{"employees":null}"#,
        r#"{"employees":{"1":{}}}"#,
    ] {
        assert_eq!(fault(document), Fault::NoEmployees, "{document}");
    }
    assert_eq!(fault(r#"{"employees":[],"employees":[{}]}"#), Fault::NoEmployees);
    assert_eq!(
        split([&br#"{"employ\u0065es":[{}]}"#[..]]).unwrap().len(),
        1,
        "an escape changes no name"
    );
}

#[test]
fn nothing_may_follow_the_document() {
    for more in ["{}", "x", "]", "}", ",", "\0"] {
        assert_eq!(
            fault(&format!(r#"{{"employees":[]}} {more}"#)),
            Fault::TrailingContent,
            "{more}"
        );
    }
}

#[test]
fn what_stands_around_the_records_is_checked() {
    for document in [
        "<!doctype html>",
        "[]",
        "null",
        "\u{feff}{}",
        r#"{"employees":[{},]}"#,
        r#"{"employees":[,{}]}"#,
        r#"{"employees":[{} {}]}"#,
        r#"{"employees":[null]}"#,
        r#"{"employees":["1"]}"#,
        r#"{"employees":[[]]}"#,
        r#"{"employees":[]"x":1}"#,
        r#"{"employees":[],}"#,
        r#"{"employees" []}"#,
        r"{employees:[]}",
        r#"{"x":,"employees":[]}"#,
        r#"{"x":nul,"employees":[]}"#,
        r#"{"x":{]},"employees":[]}"#,
        "{\"x\ny\":1,\"employees\":[]}",
    ] {
        assert_eq!(fault(document), Fault::Malformed, "{document}");
    }
}

#[test]
fn one_record_cannot_fill_the_memory() {
    let exactly = format!(r#"{{"x":"{}"}}"#, "y".repeat(MAX_RECORD - 8));
    assert_eq!(exactly.len(), MAX_RECORD);
    assert!(split([format!(r#"{{"employees":[{exactly}]}}"#).as_bytes()]).is_ok());

    let endless = format!(r#"{{"employees":[{{"x":"{}"#, "y".repeat(MAX_RECORD));
    assert_eq!(fault(&endless), Fault::TooLarge);
    let complete = format!(r#"{endless}"}}]}}"#);
    assert_eq!(fault(&complete), Fault::TooLarge);
    assert_eq!(split(complete.as_bytes().chunks(8192)), Err(Fault::TooLarge));
}

#[test]
fn a_depth_bomb_is_stopped() {
    let bomb = |levels: usize| {
        format!(
            r#"{{"employees":[{{"x":{}{}}}]}}"#,
            "[".repeat(levels),
            "]".repeat(levels)
        )
    };
    assert!(split([bomb(63).as_bytes()]).is_ok());
    assert_eq!(fault(&bomb(64)), Fault::TooDeep);
    assert_eq!(
        fault(&format!(r#"{{"x":{}"#, "[".repeat(100_000))),
        Fault::TooDeep
    );
}
