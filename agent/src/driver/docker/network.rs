//! Which ports of a task are published where: pure.
//!
//! A task network's ports are all published, at the number `port_map` gives; group ports only when the
//! task names them. Each is published for tcp and udp on the address it was allocated on.

use std::collections::BTreeSet;
use steppe_planner::Map;

use super::config::DockerConfig;
use crate::driver::{DriverError, NetworkMode, TaskOrder, TaskPort};

/// Container ports (`3306/tcp`) with the host addresses and ports they are published on.
pub(super) type Bindings = Map<Vec<(String, String)>>;

/// The bindings of a task, or what it names wrongly.
pub(super) fn bindings(order: &TaskOrder, config: &DockerConfig) -> Result<Bindings, DriverError> {
    let mut bindings = Bindings::new();
    if !has_own_network(&network_mode(order, config)?) {
        return Ok(bindings);
    }
    let named: BTreeSet<&str> = config.ports.iter().map(String::as_str).collect();
    for label in &named {
        if !order.ports.iter().any(|p| p.label == *label) {
            return Err(DriverError::Config(format!(
                "Port \"{label}\" not found, check network block"
            )));
        }
    }
    for label in config.port_map.keys() {
        if !order.ports.iter().any(|p| p.label == *label) {
            return Err(DriverError::Config(format!(
                "Port map label \"{label}\" has no port in a network block"
            )));
        }
    }
    let bridged = matches!(order.network_mode, NetworkMode::Bridge { .. });
    for port in &order.ports {
        let mapped = config.port_map.get(&port.label).copied();
        if port.of_task || bridged || mapped.is_some() || named.contains(port.label.as_str()) {
            publish(port, mapped, &mut bindings);
        }
    }
    Ok(bindings)
}

fn publish(port: &TaskPort, mapped: Option<i64>, bindings: &mut Bindings) {
    let own = if port.to > 0 { port.to } else { port.host_port };
    let inside = mapped.unwrap_or(own);
    for protocol in ["tcp", "udp"] {
        bindings
            .entry(format!("{inside}/{protocol}"))
            .or_default()
            .push((port.host_ip.clone(), port.host_port.to_string()));
    }
}

/// Docker's network mode of a task.
pub(super) fn network_mode(
    order: &TaskOrder,
    config: &DockerConfig,
) -> Result<String, DriverError> {
    match (order.network_mode, &config.network_mode) {
        (NetworkMode::Bridge { alone: false }, _) => Err(DriverError::Config(
            "network mode \"bridge\" of a group with several tasks is not supported".into(),
        )),
        (_, Some(mode)) if !mode.is_empty() => Ok(mode.clone()),
        (NetworkMode::None, _) => Ok("none".into()),
        (NetworkMode::Default | NetworkMode::Bridge { .. }, _) => Ok("default".into()),
    }
}

/// True unless the container uses another's network, where nothing can be published.
pub(super) fn has_own_network(mode: &str) -> bool {
    mode != "host" && mode != "none" && !mode.starts_with("container:")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn port(label: &str, host_port: i64, to: i64, of_task: bool) -> TaskPort {
        let label = label.to_owned();
        TaskPort { label, host_ip: "127.0.0.1".into(), host_port, to, of_task }
    }

    fn of(ports: Vec<TaskPort>, config: serde_json::Value) -> Result<Vec<String>, DriverError> {
        let config = serde_json::from_value(config).unwrap();
        let order = TaskOrder { ports, config, ..TaskOrder::default() };
        let config = DockerConfig::read(&order)?;
        let bindings = bindings(&order, &config)?;
        let text = |(inside, outside): (&String, &Vec<(String, String)>)| {
            let outside: Vec<String> = outside.iter().map(|(ip, p)| format!("{ip}:{p}")).collect();
            format!("{inside}<-{}", outside.join(","))
        };
        Ok(bindings.iter().map(text).collect())
    }

    #[test]
    fn task_ports_follow_the_port_map() {
        let config = json!({"image": "mysql", "port_map": [{"db": 3306}]});
        let published = of(vec![port("db", 13306, 0, true)], config).unwrap();
        assert_eq!(published, ["3306/tcp<-127.0.0.1:13306", "3306/udp<-127.0.0.1:13306"]);
    }

    #[test]
    fn group_ports_must_be_named() {
        let ports = vec![port("http", 23730, 8080, false), port("admin", 23731, 0, false)];
        let published = of(ports.clone(), json!({"image": "web", "ports": ["http"]})).unwrap();
        assert_eq!(published, ["8080/tcp<-127.0.0.1:23730", "8080/udp<-127.0.0.1:23730"]);
        let error = of(ports, json!({"image": "web", "ports": ["htpp"]})).unwrap_err();
        assert_eq!(error.to_string(), "Port \"htpp\" not found, check network block");
    }

    #[test]
    fn the_hosts_network_publishes_nothing() {
        let config = json!({"image": "web", "ports": ["http"], "network_mode": "host"});
        assert!(of(vec![port("http", 80, 80, false)], config).unwrap().is_empty());
    }
}
