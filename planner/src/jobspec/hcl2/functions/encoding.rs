//! Functions that encode, decode and hash.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rsa::hazmat::rsa_decrypt_and_check;
use rsa::pkcs1::DecodeRsaPrivateKey;
use rsa::rand_core::CryptoRng;
use rsa::traits::PublicKeyParts;
use rsa::{BoxedUint, PrivateKey};
use sha2::Digest as _;

use super::{Arguments, Files, Mistake};
use crate::hash::hex;
use crate::jobspec::hcl2::types::Type;
use crate::jobspec::value::Value;

type Outcome = Result<Value, Mistake>;

/// What a decryption counts as.
const RSA_WORK: usize = 1 << 14;

/// Functions whose result differs each time: a plan that changes by itself could not be deployed as seen.
pub(super) fn random(_: &mut Arguments, _: &Files) -> Outcome {
    Err(Mistake {
        hint: Some("pass the value in as a variable".to_owned()),
        ..Mistake::new("has another result each time, so it cannot be previewed")
    })
}

/// What `openssl rsautl -encrypt` makes, in base64.
pub(super) fn rsadecrypt(arguments: &mut Arguments, _: &Files) -> Outcome {
    let (sealed, key) = (arguments.text(0)?, arguments.text(1)?);
    let sealed = STANDARD.decode(sealed).map_err(|_| Mistake::at(0, "this is not base64"))?;
    // Some milliseconds for a usual key.
    arguments.afford(RSA_WORK)?;
    let key = PrivateKey::from_pkcs1_pem(key.trim()).map_err(|_| Mistake {
        hint: Some(
            "it begins with -----BEGIN RSA PRIVATE KEY-----, and has no password".to_owned(),
        ),
        ..Mistake::at(1, "this is no RSA private key as PEM")
    })?;
    let opened = unsealed(&key, &sealed).ok_or(Mistake::at(0, "the key does not open it"))?;
    String::from_utf8(opened)
        .map(Value::Text)
        .map_err(|_| Mistake::at(0, "what was decrypted is no UTF-8 text"))
}

/// The library's own way gives another text instead of a failure if the key does not fit: that protects those who answer
/// strangers, and would deceive whoever writes a job.
fn unsealed(key: &PrivateKey, sealed: &[u8]) -> Option<Vec<u8>> {
    let sealed = BoxedUint::from_be_slice(sealed, key.n().bits_precision()).ok()?;
    let opened = rsa_decrypt_and_check(key, None::<&mut dyn CryptoRng>, &sealed).ok()?;
    let bytes = opened.to_be_bytes();
    // PKCS #1 v1.5: 0 and 2, eight or more bytes other than 0, a 0, the text.
    let padded = bytes.get(bytes.len().checked_sub(key.size())?..)?.strip_prefix(&[0, 2])?;
    let end = padded.iter().position(|byte| *byte == 0).filter(|end| *end >= 8)?;
    Some(padded[end + 1..].to_vec())
}

pub(super) fn base64encode(arguments: &mut Arguments, _: &Files) -> Outcome {
    Ok(Value::Text(STANDARD.encode(arguments.text(0)?)))
}

pub(super) fn base64decode(arguments: &mut Arguments, _: &Files) -> Outcome {
    // Line breaks do not count.
    let text = arguments.text(0)?.replace(['\n', '\r'], "");
    let bytes = STANDARD.decode(text).map_err(|_| Mistake::at(0, "this is not base64"))?;
    String::from_utf8(bytes)
        .map(Value::Text)
        .map_err(|_| Mistake::at(0, "the decoded bytes are no UTF-8 text"))
}

pub(super) fn jsonencode(arguments: &mut Arguments, _: &Files) -> Outcome {
    Ok(Value::Text(go_json(&arguments.take(0))))
}

/// JSON as HCL writes it: numbers without exponents, and `<`, `>` and `&` escaped.
pub(super) fn go_json(value: &Value) -> String {
    let mut out = String::new();
    write_json(value, &mut out);
    out
}

fn write_json(value: &Value, out: &mut String) {
    match value {
        Value::List(values) => {
            out.push('[');
            for (at, value) in values.iter().enumerate() {
                out.push_str(if at > 0 { "," } else { "" });
                write_json(value, out);
            }
            out.push(']');
        }
        Value::Object(values) => {
            out.push('{');
            for (at, (key, value)) in values.iter().enumerate() {
                out.push_str(if at > 0 { "," } else { "" });
                out.push_str(&go_string(key));
                out.push(':');
                write_json(value, out);
            }
            out.push('}');
        }
        Value::Typed(typed) => write_json(&typed.parts, out),
        Value::Text(text) => out.push_str(&go_string(text)),
        other => out.push_str(&other.to_text().unwrap_or_else(|| "null".to_owned())),
    }
}

fn go_string(text: &str) -> String {
    let text = serde_json::Value::from(text).to_string();
    let text = text.replace('<', "\\u003c").replace('>', "\\u003e").replace('&', "\\u0026");
    text.replace('\u{2028}', "\\u2028").replace('\u{2029}', "\\u2029")
}

pub(super) fn jsondecode(arguments: &mut Arguments, _: &Files) -> Outcome {
    let text = arguments.text(0)?;
    match serde_json::from_str(&text) {
        Ok(json) => Ok(Value::from_json(&json)),
        Err(error) => Err(Mistake::at(0, format!("this is not JSON: {error}"))),
    }
}

pub(super) fn urlencode(arguments: &mut Arguments, _: &Files) -> Outcome {
    let mut out = String::new();
    for byte in arguments.text(0)?.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => {
                out.push(char::from(byte))
            }
            b' ' => out.push('+'),
            other => out.push_str(&format!("%{other:02X}")),
        }
    }
    Ok(Value::Text(out))
}

pub(super) fn md5(arguments: &mut Arguments, _: &Files) -> Outcome {
    Ok(Value::Text(hex(&md5::Md5::digest(arguments.text(0)?))))
}

pub(super) fn sha1(arguments: &mut Arguments, _: &Files) -> Outcome {
    Ok(Value::Text(hex(&sha1::Sha1::digest(arguments.text(0)?))))
}

pub(super) fn sha256(arguments: &mut Arguments, _: &Files) -> Outcome {
    Ok(Value::Text(hex(&sha2::Sha256::digest(arguments.text(0)?))))
}

pub(super) fn sha512(arguments: &mut Arguments, _: &Files) -> Outcome {
    Ok(Value::Text(hex(&sha2::Sha512::digest(arguments.text(0)?))))
}

pub(super) fn uuidv5(arguments: &mut Arguments, _: &Files) -> Outcome {
    let (namespace, name) = (arguments.text(0)?, arguments.text(1)?);
    let digit = match namespace.as_str() {
        "dns" => Some('0'),
        "url" => Some('1'),
        "oid" => Some('2'),
        "x500" => Some('4'),
        _ => None,
    };
    let text = match digit {
        Some(digit) => format!("6ba7b81{digit}9dad11d180b400c04fd430c8"),
        None => {
            let bare = namespace.strip_prefix("urn:uuid:").unwrap_or(&namespace);
            let inner = bare.strip_prefix('{').and_then(|rest| rest.strip_suffix('}'));
            inner.unwrap_or(bare).replace('-', "")
        }
    };
    let bytes: Option<Vec<u8>> = (0..16)
        .map(|at| text.get(at * 2..at * 2 + 2).and_then(|pair| u8::from_str_radix(pair, 16).ok()))
        .collect();
    let Some(bytes) = bytes.filter(|_| text.len() == 32) else {
        return Err(Mistake::at(0, "the namespace must be a UUID, dns, url, oid or x500"));
    };
    let mut hash = sha1::Sha1::new();
    hash.update(&bytes);
    hash.update(name.as_bytes());
    let mut id = hash.finalize()[..16].to_vec();
    id[6] = (id[6] & 0x0f) | 0x50;
    id[8] = (id[8] & 0x3f) | 0x80;
    let id = hex(&id);
    Ok(Value::Text(format!(
        "{}-{}-{}-{}-{}",
        &id[..8],
        &id[8..12],
        &id[12..16],
        &id[16..20],
        &id[20..]
    )))
}

pub(super) fn csvdecode(arguments: &mut Arguments, _: &Files) -> Outcome {
    let text = arguments.text(0)?;
    let mut rows = csv_rows(&text)?.into_iter();
    let Some(names) = rows.next() else { return Err(Mistake::at(0, "there is no header line")) };
    for (at, name) in names.iter().enumerate() {
        if names[..at].contains(name) {
            return Err(Mistake::at(0, format!("two columns are named \"{name}\"")));
        }
    }
    arguments.afford(names.len().saturating_mul(rows.len()))?;
    let mut objects = Vec::new();
    for row in rows {
        if row.len() != names.len() {
            return Err(Mistake::at(
                0,
                format!("a line has {} fields instead of {}", row.len(), names.len()),
            ));
        }
        let fields = row.into_iter().map(Value::Text);
        objects.push(Value::Object(names.iter().cloned().zip(fields).collect()));
    }
    let row = names.into_iter().map(|name| (name, Type::Text)).collect();
    Ok(Value::typed(Type::Object(row).list(), Value::List(objects)))
}

fn csv_rows(text: &str) -> Result<Vec<Vec<String>>, Mistake> {
    let mut rows = Vec::new();
    let (mut row, mut field) = (Vec::new(), String::new());
    let mut quoted = false;
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '"' if quoted && letters.peek() == Some(&'"') => {
                letters.next();
                field.push('"');
            }
            '"' if quoted => {
                quoted = false;
                if !matches!(letters.peek(), None | Some(',' | '\n' | '\r')) {
                    return Err(Mistake::at(0, "a comma must follow a quoted field"));
                }
            }
            '"' if field.is_empty() => quoted = true,
            '"' => return Err(Mistake::at(0, "a quote stands in a field without quotes")),
            ',' if !quoted => row.push(std::mem::take(&mut field)),
            '\r' if letters.peek() == Some(&'\n') => {}
            '\n' if !quoted => {
                row.push(std::mem::take(&mut field));
                rows.push(std::mem::take(&mut row));
            }
            other => field.push(other),
        }
    }
    if quoted {
        return Err(Mistake::at(0, "a quote is never closed"));
    }
    if !field.is_empty() || !row.is_empty() {
        row.push(field);
        rows.push(row);
    }
    rows.retain(|row| row.len() > 1 || row.iter().any(|field| !field.is_empty()));
    Ok(rows)
}
