//! `resource` of the file: its two forms, and what its errors leave out.

use super::*;

#[test]
fn the_resource_is_a_list_or_a_text_and_the_list_counts_before() {
    let text = "file_format: \"1.0\"\nresource:\n  attributes_list: service.name=cart,team=blue%20one\n  attributes:\n    - {name: service.name, value: '${NAME}'}\n    - {name: shards, value: [1, 2], type: int_array}\n    - {name: ratio, value: 0.5, type: double}\n    - {name: nothing, value: }\n    - {name: version, value: 12}\n";
    let (settings, _) = settings(text, &[("NAME", "shop")]).expect("good");
    let attributes = settings.resource.iter().map(|set| &set.value);
    let shown: Vec<String> = attributes.map(|pair| format!("{}={}", pair.key, pair.value)).collect();
    assert_eq!(shown, ["team=blue one", "service.name=shop", "shards=[1,2]", "ratio=0.5", "version=12"]);
}

#[test]
fn what_may_be_a_secret_of_the_resource_is_in_no_error() {
    for (wrong, expected) in [
        ("attributes_list: 'team=blue,hunter2'", "`resource.attributes_list` is wrong: pair 2 has no `=`; "),
        (
            "attributes: [{name: api_key, value: hunter2, type: int}]",
            "`resource.attributes[0].value` is of another type than `type` says",
        ),
    ] {
        let error = problem(&format!("resource:\n  {wrong}"));
        assert!(error.contains(expected) && !error.contains("hunter2"), "{error}");
    }
}
