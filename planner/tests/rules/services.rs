//! Services, their checks, and Consul Connect.

use super::check;

/// A check of a service, on two lines, with its interval and timeout.
fn with_check(text: &str) -> String {
    let times = "interval = \"10s\";timeout = \"2s\"";
    format!("service {{;name = \"s\";port = \"p\";check {{;name = \"c\";{times};{text};}};}}")
}

fn checks(block: &str, rules: &[(&str, &[&str])]) {
    for (text, expected) in rules {
        let port = if block == "group" { ";network {;port \"p\" {};}" } else { "" };
        check(block, &[(&(with_check(text) + port), expected)]);
    }
}

#[test]
fn checks_of_groups() {
    let words = "\"require_healthy\", \"ignore_warnings\", or \"ignore\"";
    checks(
        "group",
        &[
            ("type = \"http\";path = \"/\"", &[]),
            ("type = \"http\"", &["Check c invalid: http type must have a valid http path"]),
            (
                "type = \"http\";path = \"http://x\"",
                &["Check c invalid: http type must have a relative http path"],
            ),
            (
                "type = \"ping\"",
                &[
                    "Check c invalid: invalid type (\"ping\"), must be one of \"http\", \"tcp\", or \"script\" type",
                ],
            ),
            (
                "type = \"tcp\";address_mode = \"auto\"",
                &["Check c invalid: invalid address_mode \"auto\" - auto only valid for services"],
            ),
            (
                "type = \"tcp\";on_update = \"x\"",
                &[&format!("Check c invalid: on_update must be {words}; got \"x\"")],
            ),
            (
                "type = \"tcp\";expose = true",
                &[
                    "group \"g\" must use bridge network for exposing service check(s)",
                    "Check c invalid: expose may only be set on HTTP or gRPC checks",
                ],
            ),
            (
                "type = \"script\";command = \"x\";task = \"t\";success_before_passing = 2",
                &[
                    "Check c invalid: success_before_passing not supported for check of type \"script\"",
                ],
            ),
            (
                "type = \"tcp\";on_update = \"ignore\";check_restart {;limit = 1;}",
                &[
                    "Check c invalid: on_update value \"ignore\" is not compatible with check_restart",
                ],
            ),
            (
                "type = \"tcp\";check_restart {;limit = -1;grace = \"-1s\";}",
                &[
                    "limit must be greater than or equal to 0 but found -1",
                    "grace period must be greater than or equal to 0 but found -1000000000",
                ],
            ),
            (
                "type = \"script\";command = \"x\";task = \"u\"",
                &["Check c invalid: refers to non-existent task u"],
            ),
            (
                "type = \"tcp\";task = \"t\"",
                &["Check c invalid: only script and gRPC checks should have tasks"],
            ),
        ],
    );
}

#[test]
fn checks_of_tasks() {
    let unknown = "port label \"p\" referenced by services s does not exist";
    checks(
        "task",
        &[
            ("type = \"tcp\"", &[unknown]),
            (
                "type = \"tcp\";port = \"8080\"",
                &[
                    "check \"c\" cannot use a numeric port 8080 without setting address_mode=\"driver\"",
                    unknown,
                ],
            ),
            ("type = \"tcp\";port = \"8080\";address_mode = \"driver\"", &[unknown]),
            (
                "type = \"tcp\";port = \"0\";address_mode = \"driver\"",
                &["check \"c\" has invalid numeric port 0", unknown],
            ),
            ("type = \"script\";command = \"x\";task = \"t\"", &[unknown]),
            (
                "type = \"tcp\";address_mode = \"alloc\"",
                &[
                    "check \"s\" cannot use address_mode=\"alloc\", only checks defined in a \"group\" service block can \
                     use this mode",
                    unknown,
                ],
            ),
        ],
    );
}

#[test]
fn services() {
    check(
        "group",
        &[
            (
                "service {;name = \"s\";address_mode = \"driver\";}",
                &[
                    "service \"s\" cannot use address_mode=\"driver\", only services defined in a \"task\" block can use \
                   this mode",
                ],
            ),
            (
                "service {;name = \"s\";on_update = \"x\";}",
                &[
                    "Service on_update must be \"require_healthy\", \"ignore_warnings\", or \"ignore\"; not \"x\"",
                ],
            ),
            ("service {;name = \"s-${NOMAD_META_x}\";}", &[]),
        ],
    );
    check(
        "task",
        &[
            (
                "service {;name = \"s\";};service {;name = \"s\";}",
                &["Service s is duplicate", "service \"s\" is duplicate"],
            ),
            (
                "service {;name = \"s\";connect {;sidecar_service {};};}",
                &[
                    "service \"s\" cannot have \"connect\" block, only services defined in a \"group\" block can",
                ],
            ),
        ],
    );
}

#[test]
fn connect() {
    let bridge = "network {;mode = \"bridge\";}";
    let rule =
        |connect: &str| format!("service {{;name = \"s\";port = \"80\";connect {{;{connect};}};}}");
    let listener = "port = 80;protocol = \"x\"";
    let gateway = |inside: &str| rule(&format!("gateway {{;proxy {{}};{inside};}}"));
    let cases: &[(String, &[&str])] = &[
        (
            rule("sidecar_service {}"),
            &["Consul Connect sidecars require exactly 1 network, found 0 in group \"g\""],
        ),
        (
            rule("sidecar_service {};native = true") + ";" + bridge,
            &[
                "Consul Connect must be exclusively native, make use of a sidecar, or represent a Gateway",
                "Service s is Connect Native and requires setting the task",
            ],
        ),
        (
            gateway(&format!("ingress {{;listener {{;{listener};}};}}")) + ";" + bridge,
            &["Consul Ingress Listener requires protocol of \"http\" or \"tcp\", got \"x\""],
        ),
        (
            gateway("terminating {;service {;name = \"x\";cert_file = \"c\";};}") + ";" + bridge,
            &["Consul Linked Service TLS requires CAFile"],
        ),
        (gateway("") + ";" + bridge, &["One Consul Gateway Configuration must be set"]),
        (
            "service {;name = \"s\";connect {;gateway {;mesh {};};};};".to_owned() + bridge,
            &["error in job mutator connect: service.port must be set for mesh gateway service"],
        ),
        (
            "service {;name = \"s\";task = \"u\";connect {;native = true;};};".to_owned() + bridge,
            &[
                "error in job mutator connect: task u named by Consul Connect Native service g->s does not exist",
            ],
        ),
    ];
    for (text, expected) in cases {
        check("group", &[(text, expected)]);
    }
}
